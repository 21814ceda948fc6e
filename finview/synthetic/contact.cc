#include "finview/synthetic/contact.h"

#include "finview/synthetic/noise.h"
#include "finview/synthetic/random.h"

#include <algorithm>
#include <cmath>

#include <opencv2/core.hpp>

namespace finview::synthetic {
namespace {

/// Columns in which the animal breaks the surface.
struct Breach {
  int first = 0;
  int last = -1;
  bool empty() const { return last < first; }
};

class WaterContact {
 public:
  WaterContact(const AnimalLayer& animal,
               const WaterLine& line,
               const Contact& contact,
               const Light& light,
               cv::Mat& radiance)
      : animal_(animal),
        line_(line),
        contact_(contact),
        foam_color_(light.sun * .5f + light.zenith * .5f + light.horizon * .1f),
        radiance_(radiance),
        seen_(cv::Mat::zeros(animal.area.size(), CV_32F)) {
    Random random(derive_seed(contact.seed, {0xc07ac7}));
    u0_ = static_cast<float>(random.unit());
    v0_ = static_cast<float>(random.unit());
  }

  SeenAnimal put() {
    if (animal_.area.empty()) return {seen_, seen_};
    mirror();
    blend();
    const cv::Mat standing = seen_.clone();
    breach_ = find_breach();
    if (!breach_.empty()) foam();
    spray();
    return {standing, seen_};
  }

 private:
  float cover(int x) const { return line_.cover_px[static_cast<std::size_t>(x)]; }

  /// First row of the photo in which a column of the layer holds something.
  int top_row(int column) const {
    int row = 0;
    while (row < animal_.area.height && animal_.alpha.at<float>(row, column) <= 0) ++row;
    return animal_.area.y + row;
  }

  /// The reflection below the water line, broken by ripples.
  void mirror() {
    const cv::Rect area = animal_.area;
    const auto unit = static_cast<float>(contact_.unit_px);
    const float detail = std::min(1.f, unit / 300);
    for (int x = area.x; x < area.br().x; ++x) {
      const float line = cover(x);
      const int first = std::max(0, static_cast<int>(line));
      const float height = std::min(1.4f * unit, line - static_cast<float>(top_row(x - area.x)));
      const int last = std::min(radiance_.rows, first + static_cast<int>(height));
      for (int y = first; y < last; ++y) {
        const float depth = (static_cast<float>(y) - line) / unit;
        const float ripple = sample_tile(
            foam_tile(), u0_ + .05f * static_cast<float>(x) / unit, v0_ + 1.2f * detail * depth);
        const int from_x = x - area.x + static_cast<int>(.09f * unit * ripple * (.25f + depth));
        const int from_y = static_cast<int>(line - depth * unit * (1.15f + .12f * ripple)) - area.y;
        if (from_x < 0 || from_x >= area.width || from_y < 0 || from_y >= area.height) continue;
        const float broken = std::clamp(.8f + .45f * ripple - .55f * depth, 0.f, 1.f);
        const float amount =
            animal_.alpha.at<float>(from_y, from_x) * broken * static_cast<float>(contact_.mirror);
        if (amount <= 0) continue;
        auto& pixel = radiance_.at<cv::Vec3f>(y, x);
        pixel = pixel * (1 - amount) +
                (animal_.radiance.at<cv::Vec3f>(from_y, from_x) * .8f + pixel * .12f) * amount;
      }
    }
  }

  void blend() {
    const cv::Rect area = animal_.area;
    for (int row = 0; row < area.height; ++row) {
      auto* out = radiance_.ptr<cv::Vec3f>(area.y + row) + area.x;
      const auto* color = animal_.radiance.ptr<cv::Vec3f>(row);
      const auto* alpha = animal_.alpha.ptr<float>(row);
      const auto* sink = animal_.sink.ptr<float>(row);
      auto* seen = seen_.ptr<float>(row);
      for (int x = 0; x < area.width; ++x) {
        if (alpha[x] <= 0) continue;
        const float above = cover(area.x + x) + sink[x] - static_cast<float>(area.y + row) - .5f;
        const float shown = std::clamp(.5f + .6f * above, 0.f, 1.f);
        seen[x] = alpha[x] * shown;
        // A little of the body shows through the surface.
        const float depth = std::max(0.f, -above / static_cast<float>(contact_.unit_px));
        const float amount = shown + (1 - shown) * .35f * std::exp(-depth / .09f);
        out[x] = out[x] * (1 - alpha[x] * amount) + color[x] * amount;
      }
    }
  }

  /// Where the water line crosses the animal, in each column of the photo.
  Breach find_breach() {
    foot_ = line_.cover_px;
    Breach breach{radiance_.cols, -1};
    for (int x = animal_.area.x; x < animal_.area.br().x; ++x) {
      for (int row = animal_.area.height - 1; row >= 0; --row) {
        if (seen_.at<float>(row, x - animal_.area.x) < .5f) continue;
        const float line = cover(x) + animal_.sink.at<float>(row, x - animal_.area.x);
        if (line > static_cast<float>(animal_.area.y + row + 4)) break;  // in the air
        foot_[static_cast<std::size_t>(x)] = line;
        breach.first = std::min(breach.first, x);
        breach.last = std::max(breach.last, x);
        break;
      }
    }
    extend_foot(breach);
    return breach;
  }

  /// Beyond the animal its line runs out into the water's own.
  void extend_foot(const Breach& breach) {
    if (breach.empty()) return;
    const float first = foot_[static_cast<std::size_t>(breach.first)] - cover(breach.first);
    const float last = foot_[static_cast<std::size_t>(breach.last)] - cover(breach.last);
    const auto unit = static_cast<float>(contact_.unit_px);
    for (int x = 0; x < radiance_.cols; ++x) {
      const auto at = static_cast<std::size_t>(x);
      if (x < breach.first) {
        foot_[at] += first * std::exp(static_cast<float>(x - breach.first) / unit);
      } else if (x > breach.last) {
        foot_[at] += last * std::exp(static_cast<float>(breach.last - x) / unit);
      }
    }
  }

  /// Strength of the white water in a column, and how high it stands, in units.
  float foam_strength(int x, float& rise) const {
    const auto unit = static_cast<float>(contact_.unit_px);
    const float from_first = (static_cast<float>(x) - static_cast<float>(breach_.first)) / unit;
    const float from_last = (static_cast<float>(breach_.last) - static_cast<float>(x)) / unit;
    const float front = contact_.head_right ? from_last : from_first;
    const float rear = contact_.head_right ? from_first : from_last;
    const auto wake = static_cast<float>(contact_.wake);
    const float bow = wake * std::exp(-(front - .1f) * (front - .1f) / .10f);
    const float tail =
        rear < 0 ? wake * std::exp(rear / 1.1f) : wake * std::exp(-rear * rear / .2f);
    const bool inside = front > 0 && rear > 0;
    rise = .035f + .16f * bow + .05f * tail;
    return std::max({inside ? static_cast<float>(contact_.foam) : 0.f, bow, .8f * tail});
  }

  void foam() {
    const auto unit = static_cast<float>(contact_.unit_px);
    const int margin = static_cast<int>(2.2 * unit);
    const float detail = std::min(1.f, unit / 340);  // no finer than a pixel
    const int first = std::max(0, breach_.first - margin);
    const int last = std::min(radiance_.cols - 1, breach_.last + margin);
    for (int x = first; x <= last; ++x) {
      float rise = 0;
      const float strength = foam_strength(x, rise);
      if (strength < .05f) continue;
      const float line = foot_[static_cast<std::size_t>(x)];
      const int top = std::max(0, static_cast<int>(line - 2.2f * rise * unit));
      const int bottom = std::min(radiance_.rows - 1, static_cast<int>(line + .3f * unit));
      for (int y = top; y <= bottom; ++y) {
        const float height = (line - static_cast<float>(y)) / unit;
        const float spread = height > 0 ? height / rise : height / .09f;
        const float envelope = strength * std::exp(-spread * spread);
        if (envelope < .15f) continue;
        const float u = static_cast<float>(x) / unit;
        const float coarse =
            sample_tile(foam_tile(), u0_ + .33f * detail * u, v0_ + .6f * detail * height);
        const float fine =
            sample_tile(foam_tile(), v0_ + 1.1f * detail * u, u0_ + 1.8f * detail * height);
        // A veil of bubbles, and cores of white water in it.
        const float veil = std::clamp(.7f * envelope + .3f * coarse - .35f, 0.f, .3f);
        const float core =
            std::clamp(1.9f * envelope + .5f * coarse + .35f * fine - 1.2f, 0.f, .9f);
        const float amount = std::max(veil, core);
        const float shade = .42f + .3f * core + .13f * fine + .06f * coarse;
        if (amount > .02f) cover_with_foam(x, y, amount, shade);
      }
    }
  }

  void cover_with_foam(int x, int y, float amount, float shade) {
    auto& pixel = radiance_.at<cv::Vec3f>(y, x);
    pixel = pixel * (1 - amount) + foam_color_ * (std::max(.2f, shade) * amount);
    const cv::Point inner = cv::Point(x, y) - animal_.area.tl();
    if (cv::Rect({}, animal_.area.size()).contains(inner)) {
      seen_.at<float>(inner) *= 1 - amount;
    }
  }

  void spray() {
    const CoverWithWhite cover_with = [&](int x, int y, float amount, float shade) {
      cover_with_foam(x, y, amount, shade);
    };
    const double unit = contact_.unit_px;
    for (Splash splash : contact_.splashes) {
      splash.foot_px.x = contact_.column_px + splash.foot_px.x * unit;
      const int column = std::clamp(static_cast<int>(splash.foot_px.x), 0, radiance_.cols - 1);
      splash.foot_px.y = foot_[static_cast<std::size_t>(column)] + .03 * unit;
      splash.height_px *= unit;
      splash.width_px *= unit;
      draw_splash(splash, radiance_.size(), cover_with);
    }
    if (breach_.empty()) return;
    Random random(derive_seed(contact_.seed, {0x59a}));
    for (int i = 0; i < contact_.num_drops; ++i) {
      const bool at_front = random.chance(.7);
      const int end = at_front == contact_.head_right ? breach_.last : breach_.first;
      const double x = end + random.normal(0, .35) * unit;
      const double rise = std::abs(random.normal(0, .28)) * unit;
      const int column = std::clamp(static_cast<int>(x), 0, radiance_.cols - 1);
      const double radius = random.log_uniform(.35, .0045 * unit + .8);
      draw_drop({x, foot_[static_cast<std::size_t>(column)] - rise},
                radius,
                static_cast<float>(random.uniform(.25, .9)),
                radiance_.size(),
                cover_with);
    }
  }

  const AnimalLayer& animal_;
  const WaterLine& line_;
  const Contact& contact_;
  cv::Vec3f foam_color_;
  cv::Mat& radiance_;
  cv::Mat seen_;
  Breach breach_;
  std::vector<float> foot_;  ///< of the foam, a row for each column
  float u0_ = 0;
  float v0_ = 0;
};

}  // namespace

SeenAnimal put_into_water(const AnimalLayer& animal,
                          const WaterLine& line,
                          const Contact& contact,
                          const Light& light,
                          cv::Mat& radiance) {
  return WaterContact(animal, line, contact, light, radiance).put();
}

}  // namespace finview::synthetic
