#include "finview/synthetic/invented_fin.h"

#include "finview/synthetic/edge_recut.h"
#include "finview/synthetic/noise.h"
#include "finview/synthetic/random.h"
#include "finview/synthetic/skin.h"

#include <algorithm>
#include <cmath>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::synthetic {
namespace {

constexpr int kLongestPx = 640;

FinPicture shrunk(const FinPicture& picture) {
  const double scale =
      std::min(1., static_cast<double>(kLongestPx) / std::max(picture.bgr.cols, picture.bgr.rows));
  FinPicture result = picture;
  if (scale == 1) return result;
  cv::resize(picture.bgr, result.bgr, {}, scale, scale, cv::INTER_AREA);
  cv::resize(picture.mask, result.mask, result.bgr.size(), 0, 0, cv::INTER_AREA);
  result.mask = result.mask >= 128;
  for (cv::Point2f& point : result.trailing_edge) point *= scale;
  return result;
}

/// Two smooth fields of offsets: an affine change of shape and gentle bends.
cv::Mat shape_offsets(Random& random, const cv::Rect& fin, cv::Size size) {
  const double shear = random.normal(0, .10);
  const double wider = random.normal(0, .07);
  const double bend = random.normal(0, .05);
  const auto u0 = static_cast<float>(random.unit());
  const auto v0 = static_cast<float>(random.unit());
  const auto amount = static_cast<float>(.010 * fin.height);
  cv::Mat offsets(size, CV_32FC2);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      const double up = static_cast<double>(fin.br().y - y) / fin.height;
      const double across = (x - fin.x - .5 * fin.width) / fin.height;
      const double dx = (shear * up + wider * across + bend * up * up) * fin.height;
      const float u = u0 + .045f * static_cast<float>(across);
      const float v = v0 + .045f * static_cast<float>(up);
      offsets.at<cv::Vec2f>(y, x) = {
          static_cast<float>(dx) + amount * sample_tile(cloud_tile(), u, v),
          amount * sample_tile(cloud_tile(), v + .37f, u)};
    }
  }
  return offsets;
}

/// Moves pixels by `offsets` (from the new place to the old one) and points the other way.
FinPicture moved(const FinPicture& picture, const cv::Mat& offsets) {
  cv::Mat map(offsets.size(), CV_32FC2);
  for (int y = 0; y < map.rows; ++y) {
    for (int x = 0; x < map.cols; ++x) {
      map.at<cv::Vec2f>(y, x) =
          offsets.at<cv::Vec2f>(y, x) + cv::Vec2f(static_cast<float>(x), static_cast<float>(y));
    }
  }
  FinPicture result;
  cv::remap(picture.bgr, result.bgr, map, {}, cv::INTER_CUBIC, cv::BORDER_REFLECT);
  cv::remap(picture.mask, result.mask, map, {}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
  result.mask = result.mask >= 128;
  for (const cv::Point2f& from : picture.trailing_edge) {
    cv::Point2f to = from;
    for (int i = 0; i < 4; ++i) {
      const int x = std::clamp(cvFloor(to.x), 0, offsets.cols - 1);
      const int y = std::clamp(cvFloor(to.y), 0, offsets.rows - 1);
      const auto& offset = offsets.at<cv::Vec2f>(y, x);
      to = from - cv::Point2f(offset[0], offset[1]);
    }
    result.trailing_edge.push_back(to);
  }
  return result;
}

/// Means over the mask alone, so that the background does not bleed into the skin.
cv::Mat blurred_skin(const cv::Mat& skin, const cv::Mat& inside, double sigma) {
  cv::Mat weights;
  cv::GaussianBlur(inside, weights, {}, sigma);
  std::vector<cv::Mat> planes;
  cv::split(skin, planes);
  for (cv::Mat& plane : planes) {
    plane = plane.mul(inside);
    cv::GaussianBlur(plane, plane, {}, sigma);
    cv::divide(plane, weights + 1e-4f, plane);
  }
  cv::Mat result;
  cv::merge(planes, result);
  return result;
}

/// The genotype's scars and patches where they lie on this fin, lighter (+) or darker.
cv::Mat marks(const FinPicture& picture, const Genotype& genotype) {
  const cv::Point2f tip = picture.trailing_edge.front();
  const cv::Point2f foot = picture.trailing_edge.back();
  const cv::Rect box = cv::boundingRect(picture.mask);
  const bool head_right = foot.x < box.x + .5f * static_cast<float>(box.width);
  const double unit_px = std::max(8.f, foot.y - tip.y);
  cv::Point2d origin = foot;
  if (!head_right) origin.x = picture.bgr.cols - origin.x;
  cv::Mat tint = draw_marks(
      genotype, head_right ? Side::kRight : Side::kLeft, unit_px, origin, picture.bgr.size());
  if (!head_right) cv::flip(tint, tint, 1);
  return tint;
}

/// Fainter old marks, new ones on top.
void repaint(Random& random, const Genotype& genotype, FinPicture& picture) {
  const cv::Rect box = cv::boundingRect(picture.mask);
  cv::Mat inside;
  picture.mask.convertTo(inside, CV_32F, 1 / 255.);
  cv::Mat skin;
  picture.bgr.convertTo(skin, CV_32FC3);
  const cv::Mat broad = blurred_skin(skin, inside, .035 * box.height);
  const cv::Mat tint = marks(picture, genotype);
  cv::GaussianBlur(inside, inside, {}, .006 * box.height + .5);
  const auto kept = static_cast<float>(random.uniform(.3, .9));
  const auto mottle = static_cast<float>(random.uniform(.02, .11));
  const auto strength = static_cast<float>(random.uniform(.5, 1.1));
  const auto u0 = static_cast<float>(random.unit());
  const auto v0 = static_cast<float>(random.unit());
  const float frequency = .3f / static_cast<float>(box.height);
  for (int y = 0; y < skin.rows; ++y) {
    for (int x = 0; x < skin.cols; ++x) {
      const float amount = inside.at<float>(y, x);
      if (amount <= 0) continue;
      const auto& old = skin.at<cv::Vec3f>(y, x);
      const auto& base = broad.at<cv::Vec3f>(y, x);
      const float noise = sample_tile(cloud_tile(),
                                      u0 + frequency * static_cast<float>(x),
                                      v0 + frequency * static_cast<float>(y));
      // Where the blurred skin is not known (at the rim) the old one stays.
      cv::Vec3f color = (base + (old - base) * kept) * std::exp(mottle * noise);
      const float tone = std::clamp(strength * tint.at<float>(y, x), -.7f, .8f);
      color = tone > 0 ? color * (1 - tone) + (color * .6f + cv::Vec3f(110, 112, 114)) * tone
                       : color * (1 + .8f * tone);
      color = old * (1 - amount) + color * amount;
      for (int c = 0; c < 3; ++c) {
        picture.bgr.at<cv::Vec3b>(y, x)[c] = cv::saturate_cast<std::uint8_t>(color[c]);
      }
    }
  }
}

}  // namespace

FinPicture invent_fin(const FinPicture& parent, Species species, std::uint64_t seed) {
  check_fin_picture(parent);
  constexpr std::size_t kNumDepths = 1024;
  Random random(derive_seed(seed, {0x1f1e}));
  const Genotype genotype = make_genotype(species, derive_seed(seed, {0x6e0e}));
  const FinPicture small = shrunk(parent);
  FinPicture fin = recut_edge(small, trailing_depths(genotype, kNumDepths));
  repaint(random, genotype, fin);
  return moved(fin, shape_offsets(random, cv::boundingRect(fin.mask), fin.bgr.size()));
}

}  // namespace finview::synthetic
