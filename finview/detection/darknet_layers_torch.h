#pragma once

#include "finview/detection/darknet_config.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>

namespace finview {

/// Shape of a layer's output for an input of the configured size.
struct LayerShape {
  int num_channels = 0;
  int height_px = 0;
  int width_px = 0;
  int stride_px = 1;     ///< input pixels per pixel
  bool is_head = false;  ///< output of a [yolo] layer, which no other layer may read
};

/// One layer of a Darknet network.
class DarknetLayer : public torch::nn::Module {
 public:
  DarknetLayer(std::vector<int> inputs, const LayerShape& shape)
      : inputs_(std::move(inputs)), shape_(shape) {}

  /// `inputs`: the outputs of the layers `inputs()`, N x C x H x W. They are not changed.
  virtual torch::Tensor forward(const std::vector<torch::Tensor>& inputs) = 0;

  /// Indices of the layers this one reads; -1 is the network's input.
  const std::vector<int>& inputs() const { return inputs_; }
  const LayerShape& shape() const { return shape_; }

 private:
  std::vector<int> inputs_;
  LayerShape shape_;
};

/// Convolution, batch norm where the configuration asks for it, activation.
class ConvolutionalLayer : public DarknetLayer {
 public:
  ConvolutionalLayer(const DarknetSection& section, int input_index, const LayerShape& input);
  torch::Tensor forward(const std::vector<torch::Tensor>& inputs) override;
  /// Also forgets the folded copy: LibTorch's optimizers change parameters behind their version.
  void train(bool on = true) override;

  /// Parameters and statistics in the order of a .weights file: bias, (scale, running mean,
  /// running variance,) kernel.
  std::vector<torch::Tensor> tensors_in_file_order() const;

 private:
  /// Memory and version of everything the folded copy was made from.
  std::vector<std::int64_t> fingerprint() const;
  /// Weight and bias of a convolution that gives what this one and its norm give in evaluation
  /// mode.
  std::pair<torch::Tensor, torch::Tensor> folded() const;
  torch::Tensor convolve_folded(const torch::Tensor& input) const;

  DarknetActivation activation_;
  int padding_px_ = 0;
  torch::nn::Conv2d convolution_{nullptr};
  torch::nn::BatchNorm2d batch_norm_{nullptr};
  torch::Tensor folded_weight_;
  torch::Tensor folded_bias_;
  std::vector<std::int64_t> folded_from_;
};

namespace internal {

/// Applies `activation`. `values` must belong to the caller: they are overwritten where no gradient
/// is wanted.
torch::Tensor activate(torch::Tensor values, DarknetActivation activation);

/// A whole number in 1..max; refuses others.
int get_positive(const DarknetSection& section, const std::string& key, int fallback, int max);

/// "channels x height x width".
std::string text_of(const LayerShape& shape);

/// Makes `shape` what a window of `size` px moving by `step` px leaves of it. `padding` is the sum
/// of both sides.
void slide(const DarknetSection& section, int size, int step, int padding, LayerShape& shape);

}  // namespace internal

/// The layer that `section` describes. `shapes` are those of the layers before it.
///
/// Throws Error{kBadModel} that names the layer and the sizes that do not fit together.
std::shared_ptr<DarknetLayer> make_darknet_layer(const DarknetSection& section,
                                                 const LayerShape& network_input,
                                                 const std::vector<LayerShape>& shapes);

}  // namespace finview
