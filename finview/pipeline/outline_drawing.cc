#include "finview/pipeline/outline_drawing.h"

#include <vector>

#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr int kBits = 4;  ///< of fractions of a pixel, as OpenCV draws them

class Drawing {
 public:
  Drawing(const cv::Mat& bgr, double scale) : scale_(scale) {
    cv::resize(bgr, picture_, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
  }

  void line(const std::vector<cv::Point2f>& points, bool is_closed, const cv::Scalar& color) {
    if (points.empty()) return;
    std::vector<cv::Point> placed;
    placed.reserve(points.size());
    for (const cv::Point2f& point : points) placed.push_back(place(point));
    cv::polylines(picture_,
                  std::vector<std::vector<cv::Point>>{placed},
                  is_closed,
                  color,
                  1,
                  cv::LINE_AA,
                  kBits);
  }

  void ring(const cv::Point2f& point, const cv::Scalar& color) {
    cv::circle(picture_, place(point), 5 << kBits, color, 1, cv::LINE_AA, kBits);
  }

  cv::Mat picture() const { return picture_; }

 private:
  cv::Point place(const cv::Point2f& point) const {
    return {cvRound((point.x * scale_ - 0.5) * (1 << kBits)),
            cvRound((point.y * scale_ - 0.5) * (1 << kBits))};
  }

  double scale_;
  cv::Mat picture_;
};

}  // namespace

cv::Mat draw_outline(const cv::Mat& bgr, const OutlinedPicture& picture, double scale) {
  Drawing drawing(bgr, scale);
  drawing.line(picture.outline.contour, true, {0, 255, 255});
  if (!picture.parts) return drawing.picture();
  const FinParts& parts = *picture.parts;
  drawing.line({parts.base_front, parts.base_rear}, false, {255, 255, 255});
  drawing.line(parts.leading_edge, false, {255, 160, 60});
  drawing.line(parts.trailing_edge, false, {80, 255, 80});
  for (const Notch& notch : parts.notches) {
    drawing.line({notch.upper, notch.deepest, notch.lower}, false, {60, 60, 255});
  }
  drawing.ring(parts.tip, {80, 255, 80});
  return drawing.picture();
}

}  // namespace finview
