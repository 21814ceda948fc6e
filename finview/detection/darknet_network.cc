#include "finview/base/error.h"
#include "finview/detection/darknet_layers_torch.h"
#include "finview/detection/darknet_network_torch.h"
#include "finview/detection/fast_order_torch.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr int kMaxInputPx = 8192;
constexpr int kBoxNumbers = 5;  ///< x, y, width, height, objectness

int get_input_size(const DarknetSection& net, const std::string& key) {
  const int size = net.get_int(key, 0);
  if (size < 1 || size > kMaxInputPx) {
    net.refuse(key, fmt::format("{} = {} must be between 1 and {}.", key, size, kMaxInputPx));
  }
  return size;
}

std::vector<std::array<float, 2>> parse_anchors(const DarknetSection& section) {
  const std::vector<double> numbers = section.get_doubles("anchors");
  const int num = section.get_int("num", static_cast<int>(numbers.size() / 2));
  if (numbers.empty() || static_cast<int>(numbers.size()) != 2 * num) {
    section.refuse(
        "anchors",
        fmt::format("{} numbers in anchors do not make num = {} pairs.", numbers.size(), num));
  }
  std::vector<std::array<float, 2>> anchors;
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
    if (numbers[i] <= 0 || numbers[i + 1] <= 0) {
      section.refuse("anchors",
                     fmt::format("the anchor {},{} must be positive.", numbers[i], numbers[i + 1]));
    }
    anchors.push_back({static_cast<float>(numbers[i]), static_cast<float>(numbers[i + 1])});
  }
  return anchors;
}

void choose_anchors(const DarknetSection& section, YoloHead& head) {
  head.all_anchors_px = parse_anchors(section);
  const int num = static_cast<int>(head.all_anchors_px.size());
  head.mask = section.get_ints("mask");
  if (head.mask.empty()) {
    for (int i = 0; i < num; ++i) head.mask.push_back(i);
  }
  for (const int index : head.mask) {
    if (index < 0 || index >= num) {
      section.refuse("mask", fmt::format("mask names anchor {} of {}.", index, num));
    }
    head.anchors_px.push_back(head.all_anchors_px[index]);
  }
}

YoloHead parse_head(const DarknetSection& section, const LayerShape& shape) {
  YoloHead head;
  choose_anchors(section, head);
  head.num_classes = section.get_int("classes", 20);
  if (head.num_classes < 1 || head.num_classes > 10000) {
    section.refuse("classes",
                   fmt::format("classes = {} must be between 1 and 10000.", head.num_classes));
  }
  const int num_channels = head.num_anchors() * (kBoxNumbers + head.num_classes);
  if (shape.num_channels != num_channels) {
    section.refuse("mask",
                   fmt::format("the layer before has {} channels, but {} anchors x (5 + {} "
                               "classes) need {}.",
                               shape.num_channels,
                               head.num_anchors(),
                               head.num_classes,
                               num_channels));
  }
  head.stride_px = shape.stride_px;
  head.scale_x_y = section.get_double("scale_x_y", 1);
  head.new_coords = section.get_bool("new_coords", false);
  head.ignore_thresh = section.get_double("ignore_thresh", 0.5);
  head.truth_thresh = section.get_double("truth_thresh", 1);
  head.iou_thresh = section.get_double("iou_thresh", 1);
  head.iou_normalizer = section.get_double("iou_normalizer", 0.75);
  head.obj_normalizer = section.get_double("obj_normalizer", 1);
  head.cls_normalizer = section.get_double("cls_normalizer", 1);
  head.max_delta = section.get_double("max_delta", 0);
  head.iou_loss = section.get_string("iou_loss", "mse");
  return head;
}

}  // namespace

DarknetNetwork::DarknetNetwork(const DarknetConfig& config)
    : source_(config.source),
      input_width_px_(get_input_size(config.net, "width")),
      input_height_px_(get_input_size(config.net, "height")) {
  const int num_channels = config.net.get_int("channels", 3);
  if (num_channels != 3) {
    config.net.refuse("channels",
                      fmt::format("channels = {} must be 3 (RGB photos).", num_channels));
  }
  const LayerShape input{num_channels, input_height_px_, input_width_px_, 1, false};
  std::vector<LayerShape> shapes;
  for (const DarknetSection& section : config.layers) {
    const int index = static_cast<int>(layers_.size());
    layers_.push_back(register_module(fmt::format("layer_{}", index),
                                      make_darknet_layer(section, input, shapes)));
    shapes.push_back(layers_.back()->shape());
    stride_ = std::max(stride_, shapes.back().stride_px);
    if (shapes.back().is_head) heads_.push_back(parse_head(section, shapes.back()));
  }
  if (heads_.empty()) config.net.refuse("", "the network has no [yolo] layer.");
  if (input_width_px_ % stride_ != 0 || input_height_px_ % stride_ != 0) {
    config.net.refuse("width",
                      fmt::format("the input of {} x {} px must be a multiple of {} px.",
                                  input_width_px_,
                                  input_height_px_,
                                  stride_));
  }
  last_use_.assign(layers_.size(), -1);
  for (int i = 0; i < num_layers(); ++i) {
    for (const int index : layers_[i]->inputs()) {
      if (index >= 0) last_use_[index] = i;
    }
  }
}

DarknetNetwork::~DarknetNetwork() = default;

int DarknetNetwork::num_layers() const { return static_cast<int>(layers_.size()); }

std::vector<torch::Tensor> DarknetNetwork::forward(torch::Tensor input) {
  if (input.dim() != 4 || input.size(1) != 3 || input.size(2) < stride_ ||
      input.size(3) < stride_ || input.size(2) % stride_ != 0 || input.size(3) % stride_ != 0) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} takes N x 3 x H x W with H and W multiples of {}, not {}.",
                            source_,
                            stride_,
                            fmt::join(input.sizes().vec(), " x ")));
  }
  input = in_fast_order(input);
  std::vector<torch::Tensor> outputs(layers_.size());
  std::vector<torch::Tensor> raw_maps;
  for (int i = 0; i < num_layers(); ++i) {
    DarknetLayer& layer = *layers_[i];
    std::vector<torch::Tensor> inputs;
    for (const int index : layer.inputs()) {
      inputs.push_back(index < 0 ? input : outputs[index]);
      if (index >= 0 && last_use_[index] == i) outputs[index].reset();
    }
    torch::Tensor output = layer.forward(inputs);
    if (layer.shape().is_head) raw_maps.push_back(output);
    if (last_use_[i] > i) outputs[i] = std::move(output);
  }
  return raw_maps;
}

torch::Tensor decode_yolo(const torch::Tensor& raw,
                          const YoloHead& head,
                          int input_width_px,
                          int input_height_px) {
  const std::int64_t num_numbers = kBoxNumbers + head.num_classes;
  const std::int64_t height = raw.size(2);
  const std::int64_t width = raw.size(3);
  const torch::Tensor cells =
      raw.contiguous()
          .view({raw.size(0), head.num_anchors(), num_numbers, height, width})
          .permute({0, 1, 3, 4, 2});
  const auto options = raw.options().requires_grad(false);
  const torch::Tensor columns = torch::arange(width, options).view({1, 1, 1, width, 1});
  const torch::Tensor rows = torch::arange(height, options).view({1, 1, height, 1, 1});
  std::vector<float> anchor_numbers;
  for (const auto& anchor : head.anchors_px) {
    anchor_numbers.push_back(anchor[0] / static_cast<float>(input_width_px));
    anchor_numbers.push_back(anchor[1] / static_cast<float>(input_height_px));
  }
  const torch::Tensor anchors = torch::tensor(anchor_numbers, torch::kFloat)
                                    .to(options)
                                    .view({1, head.num_anchors(), 1, 1, 2});
  const torch::Tensor activated = head.new_coords ? cells : torch::sigmoid(cells);
  const torch::Tensor offset =
      activated.narrow(-1, 0, 2) * head.scale_x_y - 0.5 * (head.scale_x_y - 1);
  const torch::Tensor sizes = head.new_coords ? torch::square(cells.narrow(-1, 2, 2)) * 4
                                              : torch::exp(cells.narrow(-1, 2, 2));
  return torch::cat({(offset.narrow(-1, 0, 1) + columns) / width,
                     (offset.narrow(-1, 1, 1) + rows) / height,
                     sizes * anchors,
                     activated.narrow(-1, 4, num_numbers - 4)},
                    -1)
      .reshape({raw.size(0), -1, num_numbers});
}

}  // namespace finview
