#pragma once

#include <cstdint>
#include <functional>

#include <opencv2/core/types.hpp>

namespace finview::synthetic {

/// Water thrown up: a torn sheet and the drops that fly off it.
struct Splash {
  cv::Point2d foot_px;  ///< where it leaves the water
  double height_px = 50;
  double width_px = 60;  ///< half of its width at the foot
  double lean = 0;       ///< drift to the right per height
  double density = .7;   ///< of the sheet, 0..1
  int num_drops = 200;
  std::uint64_t seed = 0;
};

/// Called with column, row, how much is covered (0..1) and how bright the white water is (about 1).
using CoverWithWhite = std::function<void(int, int, float, float)>;

/// Draws within a picture of `size`.
void draw_splash(const Splash& splash, cv::Size size, const CoverWithWhite& cover);

/// One drop, round and soft.
void draw_drop(const cv::Point2d& middle,
               double radius_px,
               float strength,
               cv::Size size,
               const CoverWithWhite& cover);

}  // namespace finview::synthetic
