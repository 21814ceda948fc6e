#pragma once

#include <array>

#include <opencv2/core/mat.hpp>

namespace finview::synthetic {

/// Periodic pictures of noise, made once and shared by all threads.
///
/// All have kTile x kTile pixels; the first call of each takes about 0.1 s.
inline constexpr int kTile = 512;

/// Clouds: CV_32F, fractal (amplitude falls as the wave number to the power 1.7), mean 0,
/// deviation 1.
const cv::Mat& cloud_tile();

/// Foam: CV_32F, like clouds but with more fine detail.
const cv::Mat& foam_tile();

/// Scratches: CV_32F, 0 = none .. 1; single ones and rakes of parallel ones.
const cv::Mat& scratch_tile();

/// Sensor noise: CV_32F, independent Gaussian, mean 0, deviation 1.
const cv::Mat& grain_tile();

/// Water waves of about one decade of wave numbers with sharpened crests.
///
/// Each level is CV_32FC3: slope across, slope away from the camera, height, for a tile of side 1;
/// slopes have a root mean square of 1. Level k is averaged over 2^k rows.
struct WaveTile {
  static constexpr int kNumLevels = 8;
  std::array<cv::Mat, kNumLevels> levels;
};

/// Wave trains across the view (0), oblique (1) and toward the camera (2).
inline constexpr int kNumWaveTiles = 3;
const WaveTile& wave_tile(int index);

/// Bilinear value of a one-channel tile at (u, v) in tile sides; repeats.
inline float sample_tile(const cv::Mat& tile, float u, float v) {
  const float x = u * kTile;
  const float y = v * kTile;
  const int x0 = static_cast<int>(x) - (x < 0);
  const int y0 = static_cast<int>(y) - (y < 0);
  const float fx = x - static_cast<float>(x0);
  const float fy = y - static_cast<float>(y0);
  constexpr int kMask = kTile - 1;
  const float* top = tile.ptr<float>(y0 & kMask);
  const float* bottom = tile.ptr<float>((y0 + 1) & kMask);
  const float a = top[x0 & kMask] * (1 - fx) + top[(x0 + 1) & kMask] * fx;
  const float b = bottom[x0 & kMask] * (1 - fx) + bottom[(x0 + 1) & kMask] * fx;
  return a + (b - a) * fy;
}

}  // namespace finview::synthetic
