#include "finview/outline/mask_candidates.h"

#include <algorithm>
#include <array>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

cv::Mat triangle(const cv::Size& size, const std::array<cv::Point2d, 3>& corners) {
  std::vector<cv::Point> points;
  points.reserve(corners.size());
  for (const cv::Point2d& corner : corners) {
    points.emplace_back(cvRound(corner.x * (size.width - 1)),
                        cvRound(corner.y * (size.height - 1)));
  }
  cv::Mat mask = cv::Mat::zeros(size, CV_8UC1);
  cv::fillConvexPoly(mask, points, cv::Scalar(255));
  return mask;
}

/// Two bands at the sides of the upper 35 %.
cv::Mat upper_corners(const cv::Size& size, double width) {
  cv::Mat mask = cv::Mat::zeros(size, CV_8UC1);
  const int height_px = std::max(1, cvRound(0.35 * size.height));
  const int width_px = std::max(1, cvRound(width * size.width));
  mask(cv::Rect(0, 0, width_px, height_px)) = cv::Scalar(255);
  mask(cv::Rect(size.width - width_px, 0, width_px, height_px)) = cv::Scalar(255);
  return mask;
}

cv::Mat rows_of(const cv::Mat& picture, const cv::Mat& where) {
  cv::Mat rows;
  for (int y = 0; y < picture.rows; ++y) {
    for (int x = 0; x < picture.cols; ++x) {
      if (where.at<uchar>(y, x)) {
        rows.push_back(cv::Mat(cv::Vec3d(picture.at<cv::Vec3b>(y, x))).reshape(1, 1));
      }
    }
  }
  return rows;
}

/// The view in which core and upper corners differ most (Fisher, "The use of multiple measurements
/// in taxonomic problems", Annals of Eugenics 7, 1936).
cv::Mat fisher_projection(const cv::Mat& lab, const cv::Mat& core) {
  cv::Mat smooth;
  cv::GaussianBlur(lab, smooth, {}, 1.5);
  cv::Mat inside_covariance;
  cv::Mat inside_mean;
  cv::Mat outside_covariance;
  cv::Mat outside_mean;
  constexpr int kFlags = cv::COVAR_NORMAL | cv::COVAR_ROWS | cv::COVAR_SCALE;
  cv::calcCovarMatrix(rows_of(smooth, core), inside_covariance, inside_mean, kFlags);
  cv::calcCovarMatrix(
      rows_of(smooth, upper_corners(lab.size(), 0.15)), outside_covariance, outside_mean, kFlags);
  cv::Mat direction;
  const cv::Mat spread = inside_covariance + outside_covariance + cv::Mat::eye(3, 3, CV_64F);
  cv::solve(spread, (inside_mean - outside_mean).t(), direction, cv::DECOMP_SVD);

  cv::Mat projection;
  cv::transform(smooth, projection, direction.t());
  projection.convertTo(projection, CV_32F);
  cv::normalize(projection, projection, 0, 255, cv::NORM_MINMAX);
  projection.convertTo(projection, CV_8U);
  return projection;
}

/// Otsu's threshold; the side on which most of the core lies.
cv::Mat threshold_by_core(const cv::Mat& view, const cv::Mat& core) {
  cv::Mat mask;
  cv::threshold(view, mask, 0, 255, cv::THRESH_BINARY | cv::THRESH_OTSU);
  if (cv::mean(mask, core)[0] < 127.5) mask = 255 - mask;
  return mask;
}

std::vector<cv::Mat> threshold_views(const cv::Mat& bgr, const cv::Mat& core) {
  cv::Mat smooth;
  cv::GaussianBlur(bgr, smooth, {}, 1.0);
  cv::Mat lab;
  cv::Mat hsv;
  cv::cvtColor(smooth, lab, cv::COLOR_BGR2Lab);
  cv::cvtColor(smooth, hsv, cv::COLOR_BGR2HSV);
  std::vector<cv::Mat> views;
  for (int channel = 0; channel < 3; ++channel) {
    views.emplace_back();
    cv::extractChannel(lab, views.back(), channel);
  }
  for (const auto& [picture, channel] : {std::pair{hsv, 1}, {smooth, 2}, {smooth, 0}}) {
    views.emplace_back();
    cv::extractChannel(picture, views.back(), channel);
  }
  views.push_back(fisher_projection(lab, core));
  return views;
}

cv::Mat grab_cut(const cv::Mat& picture, const cv::Mat& core, double apex_x, std::uint64_t seed) {
  cv::Mat labels(picture.size(), CV_8UC1, cv::Scalar(cv::GC_PR_BGD));
  const cv::Mat likely = triangle(picture.size(), {{{apex_x, 0.08}, {0.95, 0.98}, {0.05, 0.98}}});
  labels.setTo(cv::GC_PR_FGD, likely);
  labels.setTo(cv::GC_BGD, upper_corners(picture.size(), 0.05));
  labels.setTo(cv::GC_FGD, core);
  cv::Mat background;
  cv::Mat foreground;
  cv::setRNGSeed(static_cast<int>(seed));
  cv::grabCut(picture, labels, {}, background, foreground, 4, cv::GC_INIT_WITH_MASK);
  return (labels & 1) * 255;
}

void fill_holes(cv::Mat& mask) {
  std::vector<std::vector<cv::Point>> borders;
  cv::findContours(mask, borders, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
  cv::drawContours(mask, borders, -1, cv::Scalar(255), cv::FILLED);
}

std::vector<cv::Mat> without_empty(std::vector<cv::Mat> masks) {
  std::erase_if(masks, [](const cv::Mat& mask) { return cv::countNonZero(mask) == 0; });
  return masks;
}

}  // namespace

cv::Mat fin_core(const cv::Size& size) {
  return triangle(size, {{{0.5, 0.45}, {0.62, 0.8}, {0.38, 0.8}}});
}

cv::Mat region_under(const cv::Mat& mask, const cv::Mat& core) {
  cv::Mat opened;
  cv::morphologyEx(mask, opened, cv::MORPH_OPEN, cv::Mat());
  cv::Mat labels;
  const int num_regions = cv::connectedComponents(opened, labels, 4);
  std::vector<int> covered(num_regions);
  for (int y = 0; y < mask.rows; ++y) {
    for (int x = 0; x < mask.cols; ++x) {
      if (core.at<uchar>(y, x)) ++covered[labels.at<int>(y, x)];
    }
  }
  covered[0] = 0;
  const auto best = std::max_element(covered.begin(), covered.end());
  if (*best == 0) return cv::Mat::zeros(mask.size(), CV_8UC1);
  cv::Mat region = labels == static_cast<int>(best - covered.begin());
  fill_holes(region);
  return region;
}

std::vector<cv::Mat> threshold_candidates(const cv::Mat& bgr) {
  const cv::Mat core = fin_core(bgr.size());
  std::vector<cv::Mat> masks;
  for (const cv::Mat& view : threshold_views(bgr, core)) {
    masks.push_back(region_under(threshold_by_core(view, core), core));
  }
  return without_empty(masks);
}

std::vector<cv::Mat> grab_cut_candidates(const cv::Mat& bgr, int longest_px, std::uint64_t seed) {
  const double scale = static_cast<double>(longest_px) / std::max(bgr.cols, bgr.rows);
  cv::Mat small = bgr;
  if (scale < 1) cv::resize(bgr, small, {}, scale, scale, cv::INTER_AREA);
  const double blur_px = longest_px / 128.0;
  cv::Mat flat;
  cv::bilateralFilter(small, flat, 2 * cvRound(2 * blur_px) + 1, 40, 3);
  cv::Mat lab;
  cv::GaussianBlur(small, lab, {}, blur_px);
  cv::cvtColor(lab, lab, cv::COLOR_BGR2Lab);
  const cv::Mat core = fin_core(small.size());
  std::vector<cv::Mat> masks;
  for (const cv::Mat& picture : {flat, lab}) {
    for (const double apex_x : {0.3, 0.5, 0.7}) {
      cv::Mat mask = grab_cut(picture, core, apex_x, seed);
      cv::resize(mask, mask, bgr.size(), 0, 0, cv::INTER_LINEAR);
      masks.push_back(region_under(mask > 127, fin_core(bgr.size())));
    }
  }
  return without_empty(masks);
}

}  // namespace finview
