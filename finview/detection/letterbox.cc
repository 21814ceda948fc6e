#include "finview/detection/letterbox.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr float kFrameGrey = 0.5F;

int round_up(int value, int step) { return (value + step - 1) / step * step; }

/// `size_px` scaled, at least one pixel and at most `max_px`.
int scaled(int size_px, double scale, int max_px) {
  return std::clamp(static_cast<int>(std::lround(size_px * scale)), 1, max_px);
}

}  // namespace

Detection Letterbox::photo_box(double center_x,
                               double center_y,
                               double width,
                               double height) const {
  const auto photo_x = [&](double x) {
    const double inside = (x * input_width_px - content.x) / content.width;
    return static_cast<float>(std::clamp(inside, 0.0, 1.0) * photo_width_px);
  };
  const auto photo_y = [&](double y) {
    const double inside = (y * input_height_px - content.y) / content.height;
    return static_cast<float>(std::clamp(inside, 0.0, 1.0) * photo_height_px);
  };
  Detection box;
  box.left_px = photo_x(center_x - width / 2);
  box.right_px = photo_x(center_x + width / 2);
  box.top_px = photo_y(center_y - height / 2);
  box.bottom_px = photo_y(center_y + height / 2);
  return box;
}

Letterbox fit_letterbox(const cv::Size& picture_px,
                        double picture_scale,
                        int max_width_px,
                        int max_height_px,
                        int stride_px) {
  const double scale = std::min(static_cast<double>(max_width_px) / picture_px.width,
                                static_cast<double>(max_height_px) / picture_px.height);
  Letterbox letterbox;
  cv::Rect& content = letterbox.content;
  content.width = scaled(picture_px.width, scale, max_width_px);
  content.height = scaled(picture_px.height, scale, max_height_px);
  letterbox.input_width_px = round_up(content.width, stride_px);
  letterbox.input_height_px = round_up(content.height, stride_px);
  content.x = (letterbox.input_width_px - content.width) / 2;
  content.y = (letterbox.input_height_px - content.height) / 2;
  letterbox.photo_width_px = picture_px.width / picture_scale;
  letterbox.photo_height_px = picture_px.height / picture_scale;
  return letterbox;
}

std::vector<float> letterbox_planes(const cv::Mat& bgr, const Letterbox& letterbox) {
  const cv::Rect& content = letterbox.content;
  const bool shrinks = content.width < bgr.cols || content.height < bgr.rows;
  cv::Mat resized;
  cv::resize(bgr, resized, content.size(), 0, 0, shrinks ? cv::INTER_AREA : cv::INTER_LINEAR);
  resized.convertTo(resized, CV_32FC3, 1.0 / 255);
  const int width = letterbox.input_width_px;
  const int height = letterbox.input_height_px;
  const std::size_t plane_size = static_cast<std::size_t>(width) * height;
  std::vector<float> planes(3 * plane_size, kFrameGrey);
  std::vector<cv::Mat> blue_green_red;
  for (std::size_t channel = 0; channel < 3; ++channel) {
    cv::Mat plane(height, width, CV_32FC1, planes.data() + (2 - channel) * plane_size);
    blue_green_red.push_back(plane(content));
  }
  cv::split(resized, blue_green_red);
  return planes;
}

}  // namespace finview
