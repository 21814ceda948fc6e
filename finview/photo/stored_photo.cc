#include "finview/photo/stored_photo.h"

#include "finview/base/error.h"

#include <opencv2/core.hpp>

namespace finview::internal {

namespace {

// Upright = stored, transposed if `swap`, then mirrored.
struct Turn {
  bool swap;
  bool mirror_x;
  bool mirror_y;
};

Turn turn_of(int orientation) {
  return {orientation >= 5,
          orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7,
          orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8};
}

cv::Rect mirrored(cv::Rect rect, cv::Size size, const Turn& turn) {
  if (turn.mirror_x) rect.x = size.width - rect.x - rect.width;
  if (turn.mirror_y) rect.y = size.height - rect.y - rect.height;
  return rect;
}

cv::Rect swapped(const cv::Rect& rect) { return {rect.y, rect.x, rect.height, rect.width}; }

void turn_into(const cv::Mat& stored, const Turn& turn, cv::Mat upright) {
  cv::Mat block = stored;
  if (turn.swap) cv::transpose(stored, block);
  if (turn.mirror_x || turn.mirror_y) {
    cv::flip(block, upright, turn.mirror_x ? (turn.mirror_y ? -1 : 1) : 0);
  } else {
    block.copyTo(upright);
  }
}

}  // namespace

void fail(const PhotoFile& file, const std::string& reason) {
  throw Error(ErrorKind::kBadInput, file.name + ": " + reason);
}

cv::Size upright_size(cv::Size stored, int exif_orientation) {
  return turn_of(exif_orientation).swap ? cv::Size(stored.height, stored.width) : stored;
}

cv::Rect upright_from_stored(const cv::Rect& rect, cv::Size stored, int exif_orientation) {
  const Turn turn = turn_of(exif_orientation);
  return mirrored(turn.swap ? swapped(rect) : rect, upright_size(stored, exif_orientation), turn);
}

cv::Rect stored_from_upright(const cv::Rect& rect, cv::Size stored, int exif_orientation) {
  const Turn turn = turn_of(exif_orientation);
  const cv::Rect turned = mirrored(rect, upright_size(stored, exif_orientation), turn);
  return turn.swap ? swapped(turned) : turned;
}

UprightWriter::UprightWriter(const cv::Rect& window, int exif_orientation, bool has_alpha)
    : window_(window), orientation_(exif_orientation) {
  const cv::Size size = upright_size(window.size(), exif_orientation);
  picture_.bgr.create(size, CV_8UC3);
  if (has_alpha) picture_.alpha.create(size, CV_8UC1);
}

void UprightWriter::put(const cv::Mat& block, cv::Point at) {
  const cv::Rect part = cv::Rect(at, block.size()) & window_;
  if (part.empty()) return;
  const cv::Mat stored = block(part - at);
  const cv::Rect place = upright_from_stored(part - window_.tl(), window_.size(), orientation_);
  const Turn turn = turn_of(orientation_);
  if (picture_.alpha.empty()) {
    turn_into(stored, turn, picture_.bgr(place));
    return;
  }
  cv::Mat color(stored.size(), CV_8UC3);
  cv::Mat alpha(stored.size(), CV_8UC1);
  cv::Mat parts[] = {color, alpha};
  const int from_to[] = {0, 0, 1, 1, 2, 2, 3, 3};
  cv::mixChannels(&stored, 1, parts, 2, from_to, 4);
  turn_into(color, turn, picture_.bgr(place));
  turn_into(alpha, turn, picture_.alpha(place));
}

}  // namespace finview::internal
