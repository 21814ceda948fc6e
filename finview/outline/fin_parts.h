#pragma once

#include "finview/outline/fin_outline.h"

#include <vector>

#include <opencv2/core/types.hpp>

namespace finview {

/// A piece missing from a trailing edge.
///
/// Positions are crop pixels, origin at the outer corner of the top-left pixel.
struct Notch {
  /// Of the deepest point along the edge as it would be without notches: 0 at the tip, 1 at the
  /// lower end.
  double position = 0;
  double depth = 0;   ///< of the deepest point below the line across the mouth, share of fin height
  double width = 0;   ///< of the mouth, share of the edge's length
  cv::Point2f upper;  ///< where the mouth begins, nearer the tip
  cv::Point2f deepest;
  cv::Point2f lower;  ///< where the mouth ends
};

/// What a fin consists of, in crop pixels as above.
struct FinParts {
  cv::Point2f tip;
  std::vector<cv::Point2f> leading_edge;   ///< from the tip down, equally far apart
  std::vector<cv::Point2f> trailing_edge;  ///< the same; 512 points to the fin's height
  cv::Point2f base_front;                  ///< where the leading edge ends
  cv::Point2f base_rear;                   ///< where the trailing edge ends
  FinSide side = FinSide::kRight;          ///< where the trailing edge lies
  double side_confidence = 0;              ///< chance that `side` is right, 0.5 to 1
  std::vector<Notch> notches;              ///< from the tip down
  /// How easily the fin is told from others, in [0, 1]: by notches above all, by marks a little.
  double distinctiveness = 0;
};

/// The flank in view: "left" where the trailing edge lies to the right, for the head is at the left
/// then; else "right".
const char* flank_in_view(FinSide side);

}  // namespace finview
