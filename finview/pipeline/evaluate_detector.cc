#include "finview/pipeline/evaluate_detector.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/photo/decode.h"
#include "finview/photo/walk.h"
#include "finview/pipeline/name_list.h"
#include "finview/pipeline/yolo_labels.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
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
        only_(read_names(options.only)) {}

  void add(const PhotoFile& file) {
    const std::filesystem::path path(file.name);
    if (!only_.empty() && only_.count(path.filename().string()) == 0) return;
    const auto started = std::chrono::steady_clock::now();
    const PhotoInfo info = read_photo_info(file);
    const Picture picture = decode_reduced(file, info, detector_.min_longest_px());
    PhotoDetections photo;
    photo.found = detector_.detect(picture);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - started;
    if (!options_.labels.empty()) {
      const auto labels_path = yolo_label_path(path, options_.labels);
      const auto labels = read_yolo_labels(labels_path, info.width_px, info.height_px);
      if (!labels) {
        progress_.note(fmt::format("{}: skipped, there is no {}", file.name, labels_path.string()));
        return;
      }
      photo.labels = *labels;
    }
    seconds_ += took.count();
    write_if_wrong(path, picture, photo);
    photos_.push_back(std::move(photo));
  }

  DetectorEvaluation result() const {
    DetectorEvaluation result;
    result.num_photos = photos_.size();
    std::vector<PhotoDetections> fin_free;
    for (const PhotoDetections& photo : photos_) {
      result.num_labels += photo.labels.size();
      if (photo.labels.empty()) fin_free.push_back(photo);
    }
    result.num_fin_free = fin_free.size();
    result.num_fin_free_false =
        operating_point(fin_free, options_.confidence, kMinIou).num_false_positives;
    result.ap50 = average_precision(photos_, 0.5);
    result.ap75 = average_precision(photos_, 0.75);
    result.ap50_95 = coco_average_precision(photos_);
    result.at_confidence = operating_point(photos_, options_.confidence, kMinIou);
    if (!photos_.empty()) result.mean_seconds = seconds_ / static_cast<double>(photos_.size());
    return result;
  }

 private:
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
    write_file(std::filesystem::path(options_.errors) / (path.stem().string() + ".jpg"),
               std::span<const std::uint8_t>(bytes));
  }

  const EvaluateDetectorOptions& options_;
  const Detector& detector_;
  Progress& progress_;
  std::set<std::string> only_;
  std::vector<PhotoDetections> photos_;
  double seconds_ = 0;
};

std::string as_json(const DetectorEvaluation& result, double confidence) {
  const OperatingPoint& point = result.at_confidence;
  const nlohmann::ordered_json json{{"photos", result.num_photos},
                                    {"labels", result.num_labels},
                                    {"ap50", result.ap50},
                                    {"ap75", result.ap75},
                                    {"ap50_95", result.ap50_95},
                                    {"confidence", confidence},
                                    {"true_positives", point.num_true_positives},
                                    {"false_positives", point.num_false_positives},
                                    {"missed", point.num_missed},
                                    {"precision", point.precision},
                                    {"recall", point.recall},
                                    {"f1", point.f1},
                                    {"mean_iou", point.mean_iou},
                                    {"fin_free_photos", result.num_fin_free},
                                    {"fin_free_false_positives", result.num_fin_free_false},
                                    {"mean_seconds", result.mean_seconds}};
  return json.dump(2) + "\n";
}

}  // namespace

void EvaluateDetectorOptions::visit(OptionVisitor& visitor) {
  visitor.field("photos", photos, "Folder of photos");
  visitor.field("labels", labels, "Folder of YOLO labels; without it, no photo has a fin");
  visitor.field("only", only, "Text file with the names of the photos to take");
  visitor.field("json", json, "File to write the figures to");
  visitor.field("errors", errors, "Folder for photos with an error: labels green, found red");
  visitor.field("confidence", confidence, "Confidence from which a box counts as found", 0, 1);
}

DetectorEvaluation evaluate_detector(const EvaluateDetectorOptions& options,
                                     const ModelOptions& models,
                                     Progress& progress,
                                     const CancelToken& cancel) {
  check_options(options);
  const ModelOptions shipped = with_shipped_models(models);
  DetectorOptions settings;
  settings.min_confidence = std::min(kLeastConfidence, options.confidence);
  const Detector detector(detector_files(shipped), settings);
  Evaluator evaluator(options, detector, progress);
  PhotoStream photos({std::filesystem::path(options.photos)});
  std::int64_t done = 0;
  while (const auto item = photos.next()) {
    if (cancel.cancelled()) break;
    progress.update("evaluate", ++done, photos.num_files());
    if (const auto* failure = std::get_if<PhotoFailure>(&*item)) {
      progress.note(failure->name + ": " + failure->reason);
      continue;
    }
    evaluator.add(std::get<PhotoFile>(*item));
  }
  progress.finish();
  const DetectorEvaluation result = evaluator.result();
  if (result.num_photos == 0) {
    throw Error(ErrorKind::kBadInput,
                options.photos +
                    ": no photo with a label file; give --labels the folder of "
                    "YOLO files named as the photos");
  }
  if (!options.json.empty()) write_file(options.json, as_json(result, options.confidence));
  return result;
}

}  // namespace finview
