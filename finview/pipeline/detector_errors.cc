#include "finview/pipeline/detector_errors.h"

#include "finview/base/html.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr double kMinIou = 0.5;
constexpr double kSurroundings = 2.5;  // of the longer side
constexpr int kPicturePx = 300;
constexpr int kMinRegionPx = 24;

const cv::Scalar kGreen(60, 200, 60);
const cv::Scalar kRed(40, 40, 230);

/// The place with its surroundings and all boxes there.
std::vector<std::uint8_t> drawn(const Picture& picture,
                                const PhotoDetections& photo,
                                const Detection& place,
                                double min_confidence) {
  const double side = std::max({place.width_px() * kSurroundings * picture.scale,
                                place.height_px() * kSurroundings * picture.scale,
                                double{kMinRegionPx}});
  const double center_x = (place.left_px + place.right_px) / 2 * picture.scale;
  const double center_y = (place.top_px + place.bottom_px) / 2 * picture.scale;
  const cv::Rect wanted(static_cast<int>(center_x - side / 2),
                        static_cast<int>(center_y - side / 2),
                        static_cast<int>(side),
                        static_cast<int>(side));
  const cv::Rect region = wanted & cv::Rect({}, picture.bgr.size());
  if (region.empty()) return {};
  const double zoom = 1.0 * kPicturePx / std::max(region.width, region.height);
  cv::Mat bgr;
  cv::resize(
      picture.bgr(region), bgr, {}, zoom, zoom, zoom < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  const auto draw = [&](const Detection& box, const cv::Scalar& color) {
    const auto at = [&](float x, float y) {
      return cv::Point2d((x * picture.scale - region.x) * zoom,
                         (y * picture.scale - region.y) * zoom);
    };
    cv::rectangle(
        bgr, at(box.left_px, box.top_px), at(box.right_px, box.bottom_px), color, 2, cv::LINE_AA);
  };
  for (const Detection& box : photo.labels) draw(box, kGreen);
  for (const Detection& box : photo.found) {
    if (box.confidence >= min_confidence) draw(box, kRed);
  }
  std::vector<std::uint8_t> jpeg;
  cv::imencode(".jpg", bgr, jpeg, {cv::IMWRITE_JPEG_QUALITY, 85});
  return jpeg;
}

}  // namespace

void DetectorErrors::add(const std::string& name,
                         const Picture& picture,
                         const PhotoDetections& photo,
                         double min_confidence) {
  std::vector<bool> is_found(photo.labels.size(), false);
  for (const MatchedBox& match : match_detections({&photo, 1}, kMinIou).boxes) {
    if (match.confidence < min_confidence) break;
    if (match.iou) {
      is_found[match.label_index] = true;
      continue;
    }
    keep(match.confidence,
         fmt::format("{} <span class=\"soft\">false find, confidence {:.2f}</span>",
                     escape_html(name),
                     match.confidence),
         drawn(picture, photo, photo.found[match.found_index], min_confidence));
  }
  for (std::size_t i = 0; i < photo.labels.size(); ++i) {
    if (is_found[i]) continue;
    const Detection& label = photo.labels[i];
    double nearest = 0;
    for (const Detection& box : photo.found) {
      const bool close = intersection_over_union(box, label) >= kMinIou;
      if (close && box.confidence < min_confidence) {
        nearest = std::max(nearest, double{box.confidence});
      }
    }
    keep(1 - nearest,
         fmt::format("{} <span class=\"soft\">missed, {:.0f} x {:.0f} px, nearest confidence "
                     "{:.2f}</span>",
                     escape_html(name),
                     label.width_px(),
                     label.height_px(),
                     nearest),
         drawn(picture, photo, label, min_confidence));
  }
}

void DetectorErrors::keep(double badness,
                          const std::string& caption,
                          std::vector<std::uint8_t> jpeg) {
  const auto at = std::upper_bound(
      errors_.begin(), errors_.end(), badness, [](double value, const DetectorError& error) {
        return value > error.badness;
      });
  errors_.insert(at, {badness, caption, std::move(jpeg)});
  if (errors_.size() > max_errors_) errors_.pop_back();
}

std::string DetectorErrors::sheet() const {
  std::string html;
  for (const DetectorError& error : errors_) {
    html += fmt::format("<figure>{}<figcaption>{}</figcaption></figure>\n",
                        error.jpeg.empty() ? "" : inline_picture(error.jpeg, "error"),
                        error.caption);
  }
  return html;
}

}  // namespace finview
