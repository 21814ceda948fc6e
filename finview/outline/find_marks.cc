#include "finview/outline/find_marks.h"

#include <algorithm>
#include <cmath>

#include <opencv2/features2d.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr double kHeightPx = 320;
constexpr double kLargestScale = 2;
constexpr double kInside =
    0.03;  ///< of the height: nearer to the border it is the border that is seen
constexpr std::size_t kMostMarks = 128;
constexpr float kDescriptorScale = 512;

/// The fin alone, its contrast evened out: outside of it lies its own mean, so that the sea does
/// not take part.
cv::Mat enhanced(const cv::Mat& bgr, const cv::Mat& mask) {
  cv::Mat gray;
  cv::cvtColor(bgr, gray, cv::COLOR_BGR2GRAY);
  gray.setTo(cv::mean(gray, mask), mask == 0);
  cv::createCLAHE(3, {4, 4})->apply(gray, gray);
  return gray;
}

/// RootSIFT of OpenCV's SIFT rows, appended to `out`.
void append_root(const cv::Mat& row, std::vector<std::uint8_t>& out) {
  const double sum = cv::norm(row, cv::NORM_L1);
  for (int k = 0; k < row.cols; ++k) {
    const double share = sum > 0 ? row.at<float>(k) / sum : 0;
    out.push_back(cv::saturate_cast<std::uint8_t>(kDescriptorScale * std::sqrt(share)));
  }
}

}  // namespace

FinMarks find_marks(const Crop& crop, const FinOutline& outline, const FinEdge& edge) {
  FinMarks marks;
  marks.side = edge.side;
  const cv::Point2f tip = edge.points.front();
  const double height_px = edge.points.back().y - tip.y;
  if (height_px < 1 || crop.bgr.size() != outline.mask.size()) return marks;
  const double scale = std::min(kHeightPx / height_px, kLargestScale);
  cv::Mat bgr;
  cv::Mat mask;
  cv::resize(crop.bgr, bgr, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  cv::resize(outline.mask, mask, bgr.size(), 0, 0, cv::INTER_NEAREST);
  const int border = std::max(1, static_cast<int>(std::lround(kInside * height_px * scale)));
  cv::Mat inside;
  cv::erode(mask,
            inside,
            cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * border + 1, 2 * border + 1}),
            {-1, -1},
            1,
            cv::BORDER_CONSTANT,
            cv::Scalar(255));

  const cv::Mat gray = enhanced(bgr, mask);
  const cv::Ptr<cv::SIFT> sift = cv::SIFT::create(0, 3, 0.015, 12, 1.6);
  std::vector<cv::KeyPoint> keys;
  sift->detect(gray, keys, inside);
  std::stable_sort(keys.begin(), keys.end(), [](const cv::KeyPoint& a, const cv::KeyPoint& b) {
    return a.response > b.response;
  });
  if (keys.size() > kMostMarks) keys.resize(kMostMarks);
  cv::Mat descriptors;
  if (!keys.empty()) sift->compute(gray, keys, descriptors);
  const auto unit_px = static_cast<float>(scale * height_px);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const cv::KeyPoint& key = keys[i];
    marks.places.push_back({(key.pt.x - static_cast<float>(scale) * tip.x) / unit_px,
                            (key.pt.y - static_cast<float>(scale) * tip.y) / unit_px,
                            key.size / unit_px,
                            key.angle});
    append_root(descriptors.row(static_cast<int>(i)), marks.descriptors);
  }
  return marks;
}

}  // namespace finview
