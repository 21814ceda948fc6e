#pragma once

#include "finview/detection/darknet_network_torch.h"

#include <vector>

namespace finview {

/// Complete IoU of boxes in pairs: IoU - distance^2 / diagonal^2 - alpha v.
///
/// `a`, `b`: n x 4, center x, center y, width, height, in one unit, width and height > 0. Result:
/// n, in (-2, 1]. alpha is a constant for the gradient. Zheng et al. 2020 (Distance-IoU Loss),
/// equations 7 to 11.
torch::Tensor complete_iou(const torch::Tensor& a, const torch::Tensor& b);

/// One labelled fin of a batch, relative to the network's input.
struct TargetBox {
  int image = 0;  ///< index in the batch
  int class_index = 0;
  float center_x = 0;  ///< 0..1
  float center_y = 0;
  float width = 0;
  float height = 0;
};

struct LossOptions {
  double box_weight = 0;         ///< 0 = each head's iou_normalizer
  double objectness_weight = 0;  ///< 0 = each head's obj_normalizer
  double class_weight = 0;       ///< 0 = each head's cls_normalizer
};

/// Sums over all heads, divided by the number of images.
struct DetectorLoss {
  torch::Tensor total;  ///< scalar with gradient
  double box = 0;       ///< weighted parts of total
  double objectness = 0;
  double classes = 0;
  double mean_iou = 0;  ///< of the predictions responsible for a target
};

/// YOLOv4's loss of one batch.
///
/// A target belongs to the anchor of best shape IoU and to every other anchor of shape IoU >
/// iou_thresh, in the cell of its center; of two targets for one anchor and cell the first counts.
/// Boxes: 1 - CIoU. Objectness: binary cross entropy, without predictions that belong to no target
/// but overlap one by more than ignore_thresh. Classes: binary cross entropy.
/// Bochkovskiy et al. 2020, sections 3.3 and 4; Redmon and Farhadi 2018, section 2.1.
/// `raw`: the network's outputs for an N x 3 x height x width input. Throws Error{kBadModel} for a
/// head with new_coords.
DetectorLoss detector_loss(const std::vector<torch::Tensor>& raw,
                           const std::vector<YoloHead>& heads,
                           const std::vector<TargetBox>& targets,
                           int input_width_px,
                           int input_height_px,
                           const LossOptions& options);

}  // namespace finview
