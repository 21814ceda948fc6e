#include "finview/synthetic/distractors.h"

#include "finview/synthetic/noise.h"
#include "finview/synthetic/random.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::synthetic {
namespace {

using Shape = std::vector<cv::Point2d>;
constexpr int kShift = 6;

/// Draws shapes in units of a distractor's size, x right and y up from the water.
class Stamp {
 public:
  Stamp(const Distractor& distractor, const WaterLine& line, const Light& light, cv::Mat& radiance)
      : radiance_(radiance),
        light_(light),
        line_(line),
        size_px_(distractor.size_px),
        cos_(std::cos(distractor.tilt_rad)),
        sin_(std::sin(distractor.tilt_rad)),
        mirror_(distractor.mirrored ? -1 : 1) {
    const auto column = std::clamp<std::ptrdiff_t>(
        static_cast<std::ptrdiff_t>(distractor.column_px), 0, std::ssize(line.surface_px) - 1);
    base_px_ = {distractor.column_px,
                line.surface_px[static_cast<std::size_t>(column)] - distractor.rise_px};
  }

  void fill(const Shape& shape, const cv::Vec3f& reflectance) {
    std::vector<cv::Point> fixed;
    for (const cv::Point2d& point : shape) {
      const double x = base_px_.x + mirror_ * size_px_ * (point.x * cos_ - point.y * sin_);
      const double y = base_px_.y - size_px_ * (point.x * sin_ + point.y * cos_);
      fixed.emplace_back(static_cast<int>(std::lround(x * (1 << kShift))),
                         static_cast<int>(std::lround(y * (1 << kShift))));
    }
    cv::Rect box = cv::boundingRect(fixed);
    box = cv::Rect((box.x >> kShift) - 2,
                   (box.y >> kShift) - 2,
                   (box.width >> kShift) + 5,
                   (box.height >> kShift) + 5) &
          cv::Rect({}, radiance_.size());
    if (box.empty()) return;
    for (cv::Point& point : fixed) point -= box.tl() * (1 << kShift);
    cv::Mat mask = cv::Mat::zeros(box.size(), CV_8U);
    cv::fillPoly(
        mask, std::vector<std::vector<cv::Point>>{fixed}, cv::Scalar(255), cv::LINE_AA, kShift);
    blend(mask, box, reflectance);
  }

 private:
  void blend(const cv::Mat& mask, const cv::Rect& box, const cv::Vec3f& reflectance) {
    const cv::Vec3f lit = light_.sun * .55f + light_.zenith * .6f + light_.horizon * .3f;
    for (int row = 0; row < box.height; ++row) {
      auto* out = radiance_.ptr<cv::Vec3f>(box.y + row) + box.x;
      const float low =
          .65f + .5f * static_cast<float>(box.height - row) / static_cast<float>(box.height);
      for (int x = 0; x < box.width; ++x) {
        float amount = mask.at<std::uint8_t>(row, x) / 255.f;
        if (amount <= 0) continue;
        const float cover =
            line_.cover_px.at(static_cast<std::size_t>(box.x) + static_cast<std::size_t>(x));
        amount *= std::clamp(cover - static_cast<float>(box.y + row), 0.f, 1.f);
        const float noise = sample_tile(foam_tile(),
                                        static_cast<float>(x / (3 * size_px_)),
                                        static_cast<float>(row / (2 * size_px_)));
        out[x] =
            out[x] * (1 - amount) + reflectance.mul(lit) * (low * std::exp(.12f * noise) * amount);
      }
    }
  }

  cv::Mat& radiance_;
  const Light& light_;
  const WaterLine& line_;
  cv::Point2d base_px_;
  double size_px_;
  double cos_;
  double sin_;
  double mirror_;
};

Shape ellipse(double x, double y, double rx, double ry) {
  Shape shape;
  for (int i = 0; i < 24; ++i) {
    const double angle = 2 * M_PI * i / 24;
    shape.emplace_back(x + rx * std::cos(angle), y + ry * std::sin(angle));
  }
  return shape;
}

void floating_gull(Stamp& stamp, Random& random) {
  const float gray = static_cast<float>(random.uniform(.15, .5));
  stamp.fill(ellipse(0, .12, .5, .2), {.7f, .7f, .7f});
  stamp.fill({{-.62, .28}, {.2, .32}, {.25, .18}, {-.3, .14}}, {gray, gray, gray});
  stamp.fill({{.28, .1}, {.32, .5}, {.48, .55}, {.5, .15}}, {.75f, .75f, .75f});
  stamp.fill(ellipse(.45, .55, .13, .11), {.75f, .75f, .75f});
  stamp.fill({{.55, .57}, {.72, .50}, {.55, .50}}, {.05f, .35f, .6f});
}

void flying_gull(Stamp& stamp, Random& random) {
  const double lift = random.uniform(-.3, .6);
  const float gray = static_cast<float>(random.uniform(.1, .6));
  const cv::Vec3f color(gray, gray, gray);
  stamp.fill(ellipse(0, 0, .28, .08), color * 1.2f);
  stamp.fill({{.08, .03}, {-.02, .5 * lift + .15}, {-.35, lift + .1}, {-.12, .02}}, color);
  stamp.fill({{.12, .03}, {.3, .6 * lift + .1}, {.25, 1.2 * lift + .2}, {0, .02}}, color * .8f);
}

void buoy(Stamp& stamp, Random& random) {
  static const std::vector<cv::Vec3f> colors = {{.05f, .12f, .65f},
                                                {.05f, .45f, .65f},
                                                {.05f, .06f, .55f},
                                                {.6f, .6f, .6f},
                                                {.02f, .02f, .02f}};
  const cv::Vec3f& color = colors[static_cast<std::size_t>(random.below(5))];
  if (random.chance(.5)) {
    stamp.fill(ellipse(0, .25, .4, .45), color);
  } else {
    stamp.fill({{-.35, -.05}, {-.08, 1}, {.08, 1}, {.35, -.05}}, color);
  }
}

void boat(Stamp& stamp, Random& random) {
  const float shade = static_cast<float>(random.uniform(.05, .8));
  stamp.fill({{-1, .3}, {-.95, -.02}, {.8, -.02}, {1.15, .42}, {.4, .32}}, {shade, shade, shade});
  stamp.fill({{-.4, .3}, {-.35, .75}, {.15, .75}, {.3, .3}}, {.7f, .7f, .7f});
  stamp.fill({{-.3, .5}, {-.28, .68}, {.1, .68}, {.18, .5}}, {.05f, .05f, .05f});
  stamp.fill({{-.12, .75}, {-.1, 1.2}, {-.07, 1.2}, {-.06, .75}}, {.3f, .3f, .3f});
}

void fluke(Stamp& stamp, Random& random) {
  const float dark = static_cast<float>(random.log_uniform(.02, .08));
  const double open = random.uniform(.35, 1);
  stamp.fill({{-.10, -.1},
              {-.07, .35},
              {-.12, .55},
              {-.5 * open, .78},
              {-open, .80},
              {-.7 * open, .95},
              {-.2 * open, .92},
              {0, .82},
              {.2 * open, .93},
              {.7 * open, .97},
              {open, .83},
              {.5 * open, .79},
              {.12, .55},
              {.08, .35},
              {.12, -.1}},
             {dark, dark, dark});
}

/// A ragged polygon from `left` to `right` over the water.
Shape ragged(Random& random, double left, double right, double height, double jag) {
  Shape shape = {{left, -.15}};
  constexpr int kCorners = 14;
  const double peak = random.uniform(.2, .8);
  for (int i = 0; i <= kCorners; ++i) {
    const double t = static_cast<double>(i) / kCorners;
    const double tent = t < peak ? t / peak : (1 - t) / (1 - peak);
    shape.emplace_back(left + (right - left) * t + random.normal(0, .2 * jag),
                       height * std::pow(std::max(0., tent), .8) + random.normal(0, jag));
  }
  shape.emplace_back(right, -.15);
  return shape;
}

void rock(Stamp& stamp, Random& random) {
  const auto tone = static_cast<float>(random.log_uniform(.015, .2));
  const cv::Vec3f color(tone * .85f, tone * .95f, tone);
  for (int i = 1 + random.below(3); i > 0; --i) {
    const double left = random.uniform(-1.6, .4);
    const double wide = random.uniform(.5, 1.8);
    stamp.fill(ragged(random, left, left + wide, random.uniform(.25, 1), .05),
               color * static_cast<float>(random.uniform(.7, 1.3)));
  }
}

void sail(Stamp& stamp, Random& random) {
  const auto tone = static_cast<float>(random.uniform(.25, .85));
  const double lean = random.normal(0, .12);
  const double belly = random.uniform(0, .22);
  stamp.fill({{-.5, .05}, {-.42, -.08}, {.45, -.08}, {.6, .07}}, {.12f, .1f, .1f});
  stamp.fill({{0, .12}, {-.45, .12}, {-.35 - belly, .7}, {lean, 1.9}}, {tone, tone, tone});
  if (random.chance(.7)) {
    stamp.fill({{.05, .12}, {.5, .12}, {.25 + belly, .7}, {lean, 1.6}},
               cv::Vec3f(tone, tone, tone) * .9f);
  }
}

void bow(Stamp& stamp, Random& random) {
  const auto tone = static_cast<float>(random.uniform(.04, .8));
  const cv::Vec3f color(tone * static_cast<float>(random.uniform(.6, 1)),
                        tone * static_cast<float>(random.uniform(.6, 1)),
                        tone);
  const double flare = random.uniform(.1, .7);
  stamp.fill({{-2.2, .5}, {-2.2, -.3}, {.2, -.3}, {.35 + flare, .75}, {.3 + flare, .8}}, color);
  stamp.fill({{-2.2, .5}, {-2.2, .58}, {.3 + flare, .86}, {.35 + flare, .75}}, color * .5f);
}

/// A blade that tapers along a bent middle line.
void flipper(Stamp& stamp, Random& random) {
  const auto dark = static_cast<float>(random.log_uniform(.02, .14));
  const double bend = random.normal(0, .5);
  const double wide = random.uniform(.10, .24);
  Shape blade;
  constexpr int kSteps = 12;
  for (int side : {-1, 1}) {
    for (int i = 0; i <= kSteps; ++i) {
      const double t = static_cast<double>(side < 0 ? i : kSteps - i) / kSteps;
      const double half = wide * (1 - .35 * t) * std::sqrt(std::max(0., 1 - std::pow(t, 5)));
      blade.emplace_back(bend * t * t + side * half, -.15 + 1.1 * t);
    }
  }
  stamp.fill(blade, {dark * 1.05f, dark, dark});
}

void crest(Stamp& stamp, Random& random, const cv::Vec3f& water) {
  const auto tone = static_cast<float>(random.uniform(.5, 1.6));
  const double wide = random.uniform(.8, 2.2);
  const double height = random.uniform(.35, .8);
  stamp.fill(ragged(random, -wide, wide, height, .03), water * tone);
  if (random.chance(.6)) {
    stamp.fill(ragged(random, -.5 * wide, .6 * wide, height * .95, .09), {.6f, .6f, .6f});
    stamp.fill(ragged(random, -.7 * wide, .5 * wide, height * .7, .05), water * tone);
  }
}

void roofs(Stamp& stamp, Random& random) {
  double x = -2;
  for (int i = 2 + random.below(5); i > 0; --i) {
    const double wide = random.uniform(.4, 1.1);
    const double wall = random.uniform(.2, .7);
    const auto tone = static_cast<float>(random.uniform(.1, .7));
    stamp.fill({{x, -.1}, {x, wall}, {x + wide, wall}, {x + wide, -.1}}, {tone, tone, tone});
    stamp.fill(
        {{x - .06, wall}, {x + wide * random.uniform(.2, .8), wall + .5}, {x + wide + .06, wall}},
        cv::Vec3f(.08f, .09f, .14f) * static_cast<float>(random.uniform(.5, 2)));
    x += wide + random.uniform(-.1, .5);
  }
}

}  // namespace

std::vector<Distractor> random_distractors(const Scene& scene, int count, std::uint64_t seed) {
  const Camera& camera = scene.camera;
  std::vector<Distractor> result;
  for (int i = 0; i < count; ++i) {
    Random random(derive_seed(seed, {static_cast<std::uint64_t>(i)}));
    Distractor one;
    one.kind = static_cast<Distractor::Kind>(random.below(Distractor::kNumKinds));
    if (one.kind == Distractor::Kind::kRoofs && camera.horizon_px < 8) {
      one.kind = Distractor::Kind::kRock;  // no shore in sight
    }
    const double top = std::clamp(camera.horizon_px, 0., .85 * camera.size.height);
    const bool is_ashore = one.kind == Distractor::Kind::kRoofs;
    const double row = is_ashore ? top + 4 : random.uniform(top + 4, .92 * camera.size.height);
    one.distance_m = camera.height_m * camera.focal_px / std::max(4., row - camera.horizon_px);
    one.column_px = random.uniform(0, camera.size.width);
    const bool in_air = one.kind == Distractor::Kind::kFlyingGull;
    if (in_air) one.rise_px = random.uniform(.05, .5) * camera.size.height;
    const bool is_large =
        one.kind == Distractor::Kind::kBoat || is_ashore || one.kind == Distractor::Kind::kSail;
    const double size_m = is_large ? random.uniform(2, 5) : random.log_uniform(.2, .7);
    one.size_px =
        std::clamp(size_m * camera.focal_px / one.distance_m, 12., .14 * camera.size.width);
    if (one.kind == Distractor::Kind::kBow) {
      one.size_px = camera.size.width * random.uniform(.06, .3);
      one.column_px = camera.size.width * (random.chance(.5) ? 0. : random.uniform(0, 1));
    }
    one.water = scene.sea.upwelling + cv::Vec3f(.03f, .03f, .03f);
    one.tilt_rad = random.normal(0, in_air ? .5 : .1);
    one.mirrored = random.chance(.5);
    one.seed = random.bits();
    result.push_back(one);
  }
  return result;
}

void draw_distractor(const Distractor& distractor,
                     const WaterLine& line,
                     const Light& light,
                     cv::Mat& radiance) {
  Random random(distractor.seed);
  Stamp stamp(distractor, line, light, radiance);
  switch (distractor.kind) {
    case Distractor::Kind::kFloatingGull:
      return floating_gull(stamp, random);
    case Distractor::Kind::kFlyingGull:
      return flying_gull(stamp, random);
    case Distractor::Kind::kBuoy:
      return buoy(stamp, random);
    case Distractor::Kind::kBoat:
      return boat(stamp, random);
    case Distractor::Kind::kFluke:
      return fluke(stamp, random);
    case Distractor::Kind::kRock:
      return rock(stamp, random);
    case Distractor::Kind::kSail:
      return sail(stamp, random);
    case Distractor::Kind::kBow:
      return bow(stamp, random);
    case Distractor::Kind::kFlipper:
      return flipper(stamp, random);
    case Distractor::Kind::kCrest:
      return crest(stamp, random, distractor.water);
    case Distractor::Kind::kRoofs:
      return roofs(stamp, random);
  }
}

}  // namespace finview::synthetic
