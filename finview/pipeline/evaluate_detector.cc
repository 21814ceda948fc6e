#include "finview/pipeline/evaluate_detector.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/photo/decode.h"
#include "finview/photo/walk.h"
#include "finview/pipeline/dataset_source.h"
#include "finview/pipeline/dataset_split.h"
#include "finview/pipeline/detector_errors.h"
#include "finview/pipeline/name_list.h"
#include "finview/pipeline/search_photo.h"
#include "finview/pipeline/yolo_labels.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr double kLeastConfidence = 0.01;
constexpr double kMinIou = 0.5;

void draw_boxes(cv::Mat& bgr,
                const std::vector<Detection>& boxes,
                double scale,
                const cv::Scalar& color) {
  for (const Detection& box : boxes) {
    const cv::Point2d corner(box.left_px * scale, box.top_px * scale);
    const cv::Point2d opposite(box.right_px * scale, box.bottom_px * scale);
    cv::rectangle(bgr, corner, opposite, color, 2);
  }
}

class Evaluator {
 public:
  Evaluator(const EvaluateDetectorOptions& options, const Detector& detector, Progress& progress)
      : options_(options),
        detector_(detector),
        progress_(progress),
        only_(read_names(options.only)),
        worst_(static_cast<std::size_t>(options.num_worst)) {}

  void add(const PhotoFile& file) {
    const std::filesystem::path path(file.name);
    if (!only_.empty() && !name_of(only_, path)) return;
    const auto started = std::chrono::steady_clock::now();
    const PhotoInfo info = read_photo_info(file);
    SearchedPhoto searched = search_photo(detector_, file, info);
    PhotoDetections photo;
    photo.longest_px = std::max(info.width_px, info.height_px);
    photo.found = std::move(searched.boxes);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    if (!options_.labels.empty()) {
      const auto labels_path =
          yolo_label_path(path, options_.labels / inner_path(path).parent_path());
      const auto labels = read_yolo_labels(labels_path, info.width_px, info.height_px);
      if (!labels) {
        progress_.note(fmt::format("{}: skipped, there is no {}", file.name, labels_path.string()));
        return;
      }
      photo.labels = *labels;
    }
    seconds_ += took.count();
    write_if_wrong(path, searched.preview, photo);
    worst_.add(inner_path(path).string(), searched.preview, photo, options_.confidence);
    add_to_dataset(path, info, photo);
    photos_.push_back(std::move(photo));
  }

  DetectorFigures figures() {
    if (!options_.table.empty()) join_table(dataset_, options_.table);
    DetectorFigures figures = detector_figures(photos_,
                                               photo_groups(dataset_, "encounter"),
                                               options_.confidence,
                                               static_cast<std::size_t>(options_.num_rounds),
                                               static_cast<std::uint64_t>(options_.seed));
    if (!photos_.empty()) figures.mean_seconds = seconds_ / static_cast<double>(photos_.size());
    return figures;
  }

  std::string error_sheet() const { return worst_.sheet(); }

 private:
  /// Within the folder of photos.
  std::filesystem::path inner_path(const std::filesystem::path& path) const {
    return options_.recursive ? std::filesystem::relative(path, options_.photos) : path.filename();
  }

  /// For the encounters.
  void add_to_dataset(const std::filesystem::path& path,
                      const PhotoInfo& info,
                      const PhotoDetections& photo) {
    DatasetPhoto entry;
    entry.file = inner_path(path).string();
    if (info.taken) entry.date = to_string(*info.taken);
    entry.fins.resize(photo.labels.size());
    dataset_.photos.push_back(std::move(entry));
  }

  void write_if_wrong(const std::filesystem::path& path,
                      const Picture& picture,
                      const PhotoDetections& photo) const {
    if (options_.errors.empty()) return;
    const OperatingPoint point = operating_point(std::vector{photo}, options_.confidence, kMinIou);
    if (point.num_false_positives == 0 && point.num_missed == 0) return;
    std::vector<Detection> accepted;
    for (const Detection& box : photo.found) {
      if (box.confidence >= options_.confidence) accepted.push_back(box);
    }
    cv::Mat bgr = picture.bgr.clone();
    draw_boxes(bgr, photo.labels, picture.scale, {0, 255, 0});
    draw_boxes(bgr, accepted, picture.scale, {0, 0, 255});
    std::vector<std::uint8_t> bytes;
    cv::imencode(".jpg", bgr, bytes);
    write_file((options_.errors / inner_path(path)).replace_extension(".jpg"),
               std::span<const std::uint8_t>(bytes));
  }

  const EvaluateDetectorOptions& options_;
  const Detector& detector_;
  Progress& progress_;
  std::set<std::string> only_;
  DetectorErrors worst_;
  std::vector<PhotoDetections> photos_;
  Dataset dataset_;  ///< the same photos
  double seconds_ = 0;
};

}  // namespace

void EvaluateDetectorOptions::visit(OptionVisitor& visitor) {
  visitor.field("photos", photos, "Folder of photos");
  visitor.field(
      "recursive",
      recursive,
      "Photos in folders below, too; their labels are in the same folders below --labels");
  visitor.field("labels", labels, "Folder of YOLO labels; without it, no photo has a fin");
  visitor.field("only", only, "Text file with the names of the photos to take");
  visitor.field("table", table, "CSV with file and encounter; intervals are then over encounters");
  visitor.field("html", html, "Page to write: figures, curves, worst errors");
  visitor.field("json", json, "File to write the figures to");
  visitor.field("errors", errors, "Folder for photos with an error: labels green, found red");
  visitor.field("confidence", confidence, "Confidence from which a box counts as found", 0, 1);
  visitor.field("tiles", tiles, "as finview detect has it: auto, off, or columns x rows");
  visitor.field("worst", num_worst, "Errors to show on the page", 0, 1000);
  visitor.field("rounds", num_rounds, "Rounds of the bootstrap", 0, 1'000'000);
  visitor.field("seed", seed, "Seed of the bootstrap", 0, 2'000'000'000);
}

DetectorFigures evaluate_detector(const EvaluateDetectorOptions& options,
                                  const ModelOptions& models,
                                  Progress& progress,
                                  const CancelToken& cancel) {
  check_options(options);
  const ModelOptions shipped = with_shipped_models(models);
  DetectorOptions settings;
  settings.tiles = options.tiles;
  settings.min_confidence = std::min(kLeastConfidence, options.confidence);
  const Detector detector(detector_files(shipped), settings);
  Evaluator evaluator(options, detector, progress);
  WalkOptions walk;
  walk.recursive = options.recursive;
  PhotoStream photos({std::filesystem::path(options.photos)}, walk);
  std::int64_t done = 0;
  while (const auto item = photos.next()) {
    if (cancel.cancelled()) break;
    progress.update("evaluate", ++done, photos.num_files());
    if (const auto* failure = std::get_if<PhotoFailure>(&*item)) {
      progress.note(failure->name + ": " + failure->reason);
      continue;
    }
    try {
      evaluator.add(std::get<PhotoFile>(*item));
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kBadInput) throw;
      progress.note(std::string(error.what()) + " (left out)");
    }
  }
  progress.finish();
  const DetectorFigures figures = evaluator.figures();
  if (figures.num_photos == 0) {
    throw Error(ErrorKind::kBadInput,
                options.photos +
                    ": no photo with a label file; give --labels the folder of "
                    "YOLO files named as the photos");
  }
  if (!options.json.empty()) write_file(options.json, figures_json(figures));
  if (!options.html.empty()) {
    write_file(options.html, figures_page(figures, evaluator.error_sheet()));
  }
  return figures;
}

}  // namespace finview
