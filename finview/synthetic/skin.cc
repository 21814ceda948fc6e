#include "finview/synthetic/skin.h"

#include "finview/synthetic/noise.h"
#include "finview/synthetic/random.h"

#include <algorithm>
#include <cmath>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::synthetic {
namespace {

constexpr double kBottom = -.35;  ///< lowest fin coordinate of the texture
constexpr double kMargin = .03;
constexpr int kShift = 6;  ///< fractional bits of polygon corners

float smooth_step(double low, double high, double value) {
  const double t = std::clamp((value - low) / (high - low), 0., 1.);
  return static_cast<float>(t * t * (3 - 2 * t));
}

/// The outline closed below the base, in fixed-point pixels.
std::vector<cv::Point> polygon(const EdgeCurve& edge, const FinTexture& texture) {
  std::vector<cv::Point2d> points = edge.points;
  points.emplace_back(points.back().x, kBottom);
  points.emplace_back(points.front().x, kBottom);
  std::vector<cv::Point> fixed;
  for (const cv::Point2d& point : points) {
    const double x = texture.origin.x + point.x * texture.px_per_unit - .5;
    const double y = texture.origin.y - point.y * texture.px_per_unit - .5;
    fixed.emplace_back(static_cast<int>(std::lround(x * (1 << kShift))),
                       static_cast<int>(std::lround(y * (1 << kShift))));
  }
  return fixed;
}

cv::Mat fill(const EdgeCurve& edge, const FinTexture& texture, cv::Size size) {
  cv::Mat mask = cv::Mat::zeros(size, CV_8U);
  const std::vector<std::vector<cv::Point>> polygons = {polygon(edge, texture)};
  cv::fillPoly(mask, polygons, cv::Scalar(255), cv::LINE_AA, kShift);
  return mask;
}

/// Distance to the outline in fin heights.
cv::Mat depth_inside(const cv::Mat& mask, double px_per_unit) {
  cv::Mat inside;
  cv::threshold(mask, inside, 127, 255, cv::THRESH_BINARY);
  cv::Mat distance;
  cv::distanceTransform(inside, distance, cv::DIST_L2, 5, CV_32F);
  return distance / px_per_unit;
}

/// A lens, round at its rim; cuts in the edge do not thin what is behind them.
cv::Mat lens(const Genotype& genotype, const FinTexture& texture, const cv::Mat& mask) {
  Genotype whole = genotype;
  whole.notches.clear();
  whole.tatters.clear();
  whole.nicks.clear();
  whole.roughness = 0;
  // Thickness is smooth: a coarser grid does.
  const double scale = std::min(1., 260 / texture.px_per_unit);
  cv::Mat smooth_mask = fill(edge_curve(whole), texture, mask.size());
  cv::Mat real_mask = mask;
  if (scale < 1) {
    cv::resize(smooth_mask, smooth_mask, {}, scale, scale, cv::INTER_AREA);
    cv::resize(mask, real_mask, {}, scale, scale, cv::INTER_AREA);
  }
  const cv::Mat smooth_depth = depth_inside(smooth_mask, texture.px_per_unit * scale);
  const cv::Mat real_depth = depth_inside(real_mask, texture.px_per_unit * scale);
  cv::Mat thickness(real_mask.size(), CV_32F);
  const auto greatest = static_cast<float>(genotype.shape.thickness);
  for (int y = 0; y < thickness.rows; ++y) {
    const auto* smooth = smooth_depth.ptr<float>(y);
    const auto* real = real_depth.ptr<float>(y);
    auto* out = thickness.ptr<float>(y);
    for (int x = 0; x < thickness.cols; ++x) {
      const float missing = 1 - std::min(1.f, smooth[x] / .42f);
      const float rim = std::min(1.f, real[x] / .018f);
      out[x] = greatest * std::sqrt(std::max(0.f, 1 - missing * missing)) * std::sqrt(rim);
    }
  }
  const double sigma = .012 * texture.px_per_unit * scale;
  if (sigma > .4) cv::GaussianBlur(thickness, thickness, {}, sigma);
  if (scale < 1) cv::resize(thickness, thickness, mask.size(), 0, 0, cv::INTER_LINEAR);
  return thickness;
}

/// Where fin coordinates lie in a picture.
struct Plane {
  double px_per_unit;
  cv::Point2d origin;
};

/// Adds `contrast` x coverage of a scar to `tint`.
void draw_scar(const Scar& scar, const Plane& plane, cv::Mat& tint) {
  constexpr int kNumPoints = 9;
  constexpr int kMiddle = kNumPoints / 2;
  std::vector<cv::Point> line;
  cv::Point2d place = scar.middle;
  const double step = scar.length / (kNumPoints - 1);
  for (int i = 0; i < kMiddle; ++i) {
    const double angle = scar.angle_rad - scar.bend * i / kNumPoints;
    place -= cv::Point2d(std::cos(angle), std::sin(angle)) * step;
  }
  for (int i = 0; i < kNumPoints; ++i) {
    const cv::Point2d px(plane.origin.x + place.x * plane.px_per_unit,
                         plane.origin.y - place.y * plane.px_per_unit);
    line.emplace_back(static_cast<int>(std::lround(px.x * (1 << kShift))),
                      static_cast<int>(std::lround(px.y * (1 << kShift))));
    const double angle = scar.angle_rad + scar.bend * (i - kMiddle) / kNumPoints;
    place += cv::Point2d(std::cos(angle), std::sin(angle)) * step;
  }
  const cv::Rect picture(0, 0, tint.cols, tint.rows);
  const double width_px = scar.width * plane.px_per_unit;
  const int pad = static_cast<int>(width_px) + 3;
  cv::Rect box = cv::boundingRect(line);
  box = cv::Rect((box.x >> kShift) - pad,
                 (box.y >> kShift) - pad,
                 (box.width >> kShift) + 2 * pad,
                 (box.height >> kShift) + 2 * pad) &
        picture;
  if (box.empty()) return;
  cv::Mat coverage = cv::Mat::zeros(box.size(), CV_8U);
  for (cv::Point& point : line) point -= box.tl() * (1 << kShift);
  const std::vector<std::vector<cv::Point>> lines = {line};
  const int thickness = std::max(1, static_cast<int>(std::lround(width_px)));
  cv::polylines(coverage, lines, false, cv::Scalar(255), thickness, cv::LINE_AA, kShift);
  if (width_px > 1.5) cv::GaussianBlur(coverage, coverage, {}, .3 * width_px);
  cv::Mat amount;
  const double thin = std::min(1., width_px);
  coverage.convertTo(amount, CV_32F, scar.contrast * thin / 255);
  tint(box) += amount;
}

void draw_blotch(const Blotch& blotch, const Plane& plane, cv::Mat& tint) {
  const double reach = 2 * std::max(blotch.radius_x, blotch.radius_y) * plane.px_per_unit;
  const cv::Point2d middle(plane.origin.x + blotch.middle.x * plane.px_per_unit,
                           plane.origin.y - blotch.middle.y * plane.px_per_unit);
  const cv::Rect box = cv::Rect(static_cast<int>(middle.x - reach),
                                static_cast<int>(middle.y - reach),
                                static_cast<int>(2 * reach) + 1,
                                static_cast<int>(2 * reach) + 1) &
                       cv::Rect(0, 0, tint.cols, tint.rows);
  Random random(blotch.seed);
  const auto u0 = static_cast<float>(random.unit());
  const auto v0 = static_cast<float>(random.unit());
  const double c = std::cos(blotch.angle_rad);
  const double s = std::sin(blotch.angle_rad);
  const auto frequency = static_cast<float>(.09 / std::max(blotch.radius_x, blotch.radius_y));
  for (int y = box.y; y < box.br().y; ++y) {
    auto* row = tint.ptr<float>(y);
    for (int x = box.x; x < box.br().x; ++x) {
      const double dx = (x + .5 - middle.x) / plane.px_per_unit;
      const double dy = (middle.y - y - .5) / plane.px_per_unit;
      const double radius =
          std::hypot((dx * c + dy * s) / blotch.radius_x, (dy * c - dx * s) / blotch.radius_y);
      const float noise = sample_tile(cloud_tile(),
                                      u0 + frequency * static_cast<float>(dx),
                                      v0 + frequency * static_cast<float>(dy));
      const double inside = 1 - radius - .22 * noise;
      row[x] += static_cast<float>(blotch.contrast) *
                smooth_step(-blotch.softness * .6, blotch.softness * .6, inside);
    }
  }
}

cv::Mat paint(const Genotype& genotype, Side side, const FinTexture& texture, const cv::Mat& tint) {
  Random random(derive_seed(genotype.seed, {0x5c1a, static_cast<std::uint64_t>(side)}));
  const auto u0 = static_cast<float>(random.unit());
  const auto v0 = static_cast<float>(random.unit());
  const auto paler_below = static_cast<float>(random.uniform(0, .6));
  const auto speckle = static_cast<float>(genotype.speckle);
  // Detail finer than a pixel would only be noise.
  const auto fine_strength = static_cast<float>(.035 * std::min(1., texture.px_per_unit / 180));
  cv::Mat reflectance(tint.size(), CV_32FC3);
  for (int row = 0; row < tint.rows; ++row) {
    const auto y = static_cast<float>((texture.origin.y - row - .5) / texture.px_per_unit);
    const float low = 1 + paler_below * std::clamp(1 - y, 0.f, 1.f);
    const float tip = static_cast<float>(genotype.tip_contrast) * smooth_step(.72, .95, y);
    const auto* alpha = texture.alpha.ptr<float>(row);
    for (int column = 0; column < tint.cols; ++column) {
      if (alpha[column] <= 0) continue;
      const auto x = static_cast<float>((column + .5 - texture.origin.x) / texture.px_per_unit);
      const float broad = sample_tile(cloud_tile(), u0 + .12f * x, v0 + .12f * y);
      const float fine = sample_tile(foam_tile(), u0 + .35f * x, v0 + .22f * y);
      float tone = tint.at<float>(row, column) + tip;
      if (speckle > 0) {
        tone += speckle * .5f *
                smooth_step(1.2, 1.8, sample_tile(foam_tile(), v0 + .9f * x, u0 + .9f * y));
      }
      cv::Vec3f color = genotype.skin * (low * std::exp(.07f * broad + fine_strength * fine));
      tone = std::clamp(tone, -.9f, .9f);
      color = tone > 0 ? color * (1 - tone) + cv::Vec3f(.42f, .44f, .46f) * tone
                       : color * (1 + .8f * tone);
      reflectance.at<cv::Vec3f>(row, column) = color;
    }
  }
  return reflectance;
}

}  // namespace

SkinShader::SkinShader(const Light& light, const cv::Vec3f& water, double wetness)
    : sun_(light.sun),
      sun_direction_(light.sun_direction),
      zenith_(light.zenith),
      horizon_(light.horizon),
      water_(water),
      wetness_(static_cast<float>(wetness)) {
  const cv::Vec3f sum = sun_direction_ + cv::Vec3f(0, 0, 1);
  half_vector_ = sum * (1 / static_cast<float>(std::max(1e-6, cv::norm(sum))));
}

cv::Vec3f SkinShader::shade(const cv::Vec3f& reflectance,
                            const cv::Vec3f& normal,
                            float gloss) const {
  const float up = .58f + .40f * normal[1];
  const float lit = std::max(0.f, normal.dot(sun_direction_));
  const cv::Vec3f sky = horizon_ * .35f + zenith_ * .65f;
  const cv::Vec3f ambient = sky * up + water_ * (1.5f * (1 - up));
  cv::Vec3f color = reflectance.mul(sun_ * lit + ambient);

  const float facing = std::clamp(normal[2], 0.f, 1.f);
  const float grazing = 1 - facing;
  const float square = grazing * grazing;
  const float fresnel = .025f + .5f * square * square * grazing;
  const float mirrored_up = 2 * facing * normal[1];
  const cv::Vec3f mirrored = mirrored_up > 0 ? horizon_ * (1 - mirrored_up) + zenith_ * mirrored_up
                                             : water_ * 2.f + horizon_ * (.25f * (1 + mirrored_up));
  const float sheen = wetness_ * std::max(0.f, 1 + .3f * gloss);
  color += mirrored * (fresnel * sheen);

  // The film of water on an upward face is never quite smooth: it glows with the sky.
  const float upward = std::max(0.f, normal[1]);
  color += sky * (.018f * upward * upward * sheen);

  const float along = std::max(0.f, normal.dot(half_vector_));
  if (along > .8f) {
    const float p4 = along * along * along * along;
    const float p16 = p4 * p4 * p4 * p4;
    const float p64 = p16 * p16 * p16 * p16;
    const float broad = p16 * p4 * .035f;
    const float sharp = p64 * p64 * p64 * p64 * .5f * std::max(0.f, gloss - .3f);
    color += sun_ * ((broad + sharp) * sheen);
  }
  return color;
}

cv::Mat draw_marks(const Genotype& genotype,
                   Side side,
                   double px_per_unit,
                   const cv::Point2d& origin,
                   cv::Size size) {
  const Plane plane{px_per_unit, origin};
  cv::Mat tint = cv::Mat::zeros(size, CV_32F);
  const auto index = static_cast<std::size_t>(side);
  for (const Blotch& blotch : genotype.blotches[index]) draw_blotch(blotch, plane, tint);
  for (const Scar& scar : genotype.scars[index]) draw_scar(scar, plane, tint);
  return tint;
}

FinTexture draw_fin_texture(const Genotype& genotype,
                            const EdgeCurve& edge,
                            Side side,
                            double px_per_unit) {
  double left = edge.points.front().x;
  double right = left;
  for (const cv::Point2d& point : edge.points) {
    left = std::min(left, point.x);
    right = std::max(right, point.x);
  }
  FinTexture texture;
  texture.px_per_unit = px_per_unit;
  texture.origin = {(kMargin - left) * px_per_unit, (1 + 2 * kMargin) * px_per_unit};
  const cv::Size size(static_cast<int>(std::ceil((right - left + 2 * kMargin) * px_per_unit)) + 1,
                      static_cast<int>(std::ceil((1 + 2 * kMargin - kBottom) * px_per_unit)));
  cv::Mat mask = fill(edge, texture, size);
  texture.thickness = lens(genotype, texture, mask);
  mask.convertTo(texture.alpha, CV_32F, 1 / 255.);
  texture.reflectance =
      paint(genotype, side, texture, draw_marks(genotype, side, px_per_unit, texture.origin, size));
  for (int row = 0; row < size.height; ++row) {
    const double y = (texture.origin.y - row - .5) / px_per_unit;
    if (y < .02) texture.alpha.row(row) *= smooth_step(-.12, .02, y);
  }
  return texture;
}

}  // namespace finview::synthetic
