#include "finview/base/error.h"
#include "finview/detection/darknet_layers_torch.h"
#include "finview/detection/fast_order_torch.h"

#include <cmath>
#include <string>
#include <tuple>

#include <ATen/Context.h>
#include <fmt/format.h>
#include <torch/types.h>

namespace finview {
namespace {

/// Of OpenCV's reader and of the first Darknet. PyTorch's default is 1e-5.
constexpr double kBatchNormEpsilon = 1e-6;
/// Of one layer; the largest of YOLOv4 has 5e6.
constexpr double kMaxWeights = 1e8;

struct ConvolutionShape {
  ConvolutionShape(const DarknetSection& section, const LayerShape& input) : output(input) {
    num_filters = internal::get_positive(section, "filters", 1, 1 << 16);
    num_groups = internal::get_positive(section, "groups", 1, 1 << 16);
    size = internal::get_positive(section, "size", 1, 255);
    step = internal::get_positive(section, "stride", 1, 64);
    dilation = internal::get_positive(section, "dilation", 1, 255);
    const int extent = (size - 1) * dilation + 1;
    padding = section.get_bool("pad", false) ? size / 2 * dilation : section.get_int("padding", 0);
    if (padding < 0 || padding > extent) {
      section.refuse("padding",
                     fmt::format("padding = {} must be between 0 and {}.", padding, extent));
    }
    if (input.num_channels % num_groups != 0 || num_filters % num_groups != 0) {
      section.refuse("groups",
                     fmt::format("{} groups do not divide {} input channels and {} filters.",
                                 num_groups,
                                 input.num_channels,
                                 num_filters));
    }
    const double num_weights = 1.0 * size * size * num_filters * input.num_channels / num_groups;
    if (num_weights > kMaxWeights) {
      section.refuse(
          "filters",
          fmt::format(
              "{:.0f} weights are more than the limit of {:.0f}.", num_weights, kMaxWeights));
    }
    internal::slide(section, extent, step, 2 * padding, output);
    output.num_channels = num_filters;
  }
  int num_filters, num_groups, size, step, dilation, padding;
  LayerShape output;
};

}  // namespace

ConvolutionalLayer::ConvolutionalLayer(const DarknetSection& section,
                                       int input_index,
                                       const LayerShape& input)
    : DarknetLayer({input_index}, ConvolutionShape(section, input).output),
      activation_(section.get_activation()) {
  const ConvolutionShape shape(section, input);
  padding_px_ = shape.padding;
  const bool normalize = section.get_bool("batch_normalize", false);
  convolution_ = register_module(
      "convolution",
      torch::nn::Conv2d(torch::nn::Conv2dOptions(input.num_channels, shape.num_filters, shape.size)
                            .stride(shape.step)
                            .padding(shape.padding)
                            .dilation(shape.dilation)
                            .groups(shape.num_groups)
                            .bias(!normalize)));
  if (normalize) {
    batch_norm_ = register_module(
        "batch_norm",
        torch::nn::BatchNorm2d(
            torch::nn::BatchNorm2dOptions(shape.num_filters).eps(kBatchNormEpsilon)));
  }
  const torch::NoGradGuard no_grad;
  const double fan_in = 1.0 * shape.size * shape.size * input.num_channels / shape.num_groups;
  convolution_->weight.uniform_(-std::sqrt(2 / fan_in), std::sqrt(2 / fan_in));
  if (!normalize) convolution_->bias.zero_();
}

torch::Tensor ConvolutionalLayer::forward(const std::vector<torch::Tensor>& inputs) {
  if (is_training()) {
    torch::Tensor output = convolution_->forward(inputs[0]);
    if (batch_norm_) output = batch_norm_->forward(output);
    return internal::activate(output, activation_);
  }
  if (torch::GradMode::is_enabled()) {
    // The norm is fixed, the weights may be learned.
    const auto& options = convolution_->options;
    const auto [weight, bias] = folded();
    return internal::activate(torch::conv2d(inputs[0],
                                            weight,
                                            bias,
                                            options.stride(),
                                            padding_px_,
                                            options.dilation(),
                                            options.groups()),
                              activation_);
  }
  if (folded_from_ != fingerprint()) {
    std::tie(folded_weight_, folded_bias_) = folded();
    folded_weight_ = in_fast_order(folded_weight_);
    folded_from_ = fingerprint();
  }
  return internal::activate(convolve_folded(inputs[0]), activation_);
}

torch::Tensor ConvolutionalLayer::convolve_folded(const torch::Tensor& input) const {
  const auto& options = convolution_->options;
  if (input.device().is_cpu() && at::hasMKLDNN()) {
    // conv2d would leave oneDNN for a slower way when there is one thread.
    const std::int64_t step = options.stride()->at(0);
    const std::int64_t dilation = options.dilation()->at(0);
    return at::mkldnn_convolution(input,
                                  folded_weight_,
                                  folded_bias_,
                                  {padding_px_, padding_px_},
                                  {step, step},
                                  {dilation, dilation},
                                  options.groups());
  }
  return torch::conv2d(input,
                       folded_weight_,
                       folded_bias_,
                       options.stride(),
                       padding_px_,
                       options.dilation(),
                       options.groups());
}

void ConvolutionalLayer::train(bool on) {
  DarknetLayer::train(on);
  folded_from_.clear();
}

std::vector<torch::Tensor> ConvolutionalLayer::tensors_in_file_order() const {
  if (!batch_norm_) return {convolution_->bias, convolution_->weight};
  return {batch_norm_->bias,
          batch_norm_->weight,
          batch_norm_->running_mean,
          batch_norm_->running_var,
          convolution_->weight};
}

std::vector<std::int64_t> ConvolutionalLayer::fingerprint() const {
  std::vector<std::int64_t> marks;
  for (const torch::Tensor& tensor : tensors_in_file_order()) {
    marks.push_back(reinterpret_cast<std::intptr_t>(tensor.data_ptr()));
    marks.push_back(tensor.is_inference() ? 0 : static_cast<std::int64_t>(tensor._version()));
  }
  return marks;
}

std::pair<torch::Tensor, torch::Tensor> ConvolutionalLayer::folded() const {
  if (!batch_norm_) return {convolution_->weight, convolution_->bias};
  const torch::Tensor factor =
      batch_norm_->weight / torch::sqrt(batch_norm_->running_var + batch_norm_->options.eps());
  return {convolution_->weight * factor.view({-1, 1, 1, 1}),
          batch_norm_->bias - batch_norm_->running_mean * factor};
}

}  // namespace finview
