#include "finview/detection/detector.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/threads.h"
#include "finview/detection/boxes.h"
#include "finview/detection/darknet_network_torch.h"
#include "finview/detection/letterbox.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <torch/types.h>

namespace finview {
namespace {

std::string hash_files(const std::filesystem::path& cfg, const std::filesystem::path& weights) {
  const std::string hashes = sha256_hex(read_file(cfg)) + sha256_hex(read_file(weights));
  return sha256_hex({reinterpret_cast<const std::uint8_t*>(hashes.data()), hashes.size()});
}

/// Adds the boxes of `rows` (n x (5 + classes), as `decode_yolo` returns them) that are confident
/// enough.
void collect(const torch::Tensor& rows,
             const Letterbox& letterbox,
             double min_confidence,
             std::vector<Detection>& detections) {
  const auto values = rows.accessor<float, 2>();
  for (std::int64_t i = 0; i < values.size(0); ++i) {
    const auto row = values[i];
    if (!(row[4] >= min_confidence)) continue;
    int best = 5;
    for (int k = 6; k < static_cast<int>(values.size(1)); ++k) {
      if (row[k] > row[best]) best = k;
    }
    const float confidence = row[4] * row[best];
    const bool finite = std::isfinite(row[0]) && std::isfinite(row[1]) && std::isfinite(row[2]) &&
                        std::isfinite(row[3]);
    if (!(confidence >= min_confidence) || !finite) continue;
    Detection box = letterbox.photo_box(row[0], row[1], row[2], row[3]);
    if (box.width_px() <= 0 || box.height_px() <= 0) continue;
    box.confidence = std::min(confidence, 1.0F);
    box.class_index = best - 5;
    detections.push_back(box);
  }
}

}  // namespace

void DetectorOptions::visit(OptionVisitor& visitor) {
  visitor.field("min-confidence", min_confidence, "leave out fins below this confidence", 0, 1);
  visitor.field("nms-iou", nms_iou, "overlap above which two boxes are one fin", 0, 1);
}

struct Detector::Impl {
  Impl(const std::filesystem::path& cfg,
       const std::filesystem::path& weights,
       const DetectorOptions& detector_options)
      : options(detector_options),
        network(parse_darknet_config(read_text_file(cfg), cfg.string())),
        model_id(hash_files(cfg, weights)) {
    network.load_weights(weights);
    network.eval();
  }

  std::vector<Detection> detect(const Picture& picture) {
    const c10::InferenceMode inference;
    const Letterbox letterbox = fit_letterbox(picture.bgr.size(),
                                              picture.scale,
                                              network.input_width_px(),
                                              network.input_height_px(),
                                              network.stride());
    std::vector<float> planes = letterbox_planes(picture.bgr, letterbox);
    const torch::Tensor input = torch::from_blob(
        planes.data(), {1, 3, letterbox.input_height_px, letterbox.input_width_px}, torch::kFloat);
    const std::vector<torch::Tensor> raw_maps = network.forward(input);
    std::vector<Detection> detections;
    for (std::size_t i = 0; i < raw_maps.size(); ++i) {
      const torch::Tensor rows = decode_yolo(
          raw_maps[i], network.heads()[i], letterbox.input_width_px, letterbox.input_height_px);
      collect(rows[0], letterbox, options.min_confidence, detections);
    }
    return suppress_overlaps(std::move(detections), options.nms_iou);
  }

  DetectorOptions options;
  DarknetNetwork network;
  std::string model_id;
};

Detector::Detector(const std::filesystem::path& cfg,
                   const std::filesystem::path& weights,
                   const DetectorOptions& options) {
  check_options(options);
  // LibTorch's own default is one thread on some machines with several cores.
  at::set_num_threads(num_cores());
  impl_ = std::make_unique<Impl>(cfg, weights, options);
}

Detector::~Detector() = default;
Detector::Detector(Detector&&) noexcept = default;
Detector& Detector::operator=(Detector&&) noexcept = default;

int Detector::min_longest_px() const {
  return std::max(impl_->network.input_width_px(), impl_->network.input_height_px());
}

std::vector<Detection> Detector::detect(const Picture& picture) const {
  if (picture.bgr.empty()) return {};
  if (picture.bgr.type() != CV_8UC3) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("The picture has OpenCV type {}; the detector takes 8-bit BGR ({}).",
                            picture.bgr.type(),
                            CV_8UC3));
  }
  return impl_->detect(picture);
}

const std::string& Detector::model_id() const { return impl_->model_id; }

}  // namespace finview
