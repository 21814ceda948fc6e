#include "finview/training/detector_loss_torch.h"

#include "finview/base/error.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include <torch/nn/functional/loss.h>
#include <torch/torch.h>

namespace finview {
namespace {

using torch::indexing::Slice;

constexpr double kEpsilon = 1e-9;

struct Corners {
  torch::Tensor left, top, right, bottom;
};

Corners corners(const torch::Tensor& boxes) {
  const auto half_width = boxes.select(-1, 2) / 2;
  const auto half_height = boxes.select(-1, 3) / 2;
  return {boxes.select(-1, 0) - half_width,
          boxes.select(-1, 1) - half_height,
          boxes.select(-1, 0) + half_width,
          boxes.select(-1, 1) + half_height};
}

/// IoU with broadcasting; `intersection / union`.
torch::Tensor plain_iou(const torch::Tensor& a, const torch::Tensor& b) {
  const Corners p = corners(a);
  const Corners q = corners(b);
  const auto width = (torch::min(p.right, q.right) - torch::max(p.left, q.left)).clamp_min(0);
  const auto height = (torch::min(p.bottom, q.bottom) - torch::max(p.top, q.top)).clamp_min(0);
  const auto both = width * height;
  const auto area_a = a.select(-1, 2) * a.select(-1, 3);
  const auto area_b = b.select(-1, 2) * b.select(-1, 3);
  return both / (area_a + area_b - both + kEpsilon);
}

/// IoU of two boxes with one center.
double shape_iou(double width_a, double height_a, double width_b, double height_b) {
  const double both = std::min(width_a, width_b) * std::min(height_a, height_b);
  return both / (width_a * height_a + width_b * height_b - both);
}

/// Anchors of `head` (positions in its mask) that a target belongs to.
std::vector<int> anchors_for(const TargetBox& target,
                             const YoloHead& head,
                             int input_width_px,
                             int input_height_px) {
  std::vector<double> ious;
  for (const auto& anchor : head.all_anchors_px) {
    ious.push_back(shape_iou(
        target.width * input_width_px, target.height * input_height_px, anchor[0], anchor[1]));
  }
  const auto best = std::max_element(ious.begin(), ious.end()) - ious.begin();
  std::vector<int> chosen;
  for (int i = 0; i < head.num_anchors(); ++i) {
    const int anchor = head.mask[static_cast<std::size_t>(i)];
    if (anchor == best || ious[static_cast<std::size_t>(anchor)] > head.iou_thresh) {
      chosen.push_back(i);
    }
  }
  return chosen;
}

/// Where the targets lie in one head's output.
struct Assignment {
  torch::Tensor image, anchor, row, column;  ///< one entry per responsible prediction
  torch::Tensor boxes;                       ///< k x 4
  torch::Tensor classes;                     ///< k
};

Assignment assign(const std::vector<TargetBox>& targets,
                  const YoloHead& head,
                  int num_rows,
                  int num_columns,
                  int input_width_px,
                  int input_height_px) {
  std::vector<std::int64_t> places[4];
  std::vector<float> boxes;
  std::vector<std::int64_t> classes;
  std::set<std::tuple<int, int, int, int>> taken;
  for (const TargetBox& target : targets) {
    const int column =
        std::clamp(static_cast<int>(std::floor(target.center_x * num_columns)), 0, num_columns - 1);
    const int row =
        std::clamp(static_cast<int>(std::floor(target.center_y * num_rows)), 0, num_rows - 1);
    for (const int anchor : anchors_for(target, head, input_width_px, input_height_px)) {
      if (!taken.insert({target.image, anchor, row, column}).second) continue;
      places[0].push_back(target.image);
      places[1].push_back(anchor);
      places[2].push_back(row);
      places[3].push_back(column);
      boxes.insert(boxes.end(), {target.center_x, target.center_y, target.width, target.height});
      classes.push_back(target.class_index);
    }
  }
  const auto count = static_cast<std::int64_t>(classes.size());
  return {torch::tensor(places[0], torch::kLong),
          torch::tensor(places[1], torch::kLong),
          torch::tensor(places[2], torch::kLong),
          torch::tensor(places[3], torch::kLong),
          torch::tensor(boxes, torch::kFloat).reshape({count, 4}),
          torch::tensor(classes, torch::kLong)};
}

/// N x anchors x h x w: 1 where objectness counts, 0 where a prediction that belongs to no target
/// overlaps one well.
torch::Tensor objectness_mask(const torch::Tensor& predicted,
                              const std::vector<TargetBox>& targets,
                              double ignore_thresh) {
  torch::NoGradGuard no_grad;
  auto mask = torch::ones(predicted.sizes().slice(0, 4), predicted.options());
  for (const TargetBox& target : targets) {
    const auto box = torch::tensor({target.center_x, target.center_y, target.width, target.height},
                                   predicted.options());
    const auto iou = plain_iou(predicted[target.image], box);
    mask[target.image].masked_fill_(iou > ignore_thresh, 0);
  }
  return mask;
}

double weight_or(double option, double of_head) { return option > 0 ? option : of_head; }

struct HeadLoss {
  torch::Tensor box, objectness, classes;
  double iou_sum = 0;
  std::int64_t num_positives = 0;
};

/// Binary cross entropy, summed. `logits`: k x (5 + classes); `classes`: k.
torch::Tensor class_loss(const torch::Tensor& logits, const torch::Tensor& classes) {
  namespace F = torch::nn::functional;
  const auto of_classes = logits.slice(1, 5);
  const auto one_hot = torch::one_hot(classes, of_classes.size(1)).to(logits.dtype());
  return F::binary_cross_entropy_with_logits(
      of_classes, one_hot, F::BinaryCrossEntropyWithLogitsFuncOptions().reduction(torch::kSum));
}

HeadLoss head_loss(const torch::Tensor& raw,
                   const YoloHead& head,
                   const std::vector<TargetBox>& targets,
                   int input_width_px,
                   int input_height_px,
                   const LossOptions& options) {
  namespace F = torch::nn::functional;
  const auto num_images = raw.size(0);
  const auto rows = raw.size(2);
  const auto columns = raw.size(3);
  const std::int64_t num_values = 5 + head.num_classes;
  const auto maps =
      raw.contiguous().reshape({num_images, head.num_anchors(), num_values, rows, columns});
  const auto decoded = decode_yolo(raw, head, input_width_px, input_height_px)
                           .reshape({num_images, head.num_anchors(), rows, columns, num_values});
  const auto boxes = decoded.index({"...", Slice(0, 4)});

  const Assignment assigned = assign(targets,
                                     head,
                                     static_cast<int>(rows),
                                     static_cast<int>(columns),
                                     input_width_px,
                                     input_height_px);
  const auto device = raw.device();
  const auto image = assigned.image.to(device);
  const auto anchor = assigned.anchor.to(device);
  const auto row = assigned.row.to(device);
  const auto column = assigned.column.to(device);

  HeadLoss loss;
  loss.num_positives = assigned.classes.size(0);
  auto truth = torch::zeros({num_images, head.num_anchors(), rows, columns}, raw.options());
  auto mask = objectness_mask(boxes.detach(), targets, head.ignore_thresh);
  loss.box = raw.sum() * 0;
  loss.classes = loss.box;
  if (loss.num_positives > 0) {
    truth.index_put_({image, anchor, row, column}, 1.0F);
    mask.index_put_({image, anchor, row, column}, 1.0F);
    const auto responsible = boxes.index({image, anchor, row, column});
    const auto wanted = assigned.boxes.to(device);
    const auto ciou = complete_iou(responsible, wanted);
    loss.box = (1 - ciou).sum() * weight_or(options.box_weight, head.iou_normalizer);
    loss.iou_sum = plain_iou(responsible.detach(), wanted).sum().item<double>();
    const auto logits = maps.permute({0, 1, 3, 4, 2}).index({image, anchor, row, column});
    loss.classes = class_loss(logits, assigned.classes.to(device)) *
                   weight_or(options.class_weight, head.cls_normalizer);
  }
  const auto cross_entropy = F::binary_cross_entropy_with_logits(
      maps.select(2, 4),
      truth,
      F::BinaryCrossEntropyWithLogitsFuncOptions().reduction(torch::kNone));
  loss.objectness =
      (cross_entropy * mask).sum() * weight_or(options.objectness_weight, head.obj_normalizer);
  return loss;
}

}  // namespace

torch::Tensor complete_iou(const torch::Tensor& a, const torch::Tensor& b) {
  const Corners p = corners(a);
  const Corners q = corners(b);
  const auto iou = plain_iou(a, b);
  const auto width = torch::max(p.right, q.right) - torch::min(p.left, q.left);
  const auto height = torch::max(p.bottom, q.bottom) - torch::min(p.top, q.top);
  const auto diagonal_squared = width.square() + height.square() + kEpsilon;
  const auto distance_squared =
      (a.select(-1, 0) - b.select(-1, 0)).square() + (a.select(-1, 1) - b.select(-1, 1)).square();
  const auto angle_a = torch::atan(a.select(-1, 2) / a.select(-1, 3));
  const auto angle_b = torch::atan(b.select(-1, 2) / b.select(-1, 3));
  const auto v = (angle_a - angle_b).square() * (4 / (M_PI * M_PI));
  const auto alpha = (v / (1 - iou + v + kEpsilon)).detach();
  return iou - distance_squared / diagonal_squared - alpha * v;
}

DetectorLoss detector_loss(const std::vector<torch::Tensor>& raw,
                           const std::vector<YoloHead>& heads,
                           const std::vector<TargetBox>& targets,
                           int input_width_px,
                           int input_height_px,
                           const LossOptions& options) {
  DetectorLoss sum;
  double iou_sum = 0;
  std::int64_t num_positives = 0;
  for (std::size_t i = 0; i < heads.size(); ++i) {
    if (heads[i].new_coords) {
      throw Error(ErrorKind::kBadModel,
                  "a [yolo] layer with new_coords=1 cannot be trained; set new_coords=0 and a "
                  "linear activation before it");
    }
    const HeadLoss loss =
        head_loss(raw[i], heads[i], targets, input_width_px, input_height_px, options);
    const auto part = (loss.box + loss.objectness + loss.classes) / raw[i].size(0);
    sum.total = sum.total.defined() ? sum.total + part : part;
    const auto num_images = static_cast<double>(raw[i].size(0));
    sum.box += loss.box.item<double>() / num_images;
    sum.objectness += loss.objectness.item<double>() / num_images;
    sum.classes += loss.classes.item<double>() / num_images;
    iou_sum += loss.iou_sum;
    num_positives += loss.num_positives;
  }
  if (num_positives > 0) sum.mean_iou = iou_sum / static_cast<double>(num_positives);
  return sum;
}

}  // namespace finview
