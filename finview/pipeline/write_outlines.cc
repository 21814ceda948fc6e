#include "finview/pipeline/write_outlines.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/threads.h"
#include "finview/crop/cut.h"
#include "finview/outline/fin_edge.h"
#include "finview/outline/fin_masker.h"
#include "finview/outline/find_outline.h"
#include "finview/photo/decode.h"
#include "finview/photo/walk.h"
#include "finview/pipeline/models.h"
#include "finview/pipeline/photo_batch.h"
#include "finview/pipeline/photo_result.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBatchSize = 32;
constexpr int kSheetColumns = 6;
constexpr int kSheetRows = 4;
constexpr int kCellPx = 320;

/// A picture, its outline and its edge.
struct Outlined {
  OutlinedPicture picture;
  std::optional<FinEdge> edge;
  cv::Mat bgr;
};

Outlined outline_item(const PhotoItem& item, const FinMasker& masker) {
  Outlined done;
  if (const auto* failure = std::get_if<PhotoFailure>(&item)) {
    done.picture.photo = failure->name;
    done.picture.failure = failure->reason;
    return done;
  }
  const auto& file = std::get<PhotoFile>(item);
  done.picture.photo = file.name;
  try {
    const Crop crop = whole_picture_crop(decode_photo(file, read_photo_info(file)));
    done.bgr = crop.bgr;
    done.picture.width_px = crop.bgr.cols;
    done.picture.height_px = crop.bgr.rows;
    done.picture.outline = find_outline(crop, masker);
    done.edge = find_edge(done.picture.outline);
  } catch (const Error& error) {
    done.picture.failure = error.what();
  }
  return done;
}

nlohmann::ordered_json to_json(const Outlined& done) {
  const FinOutline& outline = done.picture.outline;
  nlohmann::ordered_json json{{"photo", done.picture.photo},
                              {"width_px", done.picture.width_px},
                              {"height_px", done.picture.height_px},
                              {"failure", done.picture.failure},
                              {"mask_source", to_string(outline.mask_source)},
                              {"mask_confidence", outline.mask_confidence},
                              {"doubt", to_string(outline.mask_doubt)}};
  if (done.edge) {
    json["side"] = done.edge->side == FinSide::kLeft ? "left" : "right";
    json["edge_length_px"] = done.edge->length_px;
    json["edge_quality"] = done.edge->quality;
  }
  nlohmann::ordered_json contour = nlohmann::ordered_json::array();
  const auto rounded = [](float value) { return std::round(value * 100.0) / 100.0; };
  for (const cv::Point2f& point : outline.contour) {
    contour.push_back({rounded(point.x), rounded(point.y)});
  }
  json["contour"] = std::move(contour);
  return json;
}

/// The picture at `scale` with its outline in yellow.
cv::Mat drawn(const Outlined& done, double scale) {
  constexpr int kBits = 4;
  cv::Mat picture;
  cv::resize(done.bgr, picture, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  std::vector<cv::Point> points;
  for (const cv::Point2f& point : done.picture.outline.contour) {
    points.emplace_back(cvRound((point.x * scale - 0.5) * (1 << kBits)),
                        cvRound((point.y * scale - 0.5) * (1 << kBits)));
  }
  if (!points.empty()) {
    cv::polylines(picture,
                  std::vector<std::vector<cv::Point>>{points},
                  true,
                  cv::Scalar(0, 255, 255),
                  1,
                  cv::LINE_AA,
                  kBits);
  }
  return picture;
}

void write_picture(const fs::path& path, const cv::Mat& picture) {
  std::vector<std::uint8_t> bytes;
  cv::imencode(path.extension().string(), picture, bytes);
  write_file(path, std::span<const std::uint8_t>(bytes));
}

void write_steps(const Outlined& done, const fs::path& folder) {
  if (done.bgr.empty()) return;
  const std::string stem = output_stem(done.picture.photo);
  write_picture(folder / (stem + "_mask.png"), done.picture.outline.mask);
  const double longest = std::max(done.bgr.cols, done.bgr.rows);
  write_picture(folder / (stem + "_outline.jpg"), drawn(done, std::max(1.0, 800 / longest)));
  cv::Mat alone(done.bgr.size(), CV_8UC3, cv::Scalar::all(255));
  done.bgr.copyTo(alone, done.picture.outline.mask);
  write_picture(folder / (stem + "_fin.png"), alone);
}

/// Fills sheets picture by picture.
class Sheets {
 public:
  explicit Sheets(const fs::path& folder) : folder_(folder) {}

  void add(const Outlined& done) {
    if (folder_.empty()) return;
    if (count_ == 0) {
      sheet_ = cv::Mat(kSheetRows * kCellPx, kSheetColumns * kCellPx, CV_8UC3, cv::Scalar::all(40));
    }
    const cv::Point corner(count_ % kSheetColumns * kCellPx, count_ / kSheetColumns * kCellPx);
    if (!done.bgr.empty()) {
      const cv::Mat cell = drawn(done, (kCellPx - 4.0) / std::max(done.bgr.cols, done.bgr.rows));
      cell.copyTo(sheet_(cv::Rect(corner, cell.size())));
    }
    const FinOutline& outline = done.picture.outline;
    label(fmt::format(
              "{} {:.2f} {}", num_done_++, outline.mask_confidence, to_string(outline.mask_doubt)),
          corner + cv::Point(4, 16));
    if (++count_ == kSheetColumns * kSheetRows) finish();
  }

  void finish() {
    if (count_ == 0) return;
    write_picture(folder_ / fmt::format("sheet-{:03}.jpg", num_sheets_++), sheet_);
    count_ = 0;
  }

 private:
  void label(const std::string& text, const cv::Point& at) {
    for (const auto& [color, width] : {std::pair{cv::Scalar::all(0), 3}, {{80, 255, 80}, 1}}) {
      cv::putText(sheet_, text, at, cv::FONT_HERSHEY_SIMPLEX, 0.45, color, width, cv::LINE_AA);
    }
  }

  fs::path folder_;
  cv::Mat sheet_;
  int count_ = 0;
  int num_done_ = 0;
  int num_sheets_ = 0;
};

}  // namespace

std::vector<OutlinedPicture> write_outlines(const std::vector<std::string>& paths,
                                            const OutlineFilesOptions& options,
                                            Progress& progress,
                                            const CancelToken& cancel) {
  BatchOptions places;
  places.recursive = options.recursive;
  places.crops = options.debug;
  check_batch(paths, places);
  ModelOptions models;
  models.outline = options.model;
  const FinMasker masker(with_shipped_models(models).outline);
  PhotoStream photos({paths.begin(), paths.end()},
                     {.recursive = options.recursive, .archives = {}});
  Sheets sheets(options.sheets);
  std::vector<OutlinedPicture> pictures;
  nlohmann::ordered_json fins = nlohmann::ordered_json::array();
  for (bool more = true; more && !cancel.cancelled();) {
    std::vector<PhotoItem> items;
    while (items.size() < kBatchSize && more) {
      std::optional<PhotoItem> item = photos.next();
      more = item.has_value();
      if (item) items.push_back(std::move(*item));
    }
    std::vector<Outlined> done(items.size());
    parallel_for(items.size(), num_cores(), [&](std::size_t i) {
      done[i] = outline_item(items[i], masker);
    });
    for (Outlined& one : done) {
      fins.push_back(to_json(one));
      if (!options.debug.empty()) write_steps(one, options.debug);
      sheets.add(one);
      pictures.push_back(std::move(one.picture));
    }
    progress.update("Outlines", static_cast<std::int64_t>(pictures.size()), 0);
  }
  progress.finish();
  sheets.finish();
  if (!options.out.empty()) {
    write_file(options.out, nlohmann::ordered_json{{"fins", fins}}.dump() + "\n");
  }
  return pictures;
}

}  // namespace finview
