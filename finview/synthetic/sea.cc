#include "finview/synthetic/sea.h"

#include "finview/synthetic/noise.h"
#include "finview/synthetic/random.h"
#include "finview/synthetic/sky.h"
#include "finview/synthetic/water_colors.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::synthetic {
namespace {

/// Side of the wave tiles, coarse to fine, in meters.
constexpr std::array<double, 4> kOctaveSides = {43, 11, 2.9, .77};
/// Water is drawn with half the columns: seen at a low angle, its detail is stretched across.
constexpr int kColumnStep = 2;
static_assert(kColumnStep == 2, "rows are widened twofold");

/// Heights and slopes of one row of the sea.
class WaveRows {
 public:
  WaveRows(const Scene& scene, int columns) : scene_(scene), columns_(columns) {
    Random random(derive_seed(scene.seed, {0x0ea5}));
    for (auto& offset : offsets_) offset = {random.unit(), random.unit()};
    const auto count = static_cast<std::size_t>(columns);
    for (auto* values : {&slope_x, &slope_away, &height}) values->resize(count);
  }

  /// Deviation of the height in meters.
  double height_deviation() const {
    double sum = 0;
    for (std::size_t k = 0; k < kOctaveSides.size(); ++k) {
      sum += std::pow(scene_.sea.slopes[k] * kOctaveSides[k] * .035, 2);
    }
    return std::sqrt(sum);
  }

  void fill(double distance_m, double row_depth_m) {
    std::fill(slope_x.begin(), slope_x.end(), 0.f);
    std::fill(slope_away.begin(), slope_away.end(), 0.f);
    std::fill(height.begin(), height.end(), 0.f);
    for (std::size_t k = 0; k < kOctaveSides.size(); ++k) add_octave(k, distance_m, row_depth_m);
  }

  std::vector<float> slope_x;
  std::vector<float> slope_away;
  std::vector<float> height;

 private:
  void add_octave(std::size_t k, double distance_m, double row_depth_m) {
    const double side = kOctaveSides[k];
    const double level_exact = std::log2(std::max(1., row_depth_m * kTile / side));
    if (level_exact >= WaveTile::kNumLevels) return;
    const double fade = std::min(1., WaveTile::kNumLevels - level_exact);
    const auto slope = static_cast<float>(scene_.sea.slopes[k] * fade);
    const WaveTile& tile = wave_tile(scene_.sea.tiles[k]);
    const cv::Mat& level = tile.levels[static_cast<std::size_t>(level_exact)];
    blend_rows(level, distance_m / side + offsets_[k][1]);

    const double step_m = distance_m * kColumnStep / scene_.camera.focal_px;
    const double start = offsets_[k][0] - .5 * columns_ * step_m / side + 64;
    constexpr double kFixed = 65536. * kTile;
    auto place = static_cast<std::uint64_t>(std::max(0., start) * kFixed);
    const auto step = static_cast<std::uint64_t>(step_m / side * kFixed);
    const float height_scale = slope * static_cast<float>(side);
    for (std::size_t i = 0; i < slope_x.size(); ++i, place += step) {
      const float* value = row_.data() + 3 * ((place >> 16) & (kTile - 1));
      const float t = static_cast<float>(place & 0xffff) * (1 / 65536.f);
      slope_x[i] += slope * (value[0] + (value[3] - value[0]) * t);
      slope_away[i] += slope * (value[1] + (value[4] - value[1]) * t);
      height[i] += height_scale * (value[2] + (value[5] - value[2]) * t);
    }
  }

  void blend_rows(const cv::Mat& level, double v) {
    const double place = (v - std::floor(v)) * kTile;
    const int index = static_cast<int>(place);
    const auto t = static_cast<float>(place - index);
    const float* a = level.ptr<float>(index & (kTile - 1));
    const float* b = level.ptr<float>((index + 1) & (kTile - 1));
    constexpr std::size_t kValues = std::size_t{3} * kTile;
    for (std::size_t i = 0; i < kValues; ++i) row_[i] = a[i] + (b[i] - a[i]) * t;
    for (std::size_t i = 0; i < 3; ++i) row_[kValues + i] = row_[i];
  }

  const Scene& scene_;
  int columns_;
  std::array<cv::Vec2d, 4> offsets_;
  std::array<float, 3 * kTile + 3> row_;
};

/// Draws rows of the sea far to near.
class SeaPainter {
 public:
  SeaPainter(const Scene& scene, const std::vector<double>& distances_m)
      : scene_(scene),
        distances_m_(distances_m),
        columns_((scene.camera.size.width + kColumnStep - 1) / kColumnStep),
        rows_(scene.camera.size.height),
        waves_(scene, columns_),
        deviation_(static_cast<float>(waves_.height_deviation())),
        colors_(scene),
        foam_detail_m_(.7 * kTile * scene.camera.height_m /
                       std::max(20., rows_ - scene.camera.horizon_px)),
        foam_side_m_(std::max(1.7, foam_detail_m_)),
        picture_(cv::Mat::zeros(rows_, columns_, CV_32FC3)),
        surfaces_(distances_m.size()),
        covers_(distances_m.size()) {}

  void paint() {
    const Camera& camera = scene_.camera;
    draw_sky(scene_, kColumnStep, picture_);
    const double top_m_per_px = camera.height_m / std::max(2., -camera.horizon_px);
    const double bottom = rows_ - camera.horizon_px;
    const double start = std::max(camera.horizon_px + 1.5, -3.5 * deviation_ / top_m_per_px - 4);
    const double deviation_px = deviation_ * bottom / camera.height_m;
    const double end = rows_ + 8 * deviation_px + 2;
    for (double row = start; row < end; row += 1) {
      paint_row(row, row == start);
      // Nearer waves may still rise into the photo, so one deviation more.
      if (row > rows_ + deviation_px && is_filled()) break;
    }
  }

  SeaPicture result() const {
    SeaPicture result;
    result.radiance = softened_to_full_width();
    for (std::size_t i = 0; i < distances_m_.size(); ++i) {
      result.lines.push_back({full_width(surfaces_[i]), full_width(covers_[i])});
    }
    return result;
  }

 private:
  void paint_row(double row, bool first) {
    const Camera& camera = scene_.camera;
    const double drop = row - camera.horizon_px;
    const double distance = camera.height_m * camera.focal_px / drop;
    waves_.fill(distance, distance / drop);
    // Where a row is deeper than a whitecap, none can be told from the next.
    whitecaps_ = static_cast<float>(std::clamp(1.6 - distance / drop, 0., 1.));
    choose_patches(distance);
    const double slant = std::hypot(camera.height_m, distance);
    const auto sine = static_cast<float>(camera.height_m / slant);
    const auto cosine = static_cast<float>(distance / slant);
    const auto px_per_m = static_cast<float>(camera.focal_px / distance);
    const auto haze = static_cast<float>(1 - std::exp(-distance / 9000));
    std::vector<float>& rows = next_rows_;
    rows.resize(static_cast<std::size_t>(columns_));
    next_colors_.resize(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i] = static_cast<float>(row) - waves_.height[i] * px_per_m;
      next_colors_[i] = color(i, distance, sine, cosine);
      if (haze > .01f) {
        next_colors_[i] = next_colors_[i] * (1 - haze) + scene_.light.horizon * haze;
      }
    }
    if (first) {
      rows_before_ = rows;
      colors_before_ = next_colors_;
      if (scene_.camera.horizon_px > 0) {  // close the seam to the sky
        for (float& before : rows_before_) before = static_cast<float>(camera.horizon_px);
      } else {
        for (float& before : rows_before_) before = std::min(before, -1.f);
      }
    }
    fill_spans();
    note_lines(distance);
    rows_before_.swap(rows);
    colors_before_.swap(next_colors_);
  }

  cv::Vec3f color(std::size_t i, double distance, float sine, float cosine) const {
    const float crest = waves_.height[i] / (2.5f * deviation_ + 1e-6f);
    cv::Vec3f result = colors_.facet(waves_.slope_x[i], waves_.slope_away[i], sine, cosine, crest);
    const float excess =
        waves_.height[i] / deviation_ - static_cast<float>(scene_.sea.whitecap_level);
    if (excess > -.8f && whitecaps_ > 0) {
      const cv::Vec2f noise = foam_noise(i, distance);
      const float veil = std::clamp(.4f * excess + .25f + .12f * noise[0], 0.f, .3f);
      const float core = std::clamp(2 * excess + .9f * noise[0] + .6f * noise[1], 0.f, .95f);
      const float amount = whitecaps_ * std::max(veil, core);
      result = result * (1 - amount) +
               colors_.foam(.5f + .3f * core + .07f * noise[0] + .1f * noise[1]) * amount;
    }
    return patches_here_.empty() ? result : with_patches(result, i, distance);
  }

  /// Coarse and fine noise that lies on the water, on the faces of waves too.
  cv::Vec2f foam_noise(std::size_t i, double distance) const {
    const double x =
        (static_cast<double>(i) - .5 * columns_) * kColumnStep * distance / scene_.camera.focal_px;
    const double along = distance / 3 + 1.3 * waves_.height[i];
    const auto sample = [&](double side) {
      return sample_tile(
          foam_tile(), static_cast<float>(x / side), static_cast<float>(along / side));
    };
    return {sample(foam_side_m_), sample(foam_detail_m_)};
  }

  void choose_patches(double distance) {
    patches_here_.clear();
    for (const FoamPatch& patch : scene_.foam) {
      if (std::abs(distance - patch.distance_m) < 2.2 * patch.half_depth_m) {
        patches_here_.push_back(patch);
      }
    }
  }

  cv::Vec3f with_patches(const cv::Vec3f& water, std::size_t i, double distance) const {
    const double x =
        (static_cast<double>(i) - .5 * columns_) * kColumnStep * distance / scene_.camera.focal_px;
    float strength = 0;
    for (const FoamPatch& patch : patches_here_) {
      const double across = (x - patch.x_m) / patch.half_width_m;
      const double deep = (distance - patch.distance_m) / patch.half_depth_m;
      const double square = across * across + deep * deep;
      if (square > 4.8) continue;
      strength += static_cast<float>(patch.strength * std::exp(-square));
    }
    if (strength < .04f) return water;
    const auto& [coarse, fine] = foam_noise(i, distance).val;
    // Old foam is a net: white along lines, open between them.
    const float net = 1 - 1.7f * std::abs(coarse + .4f * fine);
    const float core = 1.5f * strength + .35f * coarse + .2f * fine - .95f;
    const float amount = std::clamp(std::max(core, 1.3f * strength + .55f * net - .75f), 0.f, .9f);
    const float veil = std::clamp(.7f * strength + .1f * coarse, 0.f, .5f);
    const cv::Vec3f milky = water * (1 - veil) + colors_.bubbles() * veil;
    return milky * (1 - amount) + colors_.foam(.5f + .25f * amount + .12f * fine) * amount;
  }

  bool is_filled() const {
    return std::all_of(rows_before_.begin(), rows_before_.end(), [&](float row) {
      return row >= static_cast<float>(rows_);
    });
  }

  void fill_spans() {
    for (std::size_t i = 0; i < rows_before_.size(); ++i) {
      const float from = rows_before_[i];
      const float to = next_rows_[i];
      if (to <= from) continue;
      const int first = std::max(0, static_cast<int>(std::ceil(from)));
      const int last = std::min(rows_ - 1, static_cast<int>(std::ceil(to)) - 1);
      const cv::Vec3f& a = colors_before_[i];
      const cv::Vec3f& b = next_colors_[i];
      const float scale = 1 / (to - from);
      for (int y = first; y <= last; ++y) {
        const float t = (static_cast<float>(y) - from) * scale;
        picture_.at<cv::Vec3f>(y, static_cast<int>(i)) = a + (b - a) * t;
      }
    }
  }

  void note_lines(double distance) {
    for (std::size_t k = 0; k < distances_m_.size(); ++k) {
      if (distance > distances_m_[k]) continue;
      if (surfaces_[k].empty()) {
        surfaces_[k] = next_rows_;
        covers_[k] = next_rows_;
      }
      for (std::size_t i = 0; i < next_rows_.size(); ++i) {
        covers_[k][i] = std::min(covers_[k][i], next_rows_[i]);
      }
    }
  }

  /// Softened across rows, as spans of colors have no soft ends, and twice as wide.
  cv::Mat softened_to_full_width() const {
    cv::Mat wide(scene_.camera.size, CV_32FC3);
    std::vector<float> row(std::size_t{3} * static_cast<std::size_t>(columns_ + 2));
    for (int y = 0; y < rows_; ++y) {
      const auto* above = picture_.ptr<float>(std::max(0, y - 1));
      const auto* here = picture_.ptr<float>(y);
      const auto* below = picture_.ptr<float>(std::min(rows_ - 1, y + 1));
      const int count = 3 * columns_;
      for (int i = 0; i < count; ++i) {
        row[static_cast<std::size_t>(i) + 3] = .6f * here[i] + .2f * (above[i] + below[i]);
      }
      std::copy_n(row.begin() + 3, 3, row.begin());
      std::copy_n(row.end() - 6, 3, row.end() - 3);
      auto* out = wide.ptr<float>(y);
      for (int x = 0; x < wide.cols; ++x) {
        const float* near = row.data() + 3 * (x / 2 + 1);
        const float* next = x % 2 == 0 ? near - 3 : near + 3;
        for (int c = 0; c < 3; ++c) out[3 * x + c] = .75f * near[c] + .25f * next[c];
      }
    }
    return wide;
  }

  /// One value per column of the photo; rows below the photo where the line was not reached.
  std::vector<float> full_width(const std::vector<float>& half) const {
    const int width = scene_.camera.size.width;
    std::vector<float> result(static_cast<std::size_t>(width), static_cast<float>(2 * rows_));
    if (half.empty()) return result;
    const int last = static_cast<int>(half.size()) - 1;
    for (int x = 0; x < width; ++x) {
      const double place = std::clamp((x + .5) / kColumnStep - .5, 0., static_cast<double>(last));
      const auto index = static_cast<std::size_t>(place);
      const auto t = static_cast<float>(place - static_cast<double>(index));
      const float next = half[std::min(index + 1, half.size() - 1)];
      result[static_cast<std::size_t>(x)] = half[index] * (1 - t) + next * t;
    }
    return result;
  }

  const Scene& scene_;
  const std::vector<double>& distances_m_;
  int columns_;
  int rows_;
  WaveRows waves_;
  float deviation_;  ///< of the wave heights, meters
  WaterColors colors_;
  double foam_detail_m_;  ///< side of the foam tile whose detail is as fine as a pixel
  double foam_side_m_;
  float whitecaps_ = 1;  ///< share of them that is drawn in this row
  cv::Mat picture_;
  std::vector<FoamPatch> patches_here_;  ///< that reach into the row being painted
  std::vector<std::vector<float>> surfaces_;
  std::vector<std::vector<float>> covers_;
  std::vector<float> rows_before_;
  std::vector<float> next_rows_;
  std::vector<cv::Vec3f> colors_before_;
  std::vector<cv::Vec3f> next_colors_;
};

}  // namespace

double wave_shift_px(const Scene& scene, double distance_m, double column_px) {
  const int columns = (scene.camera.size.width + kColumnStep - 1) / kColumnStep;
  WaveRows waves(scene, columns);
  const double drop = scene.camera.focal_px * scene.camera.height_m / distance_m;
  waves.fill(distance_m, distance_m / drop);
  const int column = std::clamp(static_cast<int>(column_px / kColumnStep), 0, columns - 1);
  return -waves.height[static_cast<std::size_t>(column)] * scene.camera.focal_px / distance_m;
}

SeaPicture render_sea(const Scene& scene, const std::vector<double>& distances_m) {
  SeaPainter painter(scene, distances_m);
  painter.paint();
  return painter.result();
}

}  // namespace finview::synthetic
