#include "finview/pipeline/evaluate_outline.h"

#include "finview/base/threads.h"
#include "finview/crop/cut.h"
#include "finview/outline/auto_mask.h"
#include "finview/outline/fin_masker.h"
#include "finview/pipeline/models.h"
#include "finview/pipeline/outline_pictures.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

using internal::OutlinePicture;

/// The fin's part of the picture with the margin a crop has.
OutlinePicture crop_of(const OutlinePicture& picture) {
  const cv::Rect& box = picture.fin_box;
  const int margin = cvRound(kFinMargin * std::max(box.width, box.height));
  const cv::Rect area =
      cv::Rect(box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin) &
      cv::Rect({}, picture.bgr.size());
  OutlinePicture crop = picture;
  crop.bgr = picture.bgr(area).clone();
  crop.fin = picture.fin(area).clone();
  crop.known = picture.known(area).clone();
  return crop;
}

double overlap(const cv::Mat& mask, const cv::Mat& truth, const cv::Mat& known) {
  const double both = cv::countNonZero(mask & truth & known);
  const double either = cv::countNonZero((mask | truth) & known);
  return either > 0 ? both / either : 0;
}

cv::Mat border_of(const cv::Mat& mask) {
  cv::Mat eroded;
  cv::erode(mask, eroded, cv::Mat());
  return mask & ~eroded;
}

/// Mean distance from the known border of `from` to the border of `to`, in pixels.
double mean_distance(const cv::Mat& from, const cv::Mat& to, const cv::Mat& known) {
  cv::Mat distance;
  cv::distanceTransform(~border_of(to), distance, cv::DIST_L2, cv::DIST_MASK_PRECISE);
  cv::Mat where = border_of(from) & known;
  // The crop's own border is no border of the fin.
  where.row(0) = where.row(where.rows - 1) = cv::Scalar(0);
  where.col(0) = where.col(where.cols - 1) = cv::Scalar(0);
  return cv::countNonZero(where) > 0 ? cv::mean(distance, where)[0] : 0;
}

struct Judged {
  double overlap = 0;
  double distance = 1;
  double confidence = 0;
  std::string doubt;
};

Judged judge(const OutlinePicture& truth, const FinMasker* masker) {
  Judged judged;
  cv::Mat mask;
  if (masker != nullptr) {
    const FoundMask found = masker->find(truth.bgr);
    mask = found.mask;
    judged.confidence = found.confidence;
    judged.doubt = to_string(found.doubt);
  } else if (const std::optional<AutoMask> found = auto_mask(truth.bgr)) {
    mask = found->mask;
    judged.confidence = found->confidence;
  }
  if (mask.empty() || cv::countNonZero(mask) == 0) return judged;
  judged.overlap = overlap(mask, truth.fin, truth.known);
  const double height = std::max(1, cv::boundingRect(truth.fin).height);
  judged.distance =
      (mean_distance(mask, truth.fin, truth.known) + mean_distance(truth.fin, mask, truth.known)) /
      2 / height;
  return judged;
}

MaskAgreement compare(const std::string& set,
                      const std::vector<OutlinePicture>& pictures,
                      const FinMasker* masker) {
  std::vector<Judged> judged(pictures.size());
  const auto start = std::chrono::steady_clock::now();
  parallel_for(pictures.size(), 1, [&](std::size_t i) { judged[i] = judge(pictures[i], masker); });
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  MaskAgreement agreement;
  agreement.set = set;
  agreement.ms_per_crop = took.count() / std::max<double>(1, static_cast<double>(pictures.size()));
  for (std::size_t i = 0; i < judged.size(); ++i) {
    agreement.overlaps.push_back(judged[i].overlap);
    agreement.distances.push_back(judged[i].distance);
    agreement.confidences.push_back(judged[i].confidence);
    agreement.doubts.push_back(judged[i].doubt);
    agreement.names.push_back(pictures[i].name);
  }
  return agreement;
}

}  // namespace

void EvaluateOutlineOptions::visit(OptionVisitor& visitor) {
  visitor.field("outline-model", model, "Model file; empty: the one FinView ships");
  visitor.field("outlines", outlines, "Table of real fins' outlines; empty: rendered fins alone");
  visitor.field("data", data, "Folder that holds the table's pictures");
  visitor.field("part", part, "Part of the table that is measured");
  visitor.field("rendered", num_rendered, "Rendered fins to measure", 0, 1'000'000);
  visitor.field("recipe", recipe, "Measure the masks that learn nothing instead");
  visitor.field("seed", seed, "Of the rendered fins", 0, 1'000'000'000);
}

std::vector<MaskAgreement> evaluate_outline(const EvaluateOutlineOptions& options,
                                            Progress& progress) {
  check_options(options);
  std::optional<FinMasker> masker;
  ModelOptions models;
  models.outline = options.model;
  if (!options.recipe) masker.emplace(with_shipped_models(models).outline);
  std::vector<MaskAgreement> agreements;
  if (!options.outlines.empty()) {
    agreements.push_back(compare(
        "real",
        internal::read_outline_pictures(options.outlines, options.data, options.part, progress),
        masker ? &*masker : nullptr));
  }
  if (options.num_rendered > 0) {
    std::vector<OutlinePicture> crops;
    for (const OutlinePicture& picture :
         internal::render_outline_pictures(options.num_rendered,
                                           static_cast<std::uint64_t>(options.seed) * 1'000'000,
                                           progress)) {
      crops.push_back(crop_of(picture));
    }
    agreements.push_back(compare("rendered", crops, masker ? &*masker : nullptr));
  }
  return agreements;
}

}  // namespace finview
