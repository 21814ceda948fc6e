#include "finview/pipeline/outline_views.h"

#include "finview/crop/cut.h"
#include "finview/pipeline/fin_views.h"
#include "finview/training/random_draw.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace finview::internal {
namespace {

constexpr int kGray = 128;
constexpr double kChanceOfStranger = 0.25;
constexpr double kChanceOfNoFin = 0.06;

/// A part of a picture, in its pixels.
struct Window {
  double left = 0, top = 0, right = 0, bottom = 0;

  double width() const { return right - left; }
  double height() const { return bottom - top; }
};

Window clipped(Window window, const cv::Size& size) {
  window.left = std::clamp(window.left, 0.0, size.width - 8.0);
  window.top = std::clamp(window.top, 0.0, size.height - 8.0);
  window.right = std::clamp(window.right, window.left + 8, static_cast<double>(size.width));
  window.bottom = std::clamp(window.bottom, window.top + 8, static_cast<double>(size.height));
  return window;
}

/// Margins as detectors leave them: mostly near `kFinMargin`, at times far off or into the fin.
Window random_window(const OutlinePicture& picture, RandomDraw& random) {
  const cv::Rect& box = picture.fin_box;
  const double longer = std::max(box.width, box.height);
  const bool loose = random.chance(0.25);
  const auto margin = [&] {
    const double share = loose                ? random.uniform(-0.06, 0.6)
                         : random.chance(0.1) ? random.uniform(-0.08, 0.02)
                                              : random.uniform(0.03, 0.28);
    return share * longer;
  };
  return clipped({box.x - margin(),
                  box.y - margin(),
                  box.x + box.width + margin(),
                  box.y + box.height + margin()},
                 picture.bgr.size());
}

/// A part of the picture beside its fin, if there is room.
bool find_empty_window(const OutlinePicture& picture, RandomDraw& random, Window& window) {
  if (!picture.others_known) return false;
  const cv::Size size = picture.bgr.size();
  for (int attempt = 0; attempt < 8; ++attempt) {
    const double side = random.uniform(0.3, 0.6) * size.height;
    window.left = random.uniform(0, size.width - side);
    window.top = random.uniform(0, size.height - side);
    window = {window.left, window.top, window.left + side, window.top + side};
    const cv::Rect area(static_cast<int>(window.left),
                        static_cast<int>(window.top),
                        static_cast<int>(side),
                        static_cast<int>(side));
    if (cv::countNonZero(picture.fin(area) | picture.others(area)) == 0) return true;
  }
  return false;
}

/// Maps the window onto the middle of the square's lower side, stretched and turned by the angle.
cv::Matx23d square_from_picture(const Window& window, double stretch, double angle, int side_px) {
  const double width = window.width() * stretch;
  const double scale = side_px / std::max(width, window.height());
  const double x0 = (side_px - width * scale) / 2;
  const double y0 = side_px - window.height() * scale;
  const cv::Point2d middle(x0 + width * scale / 2, y0 + window.height() * scale / 2);
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  const auto turned = [&](double x, double y) {
    const cv::Point2d arm(x - middle.x, y - middle.y);
    return cv::Point2d(middle.x + c * arm.x - s * arm.y, middle.y + s * arm.x + c * arm.y);
  };
  // Positions are of pixel corners; warpAffine means centers.
  const auto mapped = [&](double x, double y) {
    return turned(x0 + (x + 0.5 - window.left) * stretch * scale,
                  y0 + (y + 0.5 - window.top) * scale) -
           cv::Point2d(0.5, 0.5);
  };
  const cv::Point2d origin = mapped(0, 0);
  const cv::Point2d x_step = mapped(1, 0) - origin;
  const cv::Point2d y_step = mapped(0, 1) - origin;
  return {x_step.x, y_step.x, origin.x, x_step.y, y_step.y, origin.y};
}

cv::Mat warped(const cv::Mat& source, const cv::Matx23d& map, int side_px, const cv::Scalar& fill) {
  cv::Mat square;
  const double scale = std::sqrt(std::abs(map(0, 0) * map(1, 1) - map(0, 1) * map(1, 0)));
  if (scale < 0.7) {  // warpAffine does not average
    cv::Mat smaller;
    cv::resize(source, smaller, {}, scale, scale, cv::INTER_AREA);
    const double x = source.cols / static_cast<double>(smaller.cols);
    const double y = source.rows / static_cast<double>(smaller.rows);
    const cv::Matx23d rest(map(0, 0) * x,
                           map(0, 1) * y,
                           map(0, 2) + map(0, 0) * (x - 1) / 2 + map(0, 1) * (y - 1) / 2,
                           map(1, 0) * x,
                           map(1, 1) * y,
                           map(1, 2) + map(1, 0) * (x - 1) / 2 + map(1, 1) * (y - 1) / 2);
    cv::warpAffine(
        smaller, square, rest, {side_px, side_px}, cv::INTER_LINEAR, cv::BORDER_CONSTANT, fill);
  } else {
    cv::warpAffine(
        source, square, map, {side_px, side_px}, cv::INTER_LINEAR, cv::BORDER_CONSTANT, fill);
  }
  return square;
}

/// A crop ends at its window, whatever lies beyond.
void hide_outside(OutlineView& view, const Window& window, double stretch) {
  const int side_px = view.bgr.rows;
  const double scale = side_px / std::max(window.width() * stretch, window.height());
  const int width = cvRound(window.width() * stretch * scale);
  const int height = cvRound(window.height() * scale);
  cv::Mat outside(view.bgr.size(), CV_8UC1, cv::Scalar(255));
  outside(cv::Rect((side_px - width) / 2, side_px - height, width, height)) = cv::Scalar(0);
  view.bgr.setTo(cv::Scalar::all(kGray), outside);
  view.fin.setTo(0, outside);
  view.others.setTo(0, outside);
  view.known.setTo(0, outside);
}

OutlineView warp(const OutlinePicture& picture,
                 const Window& window,
                 double stretch,
                 double angle,
                 int side_px) {
  const cv::Matx23d map = square_from_picture(window, stretch, angle, side_px);
  OutlineView view;
  view.bgr = warped(picture.bgr, map, side_px, cv::Scalar::all(kGray));
  view.fin = warped(picture.fin, map, side_px, {});
  view.others = warped(picture.others, map, side_px, {});
  view.known = warped(picture.known, map, side_px, {});
  view.others_known = picture.others_known;
  hide_outside(view, window, stretch);
  return view;
}

/// Draws the fin of another picture behind this one's.
void add_stranger(OutlineView& view, const OutlinePicture& stranger, RandomDraw& random) {
  const cv::Rect own = cv::boundingRect(view.fin);
  const cv::Rect& box = stranger.fin_box;
  if (own.empty() || box.empty() || cv::countNonZero(stranger.known(box)) < 0.7 * box.area()) {
    return;
  }
  const double scale = own.height * random.uniform(0.4, 1.3) / box.height;
  const int side_px = view.bgr.rows;
  const double x = own.x + own.width * random.uniform(-0.5, 1.5);
  const double bottom = own.y + own.height * random.uniform(0.75, 1.1);
  const double flip = random.chance(0.5) ? -1 : 1;
  const cv::Matx23d map(flip * scale,
                        0,
                        x - flip * scale * (box.x + box.width / 2.0),
                        0,
                        scale,
                        bottom - scale * (box.y + box.height));
  cv::Mat fin = warped(stranger.fin & stranger.known, map, side_px, {});
  const cv::Mat bgr = warped(stranger.bgr, map, side_px, {});
  fin = cv::min(fin, 255 - view.fin);
  // Below the fin's base its own body is in front.
  fin.rowRange(std::min(side_px, own.y + own.height), side_px) = cv::Scalar(0);
  fin.setTo(0, view.known == 0);
  cv::Mat alpha;
  cv::cvtColor(fin, alpha, cv::COLOR_GRAY2BGR);
  cv::Mat mixed;
  cv::multiply(bgr, alpha, mixed, 1 / 255.0);
  cv::Mat rest;
  cv::multiply(view.bgr, cv::Scalar::all(255) - alpha, rest, 1 / 255.0);
  view.bgr = mixed + rest;
  view.others = cv::max(view.others, fin);
}

}  // namespace

OutlineView random_outline_view(const std::vector<OutlinePicture>& pictures,
                                std::size_t index,
                                int side_px,
                                std::uint64_t seed) {
  RandomDraw random(seed);
  const OutlinePicture& picture = pictures[index];
  Window window;
  const bool empty = random.chance(kChanceOfNoFin) && find_empty_window(picture, random, window);
  if (!empty) window = random_window(picture, random);
  const double stretch = std::exp(random.uniform(-0.25, 0.15));
  const double angle = random.chance(0.5) ? random.uniform(-0.3, 0.3) : 0;
  OutlineView view = warp(picture, window, stretch, angle, side_px);
  if (!empty && random.chance(kChanceOfStranger)) {
    add_stranger(view, pictures[random.index(pictures.size())], random);
  }
  if (random.chance(0.5)) {
    for (cv::Mat* part : {&view.bgr, &view.fin, &view.known, &view.others}) {
      cv::flip(*part, *part, 1);
    }
  }
  change_photo(view.bgr, {}, random.bits());
  return view;
}

OutlineView plain_outline_view(const OutlinePicture& picture, int side_px) {
  const cv::Rect& box = picture.fin_box;
  const double margin = kFinMargin * std::max(box.width, box.height);
  const Window window = clipped(
      {box.x - margin, box.y - margin, box.x + box.width + margin, box.y + box.height + margin},
      picture.bgr.size());
  return warp(picture, window, 1, 0, side_px);
}

}  // namespace finview::internal
