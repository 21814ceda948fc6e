#include "finview/synthetic/camera.h"
#include "finview/synthetic/invented_fin.h"
#include "finview/synthetic/noise.h"
#include "finview/synthetic/random.h"
#include "finview/synthetic/render.h"
#include "finview/synthetic/splash.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::synthetic {
namespace {

enum class Background { kOwn, kPlain, kSea };

/// Weighted Gaussian means of `values`, and how much weight each has; computed on fewer pixels.
void known_means(
    const cv::Mat& values, const cv::Mat& weights, double sigma, cv::Mat& means, cv::Mat& trust) {
  const double scale = std::min(1., 1.5 / sigma);
  cv::Mat small;
  cv::Mat small_weights;
  cv::Mat weights3;
  cv::cvtColor(weights, weights3, cv::COLOR_GRAY2BGR);
  cv::resize(values.mul(weights3), small, {}, scale, scale, cv::INTER_AREA);
  cv::resize(weights, small_weights, small.size(), 0, 0, cv::INTER_AREA);
  cv::GaussianBlur(small, small, {}, std::max(.5, sigma * scale));
  cv::GaussianBlur(small_weights, small_weights, {}, std::max(.5, sigma * scale));
  cv::cvtColor(small_weights, weights3, cv::COLOR_GRAY2BGR);
  cv::divide(small, weights3 + cv::Scalar::all(1e-3), small);
  cv::min(weights3 * 4, cv::Scalar::all(1), weights3);
  cv::resize(small, means, values.size(), 0, 0, cv::INTER_LINEAR);
  cv::resize(weights3, trust, values.size(), 0, 0, cv::INTER_LINEAR);
}

/// Smooth colors everywhere, from those where `known` is not 0; no finer than `sigma`.
cv::Mat filled_in(const cv::Mat& bgr, const cv::Mat& known, double sigma) {
  cv::Mat weights;
  known.convertTo(weights, CV_32F, 1 / 255.);
  cv::Mat values;
  bgr.convertTo(values, CV_32FC3);
  cv::Mat result(values.size(), CV_32FC3, cv::mean(bgr, known));
  // From wide to narrow: far from what is known only the wide mean says anything.
  for (const double share : {.25, .1, .04, .015}) {
    cv::Mat means;
    cv::Mat trust;
    known_means(values, weights, std::max(sigma, share * bgr.rows), means, trust);
    result = result + (means - result).mul(trust);
  }
  cv::Mat bytes;
  result.convertTo(bytes, CV_8UC3);
  return bytes;
}

/// Not on the fin nor close to it.
cv::Mat beside_fin(const cv::Mat& mask) {
  cv::Mat hole;
  const int grow = std::max(3, mask.rows / 40);
  cv::dilate(mask, hole, cv::Mat::ones(2 * grow + 1, 2 * grow + 1, CV_8U));
  return hole == 0;
}

/// The row from which on a fin cannot stand free: its edge ends, or the picture cuts its body off.
int lowest_free_row(const FinPicture& picture) {
  int row = std::min(picture.mask.rows - 1, cvFloor(picture.trailing_edge.back().y));
  const int top = cvFloor(picture.trailing_edge.front().y);
  for (const int x : {1, picture.mask.cols - 2}) {
    for (int y = std::max(0, top); y < row; ++y) {
      if (picture.mask.at<std::uint8_t>(y, x) > 0) row = y;
    }
  }
  return row;
}

/// One view of one picture, step by step.
class PictureViewer {
 public:
  PictureViewer(const FinPicture& picture, const PictureViewOptions& options, std::uint64_t seed)
      : options_(options),
        random_(derive_seed(seed, {0x41e3})),
        view_{picture.bgr.clone(), picture.mask.clone(), picture.trailing_edge} {}

  FinPicture view() {
    const double kind = random_.unit();
    background_ = kind < options_.own_background                               ? Background::kOwn
                  : kind < options_.own_background + options_.plain_background ? Background::kPlain
                                                                               : Background::kSea;
    if (background_ != Background::kOwn) free_from_body();
    turn();
    if (background_ != Background::kOwn) place_before_background();
    stand_in_water();
    light();
    degrade();
    return std::move(view_);
  }

 private:
  double fin_px() const { return std::max(24., view_.mask.rows / 1.3); }

  /// Takes what will be under water off the mask.
  void free_from_body() {
    const int row = lowest_free_row(view_);
    if (row + 1 < view_.mask.rows) view_.mask.rowRange(row + 1, view_.mask.rows).setTo(0);
  }

  /// Narrower, sheared and rotated, with a little perspective.
  void turn() {
    const double narrow = std::exp(-std::abs(random_.normal(0, .5)) * options_.max_turn);
    const double angle =
        std::clamp(random_.normal(0, .5), -1., 1.) * options_.max_rotation_deg * M_PI / 180;
    const double shear = random_.normal(0, .06);
    const cv::Rect box = cv::boundingRect(view_.mask);
    if (background_ != Background::kOwn) tilt_px_ = std::abs(std::sin(angle)) * box.width * .7;
    const cv::Point2d middle(box.x + .5 * box.width, box.br().y);
    std::array<cv::Point2f, 4> from = {
        {{0, 0},
         {static_cast<float>(view_.bgr.cols), 0},
         {static_cast<float>(view_.bgr.cols), static_cast<float>(view_.bgr.rows)},
         {0, static_cast<float>(view_.bgr.rows)}}};
    std::array<cv::Point2f, 4> to;
    for (std::size_t i = 0; i < 4; ++i) {
      const cv::Point2d arm = cv::Point2d(from[i]) - middle;
      const cv::Point2d flat(narrow * (arm.x - shear * arm.y), arm.y);
      to[i] = middle + cv::Point2d(flat.x * std::cos(angle) - flat.y * std::sin(angle),
                                   flat.x * std::sin(angle) + flat.y * std::cos(angle));
      to[i] += cv::Point2f(static_cast<float>(random_.normal(0, .012) * box.height),
                           static_cast<float>(random_.normal(0, .012) * box.height));
    }
    cv::Mat transform = cv::getPerspectiveTransform(from.data(), to.data());
    const cv::Rect frame =
        background_ == Background::kOwn ? kept_frame(from, transform) : fin_frame(transform);
    const cv::Mat move = (cv::Mat_<double>(3, 3) << 1, 0, -frame.x, 0, 1, -frame.y, 0, 0, 1);
    transform = move * transform;
    warp(transform, frame.size());
  }

  /// All of the fin, with a margin.
  cv::Rect fin_frame(const cv::Mat& transform) {
    std::vector<cv::Point> pixels;
    cv::findNonZero(view_.mask, pixels);
    std::vector<cv::Point2f> points(pixels.begin(), pixels.end());
    cv::perspectiveTransform(points, points, transform);
    const cv::Rect fin = cv::boundingRect(points);
    const int pad = static_cast<int>(random_.uniform(.08, .2) * std::max(fin.width, fin.height));
    return {fin.x - pad, fin.y - pad, fin.width + 2 * pad, fin.height + pad + pad / 2};
  }

  /// As much as the turned picture fills, and the whole edge.
  cv::Rect kept_frame(const std::array<cv::Point2f, 4>& corners, const cv::Mat& transform) const {
    std::vector<cv::Point2f> to;
    cv::perspectiveTransform(
        std::vector<cv::Point2f>(corners.begin(), corners.end()), to, transform);
    const cv::Point upper(cvCeil(std::max(to[0].x, to[3].x)), cvCeil(std::max(to[0].y, to[1].y)));
    const cv::Point lower(cvFloor(std::min(to[1].x, to[2].x)), cvFloor(std::min(to[2].y, to[3].y)));
    std::vector<cv::Point2f> edge;
    cv::perspectiveTransform(view_.trailing_edge, edge, transform);
    const cv::Rect whole = cv::boundingRect(edge);
    const int pad = std::max(3, whole.height / 20);
    const cv::Rect around(whole.x - pad, whole.y - pad, whole.width + 2 * pad, whole.height + pad);
    if (lower.x <= upper.x || lower.y <= upper.y) return around;
    return cv::Rect(upper, lower) | around;
  }

  void warp(const cv::Mat& transform, cv::Size size) {
    // Beyond the picture its background goes on, but never a second fin.
    const cv::Mat plain = filled_in(view_.bgr, beside_fin(view_.mask), .02 * fin_px());
    cv::Mat inside(view_.bgr.size(), CV_8U, cv::Scalar(255));
    FinPicture result;
    cv::warpPerspective(plain, backdrop_, transform, size, cv::INTER_LINEAR, cv::BORDER_REFLECT);
    cv::warpPerspective(view_.bgr, result.bgr, transform, size, cv::INTER_LINEAR);
    cv::warpPerspective(inside, inside, transform, size, cv::INTER_NEAREST);
    cv::erode(inside, inside, cv::Mat::ones(5, 5, CV_8U));
    backdrop_.copyTo(result.bgr, inside == 0);
    cv::warpPerspective(view_.mask, result.mask, transform, size, cv::INTER_LINEAR);
    result.mask = result.mask >= 128;
    cv::perspectiveTransform(view_.trailing_edge, result.trailing_edge, transform);
    view_ = std::move(result);
  }

  cv::Mat soft_mask() const {
    cv::Mat alpha;
    view_.mask.convertTo(alpha, CV_32F, 1 / 255.);
    cv::GaussianBlur(alpha, alpha, {}, std::max(.7, .003 * fin_px()));
    return alpha;
  }

  /// Colors of the skin alone up to beyond its border, so that no old background shows there.
  cv::Mat bled_skin() const {
    cv::Mat core;
    const int shrink = std::max(1, static_cast<int>(.006 * fin_px()));
    cv::erode(view_.mask, core, cv::Mat::ones(2 * shrink + 1, 2 * shrink + 1, CV_8U));
    cv::Mat skin = filled_in(view_.bgr, core, .004 * fin_px() + .7);
    view_.bgr.copyTo(skin, core);
    return skin;
  }

  void place_before_background() {
    cv::Mat skin = bled_skin();
    if (background_ == Background::kSea) {
      backdrop_ = rendered_sea();
      match_light(backdrop_, skin);
    }
    const cv::Mat alpha = soft_mask();
    for (int y = 0; y < skin.rows; ++y) {
      for (int x = 0; x < skin.cols; ++x) {
        const float amount = alpha.at<float>(y, x);
        const cv::Vec3f color = cv::Vec3f(skin.at<cv::Vec3b>(y, x)) * amount +
                                cv::Vec3f(backdrop_.at<cv::Vec3b>(y, x)) * (1 - amount);
        for (int c = 0; c < 3; ++c) {
          view_.bgr.at<cv::Vec3b>(y, x)[c] = cv::saturate_cast<std::uint8_t>(color[c]);
        }
      }
    }
  }

  /// Water as a camera would see it behind a fin of this size.
  cv::Mat rendered_sea() {
    View view;
    view.size = view_.bgr.size();
    view.min_fin_px = view.max_fin_px = fin_px();
    const std::uint64_t seed = random_.bits();
    return render_photo(random_scene(seed), {}, view, seed).bgr;
  }

  /// Skin as bright as it could be in the light of that sea.
  void match_light(const cv::Mat& sea, cv::Mat& skin) {
    const cv::Scalar sea_mean = cv::mean(sea);
    const cv::Scalar skin_mean = cv::mean(skin, view_.mask);
    const double sea_gray = (sea_mean[0] + sea_mean[1] + sea_mean[2]) / 3;
    const double skin_gray = (skin_mean[0] + skin_mean[1] + skin_mean[2]) / 3;
    const double wanted = sea_gray * random_.uniform(.3, .85);
    const double cast = random_.uniform(.4, 1);
    cv::Scalar gains;
    for (int c = 0; c < 3; ++c) {
      const double tint =
          (sea_mean[c] / std::max(1., sea_gray)) / (skin_mean[c] / std::max(1., skin_gray));
      gains[c] = std::clamp(wanted / std::max(1., skin_gray), .3, 2.5) *
                 std::pow(std::clamp(tint, .35, 3.), cast);
    }
    cv::multiply(skin, gains, skin);
  }

  /// Brightness, contrast, color cast, and light that falls from one side.
  void light() {
    const double gamma = std::exp(random_.normal(0, .16));
    const double gain = std::exp(random_.normal(0, .14));
    const double direction = random_.uniform(0, 2 * M_PI);
    const double side = random_.normal(0, .14);
    const double glare = random_.chance(.2) ? random_.uniform(.1, .5) : 0;
    const cv::Point2d spot(random_.uniform(.2, .8), random_.uniform(.1, .8));
    cv::Vec3d cast;
    for (int c = 0; c < 3; ++c) cast[c] = gain * std::exp(random_.normal(0, .035));
    std::array<double, 256> curve;
    for (std::size_t v = 0; v < 256; ++v) {
      curve[v] = 255 * std::pow(static_cast<double>(v) / 255, gamma);
    }
    for (int y = 0; y < view_.bgr.rows; ++y) {
      for (int x = 0; x < view_.bgr.cols; ++x) {
        const double u = static_cast<double>(x) / view_.bgr.cols;
        const double v = static_cast<double>(y) / view_.bgr.rows;
        double lit =
            1 + side * ((2 * u - 1) * std::cos(direction) + (2 * v - 1) * std::sin(direction));
        if (glare > 0 && view_.mask.at<std::uint8_t>(y, x) > 0) {
          const double far = std::hypot(u - spot.x, v - spot.y) / .22;
          lit += glare * std::exp(-far * far);
        }
        auto& pixel = view_.bgr.at<cv::Vec3b>(y, x);
        for (int c = 0; c < 3; ++c) {
          pixel[c] = cv::saturate_cast<std::uint8_t>(curve[pixel[c]] * cast[c] * lit);
        }
      }
    }
  }

  /// Water over the foot of the fin, foam along it, and now and then a splash.
  void stand_in_water() {
    const cv::Rect box = cv::boundingRect(view_.mask);
    if (background_ == Background::kOwn && random_.chance(.6)) return;
    const double level = box.br().y - tilt_px_ - box.height * std::abs(random_.normal(.02, .05));
    const auto u0 = static_cast<float>(random_.unit());
    const auto v0 = static_cast<float>(random_.unit());
    const auto wave = static_cast<float>(box.height * random_.uniform(.004, .02));
    const auto foam = static_cast<float>(random_.uniform(-.1, 1));
    const auto unit = static_cast<float>(box.height);
    for (int x = 0; x < view_.bgr.cols; ++x) {
      const float across = static_cast<float>(x) / unit;
      const float line =
          static_cast<float>(level) + wave * sample_tile(cloud_tile(), u0 + .12f * across, v0);
      const int first = std::max(0, static_cast<int>(line - .12f * unit));
      for (int y = first; y < view_.bgr.rows; ++y) {
        const float below = (static_cast<float>(y) + .5f - line) / unit;
        const float fine = sample_tile(foam_tile(), u0 + .5f * across, v0 + 1.4f * below);
        const float coarse = sample_tile(foam_tile(), v0 + .2f * across, u0 + .6f * below);
        if (view_.mask.at<std::uint8_t>(y, x) > 0 && below > -.02f) {
          const float amount = std::clamp(.5f + below * unit, 0.f, 1.f);
          const auto& water = backdrop_.at<cv::Vec3b>(y, x);
          cover(x, y, amount, cv::Scalar(water[0], water[1], water[2]));
        }
        const float strength = foam * std::exp(-below * below / (below < 0 ? .0009f : .004f));
        const float white =
            std::clamp(1.5f * strength + .35f * coarse + .3f * fine - .8f, 0.f, .95f);
        if (white > .02f) cover(x, y, white, cv::Scalar::all(205 + 20 * fine));
      }
    }
    if (random_.chance(.3)) splash(box, level);
    cut_edge();
  }

  void cover(int x, int y, float amount, const cv::Scalar& color) {
    auto& pixel = view_.bgr.at<cv::Vec3b>(y, x);
    for (int c = 0; c < 3; ++c) {
      pixel[c] = cv::saturate_cast<std::uint8_t>(pixel[c] * (1 - amount) + color[c] * amount);
    }
    if (amount > .5f) view_.mask.at<std::uint8_t>(y, x) = 0;
  }

  void splash(const cv::Rect& box, double level) {
    Splash splash;
    splash.foot_px = {box.x + box.width * random_.uniform(-.1, 1.1), level};
    splash.height_px = box.height * random_.log_uniform(.08, .6);
    splash.width_px = splash.height_px * random_.log_uniform(.5, 2);
    splash.lean = random_.normal(0, .4);
    splash.num_drops = static_cast<int>(random_.log_uniform(10, 200));
    splash.seed = random_.bits();
    draw_splash(splash, view_.bgr.size(), [&](int x, int y, float amount, float shade) {
      cover(x, y, amount, cv::Scalar::all(225 * shade));
    });
  }

  /// Leaves of the edge what can be seen: it ends where the water begins for good.
  void cut_edge() {
    auto& edge = view_.trailing_edge;
    const int reach = std::max(2, static_cast<int>(.01 * fin_px()));
    const cv::Rect picture({}, view_.mask.size());
    while (edge.size() > 16) {
      const cv::Rect around(cvFloor(edge.back().x) - reach,
                            cvFloor(edge.back().y) - reach,
                            2 * reach + 1,
                            2 * reach + 1);
      const cv::Rect inside = around & picture;
      if (!inside.empty() && cv::countNonZero(view_.mask(inside)) > 0) return;
      edge.pop_back();
    }
  }

  /// Lens and sensor.
  void degrade() {
    const double blur = random_.chance(.5) ? random_.uniform(.3, .006 * fin_px() + .4) : 0;
    if (blur > 0) cv::GaussianBlur(view_.bgr, view_.bgr, {}, blur);
    const auto noise = static_cast<float>(random_.log_uniform(.5, 6));
    for (int y = 0; y < view_.bgr.rows; ++y) {
      const auto* grain = grain_tile().ptr<float>(random_.below(kTile));
      const int shift = random_.below(kTile);
      for (int x = 0; x < view_.bgr.cols; ++x) {
        auto& pixel = view_.bgr.at<cv::Vec3b>(y, x);
        for (int c = 0; c < 3; ++c) {
          const float value = grain[(x + shift + 31 * c) & (kTile - 1)];
          pixel[c] = cv::saturate_cast<std::uint8_t>(static_cast<float>(pixel[c]) + noise * value);
        }
      }
    }
  }

  const PictureViewOptions& options_;
  Random random_;
  FinPicture view_;
  Background background_ = Background::kOwn;
  cv::Mat backdrop_;    ///< CV_8UC3, what would be seen without the fin
  double tilt_px_ = 0;  ///< how much the rotated foot of the fin rises across it
};

}  // namespace

FinPicture view_of_fin(const FinPicture& picture,
                       const PictureViewOptions& options,
                       std::uint64_t seed) {
  check_fin_picture(picture);
  return PictureViewer(picture, options, seed).view();
}

}  // namespace finview::synthetic
