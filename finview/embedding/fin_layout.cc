#include "finview/embedding/fin_layout.h"

#include "finview/base/error.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr double kMean = 110;
constexpr double kDeviation = 38;
constexpr double kMaxGain = 4;
const cv::Scalar kGray = cv::Scalar::all(128);
const cv::Scalar kWhite = cv::Scalar::all(255);

cv::Matx23d fit_crop(cv::Size crop, cv::Size2d size) {
  const double scale = std::min(size.width / crop.width, size.height / crop.height);
  return {
      scale, 0, (size.width - scale * crop.width) / 2, 0, scale, size.height - scale * crop.height};
}

cv::Matx23d align_edge(const ShapedCrop& fin, cv::Size2d size) {
  cv::Point2d tip(kTipX * fin.crop.bgr.cols, 0);
  cv::Point2d end(tip.x, fin.crop.bgr.rows);
  bool mirror = false;
  if (fin.edge && fin.edge->points.size() > 1) {
    tip = fin.edge->points.front();
    end = fin.edge->points.back();
    mirror = fin.edge->side == FinSide::kLeft;
  }
  const double flip = mirror ? -1 : 1;
  const cv::Point2d chord(flip * (end.x - tip.x), end.y - tip.y);
  const double length = std::max(1.0, std::hypot(chord.x, chord.y));
  const double scale = (kEndY - kTipY) * size.height / length;
  const double along = scale * chord.y / length;
  const double across = scale * chord.x / length;
  // Turns the chord until it points down.
  const cv::Matx22d turn(flip * along, -across, flip * across, along);
  return {turn(0, 0),
          turn(0, 1),
          kTipX * size.width - turn(0, 0) * tip.x - turn(0, 1) * tip.y,
          turn(1, 0),
          turn(1, 1),
          kTipY * size.height - turn(1, 0) * tip.x - turn(1, 1) * tip.y};
}

/// `picture` in the canvas, averaged where it shrinks. OpenCV's pixels have whole positions at
/// their centers, ours at their corners.
cv::Mat warp(const cv::Mat& picture, cv::Matx23d map, cv::Size canvas, const cv::Scalar& border) {
  cv::Mat source = picture;
  const double scale = std::sqrt(std::abs(map(0, 0) * map(1, 1) - map(0, 1) * map(1, 0)));
  if (scale < 0.8) {
    cv::resize(
        picture,
        source,
        {std::max(1, cvRound(picture.cols * scale)), std::max(1, cvRound(picture.rows * scale))},
        0,
        0,
        cv::INTER_AREA);
    const double back_x = static_cast<double>(picture.cols) / source.cols;
    const double back_y = static_cast<double>(picture.rows) / source.rows;
    for (int row : {0, 1}) {
      map(row, 0) *= back_x;
      map(row, 1) *= back_y;
    }
  }
  for (int row : {0, 1}) map(row, 2) += 0.5 * (map(row, 0) + map(row, 1)) - 0.5;
  cv::Mat result;
  cv::warpAffine(source, result, map, canvas, cv::INTER_LINEAR, cv::BORDER_CONSTANT, border);
  return result;
}

/// 255 where something of the fin is seen; empty: nothing is known, everything may be.
cv::Mat fin_mask(const ShapedCrop& fin, const EmbedderContract& contract) {
  if (contract.masked && !fin.outline.mask.empty() && cv::countNonZero(fin.outline.mask) > 0) {
    return fin.outline.mask;
  }
  if (!fin.crop.alpha.empty()) return fin.crop.alpha >= 128;
  return {};
}

void normalize(cv::Mat& gray, const cv::Mat& mask) {
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(gray, mean, deviation, mask >= 128);
  const double gain = std::min(kMaxGain, kDeviation / std::max(1e-3, deviation[0]));
  gray.convertTo(gray, CV_8U, gain, kMean - gain * mean[0]);
}

void enhance(FinView& view, const EmbedderContract& contract) {
  if (!contract.gray) return;
  cv::Mat gray;
  cv::cvtColor(view.picture, gray, cv::COLOR_BGR2GRAY);
  if (contract.enhancement == "clahe") cv::createCLAHE(3, {4, 8})->apply(gray, gray);
  if (contract.enhancement == "normalized") normalize(gray, view.mask);
  cv::cvtColor(gray, view.picture, cv::COLOR_GRAY2BGR);
}

/// picture * mask + background * (1 - mask).
cv::Mat hide_background(const FinView& view, const cv::Scalar& background) {
  cv::Mat result = view.picture.clone();
  for (int y = 0; y < result.rows; ++y) {
    for (int x = 0; x < result.cols; ++x) {
      const int amount = view.mask.at<uchar>(y, x);
      auto& pixel = result.at<cv::Vec3b>(y, x);
      for (int c = 0; c < 3; ++c) {
        pixel[c] =
            cv::saturate_cast<uchar>((pixel[c] * amount + background[c] * (255 - amount)) / 255);
      }
    }
  }
  return result;
}

}  // namespace

cv::Matx23d layout_from_crop(const ShapedCrop& fin,
                             const EmbedderContract& contract,
                             cv::Size2d size) {
  if (fin.crop.bgr.empty()) {
    throw Error(ErrorKind::kBadInput, "A crop without pixels was to be embedded.");
  }
  return contract.edge_aligned() ? align_edge(fin, size) : fit_crop(fin.crop.bgr.size(), size);
}

FinView draw_fin(const ShapedCrop& fin,
                 const EmbedderContract& contract,
                 const cv::Matx23d& canvas_from_crop,
                 cv::Size canvas) {
  const cv::Mat& bgr = fin.crop.bgr;
  cv::Mat mask = fin_mask(fin, contract);
  if (mask.empty()) mask = cv::Mat(bgr.size(), CV_8UC1, cv::Scalar(255));
  FinView view{warp(bgr, canvas_from_crop, canvas, kGray),
               warp(mask, canvas_from_crop, canvas, cv::Scalar(0))};
  enhance(view, contract);
  return view;
}

cv::Mat embedder_input(const ShapedCrop& fin, const EmbedderContract& contract) {
  const cv::Size size(contract.width_px, contract.height_px);
  const FinView view = draw_fin(fin, contract, layout_from_crop(fin, contract, size), size);
  return hide_background(view, contract.masked ? kWhite : kGray);
}

}  // namespace finview
