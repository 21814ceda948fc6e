#include "finview/detection/detector.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/threads.h"
#include "finview/detection/boxes.h"
#include "finview/detection/darknet_network_torch.h"
#include "finview/detection/letterbox.h"
#include "finview/detection/tiling.h"

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

/// Boxes from this confidence up have a say in where a fin is, whatever the least confidence asked
/// for, so that no box depends on it.
constexpr double kMinVoterConfidence = 0.01;

std::string hash_files(const DetectorFiles& files) {
  std::string hashes;
  for (const auto& path : {files.cfg, files.weights}) hashes += sha256_hex(read_file(path));
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

/// Adds `corner`, then scales.
void move(std::vector<Detection>& boxes, cv::Point2d corner, double scale) {
  for (Detection& box : boxes) {
    box.left_px = static_cast<float>((box.left_px + corner.x) * scale);
    box.right_px = static_cast<float>((box.right_px + corner.x) * scale);
    box.top_px = static_cast<float>((box.top_px + corner.y) * scale);
    box.bottom_px = static_cast<float>((box.bottom_px + corner.y) * scale);
  }
}

/// Throws Error{kBadInput} unless the picture is 8-bit BGR.
void check_pixels(const Picture& picture) {
  if (picture.bgr.type() == CV_8UC3) return;
  throw Error(ErrorKind::kBadInput,
              fmt::format("The picture has OpenCV type {}; the detector takes 8-bit BGR ({}).",
                          picture.bgr.type(),
                          CV_8UC3));
}

class Network {
 public:
  Network(const std::filesystem::path& cfg, const std::filesystem::path& weights)
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
        network(files.cfg, files.weights),
        model_id(hash_files(files)) {}

  /// One box per fin, in pixels of the full photo.
  std::vector<Detection> look(const cv::Mat& bgr, double scale) {
    const double min_voter = std::min(kMinVoterConfidence, options.min_confidence);
    std::vector<Detection> finds =
        suppress_and_vote(network(bgr, scale, min_voter), options.nms_iou);
    std::erase_if(finds,
                  [&](const Detection& find) { return find.confidence < options.min_confidence; });
    return finds;
  }

  std::vector<Detection> detect(const Picture& picture) {
    const c10::InferenceMode inference;
    return look(picture.bgr, picture.scale);
  }

  cv::Size grid(cv::Size2d photo_px, const std::vector<Detection>& found) const {
    return tile_grid(tiling,
                     static_cast<int>(std::lround(photo_px.width)),
                     static_cast<int>(std::lround(photo_px.height)),
                     network.longest_px(),
                     found);
  }

  std::vector<Detection> detect_tiled(const Picture& picture, std::vector<Detection> finds) {
    const c10::InferenceMode inference;
    const cv::Size2d photo_px(picture.bgr.cols / picture.scale, picture.bgr.rows / picture.scale);
    // Tiles count in pixels of the picture, boxes in those of the photo.
    for (const cv::Rect& tile : tile_regions(picture.bgr.size(), grid(photo_px, finds))) {
      std::vector<Detection> seen = look(picture.bgr(tile), 1);
      move(seen, tile.tl(), 1);
      seen = without_cut_boxes(std::move(seen), tile, picture.bgr.size());
      move(seen, {}, 1 / picture.scale);
      finds.insert(finds.end(), seen.begin(), seen.end());
    }
    return merge_looks(std::move(finds), options.nms_iou);
  }

  DetectorOptions options;
  Tiling tiling;
  Network network;
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

int Detector::min_longest_px() const { return impl_->network.longest_px(); }

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
      grid, photo_width_px, photo_height_px, impl_->network.longest_px());
}

std::vector<Detection> Detector::detect_tiled(const Picture& picture,
                                              const std::vector<Detection>& found) const {
  if (picture.bgr.empty()) return found;
  check_pixels(picture);
  return impl_->detect_tiled(picture, found);
}

const std::string& Detector::model_id() const { return impl_->model_id; }

}  // namespace finview
