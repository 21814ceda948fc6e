#include "finview/synthetic/camera.h"

#include "finview/base/error.h"
#include "finview/synthetic/noise.h"
#include "finview/synthetic/random.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::synthetic {
namespace {

constexpr double kMidGray = .235;
constexpr int kCurve = 4096;
constexpr float kCurveEnd = 2.f;  ///< radiance at the end of the table

/// sRGB-like transfer with a contrast S-curve and a soft shoulder, 0..255.
std::array<float, kCurve> transfer_curve(double contrast) {
  std::array<float, kCurve> curve;
  for (int i = 0; i < kCurve; ++i) {
    const double linear = kCurveEnd * i / (kCurve - 1);
    const double shoulder = linear < .6 ? linear : .6 + .42 * (1 - std::exp(-(linear - .6) / .42));
    // Contrast as a power of the odds: steep in the middle, neither end is cut off.
    const double value = std::clamp(std::pow(shoulder, 1 / 2.2), 0., .9999);
    const double pivot = std::pow(kMidGray, 1 / 2.2);
    const double odds = std::pow(value / (1 - value) * (1 - pivot) / pivot, contrast);
    const double lifted = odds * pivot / (1 - pivot);
    curve[static_cast<std::size_t>(i)] = static_cast<float>(255 * lifted / (1 + lifted));
  }
  return curve;
}

cv::Mat motion_kernel(double length_px, double angle_rad) {
  const int size = 2 * static_cast<int>(std::ceil(length_px / 2)) + 1;
  cv::Mat kernel = cv::Mat::zeros(size, size, CV_32F);
  const double middle = (size - 1) / 2.;
  const cv::Point2d half(std::cos(angle_rad) * length_px / 2, std::sin(angle_rad) * length_px / 2);
  const int num_steps = 4 * size;
  for (int i = 0; i <= num_steps; ++i) {
    const double t = 2. * i / num_steps - 1;
    kernel.at<float>(static_cast<int>(std::lround(middle + half.y * t)),
                     static_cast<int>(std::lround(middle + half.x * t))) += 1;
  }
  return kernel / cv::sum(kernel)[0];
}

/// Gaussian blur; a wide one is made on a quarter of the pixels, where it looks the same.
cv::Mat gaussian(const cv::Mat& radiance, double sigma) {
  const int width = 2 * static_cast<int>(std::ceil(2.5 * sigma)) + 1;
  cv::Mat result;
  if (sigma < 1.7) {
    cv::GaussianBlur(radiance, result, {width, width}, sigma);
    return result;
  }
  cv::resize(radiance, result, {}, .5, .5, cv::INTER_AREA);
  // Halving and doubling blur a little, too.
  const double rest = std::sqrt(sigma * sigma - .6) / 2;
  cv::GaussianBlur(result, result, {width / 2 | 1, width / 2 | 1}, rest);
  cv::resize(result, result, radiance.size(), 0, 0, cv::INTER_LINEAR);
  return result;
}

cv::Mat blurred(const cv::Mat& radiance, const Camera& camera) {
  cv::Mat result = radiance;
  if (camera.blur_px > .3) result = gaussian(result, camera.blur_px);
  if (camera.motion_px > 1) {
    cv::Mat moved;
    cv::filter2D(result, moved, -1, motion_kernel(camera.motion_px, camera.motion_rad));
    result = moved;
  }
  return result;
}

/// Factor that brings the picture's mean to mid-gray, then by the chosen stops.
double exposure(const cv::Mat& radiance, double stops) {
  cv::Mat small;
  cv::resize(radiance, small, {160, 106}, 0, 0, cv::INTER_NEAREST);
  cv::min(small, cv::Scalar::all(1.2), small);
  const cv::Scalar mean = cv::mean(small);
  return kMidGray / std::max(1e-4, (mean[0] + mean[1] + mean[2]) / 3) * std::exp2(stops);
}

}  // namespace

void defocus_background(const Camera& camera, double focus_m, cv::Mat& radiance) {
  if (camera.defocus_px <= 0) return;
  // Blurred by half of the most, and by the most there is; rows take from what is next to them.
  const double most = std::min(2 * camera.defocus_px, .012 * camera.size.width);
  std::array<cv::Mat, 2> blurred;
  for (int i : {1, 2}) {
    const double sigma = most * i / 2;
    const double scale = std::min(.5, 1.2 / sigma);
    cv::Mat& picture = blurred[static_cast<std::size_t>(i) - 1];
    cv::resize(radiance, picture, {}, scale, scale, cv::INTER_AREA);
    cv::GaussianBlur(picture, picture, {}, sigma * scale);
    cv::resize(picture, picture, radiance.size(), 0, 0, cv::INTER_LINEAR);
  }
  for (int y = 0; y < radiance.rows; ++y) {
    // A row's distance is focal length x height / rows below the horizon.
    const double nearness =
        std::max(0., y - camera.horizon_px) * focus_m / (camera.height_m * camera.focal_px);
    const double place =
        std::clamp(2 * camera.defocus_px * std::abs(1 - nearness) / most * 2, 0., 1.999);
    const auto level = static_cast<std::size_t>(place);
    const double rest = place - static_cast<double>(level);
    cv::Mat row = radiance.row(y);
    const cv::Mat sharper = level == 0 ? row : blurred[0].row(y);
    cv::addWeighted(sharper, 1 - rest, blurred[level].row(y), rest, 0, row);
  }
}

cv::Mat develop(const cv::Mat& radiance, const Camera& camera, std::uint64_t seed) {
  const cv::Mat light = blurred(radiance, camera);
  const auto gain = static_cast<float>(exposure(light, camera.exposure_stops));
  const cv::Vec3f gains = camera.white_balance * (gain * (kCurve - 1) / kCurveEnd);
  const std::array<float, kCurve> curve = transfer_curve(camera.contrast);
  const cv::Mat& grain = grain_tile();
  Random random(derive_seed(seed, {0x9a1}));
  const auto saturation = static_cast<float>(camera.saturation);
  const auto noise = static_cast<float>(camera.noise * 255);
  cv::Mat photo(light.size(), CV_8UC3);
  for (int y = 0; y < light.rows; ++y) {
    const auto* in = light.ptr<cv::Vec3f>(y);
    auto* out = photo.ptr<cv::Vec3b>(y);
    const auto* grain_row = grain.ptr<float>(random.below(kTile));
    const int shift = random.below(kTile);
    for (int x = 0; x < light.cols; ++x) {
      std::array<float, 3> value;
      for (int c = 0; c < 3; ++c) {
        const float index = std::min(in[x][c] * gains[c], kCurve - 1.f);
        value[static_cast<std::size_t>(c)] = curve[static_cast<std::size_t>(std::max(0.f, index))];
      }
      const float gray = .25f * value[0] + .5f * value[1] + .25f * value[2];
      const float common = noise * grain_row[(x + shift) & (kTile - 1)] + .5f;
      const float color = .5f * noise * grain_row[(x + shift + 97) & (kTile - 1)];
      for (int c = 0; c < 3; ++c) {
        const float tinted = gray + (value[static_cast<std::size_t>(c)] - gray) * saturation +
                             common +
                             (c == 1   ? 0
                              : c == 0 ? color
                                       : -color);
        out[x][c] = static_cast<std::uint8_t>(std::clamp(tinted, 0.f, 255.f));
      }
    }
  }
  return photo;
}

std::vector<std::uint8_t> encode_jpeg(const cv::Mat& bgr, int quality) {
  std::vector<std::uint8_t> bytes;
  if (!cv::imencode(".jpg", bgr, bytes, {cv::IMWRITE_JPEG_QUALITY, quality})) {
    throw Error(ErrorKind::kUnavailable, "A rendered photo could not be encoded as JPEG.");
  }
  return bytes;
}

}  // namespace finview::synthetic
