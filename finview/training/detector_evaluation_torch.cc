#include "finview/training/detector_evaluation_torch.h"

#include "finview/detection/boxes.h"
#include "finview/training/detection_augment_torch.h"

#include <algorithm>
#include <cmath>

#include <torch/torch.h>

namespace finview {
namespace {

using torch::indexing::Slice;

constexpr double kMaxOverlap = 0.45;

struct Letterbox {
  torch::Tensor input;  ///< 1 x 3 x H x W
  double scale = 1;
  int left_px = 0;
  int top_px = 0;
};

Letterbox letterbox(const DetectionSample& sample, int width_px, int height_px) {
  Letterbox box;
  box.scale = std::min(1.0 * width_px / sample.width_px, 1.0 * height_px / sample.height_px);
  const int width = std::max(1, static_cast<int>(std::lround(sample.width_px * box.scale)));
  const int height = std::max(1, static_cast<int>(std::lround(sample.height_px * box.scale)));
  box.left_px = (width_px - width) / 2;
  box.top_px = (height_px - height) / 2;
  box.input = torch::full({1, 3, height_px, width_px}, 0.5F);
  const auto resized =
      resample(sample_tensor(sample), {0, 0, sample.width_px, sample.height_px}, width, height);
  box.input[0].index_put_(
      {Slice(), Slice(box.top_px, box.top_px + height), Slice(box.left_px, box.left_px + width)},
      resized);
  return box;
}

/// Boxes of one head's decoded rows in pixels of the sample.
void collect(const torch::Tensor& decoded,
             const Letterbox& box,
             const DetectionSample& sample,
             int width_px,
             int height_px,
             double min_confidence,
             std::vector<Detection>& found) {
  const auto rows = decoded[0].to(torch::kCPU);
  const auto best = rows.index({Slice(), Slice(5, torch::indexing::None)}).max(1);
  const auto confidence = rows.select(1, 4) * std::get<0>(best);
  const auto chosen = torch::nonzero(confidence >= min_confidence).flatten();
  for (std::int64_t i = 0; i < chosen.size(0); ++i) {
    const auto index = chosen[i].item<std::int64_t>();
    const auto row = rows[index];
    const double center_x = row[0].item<double>() * width_px - box.left_px;
    const double center_y = row[1].item<double>() * height_px - box.top_px;
    const double half_width = row[2].item<double>() * width_px / 2;
    const double half_height = row[3].item<double>() * height_px / 2;
    const auto inside = [&](double value, int limit) {
      return static_cast<float>(std::clamp(value / box.scale, 0.0, static_cast<double>(limit)));
    };
    Detection detection;
    detection.left_px = inside(center_x - half_width, sample.width_px);
    detection.right_px = inside(center_x + half_width, sample.width_px);
    detection.top_px = inside(center_y - half_height, sample.height_px);
    detection.bottom_px = inside(center_y + half_height, sample.height_px);
    detection.confidence = confidence[index].item<float>();
    detection.class_index = static_cast<int>(std::get<1>(best)[index].item<std::int64_t>());
    if (detection.width_px() > 0 && detection.height_px() > 0) found.push_back(detection);
  }
}

}  // namespace

std::vector<PhotoDetections> detect_samples(DarknetNetwork& network,
                                            const std::vector<DetectionSample>& samples,
                                            double min_confidence,
                                            torch::Device device) {
  torch::NoGradGuard no_grad;
  const int width_px = network.input_width_px();
  const int height_px = network.input_height_px();
  network.eval();
  std::vector<PhotoDetections> photos;
  for (const DetectionSample& sample : samples) {
    if (sample.role == SampleRole::kCutout) continue;
    const Letterbox box = letterbox(sample, width_px, height_px);
    const auto raw = network.forward(box.input.to(device));
    std::vector<Detection> found;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const auto decoded = decode_yolo(raw[i], network.heads()[i], width_px, height_px);
      collect(decoded, box, sample, width_px, height_px, min_confidence, found);
    }
    photos.push_back({sample.boxes,
                      suppress_and_vote(found, kMaxOverlap),
                      std::max(sample.width_px, sample.height_px)});
  }
  return photos;
}

}  // namespace finview
