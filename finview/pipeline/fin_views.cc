#include "finview/pipeline/fin_views.h"

#include "finview/training/random_draw.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

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

}  // namespace

void change_photo(cv::Mat& bgr, const ViewOptions& options, std::uint64_t seed) {
  RandomDraw random(seed);
  change_colors(bgr, options.color, random);
  degrade(bgr, options.degradation, random);
}

}  // namespace finview
