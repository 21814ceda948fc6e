#include "finview/outline/hand_tools.h"

#include "finview/base/error.h"
#include "finview/outline/assess_quality.h"
#include "finview/outline/contour.h"
#include "finview/outline/fin_masker.h"
#include "finview/outline/find_outline.h"
#include "finview/outline/manual_filter.h"
#include "finview/outline/mask_regions.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr int kWorkPx = 512;  ///< longest side at which GrabCut works
constexpr int kNumRounds = 3;
constexpr double kMargin = 0.15;           ///< of the longer side, as crops have it
constexpr double kStrokeReach = 1 / 12.0;  ///< of the longer side
constexpr double kCore = 0.03;  ///< of the longer side: this deep inside a mask is settled

cv::Mat disc(double radius_px) {
  const int radius = std::max(1, cvRound(radius_px));
  return cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * radius + 1, 2 * radius + 1});
}

cv::Mat at_size(const cv::Mat& mask, const cv::Size& size) {
  cv::Mat resized;
  cv::resize(mask, resized, size, 0, 0, cv::INTER_LINEAR);
  return resized > 127;
}

/// Draws thick lines; `scale`: drawing pixels per pixel of the points.
void draw_stroke(const Stroke& stroke, double scale, uchar label, cv::Mat& labels) {
  const int width = std::clamp(cvRound(2 * stroke.radius_px * scale), 1, 4 * kWorkPx);
  const auto place = [scale](const cv::Point2f& point) {
    return cv::Point(cvFloor(point.x * scale), cvFloor(point.y * scale));
  };
  for (std::size_t i = 0; i < stroke.points.size(); ++i) {
    const cv::Point2f& from = stroke.points[i == 0 ? 0 : i - 1];
    cv::line(labels, place(from), place(stroke.points[i]), cv::Scalar(label), width);
  }
}

/// The region that GrabCut makes of the labels, at the size of the crop.
cv::Mat grab(const cv::Mat& work, cv::Mat labels, const cv::Size& size) {
  const bool has_both = cv::countNonZero(labels & 1) > 0 &&
                        cv::countNonZero(labels & 1) < static_cast<int>(labels.total());
  if (!has_both) return cv::Mat::zeros(size, CV_8UC1);
  cv::Mat background;
  cv::Mat foreground;
  cv::setRNGSeed(1);
  cv::grabCut(work, labels, {}, background, foreground, kNumRounds, cv::GC_INIT_WITH_MASK);
  cv::Mat fin;
  cv::Mat(labels & 1).convertTo(fin, CV_32F);
  fin = fin_region_of(fin);
  cv::Mat cover;
  cv::Mat mask;
  resize_region(fin, size, cover, mask);
  return mask;
}

cv::Mat for_work(const cv::Mat& bgr) {
  const double scale = static_cast<double>(kWorkPx) / std::max(bgr.cols, bgr.rows);
  cv::Mat work;
  cv::resize(bgr,
             work,
             {std::max(2, cvRound(bgr.cols * scale)), std::max(2, cvRound(bgr.rows * scale))},
             0,
             0,
             scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  return work;
}

cv::Rect box_of(const ExtremePoints& points, const cv::Size& size) {
  const auto [left, right] = std::minmax_element(
      points.points.begin(), points.points.end(), [](auto& a, auto& b) { return a.x < b.x; });
  const auto [top, bottom] = std::minmax_element(
      points.points.begin(), points.points.end(), [](auto& a, auto& b) { return a.y < b.y; });
  const cv::Rect box(cv::Point(cvFloor(left->x), cvFloor(top->y)),
                     cv::Point(cvCeil(right->x), cvCeil(bottom->y)));
  const cv::Rect inside = box & cv::Rect({}, size);
  if (inside.width < 8 || inside.height < 8) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("The extreme points span {} x {} px of a crop of {} x {} px; at least "
                            "8 x 8 are needed.",
                            inside.width,
                            inside.height,
                            size.width,
                            size.height));
  }
  return inside;
}

std::size_t nearest_index(const std::vector<cv::Point2f>& contour, const cv::Point2f& point) {
  std::size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < contour.size(); ++i) {
    const cv::Point2f arm = contour[i] - point;
    const double distance = arm.dot(arm);
    if (distance < least) {
      least = distance;
      best = i;
    }
  }
  return best;
}

/// Applies one edit to what the earlier ones left.
class EditApplier {
 public:
  EditApplier(Crop crop, FinOutline outline, const FinMasker& masker)
      : bgr_(crop.bgr), edited_{std::move(crop), std::move(outline)}, masker_(masker) {}

  void operator()(const ExtremePoints& points) {
    take(mask_from_extreme_points(edited_.crop.bgr, points, masker_));
  }

  void operator()(const Strokes& strokes) {
    take(mask_from_strokes(edited_.crop.bgr, edited_.outline.mask, strokes));
  }

  void operator()(const PolygonEdit& edit) {
    take(fill_polygon(
        edit.is_whole ? edit.points : replace_stretch(edited_.outline.contour, edit.points),
        edited_.crop.bgr.size()));
  }

  void operator()(const ManualFilter& settings) {
    FilteredFin filtered = manual_filter(bgr_, settings);  // its sliders do not add up
    edited_.crop.bgr = filtered.bgr;
    take(filtered.mask);
  }

  const EditedFin& edited() const { return edited_; }

 private:
  void take(const cv::Mat& mask) {
    edited_.outline = outline_of_mask(mask, MaskSource::kByHand, 1);
    if (edited_.outline.contour.empty()) {
      throw Error(ErrorKind::kBadInput, "It leaves no fin; undo it or draw the outline.");
    }
  }

  const cv::Mat bgr_;  ///< as photographed
  EditedFin edited_;
  const FinMasker& masker_;
};

}  // namespace

cv::Mat mask_from_extreme_points(const cv::Mat& bgr,
                                 const ExtremePoints& points,
                                 const FinMasker& masker) {
  const cv::Rect box = box_of(points, bgr.size());
  const int margin = cvRound(kMargin * std::max(box.width, box.height));
  const cv::Rect area =
      cv::Rect(box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin) &
      cv::Rect({}, bgr.size());
  const cv::Rect inner = box - area.tl();
  cv::Mat seed = masker.find(bgr(area)).mask;
  cv::Mat outside(area.size(), CV_8UC1, cv::Scalar(255));
  outside(inner) = cv::Scalar(0);
  seed.setTo(0, outside);
  if (cv::boundingRect(seed).area() < 0.5 * inner.area()) {
    // The networks saw another fin, or none: the triangle over the box's base is a start.
    const std::vector<cv::Point2f> triangle{
        {static_cast<float>(inner.x + 0.2 * inner.width), static_cast<float>(inner.br().y)},
        {static_cast<float>(inner.x + 0.5 * inner.width),
         static_cast<float>(inner.y + 0.1 * inner.height)},
        {static_cast<float>(inner.x + 0.8 * inner.width), static_cast<float>(inner.br().y)}};
    seed = fill_polygon(triangle, area.size());
  }
  const cv::Mat work = for_work(bgr(area));
  const cv::Mat likely = at_size(seed, work.size());
  cv::Mat core;
  cv::erode(likely, core, disc(kCore * kWorkPx));
  cv::Mat labels(work.size(), CV_8UC1, cv::Scalar(cv::GC_PR_BGD));
  labels.setTo(cv::GC_PR_FGD, likely);
  labels.setTo(cv::GC_FGD, core);
  labels.setTo(cv::GC_BGD, at_size(outside, work.size()));
  cv::Mat mask = cv::Mat::zeros(bgr.size(), CV_8UC1);
  grab(work, labels, area.size()).copyTo(mask(area));
  return mask;
}

cv::Mat mask_from_strokes(const cv::Mat& bgr, const cv::Mat& mask, const Strokes& strokes) {
  const cv::Mat work = for_work(bgr);
  const double scale = static_cast<double>(work.cols) / bgr.cols;
  const cv::Mat likely = at_size(mask, work.size());
  cv::Mat core;
  cv::erode(likely, core, disc(kStrokeReach * kWorkPx));
  cv::Mat touched = likely.clone();
  for (const Stroke& stroke : strokes.strokes) draw_stroke(stroke, scale, 255, touched);
  cv::Mat reach;
  cv::dilate(touched, reach, disc(kStrokeReach * kWorkPx));
  cv::Mat labels(work.size(), CV_8UC1, cv::Scalar(cv::GC_BGD));
  labels.setTo(cv::GC_PR_BGD, reach);
  labels.setTo(cv::GC_PR_FGD, likely);
  labels.setTo(cv::GC_FGD, core);
  for (const Stroke& stroke : strokes.strokes) {
    draw_stroke(stroke, scale, stroke.is_fin ? cv::GC_FGD : cv::GC_BGD, labels);
  }
  return grab(work, labels, bgr.size());
}

std::vector<cv::Point2f> replace_stretch(const std::vector<cv::Point2f>& contour,
                                         const std::vector<cv::Point2f>& stretch) {
  if (contour.size() < 3 || stretch.size() < 2) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("A stretch of {} points cannot replace part of an outline of {}; it "
                            "needs 2 points, and an outline to change.",
                            stretch.size(),
                            contour.size()));
  }
  const std::size_t count = contour.size();
  std::size_t first = nearest_index(contour, stretch.front());
  std::size_t last = nearest_index(contour, stretch.back());
  std::vector<cv::Point2f> course = stretch;
  if ((last + count - first) % count > count / 2) {  // the shorter way runs against the contour
    std::swap(first, last);
    std::reverse(course.begin(), course.end());
  }
  for (std::size_t i = (last + 1) % count; i != first; i = (i + 1) % count) {
    course.push_back(contour[i]);
  }
  return course;
}

EditedFin apply_edits(const Crop& crop,
                      const FinOutline& outline,
                      std::span<const OutlineEdit> edits,
                      const FinMasker& masker) {
  EditApplier applier(crop, outline, masker);
  for (std::size_t i = 0; i < edits.size(); ++i) {
    try {
      std::visit(applier, edits[i].tool);
    } catch (const Error& error) {
      throw Error(error.kind(), fmt::format("Edit {}: {}", i + 1, error.what()));
    }
  }
  EditedFin edited = applier.edited();
  if (edits.empty()) return edited;
  edited.outline.edited_by = edits.back().who;
  edited.outline.edited_at = edits.back().when;
  // The filter's colors say nothing of the photo.
  edited.outline.quality = assess_quality(crop, edited.outline);
  return edited;
}

}  // namespace finview
