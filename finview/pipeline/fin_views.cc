#include "finview/pipeline/fin_views.h"

#include "finview/embedding/embedder.h"
#include "finview/training/random_draw.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

/// The crop with its framing, viewpoint and rotation changed, about `longest_px` long.
cv::Mat change_viewpoint(const cv::Mat& bgr,
                         int longest_px,
                         const ViewOptions& options,
                         RandomDraw& random) {
  const double scale =
      std::min(1.0, longest_px / static_cast<double>(std::max(bgr.cols, bgr.rows)));
  cv::Mat small;
  cv::resize(bgr, small, {}, scale, scale, cv::INTER_AREA);
  const double width = small.cols;
  const double height = small.rows;
  const auto shift = [&](double amount) { return random.uniform(-amount, amount); };
  const double left = width * shift(options.framing);
  const double right = width * (1 + shift(options.framing));
  const double top = height * shift(options.framing);
  const double bottom = height * (1 + shift(options.framing));
  const double angle = shift(options.rotation_deg) * CV_PI / 180;
  const cv::Point2d middle((left + right) / 2, (top + bottom) / 2);
  std::array<cv::Point2f, 4> from;
  const std::array<cv::Point2d, 4> corners{
      {{left, top}, {right, top}, {right, bottom}, {left, bottom}}};
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const cv::Point2d arm = corners[i] - middle;
    const cv::Point2d turned(arm.x * std::cos(angle) - arm.y * std::sin(angle),
                             arm.x * std::sin(angle) + arm.y * std::cos(angle));
    from[i] = middle + turned +
              cv::Point2d(width * shift(options.perspective), height * shift(options.perspective));
  }
  const double squeeze = std::exp(random.uniform(-1, 0.5) * options.foreshortening);
  const cv::Size size(std::max(8, cvRound((right - left) * squeeze)),
                      std::max(8, cvRound(bottom - top)));
  const auto w = static_cast<float>(size.width);
  const auto h = static_cast<float>(size.height);
  const std::array<cv::Point2f, 4> to{{{0, 0}, {w, 0}, {w, h}, {0, h}}};
  cv::Mat view;
  cv::warpPerspective(small,
                      view,
                      cv::getPerspectiveTransform(from.data(), to.data()),
                      size,
                      cv::INTER_LINEAR,
                      cv::BORDER_REFLECT_101);
  return view;
}

/// Brightness, contrast, gamma, color cast and saturation.
void change_colors(cv::Mat& view, double strength, RandomDraw& random) {
  const double gamma = std::exp(random.uniform(-strength, strength));
  const double contrast = std::exp(random.uniform(-strength, strength));
  const double brightness = 128 * random.uniform(-strength, strength);
  cv::Mat table(1, 256, CV_8UC3);
  for (int c = 0; c < 3; ++c) {
    const double gain = std::exp(0.5 * random.uniform(-strength, strength));
    for (int v = 0; v < 256; ++v) {
      const double bent = 255 * std::pow(v / 255.0, gamma) * gain;
      table.at<cv::Vec3b>(0, v)[c] =
          cv::saturate_cast<std::uint8_t>((bent - 128) * contrast + 128 + brightness);
    }
  }
  cv::LUT(view, table, view);
  cv::Mat gray;
  cv::cvtColor(view, gray, cv::COLOR_BGR2GRAY);
  cv::cvtColor(gray, gray, cv::COLOR_GRAY2BGR);
  const double saturation = random.uniform(1 - 3 * std::min(strength, 1.0 / 3), 1 + strength);
  cv::addWeighted(view, saturation, gray, 1 - saturation, 0, view);
}

/// Hides the foot of the fin behind a wavy water line.
void add_water(cv::Mat& view, RandomDraw& random) {
  const double level = view.rows * (1 - random.uniform(0.03, 0.18));
  const double waves = random.uniform(0.5, 3) * 2 * CV_PI / view.cols;
  const double height = view.rows * random.uniform(0, 0.03);
  const double phase = random.uniform(0, 2 * CV_PI);
  const cv::Scalar color = cv::mean(view(cv::Rect(0, 0, std::max(1, view.cols / 6), view.rows)));
  for (int x = 0; x < view.cols; ++x) {
    const int line = static_cast<int>(level + height * std::sin(waves * x + phase));
    for (int y = std::max(0, line); y < view.rows; ++y) {
      const double glint = random.uniform(-14, 14);
      for (int c = 0; c < 3; ++c) {
        view.at<cv::Vec3b>(y, x)[c] = cv::saturate_cast<std::uint8_t>(color[c] + glint);
      }
    }
  }
}

/// Blur, a small original, sensor noise, compression.
void degrade(cv::Mat& view, double chance, RandomDraw& random) {
  if (random.chance(chance)) cv::GaussianBlur(view, view, {}, random.uniform(0.3, 1.8));
  if (random.chance(chance)) {
    const cv::Size size = view.size();
    const double scale = random.log_uniform(0.3, 1);
    cv::resize(view, view, {}, scale, scale, cv::INTER_AREA);
    cv::resize(view, view, size, 0, 0, cv::INTER_LINEAR);
  }
  if (random.chance(chance)) {
    cv::Mat noise(view.size(), CV_16SC3);
    cv::RNG(random.bits()).fill(noise, cv::RNG::NORMAL, 0, random.uniform(1, 9));
    cv::add(view, noise, view, cv::noArray(), CV_8UC3);
  }
  if (random.chance(chance)) {
    std::vector<std::uint8_t> bytes;
    cv::imencode(".jpg", view, bytes, {cv::IMWRITE_JPEG_QUALITY, cvRound(random.uniform(25, 90))});
    view = cv::imdecode(bytes, cv::IMREAD_COLOR);
  }
}

/// A smooth random field of standard deviation near `deviation`, `num_cells` bumps along each side.
cv::Mat smooth_field(cv::Size size, int num_cells, double deviation, RandomDraw& random) {
  cv::Mat cells(num_cells, num_cells, CV_32F);
  cv::RNG(random.bits()).fill(cells, cv::RNG::NORMAL, 0, deviation);
  cv::Mat field;
  cv::resize(cells, field, size, 0, 0, cv::INTER_CUBIC);
  return field;
}

}  // namespace

void change_photo(cv::Mat& bgr, const ViewOptions& options, std::uint64_t seed) {
  RandomDraw random(seed);
  change_colors(bgr, options.color, random);
  degrade(bgr, options.degradation, random);
}

Crop invented_fin(const Crop& crop, std::uint64_t seed) {
  struct Octave {
    int num_cells;
    double deviation;  // share of the height
  };
  constexpr std::array<Octave, 4> kOctaves{{{4, 0.01}, {9, 0.014}, {18, 0.012}, {32, 0.006}}};
  constexpr double kVertical = 0.6;
  RandomDraw random(seed);
  cv::Mat picture = crop.bgr;
  const double scale = 320.0 / std::max(picture.cols, picture.rows);
  if (scale < 1) cv::resize(picture, picture, {}, scale, scale, cv::INTER_AREA);
  cv::Mat from_x = cv::Mat::zeros(picture.size(), CV_32F);
  cv::Mat from_y = from_x.clone();
  for (const Octave& octave : kOctaves) {
    const double deviation = octave.deviation * picture.rows;
    from_x += smooth_field(picture.size(), octave.num_cells, deviation, random);
    from_y += smooth_field(picture.size(), octave.num_cells, kVertical * deviation, random);
  }
  for (int y = 0; y < picture.rows; ++y) {
    for (int x = 0; x < picture.cols; ++x) {
      from_x.at<float>(y, x) += static_cast<float>(x);
      from_y.at<float>(y, x) += static_cast<float>(y);
    }
  }
  Crop invented;
  cv::remap(picture, invented.bgr, from_x, from_y, cv::INTER_LINEAR, cv::BORDER_REFLECT_101);
  return invented;
}

cv::Mat random_view(const Crop& crop,
                    int input_px,
                    const ViewOptions& options,
                    std::uint64_t seed) {
  RandomDraw random(seed);
  cv::Mat view = change_viewpoint(crop.bgr, input_px, options, random);
  if (random.chance(options.water)) add_water(view, random);
  change_colors(view, options.color, random);
  degrade(view, options.degradation, random);
  if (random.chance(options.mirror)) cv::flip(view, view, 1);
  return embedder_input({view, {}, 0, 0, 1}, input_px);
}

}  // namespace finview
