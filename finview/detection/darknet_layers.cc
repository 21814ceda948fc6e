#include "finview/base/error.h"
#include "finview/detection/darknet_layers_torch.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <torch/types.h>

namespace finview {
namespace {

using internal::get_positive;
using internal::slide;
using internal::text_of;

class MaxPoolLayer : public DarknetLayer {
 public:
  MaxPoolLayer(const DarknetSection& section, int input_index, const LayerShape& input)
      : MaxPoolLayer(input_index, Window(section, input)) {}

  torch::Tensor forward(const std::vector<torch::Tensor>& inputs) override {
    torch::Tensor input = inputs[0];
    const int before = window_.padding / 2;
    const int after = window_.padding - before;
    int symmetric = before;
    if (before != after || 2 * before > window_.size) {
      symmetric = 0;
      input = torch::constant_pad_nd(
          input, {before, after, before, after}, -std::numeric_limits<float>::infinity());
    }
    return torch::max_pool2d(input, window_.size, window_.step, symmetric);
  }

 private:
  struct Window {
    Window(const DarknetSection& section, LayerShape input) : shape(input) {
      step = get_positive(section, "stride", 1, 64);
      size = get_positive(section, "size", step, 1024);
      padding = section.get_int("padding", size - 1);
      if (padding < 0 || padding / 2 >= size) {
        section.refuse("padding",
                       fmt::format("padding = {} must be between 0 and {} for a window of {} px.",
                                   padding,
                                   2 * size - 1,
                                   size));
      }
      slide(section, size, step, padding, shape);
    }
    int step = 1;
    int size = 1;
    int padding = 0;  ///< both sides together, the smaller half before
    LayerShape shape;
  };
  MaxPoolLayer(int input_index, const Window& window)
      : DarknetLayer({input_index}, window.shape), window_(window) {}

  Window window_;
};

class UpsampleLayer : public DarknetLayer {
 public:
  UpsampleLayer(int factor, int input_index, const LayerShape& shape)
      : DarknetLayer({input_index}, shape), factor_(factor) {}

  torch::Tensor forward(const std::vector<torch::Tensor>& inputs) override {
    return torch::upsample_nearest2d(inputs[0],
                                     {inputs[0].size(2) * factor_, inputs[0].size(3) * factor_});
  }

 private:
  int factor_;
};

class RouteLayer : public DarknetLayer {
 public:
  RouteLayer(int num_groups, int group, std::vector<int> inputs, const LayerShape& shape)
      : DarknetLayer(std::move(inputs), shape), num_groups_(num_groups), group_(group) {}

  torch::Tensor forward(const std::vector<torch::Tensor>& inputs) override {
    if (num_groups_ == 1) return inputs.size() == 1 ? inputs[0] : torch::cat(inputs, 1);
    std::vector<torch::Tensor> parts;
    for (const torch::Tensor& input : inputs) {
      const std::int64_t width = input.size(1) / num_groups_;
      parts.push_back(input.narrow(1, group_ * width, width));
    }
    return torch::cat(parts, 1);
  }

 private:
  int num_groups_;
  int group_;
};

class ShortcutLayer : public DarknetLayer {
 public:
  ShortcutLayer(DarknetActivation activation, std::vector<int> inputs, const LayerShape& shape)
      : DarknetLayer(std::move(inputs), shape), activation_(activation) {}

  torch::Tensor forward(const std::vector<torch::Tensor>& inputs) override {
    torch::Tensor sum = inputs[0] + inputs[1];
    for (std::size_t i = 2; i < inputs.size(); ++i) sum = sum + inputs[i];
    return internal::activate(sum, activation_);
  }

 private:
  DarknetActivation activation_;
};

/// Leaves the map as it is: `decode_yolo` and the loss start from the raw values.
class YoloLayer : public DarknetLayer {
 public:
  using DarknetLayer::DarknetLayer;
  torch::Tensor forward(const std::vector<torch::Tensor>& inputs) override { return inputs[0]; }
};

/// Index of a layer that `section` names under `key`; negative numbers count back.
int resolve(const DarknetSection& section,
            const std::string& key,
            int number,
            const std::vector<LayerShape>& shapes) {
  const int num_before = static_cast<int>(shapes.size());
  const int index = number < 0 ? num_before + number : number;
  if (index < 0 || index >= num_before) {
    section.refuse(key,
                   fmt::format("{} names layer {}, but only layers 0 to {} stand before it.",
                               key,
                               number < 0 ? fmt::format("{} ({} back)", index, -number)
                                          : std::to_string(index),
                               num_before - 1));
  }
  if (shapes[index].is_head) {
    section.refuse(key, fmt::format("it reads layer {}, a [yolo] layer.", index));
  }
  return index;
}

std::vector<int> resolve_all(const DarknetSection& section,
                             const std::string& key,
                             const std::vector<LayerShape>& shapes) {
  std::vector<int> indices;
  for (const int number : section.get_ints(key)) {
    indices.push_back(resolve(section, key, number, shapes));
  }
  if (indices.empty()) section.refuse(key, fmt::format("{} names no layer.", key));
  return indices;
}

std::shared_ptr<DarknetLayer> make_upsample(const DarknetSection& section,
                                            int input_index,
                                            LayerShape shape) {
  const int factor = get_positive(section, "stride", 2, 64);
  if (shape.stride_px % factor != 0) {
    section.refuse("stride",
                   fmt::format("stride = {} enlarges {} beyond the network's input, which was "
                               "shrunk {} times.",
                               factor,
                               text_of(shape),
                               shape.stride_px));
  }
  shape.height_px *= factor;
  shape.width_px *= factor;
  shape.stride_px /= factor;
  return std::make_shared<UpsampleLayer>(factor, input_index, shape);
}

std::shared_ptr<DarknetLayer> make_route(const DarknetSection& section,
                                         const std::vector<LayerShape>& shapes) {
  const std::vector<int> indices = resolve_all(section, "layers", shapes);
  const int num_groups = get_positive(section, "groups", 1, 1 << 16);
  const int group = section.get_int("group_id", 0);
  if (group < 0 || group >= num_groups) {
    section.refuse("group_id",
                   fmt::format("group_id = {} must be between 0 and {}.", group, num_groups - 1));
  }
  LayerShape shape = shapes[indices[0]];
  shape.num_channels = 0;
  for (const int index : indices) {
    const LayerShape& input = shapes[index];
    if (input.height_px != shape.height_px || input.width_px != shape.width_px) {
      section.refuse("layers",
                     fmt::format("layer {} ({}) and layer {} ({}) differ in height or width.",
                                 indices[0],
                                 text_of(shapes[indices[0]]),
                                 index,
                                 text_of(input)));
    }
    if (input.num_channels % num_groups != 0) {
      section.refuse("groups",
                     fmt::format("layer {} has {} channels, which {} groups do not divide.",
                                 index,
                                 input.num_channels,
                                 num_groups));
    }
    shape.num_channels += input.num_channels / num_groups;
  }
  return std::make_shared<RouteLayer>(num_groups, group, indices, shape);
}

std::shared_ptr<DarknetLayer> make_shortcut(const DarknetSection& section,
                                            int input_index,
                                            const std::vector<LayerShape>& shapes) {
  std::vector<int> indices = resolve_all(section, "from", shapes);
  const LayerShape& shape = shapes[input_index];
  for (const int index : indices) {
    const LayerShape& other = shapes[index];
    if (text_of(other) != text_of(shape)) {
      section.refuse("from",
                     fmt::format("layer {} ({}) and layer {} ({}) differ in shape.",
                                 input_index,
                                 text_of(shape),
                                 index,
                                 text_of(other)));
    }
  }
  indices.insert(indices.begin(), input_index);
  return std::make_shared<ShortcutLayer>(section.get_activation(), indices, shape);
}

}  // namespace

namespace internal {

int get_positive(const DarknetSection& section, const std::string& key, int fallback, int max) {
  const int value = section.get_int(key, fallback);
  if (value < 1 || value > max) {
    section.refuse(key, fmt::format("{} = {} must be between 1 and {}.", key, value, max));
  }
  return value;
}

std::string text_of(const LayerShape& shape) {
  return fmt::format("{} x {} x {}", shape.num_channels, shape.height_px, shape.width_px);
}

void slide(const DarknetSection& section, int size, int step, int padding, LayerShape& shape) {
  const std::string before = text_of(shape);
  const int span = std::min(shape.height_px, shape.width_px) + padding - size;
  if (span < 0) {
    section.refuse("size",
                   fmt::format("a window of {} px does not fit into {} with {} px of padding.",
                               size,
                               before,
                               padding));
  }
  shape.height_px = (shape.height_px + padding - size) / step + 1;
  shape.width_px = (shape.width_px + padding - size) / step + 1;
  shape.stride_px *= step;
}

}  // namespace internal

std::shared_ptr<DarknetLayer> make_darknet_layer(const DarknetSection& section,
                                                 const LayerShape& network_input,
                                                 const std::vector<LayerShape>& shapes) {
  if (section.type == "route") return make_route(section, shapes);
  const int input_index = static_cast<int>(shapes.size()) - 1;
  if (input_index >= 0) resolve(section, "", -1, shapes);
  if (section.type == "shortcut") return make_shortcut(section, input_index, shapes);
  LayerShape input = input_index < 0 ? network_input : shapes[input_index];
  if (section.type == "convolutional") {
    return std::make_shared<ConvolutionalLayer>(section, input_index, input);
  }
  if (section.type == "maxpool") {
    return std::make_shared<MaxPoolLayer>(section, input_index, input);
  }
  if (section.type == "upsample") return make_upsample(section, input_index, input);
  input.is_head = true;
  return std::make_shared<YoloLayer>(std::vector<int>{input_index}, input);
}

}  // namespace finview
