#include "finview/base/error.h"
#include "finview/detection/darknet_layers_torch.h"
#include "finview/detection/darknet_network_torch.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

namespace finview {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// The only layer of `section` after layers of `shapes`.
std::shared_ptr<DarknetLayer> make_layer(const std::string& section,
                                         const std::vector<LayerShape>& shapes) {
  const DarknetConfig config = parse_darknet_config("[net]\n" + section, "fin.cfg");
  return make_darknet_layer(config.layers[0], {3, 64, 64, 1, false}, shapes);
}

LayerShape shape_of(const torch::Tensor& tensor, int stride_px = 4) {
  return {static_cast<int>(tensor.size(1)),
          static_cast<int>(tensor.size(2)),
          static_cast<int>(tensor.size(3)),
          stride_px,
          false};
}

std::string refusal_of(const std::string& section, const std::vector<LayerShape>& shapes) {
  try {
    make_layer(section, shapes);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadModel);
    return error.what();
  }
  return "accepted";
}

double activated(double x, const std::string& activation) {
  if (activation == "leaky") return x > 0 ? x : 0.1 * x;
  if (activation == "mish") return x * std::tanh(std::log1p(std::exp(x)));
  if (activation == "relu") return std::max(x, 0.0);
  if (activation == "relu6") return std::clamp(x, 0.0, 6.0);
  if (activation == "swish") return x / (1 + std::exp(-x));
  if (activation == "logistic") return 1 / (1 + std::exp(-x));
  return x;
}

struct Case {
  int num_filters, size, stride, padding, num_groups, dilation;
  std::string activation;
  bool normalize;
};

std::string text_of(const Case& c) {
  return "[convolutional]\nfilters=" + std::to_string(c.num_filters) +
         "\nsize=" + std::to_string(c.size) + "\nstride=" + std::to_string(c.stride) +
         "\npadding=" + std::to_string(c.padding) + "\ngroups=" + std::to_string(c.num_groups) +
         "\ndilation=" + std::to_string(c.dilation) + "\nactivation=" + c.activation +
         "\nbatch_normalize=" + (c.normalize ? "1" : "0") + "\n";
}

/// By the definition, in double precision. `tensors` as `tensors_in_file_order`.
torch::Tensor convolve(const Case& c,
                       const torch::Tensor& input,
                       const std::vector<torch::Tensor>& tensors) {
  const auto x = input.accessor<float, 4>();
  const auto kernel = tensors.back().accessor<float, 4>();
  const int extent = (c.size - 1) * c.dilation + 1;
  const auto out_of = [&](std::int64_t px) { return (px + 2 * c.padding - extent) / c.stride + 1; };
  torch::Tensor output =
      torch::zeros({x.size(0), c.num_filters, out_of(x.size(2)), out_of(x.size(3))});
  auto y = output.accessor<float, 4>();
  const int filters_per_group = c.num_filters / c.num_groups;
  for (int n = 0; n < y.size(0); ++n)
    for (int f = 0; f < y.size(1); ++f)
      for (int r = 0; r < y.size(2); ++r)
        for (int k = 0; k < y.size(3); ++k) {
          double sum = 0;
          for (int i = 0; i < kernel.size(1); ++i)
            for (int a = 0; a < c.size; ++a)
              for (int b = 0; b < c.size; ++b) {
                const int row = r * c.stride - c.padding + a * c.dilation;
                const int column = k * c.stride - c.padding + b * c.dilation;
                if (row < 0 || column < 0 || row >= x.size(2) || column >= x.size(3)) continue;
                const int channel = f / filters_per_group * static_cast<int>(kernel.size(1)) + i;
                sum += 1.0 * kernel[f][i][a][b] * x[n][channel][row][column];
              }
          const double bias = tensors[0][f].item<double>();
          if (c.normalize) {
            sum = (sum - tensors[2][f].item<double>()) /
                  std::sqrt(tensors[3][f].item<double>() + 1e-6) * tensors[1][f].item<double>();
          }
          y[n][f][r][k] = static_cast<float>(activated(sum + bias, c.activation));
        }
  return output;
}

TEST(ConvolutionalLayer, FollowsItsDefinition) {
  torch::manual_seed(1);
  const torch::Tensor input = torch::randn({2, 8, 11, 14});
  const std::vector<Case> cases{{6, 3, 1, 1, 1, 1, "leaky", true},
                                {6, 1, 1, 0, 1, 1, "mish", true},
                                {8, 3, 2, 1, 8, 1, "relu6", true},
                                {12, 5, 2, 2, 4, 1, "swish", false},
                                {4, 3, 1, 0, 2, 1, "relu", false},
                                {5, 3, 1, 2, 1, 2, "logistic", true},
                                {18, 1, 1, 0, 1, 1, "linear", false},
                                {16, 2, 3, 1, 8, 1, "mish", false}};
  for (const Case& c : cases) {
    const auto layer =
        std::dynamic_pointer_cast<ConvolutionalLayer>(make_layer(text_of(c), {shape_of(input)}));
    {
      const torch::NoGradGuard no_grad;
      for (torch::Tensor tensor : layer->tensors_in_file_order()) tensor.uniform_(0.3, 1.5);
      layer->tensors_in_file_order().back().normal_();
    }
    layer->eval();
    const torch::Tensor expected = convolve(c, input, layer->tensors_in_file_order());
    const double tolerance = 1e-5 * std::max(1.0, expected.abs().max().item<double>());
    const torch::Tensor with_gradient = layer->forward({input});
    ASSERT_EQ(with_gradient.sizes(), expected.sizes()) << text_of(c);
    EXPECT_LT((with_gradient - expected).abs().max().item<double>(), tolerance) << text_of(c);
    EXPECT_EQ(layer->shape().height_px, expected.size(2)) << text_of(c);
    EXPECT_EQ(layer->shape().width_px, expected.size(3)) << text_of(c);
    const torch::NoGradGuard no_grad;
    const torch::Tensor folded = layer->forward({input});
    EXPECT_LT((folded - expected).abs().max().item<double>(), tolerance) << text_of(c);
  }
}

TEST(ConvolutionalLayer, LearnsBehindAFixedNorm) {
  torch::manual_seed(3);
  const Case c{6, 3, 2, 1, 1, 1, "leaky", true};
  const torch::Tensor input = torch::randn({2, 4, 9, 8});
  const auto layer =
      std::dynamic_pointer_cast<ConvolutionalLayer>(make_layer(text_of(c), {shape_of(input)}));
  const std::vector<torch::Tensor> tensors = layer->tensors_in_file_order();
  {
    const torch::NoGradGuard no_grad;
    for (torch::Tensor tensor : tensors) tensor.uniform_(0.3, 1.5);
  }
  layer->eval();
  layer->forward({input}).square().sum().backward();
  const torch::Tensor bias = tensors[0].detach().clone().requires_grad_();
  const torch::Tensor scale = tensors[1].detach().clone().requires_grad_();
  const torch::Tensor kernel = tensors[4].detach().clone().requires_grad_();
  const torch::Tensor y = torch::batch_norm(torch::conv2d(input, kernel, {}, 2, 1),
                                            scale,
                                            bias,
                                            tensors[2],
                                            tensors[3],
                                            false,
                                            0,
                                            1e-6,
                                            false);
  torch::leaky_relu(y, 0.1).square().sum().backward();
  EXPECT_TRUE(torch::allclose(tensors[0].grad(), bias.grad(), 1e-4, 1e-3));
  EXPECT_TRUE(torch::allclose(tensors[1].grad(), scale.grad(), 1e-4, 1e-3));
  EXPECT_TRUE(torch::allclose(tensors[4].grad(), kernel.grad(), 1e-4, 1e-3));
}

TEST(ConvolutionalLayer, FoldsAgainWhenAParameterChanges) {
  torch::manual_seed(2);
  const Case c{4, 3, 1, 1, 1, 1, "leaky", true};
  const torch::Tensor input = torch::randn({2, 3, 8, 8});
  const auto layer =
      std::dynamic_pointer_cast<ConvolutionalLayer>(make_layer(text_of(c), {shape_of(input)}));
  const auto difference_from_definition = [&] {
    const torch::NoGradGuard no_grad;
    const torch::Tensor expected = convolve(c, input, layer->tensors_in_file_order());
    return (layer->forward({input}) - expected).abs().max().item<double>();
  };
  layer->eval();
  EXPECT_LT(difference_from_definition(), 1e-5);
  layer->train();
  torch::optim::SGD optimizer(layer->parameters(), 1e-3);
  layer->forward({input}).square().sum().backward();
  for (const torch::Tensor& parameter : layer->parameters()) {
    EXPECT_GT(parameter.grad().abs().max().item<double>(), 0);
  }
  const torch::Tensor before = layer->parameters()[0].detach().clone();
  optimizer.step();
  EXPECT_FALSE(torch::equal(before, layer->parameters()[0]));
  layer->eval();
  EXPECT_LT(difference_from_definition(), 1e-5);
  {
    const torch::NoGradGuard no_grad;
    for (torch::Tensor tensor : layer->tensors_in_file_order()) tensor.mul_(1.5);
  }
  EXPECT_LT(difference_from_definition(), 1e-5);
}

TEST(ConvolutionalLayer, NormalizesByTheBatchInTraining) {
  torch::manual_seed(3);
  const torch::Tensor input = torch::randn({8, 3, 16, 16}) * 5 + 2;
  const auto layer = make_layer(text_of({4, 3, 1, 1, 1, 1, "linear", true}), {shape_of(input)});
  layer->train();
  const torch::Tensor output = layer->forward({input});
  EXPECT_LT(output.mean({0, 2, 3}).abs().max().item<double>(), 1e-4);
  EXPECT_LT((output.var({0, 2, 3}, false) - 1).abs().max().item<double>(), 1e-3);
}

TEST(Mish, IsExactOverItsRange) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor x =
      torch::cat({torch::linspace(-120, 120, 4801), torch::linspace(-2, 2, 999)});
  const torch::Tensor y = internal::activate(x.clone(), DarknetActivation::kMish);
  for (std::int64_t i = 0; i < x.numel(); ++i) {
    const double expected = activated(x[i].item<double>(), "mish");
    EXPECT_NEAR(y[i].item<double>(), expected, 1e-6 * std::max(1e-3, std::abs(expected)))
        << x[i].item<double>();
  }
}

TEST(MaxPoolLayer, PadsAsDarknetDoes) {
  torch::manual_seed(4);
  const torch::Tensor input = torch::randn({1, 2, 13, 12}) - 5;
  const auto x = input.accessor<float, 4>();
  const std::vector<std::array<int, 3>> cases{
      {2, 2, 1}, {2, 1, 1}, {3, 2, 2}, {5, 1, 4}, {13, 1, 12}, {3, 3, 0}, {2, 2, 0}, {4, 1, 3}};
  for (const auto& [size, stride, padding] : cases) {
    const auto layer = make_layer("[maxpool]\nsize=" + std::to_string(size) +
                                      "\nstride=" + std::to_string(stride) +
                                      "\npadding=" + std::to_string(padding) + "\n",
                                  {shape_of(input)});
    const torch::Tensor output = layer->forward({input});
    ASSERT_EQ(output.size(2), (13 + padding - size) / stride + 1);
    ASSERT_EQ(output.size(3), (12 + padding - size) / stride + 1);
    const auto y = output.accessor<float, 4>();
    for (int c = 0; c < 2; ++c)
      for (int r = 0; r < output.size(2); ++r)
        for (int k = 0; k < output.size(3); ++k) {
          float largest = -std::numeric_limits<float>::infinity();
          for (int a = 0; a < size; ++a)
            for (int b = 0; b < size; ++b) {
              const int row = r * stride - padding / 2 + a;
              const int column = k * stride - padding / 2 + b;
              if (row < 0 || column < 0 || row >= 13 || column >= 12) continue;
              largest = std::max(largest, x[0][c][row][column]);
            }
          ASSERT_EQ(y[0][c][r][k], largest) << size << " " << stride << " " << padding;
        }
  }
}

TEST(UpsampleLayer, RepeatsEachPixel) {
  const torch::Tensor input = torch::arange(6, torch::kFloat).view({1, 1, 2, 3});
  const auto layer = make_layer("[upsample]\nstride=2\n", {shape_of(input)});
  const torch::Tensor output = layer->forward({input});
  const torch::Tensor expected = torch::tensor(
      {0, 0, 1, 1, 2, 2, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 3, 3, 4, 4, 5, 5}, torch::kFloat);
  EXPECT_TRUE(torch::equal(output, expected.view({1, 1, 4, 6})));
  EXPECT_EQ(layer->shape().stride_px, 2);
}

TEST(RouteLayer, JoinsAndTakesGroups) {
  const torch::Tensor a = torch::arange(4, torch::kFloat).view({1, 4, 1, 1});
  const torch::Tensor b = torch::arange(10, 12, torch::kFloat).view({1, 2, 1, 1});
  const std::vector<LayerShape> shapes{shape_of(a), shape_of(b)};
  const auto joined = make_layer("[route]\nlayers=-1,0\n", shapes);
  EXPECT_EQ(joined->inputs(), (std::vector<int>{1, 0}));
  EXPECT_EQ(joined->shape().num_channels, 6);
  EXPECT_TRUE(torch::equal(joined->forward({b, a}).flatten(),
                           torch::tensor({10, 11, 0, 1, 2, 3}, torch::kFloat)));
  const auto group = make_layer("[route]\nlayers=0,1\ngroups=2\ngroup_id=1\n", shapes);
  EXPECT_EQ(group->shape().num_channels, 3);
  EXPECT_TRUE(
      torch::equal(group->forward({a, b}).flatten(), torch::tensor({2, 3, 11}, torch::kFloat)));
}

TEST(ShortcutLayer, AddsThenActivates) {
  const torch::Tensor a = torch::tensor({1.0F, -4.0F}).view({1, 2, 1, 1});
  const torch::Tensor b = torch::tensor({2.0F, 1.0F}).view({1, 2, 1, 1});
  const std::vector<LayerShape> shapes{shape_of(a), shape_of(b)};
  const auto plain = make_layer("[shortcut]\nfrom=-2\nactivation=linear\n", shapes);
  EXPECT_EQ(plain->inputs(), (std::vector<int>{1, 0}));
  EXPECT_TRUE(torch::equal(plain->forward({b, a}).flatten(), torch::tensor({3.0F, -3.0F})));
  const auto leaky = make_layer("[shortcut]\nfrom=-2,0\nactivation=leaky\n", shapes);
  EXPECT_TRUE(torch::allclose(leaky->forward({b, a, a}).flatten(), torch::tensor({4.0F, -0.7F})));
  EXPECT_TRUE(torch::equal(b.flatten(), torch::tensor({2.0F, 1.0F}))) << "input was overwritten";
}

TEST(DarknetLayer, NamesWhatDoesNotFit) {
  const std::vector<LayerShape> shapes{{8, 16, 16, 4, false}, {6, 8, 8, 8, false}};
  EXPECT_THAT(
      refusal_of("[shortcut]\nfrom=-2\n", shapes),
      AllOf(HasSubstr("layer 1 (6 x 8 x 8) and layer 0 (8 x 16 x 16)"), HasSubstr("line 3")));
  EXPECT_THAT(refusal_of("[route]\nlayers=0,1\n", shapes), HasSubstr("differ in height or width"));
  EXPECT_THAT(refusal_of("[route]\nlayers=-3\n", shapes), HasSubstr("only layers 0 to 1"));
  EXPECT_THAT(refusal_of("[route]\nlayers=2\n", shapes), HasSubstr("names layer 2"));
  EXPECT_THAT(refusal_of("[route]\n", shapes), HasSubstr("names no layer"));
  EXPECT_THAT(refusal_of("[route]\nlayers=1\ngroups=4\n", shapes), HasSubstr("6 channels"));
  EXPECT_THAT(refusal_of("[route]\nlayers=1\ngroups=2\ngroup_id=2\n", shapes),
              HasSubstr("between 0 and 1"));
  EXPECT_THAT(refusal_of("[convolutional]\nfilters=8\ngroups=4\n", shapes),
              HasSubstr("4 groups do not divide 6 input channels and 8 filters"));
  EXPECT_THAT(refusal_of("[convolutional]\nsize=9\n", shapes),
              HasSubstr("does not fit into 6 x 8 x 8"));
  EXPECT_THAT(refusal_of("[convolutional]\nfilters=0\n", shapes), HasSubstr("filters = 0"));
  EXPECT_THAT(refusal_of("[convolutional]\nfilters=60000\nsize=255\npad=1\n", shapes),
              HasSubstr("more than the limit"));
  EXPECT_THAT(refusal_of("[upsample]\nstride=16\n", shapes),
              HasSubstr("beyond the network's input"));
  EXPECT_THAT(refusal_of("[maxpool]\nsize=2\npadding=4\n", shapes), HasSubstr("padding = 4"));
  EXPECT_THAT(refusal_of("[maxpool]\n", {{18, 8, 8, 8, true}}), HasSubstr("a [yolo] layer"));
}

TEST(DecodeYolo, FollowsThePapers) {
  YoloHead head;
  head.anchors_px = {{10, 20}, {30, 40}};
  head.num_classes = 2;
  head.scale_x_y = 1.2;
  torch::manual_seed(5);
  const torch::Tensor raw = torch::randn({1, 14, 3, 4});
  const auto logistic = [](double x) { return 1 / (1 + std::exp(-x)); };
  for (const bool new_coords : {false, true}) {
    head.new_coords = new_coords;
    const torch::Tensor rows = decode_yolo(raw, head, 128, 96);
    ASSERT_EQ(rows.sizes(), torch::IntArrayRef({1, 24, 7}));
    for (int anchor = 0; anchor < 2; ++anchor)
      for (int r = 0; r < 3; ++r)
        for (int k = 0; k < 4; ++k) {
          const auto value = [&](int i) { return raw[0][anchor * 7 + i][r][k].item<double>(); };
          const auto unit = [&](int i) { return new_coords ? value(i) : logistic(value(i)); };
          const auto size = [&](int i) {
            return new_coords ? 4 * value(i) * value(i) : std::exp(value(i));
          };
          const std::vector<double> expected{(1.2 * unit(0) - 0.1 + k) / 4,
                                             (1.2 * unit(1) - 0.1 + r) / 3,
                                             size(2) * head.anchors_px[anchor][0] / 128,
                                             size(3) * head.anchors_px[anchor][1] / 96,
                                             unit(4),
                                             unit(5),
                                             unit(6)};
          for (int i = 0; i < 7; ++i) {
            EXPECT_NEAR(rows[0][(anchor * 3 + r) * 4 + k][i].item<double>(), expected[i], 1e-5);
          }
        }
  }
}

}  // namespace
}  // namespace finview
