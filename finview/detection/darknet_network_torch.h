#pragma once

#include "finview/detection/darknet_config.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include <torch/nn/module.h>
#include <torch/types.h>

namespace finview {

/// What a [yolo] section says. The thresholds and weights of the loss are Darknet's, unused when
/// detecting.
struct YoloHead {
  std::vector<std::array<float, 2>> anchors_px;  ///< this head's (by mask), in input pixels
  std::vector<std::array<float, 2>> all_anchors_px;
  std::vector<int> mask;  ///< index into all_anchors_px of each of anchors_px
  int num_classes = 1;
  int stride_px = 32;  ///< input pixels per cell
  double scale_x_y = 1;
  bool new_coords = false;  ///< the layer before has applied the logistic function
  double ignore_thresh = 0.5;
  double truth_thresh = 1;
  double iou_thresh = 1;
  double iou_normalizer = 0.75;
  double obj_normalizer = 1;
  double cls_normalizer = 1;
  double max_delta = 0;  ///< 0 = no limit
  std::string iou_loss = "mse";

  int num_anchors() const { return static_cast<int>(anchors_px.size()); }
};

class DarknetLayer;

/// A Darknet detection network with trainable parameters.
///
/// Without gradients and in evaluation mode, batch norms are folded into their convolutions; the
/// folded copy is made once, and again after `train()`, `eval()` or a change that LibTorch counts
/// (its optimizers' steps it does not count: call `eval()` after them). One instance serves one
/// thread. The epsilon of the batch norms is 1e-6, as in OpenCV's Darknet reader: add 9e-6 to the
/// running variances of weights made for PyTorch's 1e-5.
class DarknetNetwork : public torch::nn::Module {
 public:
  /// Parameters are initialized as Darknet does (He, uniform for the convolutions).
  /// Throws Error{kBadModel} that names the layer and the sizes that do not fit together.
  explicit DarknetNetwork(const DarknetConfig& config);
  ~DarknetNetwork() override;

  /// Raw map of each head, before its activation: N x (anchors * (5 + classes)) x h x w.
  ///
  /// `input`: N x 3 x H x W, RGB, 0..1, H and W multiples of `stride()`; other sizes than the
  /// configuration's are fine.
  std::vector<torch::Tensor> forward(torch::Tensor input);

  const std::vector<YoloHead>& heads() const { return heads_; }
  int num_layers() const;
  int input_width_px() const { return input_width_px_; }
  int input_height_px() const { return input_height_px_; }
  /// Largest factor by which the network shrinks its input, e.g. 32.
  int stride() const { return stride_; }

  /// Reads Darknet `.weights`: of all layers, or of the first `num_layers` (a backbone), where the
  /// file may hold more. Throws Error{kNotFound}; Error{kBadModel} with the layer and the numbers
  /// if the file is too short, too long, not of this format or holds a number that is not finite.
  /// The network is unchanged then.
  void load_weights(const std::filesystem::path& path);
  void load_weights(const std::filesystem::path& path, int num_layers);

  /// Writes Darknet `.weights` (version 0.2.5).
  void save_weights(const std::filesystem::path& path, std::int64_t num_images_seen) const;

 private:
  std::string source_;
  int input_width_px_ = 0;
  int input_height_px_ = 0;
  int stride_ = 1;
  std::vector<std::shared_ptr<DarknetLayer>> layers_;
  std::vector<int> last_use_;  ///< of each layer's output: index of the last layer that reads it
  std::vector<YoloHead> heads_;
};

/// Activated boxes of one head: N x (anchors * h * w) x (5 + classes), anchor slowest, row, column.
///
/// Center x, center y, width and height in 0..1 of the input, objectness, class probabilities
/// (not multiplied by objectness). The input size is that of the tensor given to `forward`.
/// Redmon and Farhadi 2018, section 2.1; `scale_x_y` as Bochkovskiy et al. 2020, section 3.3.
torch::Tensor decode_yolo(const torch::Tensor& raw,
                          const YoloHead& head,
                          int input_width_px,
                          int input_height_px);

}  // namespace finview
