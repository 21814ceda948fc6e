#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include <opencv2/core/types.hpp>

namespace finview {

// What a person can do to a fin's outline. Points are crop pixels, origin at the outer corner of
// the top-left pixel.

/// The fin's leftmost, rightmost, highest and lowest point, in any order.
struct ExtremePoints {
  std::array<cv::Point2f, 4> points;
};

/// A stroke of a round brush.
struct Stroke {
  std::vector<cv::Point2f> points;
  double radius_px = 4;
  bool is_fin = true;  ///< else it marks what is not fin
};

struct Strokes {
  std::vector<Stroke> strokes;
};

/// The whole outline, or a stretch of it that replaces the shorter way along the outline between
/// the places nearest to its two ends.
struct PolygonEdit {
  std::vector<cv::Point2f> points;
  bool is_whole = true;
};

/// Brightness of a picture: gain * value + bias, kept in 0..255, then 255 (v / 255)^gamma.
struct ToneCurve {
  double gain = 0.95;
  double bias = -60;
  double gamma = 0.6;
};

/// The manual filter of the first FinView: three sliders for the picture the mask is made of, three
/// for the picture that is kept, and a switch for fins lighter than the sea.
struct ManualFilter {
  ToneCurve mask;
  ToneCurve picture;
  bool invert = false;
};

/// One step of a person's work on an outline.
struct OutlineEdit {
  std::variant<ExtremePoints, Strokes, PolygonEdit, ManualFilter> tool;
  std::string who;
  std::string when;  ///< ISO 8601
};

/// A person's steps in order; the first `num_done` count, the rest were undone and can be done
/// again.
struct EditHistory {
  std::vector<OutlineEdit> edits;
  std::size_t num_done = 0;
};

/// Adds a step; what had been undone is forgotten.
EditHistory with_edit(EditHistory history, OutlineEdit edit);

/// Takes the last steps that count back, or does undone ones again. Throws Error{kBadOptions} if
/// there are fewer than `count`.
EditHistory with_undone(EditHistory history, std::size_t count);
EditHistory with_redone(EditHistory history, std::size_t count);

}  // namespace finview
