#include "finview/synthetic/splash.h"

#include "finview/synthetic/noise.h"
#include "finview/synthetic/random.h"

#include <algorithm>
#include <cmath>

#include <opencv2/core/mat.hpp>

namespace finview::synthetic {
namespace {

/// The sheet: dense at its foot, torn toward its ragged top.
void draw_sheet(const Splash& splash, Random& random, cv::Size size, const CoverWithWhite& cover) {
  const auto u0 = static_cast<float>(random.unit());
  const auto v0 = static_cast<float>(random.unit());
  const auto height_px = static_cast<float>(splash.height_px);
  const auto width_px = static_cast<float>(splash.width_px);
  const float detail = std::min(1.f, height_px / 130);  // no finer than a pixel
  const auto lean = static_cast<float>(splash.lean);
  const float drift_px = std::abs(lean) * 1.6f * height_px;
  const int first = static_cast<int>(splash.foot_px.x - 2.2 * width_px - drift_px);
  const int last = static_cast<int>(splash.foot_px.x + 2.2 * width_px + drift_px);
  const int top = static_cast<int>(splash.foot_px.y - 1.7 * height_px);
  const int bottom = static_cast<int>(splash.foot_px.y + .12 * height_px);
  for (int y = std::max(0, top); y < std::min(size.height, bottom); ++y) {
    const float rise = (static_cast<float>(splash.foot_px.y) - static_cast<float>(y)) / height_px;
    for (int x = std::max(0, first); x < std::min(size.width, last); ++x) {
      const float across =
          (static_cast<float>(x - splash.foot_px.x) - lean * rise * height_px) / width_px;
      const float fan = across / (1 + .6f * std::max(0.f, rise));  // it spreads as it rises
      // Jets: ridges of the crown that run up from the foot.
      const float jets = sample_tile(foam_tile(), u0 + .21f * fan, v0 + .03f * rise);
      const float reach = std::exp(-fan * fan) * (.62f + .3f * jets);
      const float left = reach - std::max(0.f, rise);
      if (left < -.25f || rise < -.12f) continue;
      const float coarse =
          sample_tile(foam_tile(), v0 + .3f * detail * fan, u0 + .22f * detail * rise);
      const float fine =
          sample_tile(foam_tile(), u0 + 1.1f * detail * fan, v0 + .8f * detail * rise);
      const float edge = rise < 0 ? 1 + 8 * rise : 1.f;
      const float amount =
          std::clamp((2.2f * left + .28f * coarse + .30f * fine - .05f) * edge, 0.f, 1.f);
      if (amount <= .02f) continue;
      cover(x,
            y,
            amount * static_cast<float>(splash.density),
            .62f + .12f * coarse + .10f * fine + .15f * amount);
    }
  }
}

}  // namespace

void draw_drop(const cv::Point2d& middle,
               double radius_px,
               float strength,
               cv::Size size,
               const CoverWithWhite& cover) {
  const int reach = static_cast<int>(std::ceil(2.2 * radius_px));
  const int cx = static_cast<int>(middle.x);
  const int cy = static_cast<int>(middle.y);
  const double scale = 1 / (radius_px * radius_px);
  for (int y = std::max(0, cy - reach); y <= std::min(size.height - 1, cy + reach); ++y) {
    for (int x = std::max(0, cx - reach); x <= std::min(size.width - 1, cx + reach); ++x) {
      const double dx = x + .5 - middle.x;
      const double dy = y + .5 - middle.y;
      const auto amount =
          strength * static_cast<float>(std::exp(-(dx * dx + .7 * dy * dy) * scale));
      if (amount > .02f) cover(x, y, amount, .95f);
    }
  }
}

void draw_splash(const Splash& splash, cv::Size size, const CoverWithWhite& cover) {
  Random random(splash.seed);
  draw_sheet(splash, random, size, cover);
  for (int i = 0; i < splash.num_drops; ++i) {
    // Thrown up at once, seen on the way: height v t - t^2 in units of the highest.
    const double speed = std::sqrt(random.unit()) * 1.25;
    const double moment = random.uniform(.15, 1.9) * speed;
    const double rise = 2 * speed * moment - moment * moment;
    if (rise < 0) continue;
    const double out = random.normal(0, .5) + splash.lean;
    const cv::Point2d middle(splash.foot_px.x + random.normal(0, .35) * splash.width_px +
                                 out * moment * splash.height_px * .9,
                             splash.foot_px.y - rise * splash.height_px);
    const double radius = random.log_uniform(.4, .45 + .010 * splash.height_px);
    draw_drop(middle, radius, static_cast<float>(random.uniform(.25, .9)), size, cover);
  }
}

}  // namespace finview::synthetic
