#include "finview/synthetic/noise.h"

#include "finview/synthetic/random.h"

#include <complex>
#include <functional>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::synthetic {
namespace {

using Complex = std::complex<float>;

int signed_wave_number(int index) { return index < kTile / 2 ? index : index - kTile; }

/// A spectrum of random phases; `amplitude` is asked for each pair of wave numbers.
cv::Mat random_spectrum(std::uint64_t seed, const std::function<double(int, int)>& amplitude) {
  Random random(derive_seed(0x7115, {seed}));
  cv::Mat spectrum(kTile, kTile, CV_32FC2);
  for (int v = 0; v < kTile; ++v) {
    auto* row = spectrum.ptr<Complex>(v);
    for (int u = 0; u < kTile; ++u) {
      const double size = amplitude(signed_wave_number(u), signed_wave_number(v));
      const double phase = random.uniform(0, 2 * M_PI);
      const double strength = std::sqrt(-std::log(1 - random.unit()));
      row[u] = std::polar(static_cast<float>(size * strength), static_cast<float>(phase));
    }
  }
  return spectrum;
}

/// The real part of the inverse transform.
cv::Mat field(const cv::Mat& spectrum) {
  cv::Mat complex_field;
  cv::dft(spectrum, complex_field, cv::DFT_INVERSE | cv::DFT_COMPLEX_OUTPUT);
  cv::Mat real;
  cv::extractChannel(complex_field, real, 0);
  return real;
}

cv::Mat normalized(const cv::Mat& picture) {
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(picture, mean, deviation);
  cv::Mat result;
  picture.convertTo(result, CV_32F, 1 / deviation[0], -mean[0] / deviation[0]);
  return result;
}

cv::Mat fractal(std::uint64_t seed, double power, int lowest) {
  return normalized(field(random_spectrum(seed, [&](int u, int v) {
    const double k = std::hypot(u, v);
    return k < lowest ? 0. : std::pow(k, -power);
  })));
}

/// Multiplies each coefficient by i k / |k|^`order`, for k along x or y.
cv::Mat derivative(const cv::Mat& spectrum, bool along_x, int order) {
  cv::Mat result = spectrum.clone();
  for (int v = 0; v < kTile; ++v) {
    auto* row = result.ptr<Complex>(v);
    for (int u = 0; u < kTile; ++u) {
      const double kx = signed_wave_number(u);
      const double ky = signed_wave_number(v);
      const double length = std::max(1e-9, std::hypot(kx, ky));
      const double factor = (along_x ? kx : ky) / (order == 1 ? length : 1.);
      row[u] *= Complex(0, static_cast<float>(factor));
    }
  }
  return result;
}

cv::Mat wave_spectrum(int index) {
  static constexpr std::array<double, kNumWaveTiles> kDirections = {.25, .9, 1.45};
  const double direction = kDirections[static_cast<std::size_t>(index)];
  return random_spectrum(100 + static_cast<std::uint64_t>(index), [&](int u, int v) {
    const double k = std::hypot(u, v);
    if (k < 3 || k > 90) return 0.;
    const double along = (u * std::cos(direction) + v * std::sin(direction)) / k;
    const double rolloff = std::exp(-std::pow(k / 60, 4));
    return (along > 0 ? .35 + along * along : .2) * std::pow(k, -2.15) * rolloff;
  });
}

/// Heights with crests sharpened by moving the surface toward them (Tessendorf 2001, section 4.6).
cv::Mat choppy_heights(const cv::Mat& spectrum) {
  const cv::Mat height = field(spectrum);
  const cv::Mat shift_x = field(derivative(spectrum, true, 1));
  const cv::Mat shift_y = field(derivative(spectrum, false, 1));
  const cv::Mat slope_x = field(derivative(spectrum, true, 2));
  cv::Scalar mean;
  cv::Scalar deviation;
  cv::meanStdDev(slope_x, mean, deviation);
  const auto strength = static_cast<float>(.35 / deviation[0]);
  cv::Mat result(kTile, kTile, CV_32F);
  for (int y = 0; y < kTile; ++y) {
    for (int x = 0; x < kTile; ++x) {
      const float u = static_cast<float>(x) + strength * shift_x.at<float>(y, x);
      const float v = static_cast<float>(y) + strength * shift_y.at<float>(y, x);
      result.at<float>(y, x) = sample_tile(height, u / kTile, v / kTile);
    }
  }
  return result;
}

cv::Mat with_slopes(const cv::Mat& height) {
  cv::Mat result(kTile, kTile, CV_32FC3);
  constexpr int kMask = kTile - 1;
  double sum = 0;
  for (int y = 0; y < kTile; ++y) {
    for (int x = 0; x < kTile; ++x) {
      const float sx =
          (height.at<float>(y, (x + 1) & kMask) - height.at<float>(y, (x - 1) & kMask)) *
          (.5f * kTile);
      const float sy =
          (height.at<float>((y + 1) & kMask, x) - height.at<float>((y - 1) & kMask, x)) *
          (.5f * kTile);
      sum += .5 * (sx * sx + sy * sy);
      result.at<cv::Vec3f>(y, x) = {sx, sy, height.at<float>(y, x)};
    }
  }
  return result * (1 / std::sqrt(sum / (kTile * kTile)));
}

WaveTile make_wave_tile(int index) {
  WaveTile tile;
  tile.levels[0] = with_slopes(choppy_heights(wave_spectrum(index)));
  for (int level = 1; level < WaveTile::kNumLevels; ++level) {
    const int rows = 1 << level;
    const int columns = std::max(1, rows / 8);
    cv::Mat wide;
    cv::copyMakeBorder(tile.levels[0], wide, rows, rows, columns, columns, cv::BORDER_WRAP);
    cv::blur(wide, wide, {columns, rows});
    tile.levels[static_cast<std::size_t>(level)] =
        wide(cv::Rect(columns, rows, kTile, kTile)).clone();
  }
  return tile;
}

}  // namespace

const cv::Mat& cloud_tile() {
  static const cv::Mat tile = fractal(1, 1.7, 2);
  return tile;
}

const cv::Mat& foam_tile() {
  static const cv::Mat tile = fractal(2, 1.25, 4);
  return tile;
}

namespace {

/// Draws a line, in sixteenths of a pixel, in every neighbor of the tile that it reaches into.
void draw_periodic(const std::vector<cv::Point>& line, int strength, cv::Mat& tile) {
  for (const int dx : {-kTile, 0, kTile}) {
    for (const int dy : {-kTile, 0, kTile}) {
      std::vector<cv::Point> moved = line;
      for (cv::Point& point : moved) point += cv::Point(16 * dx, 16 * dy);
      const std::vector<std::vector<cv::Point>> lines = {moved};
      cv::polylines(tile, lines, false, cv::Scalar(strength), 1, cv::LINE_AA, 4);
    }
  }
}

}  // namespace

const cv::Mat& scratch_tile() {
  static const cv::Mat tile = [] {
    Random random(0x5c7a);
    cv::Mat lines = cv::Mat::zeros(kTile, kTile, CV_8U);
    for (int i = 0; i < 90; ++i) {
      const double angle = random.uniform(0, M_PI);
      const double length = random.log_uniform(12, 130);
      const double bend = random.normal(0, .5);
      const cv::Point2d step(-std::sin(angle) * 4.5, std::cos(angle) * 4.5);
      cv::Point2d start(random.uniform(0, kTile), random.uniform(0, kTile));
      const int strength = 50 + random.below(206);
      for (int k = random.chance(.3) ? 3 + random.below(4) : 1; k > 0; --k, start += step) {
        const double reach = length * random.uniform(.6, 1.1);
        std::vector<cv::Point> line;
        cv::Point2d place = start + cv::Point2d(random.normal(0, 3), random.normal(0, 1));
        for (int i = 0; i <= 6; ++i) {
          line.emplace_back(cvRound(16 * place.x), cvRound(16 * place.y));
          const double here = angle + bend * (i / 6. - .5) + random.normal(0, .03);
          place += cv::Point2d(std::cos(here), std::sin(here)) * (reach / 6);
        }
        draw_periodic(line, strength, lines);
      }
    }
    cv::Mat tile_of_scratches;
    lines.convertTo(tile_of_scratches, CV_32F, 1 / 255.);
    return tile_of_scratches;
  }();
  return tile;
}

const cv::Mat& grain_tile() {
  static const cv::Mat tile = [] {
    Random random(0x9a17);
    cv::Mat grain(kTile, kTile, CV_32F);
    for (int y = 0; y < kTile; ++y) {
      for (int x = 0; x < kTile; ++x) grain.at<float>(y, x) = static_cast<float>(random.normal());
    }
    return grain;
  }();
  return tile;
}

const WaveTile& wave_tile(int index) {
  static const std::array<WaveTile, kNumWaveTiles> tiles = {
      make_wave_tile(0), make_wave_tile(1), make_wave_tile(2)};
  return tiles[static_cast<std::size_t>(index)];
}

}  // namespace finview::synthetic
