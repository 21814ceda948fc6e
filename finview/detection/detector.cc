#include "finview/detection/detector.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/threads.h"
#include "finview/detection/boxes.h"
#include "finview/detection/darknet_network_torch.h"
#include "finview/detection/letterbox.h"
#include "finview/detection/second_look.h"
#include "finview/detection/tiling.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <torch/types.h>

namespace finview {
namespace {

/// A find below this confidence is not looked at again.
constexpr double kMinFirstConfidence = 0.05;
/// How much larger than the first network's input a photo is worth decoding for the second.
constexpr int kSecondLookEnlargement = 2;

std::string hash_files(const DetectorFiles& files) {
  std::string hashes;
  for (const auto& path : {files.cfg, files.weights, files.close_up_cfg, files.close_up_weights}) {
    if (!path.empty()) hashes += sha256_hex(read_file(path));
  }
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

/// The boxes with `corner` added, then scaled.
std::vector<Detection> moved(std::vector<Detection> boxes, cv::Point2d corner, double scale) {
  for (Detection& box : boxes) {
    box.left_px = static_cast<float>((box.left_px + corner.x) * scale);
    box.right_px = static_cast<float>((box.right_px + corner.x) * scale);
    box.top_px = static_cast<float>((box.top_px + corner.y) * scale);
    box.bottom_px = static_cast<float>((box.bottom_px + corner.y) * scale);
  }
  return boxes;
}

/// Throws Error{kBadInput} unless the picture is 8-bit BGR.
void check_pixels(const Picture& picture) {
  if (picture.bgr.type() == CV_8UC3) return;
  throw Error(ErrorKind::kBadInput,
              fmt::format("The picture has OpenCV type {}; the detector takes 8-bit BGR ({}).",
                          picture.bgr.type(),
                          CV_8UC3));
}

/// One network at work.
class Look {
 public:
  Look(const std::filesystem::path& cfg, const std::filesystem::path& weights)
      : network_(parse_darknet_config(read_text_file(cfg), cfg.string())) {
    network_.load_weights(weights);
    network_.eval();
  }

  int longest_px() const { return std::max(network_.input_width_px(), network_.input_height_px()); }

  /// Boxes of at least `min_confidence` in pixels of the full photo; several per fin.
  std::vector<Detection> operator()(const cv::Mat& bgr, double scale, double min_confidence) {
    const Letterbox letterbox = fit_letterbox(bgr.size(),
                                              scale,
                                              network_.input_width_px(),
                                              network_.input_height_px(),
                                              network_.stride());
    std::vector<float> planes = letterbox_planes(bgr, letterbox);
    const torch::Tensor input = torch::from_blob(
        planes.data(), {1, 3, letterbox.input_height_px, letterbox.input_width_px}, torch::kFloat);
    const std::vector<torch::Tensor> raw_maps = network_.forward(input);
    std::vector<Detection> detections;
    for (std::size_t i = 0; i < raw_maps.size(); ++i) {
      const torch::Tensor rows = decode_yolo(
          raw_maps[i], network_.heads()[i], letterbox.input_width_px, letterbox.input_height_px);
      collect(rows[0], letterbox, min_confidence, detections);
    }
    return detections;
  }

 private:
  DarknetNetwork network_;
};

}  // namespace

void DetectorOptions::visit(OptionVisitor& visitor) {
  visitor.field("min-confidence", min_confidence, "leave out fins below this confidence", 0, 1);
  visitor.field("nms-iou", nms_iou, "overlap above which two boxes are one fin", 0, 1);
  visitor.field("tiles", tiles, "look closer, in parts: auto, off, or columns x rows as 3x2");
}

struct Detector::Impl {
  Impl(const DetectorFiles& files, const DetectorOptions& detector_options)
      : options(detector_options),
        tiling(Tiling::parse(detector_options.tiles)),
        first(files.cfg, files.weights),
        model_id(hash_files(files)) {
    if (!files.close_up_cfg.empty()) second.emplace(files.close_up_cfg, files.close_up_weights);
  }

  std::vector<Detection> detect(const Picture& picture) {
    const c10::InferenceMode inference;
    const double min_first =
        second ? std::min(kMinFirstConfidence, options.min_confidence) : options.min_confidence;
    std::vector<Detection> finds =
        suppress_overlaps(first(picture.bgr, picture.scale, min_first), options.nms_iou);
    if (!second) return finds;
    for (Detection& find : finds) find = look_again(picture, find);
    std::erase_if(finds,
                  [&](const Detection& find) { return find.confidence < options.min_confidence; });
    return suppress_overlaps(std::move(finds), options.nms_iou);
  }

  cv::Size grid(cv::Size2d photo_px, const std::vector<Detection>& found) const {
    return tile_grid(tiling,
                     static_cast<int>(std::lround(photo_px.width)),
                     static_cast<int>(std::lround(photo_px.height)),
                     first.longest_px(),
                     found);
  }

  std::vector<Detection> detect_tiled(const Picture& picture, std::vector<Detection> finds) {
    const c10::InferenceMode inference;
    const cv::Size2d photo_px(picture.bgr.cols / picture.scale, picture.bgr.rows / picture.scale);
    // Tiles count in pixels of the picture, boxes in those of the photo.
    for (const cv::Rect& tile : tile_regions(picture.bgr.size(), grid(photo_px, finds))) {
      std::vector<Detection> seen = without_cut_boxes(
          moved(first(picture.bgr(tile), 1, options.min_confidence), tile.tl(), 1),
          tile,
          picture.bgr.size());
      seen = moved(std::move(seen), {}, 1 / picture.scale);
      finds.insert(finds.end(), seen.begin(), seen.end());
    }
    return merge_looks(std::move(finds), options.nms_iou);
  }

  Detection look_again(const Picture& picture, const Detection& find) {
    const cv::Rect region = second_look_region(find, picture.bgr.size(), picture.scale);
    if (region.empty()) return second_look(find, {});
    std::vector<Detection> seen =
        (*second)(picture.bgr(region), picture.scale, kMinFirstConfidence);
    const cv::Point2d corner(region.x / picture.scale, region.y / picture.scale);
    return second_look(find, moved(std::move(seen), corner, 1));
  }

  DetectorOptions options;
  Tiling tiling;
  Look first;
  std::optional<Look> second;
  std::string model_id;
};

Detector::Detector(const DetectorFiles& files, const DetectorOptions& options) {
  check_options(options);
  // LibTorch's own default is one thread on some machines with several cores.
  at::set_num_threads(num_cores());
  impl_ = std::make_unique<Impl>(files, options);
}

Detector::~Detector() = default;
Detector::Detector(Detector&&) noexcept = default;
Detector& Detector::operator=(Detector&&) noexcept = default;

int Detector::min_longest_px() const {
  return impl_->first.longest_px() * (impl_->second ? kSecondLookEnlargement : 1);
}

std::vector<Detection> Detector::detect(const Picture& picture) const {
  if (picture.bgr.empty()) return {};
  check_pixels(picture);
  return impl_->detect(picture);
}

int Detector::tiled_longest_px(int photo_width_px,
                               int photo_height_px,
                               const std::vector<Detection>& found) const {
  const cv::Size grid = impl_->grid(cv::Size2d(photo_width_px, photo_height_px), found);
  if (grid.empty()) return 0;
  return finview::tiled_longest_px(
      grid, photo_width_px, photo_height_px, impl_->first.longest_px());
}

std::vector<Detection> Detector::detect_tiled(const Picture& picture,
                                              const std::vector<Detection>& found) const {
  if (picture.bgr.empty()) return found;
  check_pixels(picture);
  return impl_->detect_tiled(picture, found);
}

const std::string& Detector::model_id() const { return impl_->model_id; }

}  // namespace finview
