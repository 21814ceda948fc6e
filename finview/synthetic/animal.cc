#include "finview/synthetic/animal.h"

#include "finview/synthetic/mesh.h"
#include "finview/synthetic/noise.h"
#include "finview/synthetic/posture.h"
#include "finview/synthetic/random.h"
#include "finview/synthetic/skin.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::synthetic {
namespace {

/// Below this size every pixel is drawn as four.
constexpr double kSmallFinPx = 110;
/// What lies deeper under the water line than this share of the fin need not be drawn.
constexpr float kDeepest = .17f;
constexpr float kFarthest = -1e9f;

/// Paints trunk, fin and blades into one layer, each pixel by what is nearest.
class AnimalPainter {
 public:
  AnimalPainter(const Genotype& genotype,
                const EdgeCurve& edge,
                const Pose& pose,
                const Light& light,
                const cv::Vec3f& water,
                const std::vector<float>& water_px,
                int fine)
      : genotype_(genotype),
        edge_(edge),
        pose_(pose),
        posture_(genotype.shape, pose),
        water_px_(water_px),
        fine_(fine),
        gloss_(static_cast<float>(std::min(1., pose.fin_px / (150. * fine)))),
        white_(light.sun * .4f + light.zenith * .45f + light.horizon * .1f),
        shader_(light, water, pose.wetness) {
    Random random(derive_seed(genotype.seed, {0xbac}));
    u0_ = static_cast<float>(random.unit());
    v0_ = static_cast<float>(random.unit());
    scratched_ = static_cast<float>(std::max(0., random.uniform(-.2, .24)) * gloss_);
  }

  /// `frame` in pixels of the layer, which are `fine` times as many as the photo's.
  AnimalLayer paint(const cv::Rect& frame) {
    const Mesh trunk = trunk_mesh(genotype_.shape, pose_, posture_);
    const Mesh blades = blade_mesh(genotype_.shape, pose_, posture_);
    cv::Rect box = extent(trunk) | extent(blades);
    FinTexture texture;
    Mesh fin;
    if (pose_.has_fin) {
      texture = draw_fin_texture(
          genotype_, edge_, pose_.side, std::clamp(1.0 * pose_.fin_px, 24., 1600.));
      fin = fin_mesh(texture, 1);
      box |= extent(fin);
    }
    layer_.area = box & frame;
    for (const cv::Point2d& point : edge_.points) {
      const cv::Vec3f place = posture_.place(posture_.on_fin(point.x, point.y, 0));
      layer_.outline.emplace_back(place[0], place[1]);
    }
    if (layer_.area.empty()) return std::move(layer_);
    layer_.radiance = cv::Mat::zeros(layer_.area.size(), CV_32FC3);
    for (cv::Mat* plane : {&layer_.alpha, &layer_.fin, &layer_.sink}) {
      *plane = cv::Mat::zeros(layer_.area.size(), CV_32F);
    }
    depth_ = cv::Mat(layer_.area.size(), CV_32F, cv::Scalar(kFarthest));
    paint_trunk(trunk);
    if (pose_.has_fin) {
      const cv::Mat near = shaded(texture, 1);
      const double turned = std::abs(pose_.yaw_rad) + std::abs(pose_.roll_rad);
      if (turned > .7) {
        paint_fin(texture, fin_mesh(texture, -1), shaded(texture, -1));
        paint_fin(texture, fin, near);
      } else {
        // Of the far face only a rim is seen, behind the near one.
        paint_fin(texture, fin, near);
        const double rim_px = 2 * genotype_.shape.thickness * pose_.fin_px * turned;
        if (rim_px > 2) paint_fin(texture, fin_mesh(texture, -1), near, true);
      }
    }
    paint_blades(blades);
    return std::move(layer_);
  }

 private:
  static cv::Rect extent(const Mesh& mesh) {
    std::vector<cv::Point2f> corners;
    for (const Vertex& vertex : mesh.vertices) {
      corners.emplace_back(vertex.place[0], vertex.place[1]);
    }
    if (corners.empty()) return {};
    const cv::Rect box = cv::boundingRect(corners);
    return {box.x - 2, box.y - 2, box.width + 4, box.height + 4};
  }

  /// Whether something at a pixel of the layer lies so deep that water hides it.
  bool is_deep(int x, int y, float sink) const {
    const auto column = static_cast<std::size_t>((layer_.area.x + x) / fine_);
    const float row = static_cast<float>(layer_.area.y + y);
    return row > water_px_[column] * static_cast<float>(fine_) + sink +
                     kDeepest * static_cast<float>(pose_.fin_px) + 2;
  }

  /// True if `vertex` is in front of all that was drawn here.
  bool claim(int x, int y, const Vertex& vertex) {
    auto& depth = depth_.at<float>(y, x);
    if (vertex.place[2] <= depth || is_deep(x, y, vertex.sink)) return false;
    depth = vertex.place[2];
    layer_.sink.at<float>(y, x) = vertex.sink;
    return true;
  }

  static cv::Vec3f unit(const cv::Vec3f& normal) {
    return normal * (1 / std::sqrt(std::max(1e-9f, normal.dot(normal))));
  }

  cv::Vec3f trunk_color(const cv::Vec3f& surface) const {
    const auto& [x, v, around] = surface.val;
    const float streak = sample_tile(cloud_, u0_ + .05f * x, v0_ + .1f * around);
    const float low = std::clamp((.08f - v + .05f * streak) / .35f, 0.f, 1.f);
    const float belly = std::clamp((-.55f - v + .05f * streak) / .2f, 0.f, 1.f);
    cv::Vec3f color = genotype_.skin * ((1 + .06f * streak) * (1 - low)) + genotype_.flank * low;
    color = color * (1 - .6f * belly) + cv::Vec3f(.45f, .45f, .45f) * (.6f * belly);
    const float scratch = scratched_ * sample_tile(scratch_, u0_ + .27f * x, v0_ + .27f * around);
    color = color * (1 - scratch) + cv::Vec3f(.4f, .42f, .44f) * scratch;
    if (genotype_.blaze > 0) {
      // Broad on the flank behind, narrow where it ends below the fin.
      const float way = std::clamp((x + 3.4f) / 3.6f, 0.f, 1.f);
      const float off = std::abs(v - .05f - .6f * way * way) / (.30f - .24f * way);
      const float inside = std::min(4 * way, 8 * (1 - way)) * (1 - off) - .15f * streak;
      const float amount = static_cast<float>(genotype_.blaze) * std::clamp(2 * inside, 0.f, 1.f);
      color = color * (1 - amount) + cv::Vec3f(.27f, .28f, .29f) * amount;
    }
    if (genotype_.saddle > 0) {
      const float inside = 1 - std::hypot((x + .55f) / .55f, (v - .75f) / .35f) - .1f * streak;
      const float amount = static_cast<float>(genotype_.saddle) * std::clamp(3 * inside, 0.f, 1.f);
      color = color * (1 - amount) + cv::Vec3f(.25f, .25f, .25f) * amount;
    }
    return color;
  }

  void paint_trunk(const Mesh& trunk) {
    const auto claim_here = [&](int x, int y, const Vertex& at) { return claim(x, y, at); };
    rasterize(trunk, layer_.area, claim_here, [&](int x, int y, const Vertex& at) {
      const float along = at.surface[0];
      const float around = at.surface[2];
      const float film =
          gloss_ * (.5f * sample_tile(foam_, u0_ + .16f * along, v0_ + .13f * around) +
                    .35f * sample_tile(foam_, v0_ + .7f * along, u0_ + .6f * around));
      const cv::Vec3f normal = unit(at.normal + cv::Vec3f(.007f * film, .006f * film, 0));
      layer_.alpha.at<float>(y, x) = 1;
      layer_.radiance.at<cv::Vec3f>(y, x) =
          poured(shader_.shade(trunk_color(at.surface), normal, film), along, around);
    });
  }

  /// White rivulets over a color; `across` and `down` in fin heights.
  cv::Vec3f poured(const cv::Vec3f& color, float across, float down) const {
    if (pose_.pour <= 0) return color;
    const float rivulet = sample_tile(foam_, v0_ + .55f * across, u0_ + .12f * down) +
                          .6f * sample_tile(foam_, u0_ + 1.9f * across, v0_ + .5f * down);
    const auto pour = static_cast<float>(pose_.pour);
    const float amount = std::clamp(.35f * (rivulet - 2.7f + 1.5f * pour), 0.f, .32f);
    return color * (1 - amount) + white_ * amount;
  }

  void paint_blades(const Mesh& blades) {
    const auto claim_here = [&](int x, int y, const Vertex& at) { return claim(x, y, at); };
    rasterize(blades, layer_.area, claim_here, [&](int x, int y, const Vertex& at) {
      const float film =
          gloss_ * sample_tile(foam_, u0_ + .3f * at.surface[0], v0_ + .4f * at.surface[1]);
      // Rounded across the blade.
      const cv::Vec3f normal =
          unit(at.normal + cv::Vec3f(0, .7f * (.5f - at.surface[0]) + .02f * film, 0));
      layer_.alpha.at<float>(y, x) = 1;
      layer_.fin.at<float>(y, x) = 0;
      layer_.radiance.at<cv::Vec3f>(y, x) = shader_.shade(genotype_.skin * .9f, normal, film);
    });
  }

  /// One face of the fin; `face` 1 is the one toward the camera. `surface` is a place in the
  /// texture.
  Mesh fin_mesh(const FinTexture& texture, float face) const {
    constexpr std::size_t kRows = 70;
    constexpr std::size_t kColumns = 60;
    Mesh mesh;
    const cv::Mat& thickness = texture.thickness;
    for (std::size_t r = 0; r < kRows; ++r) {
      for (std::size_t c = 0; c < kColumns; ++c) {
        const double px = static_cast<double>(c) / (kColumns - 1) * (thickness.cols - 1);
        const double py = static_cast<double>(r) / (kRows - 1) * (thickness.rows - 1);
        const double side = face * thickness.at<float>(static_cast<int>(py), static_cast<int>(px));
        const cv::Vec3f point = posture_.on_fin((px + .5 - texture.origin.x) / texture.px_per_unit,
                                                (texture.origin.y - py - .5) / texture.px_per_unit,
                                                side);
        Vertex vertex;
        vertex.place = posture_.place(point);
        vertex.surface = {static_cast<float>(px), static_cast<float>(py), 0.f};
        vertex.sink = posture_.sink(point);
        mesh.vertices.push_back(vertex);
      }
    }
    mesh.add_grid(0, kRows, kColumns);
    return mesh;
  }

  /// The texture lit as it lies in this pose; CV_32FC4, multiplied by alpha.
  cv::Mat shaded(const FinTexture& texture, float face) const {
    cv::Mat flat(texture.alpha.size(), CV_32FC4);
    Random random(derive_seed(genotype_.seed, {0x910, static_cast<std::uint64_t>(pose_.side)}));
    const auto u0 = static_cast<float>(random.unit());
    const auto scale = static_cast<float>(texture.px_per_unit);
    for (int y = 0; y < flat.rows; ++y) {
      const auto* above = texture.thickness.ptr<float>(std::max(0, y - 1));
      const auto* here = texture.thickness.ptr<float>(y);
      const auto* below = texture.thickness.ptr<float>(std::min(flat.rows - 1, y + 1));
      const auto* reflectance = texture.reflectance.ptr<cv::Vec3f>(y);
      const auto* alpha = texture.alpha.ptr<float>(y);
      auto* out = flat.ptr<cv::Vec4f>(y);
      // Toward its base the fin widens into the back and faces up.
      const auto height = static_cast<float>((texture.origin.y - y) / texture.px_per_unit);
      const float flare = .75f * std::exp(-std::max(0.f, height + .06f) / .14f);
      for (int x = 0; x < flat.cols; ++x) {
        if (alpha[x] <= 0) {
          out[x] = {};
          continue;
        }
        const float u = static_cast<float>(x) / scale;
        const float v = static_cast<float>(y) / scale;
        const float film = gloss_ * (.6f * sample_tile(foam_, u0 + .22f * u, .16f * v) +
                                     .35f * sample_tile(foam_, u0 + .9f * u, .5f + .6f * v));
        const float bump = .01f * film;
        const float nx =
            .5f * scale * (here[std::max(0, x - 1)] - here[std::min(flat.cols - 1, x + 1)]) + bump;
        const float ny = .5f * scale * (below[x] - above[x]) + bump + flare;
        const cv::Vec3f normal = unit(posture_.turned({nx, ny, face}));
        const cv::Vec3f color =
            poured(shader_.shade(reflectance[x], normal, film), u, v) * alpha[x];
        out[x] = {color[0], color[1], color[2], alpha[x]};
      }
    }
    return flat;
  }

  void paint_fin(const FinTexture& texture,
                 const Mesh& mesh,
                 const cv::Mat& flat,
                 bool behind = false) {
    // The foot of the fin runs out on the back, so only what is clearly nearer hides it.
    const auto slack = static_cast<float>(.5 * pose_.fin_px);
    // What runs out thin onto the back is not counted as fin.
    const auto base_row = static_cast<float>(texture.origin.y - .02 * texture.px_per_unit);
    const auto per_px = static_cast<float>(pose_.fin_px / texture.px_per_unit);
    const auto is_near = [&](int x, int y, const Vertex& at) {
      if (behind && layer_.alpha.at<float>(y, x) > .99f) return false;
      return at.place[2] + slack > depth_.at<float>(y, x) && !is_deep(x, y, at.sink);
    };
    rasterize(mesh, layer_.area, is_near, [&](int x, int y, const Vertex& at) {
      const cv::Vec4f color = bilinear(flat, at.surface[0], at.surface[1]);
      if (color[3] <= .004f) return;
      auto& radiance = layer_.radiance.at<cv::Vec3f>(y, x);
      auto& alpha = layer_.alpha.at<float>(y, x);
      auto& fin = layer_.fin.at<float>(y, x);
      if (alpha < .5f) layer_.sink.at<float>(y, x) = at.sink;
      const float above = std::clamp((base_row - at.surface[1] - .5f) * per_px + .5f, 0.f, 1.f);
      const float rest = behind ? 1 : 1 - color[3];  // of what was there
      const float part = behind ? 1 - alpha : 1;     // of this
      radiance = radiance * rest + cv::Vec3f(color[0], color[1], color[2]) * part;
      alpha = alpha * rest + color[3] * part;
      fin = fin * rest + color[3] * above * part;
      auto& depth = depth_.at<float>(y, x);
      if (color[3] > .5f) depth = std::max(depth, at.place[2]);
    });
  }

  static cv::Vec4f bilinear(const cv::Mat& picture, float x, float y) {
    const int x0 = std::clamp(static_cast<int>(x), 0, picture.cols - 2);
    const int y0 = std::clamp(static_cast<int>(y), 0, picture.rows - 2);
    const float fx = x - static_cast<float>(x0);
    const float fy = y - static_cast<float>(y0);
    const auto* top = picture.ptr<cv::Vec4f>(y0) + x0;
    const auto* bottom = picture.ptr<cv::Vec4f>(y0 + 1) + x0;
    return (top[0] * (1 - fx) + top[1] * fx) * (1 - fy) +
           (bottom[0] * (1 - fx) + bottom[1] * fx) * fy;
  }

  const Genotype& genotype_;
  const EdgeCurve& edge_;
  const Pose& pose_;
  Posture posture_;
  const std::vector<float>& water_px_;
  int fine_;
  float gloss_;  ///< strength of ripples in the gloss that are not finer than a pixel
  cv::Vec3f white_;
  SkinShader shader_;
  AnimalLayer layer_;
  cv::Mat depth_;
  const cv::Mat& foam_ = foam_tile();
  const cv::Mat& cloud_ = cloud_tile();
  const cv::Mat& scratch_ = scratch_tile();
  float u0_ = 0;
  float v0_ = 0;
  float scratched_ = 0;  ///< strength of the back's scratches
};

/// Averages `fine` x `fine` pixels.
void shrink(int fine, const cv::Rect& frame, AnimalLayer& layer) {
  for (cv::Point2f& point : layer.outline) point *= 1. / fine;
  if (layer.area.empty() || fine == 1) return;
  cv::Rect coarse(layer.area.x / fine, layer.area.y / fine, 0, 0);
  coarse.width = (layer.area.br().x + fine - 1) / fine - coarse.x;
  coarse.height = (layer.area.br().y + fine - 1) / fine - coarse.y;
  const cv::Rect whole(coarse.tl() * fine, coarse.size() * fine);
  const cv::Rect inner = layer.area - whole.tl();
  for (cv::Mat* plane : {&layer.radiance, &layer.alpha, &layer.fin, &layer.sink}) {
    cv::Mat padded = cv::Mat::zeros(whole.size(), plane->type());
    plane->copyTo(padded(inner));
    cv::resize(padded, *plane, coarse.size(), 0, 0, cv::INTER_AREA);
  }
  layer.area = coarse & frame;
  const cv::Rect kept = layer.area - coarse.tl();
  for (cv::Mat* plane : {&layer.radiance, &layer.alpha, &layer.fin, &layer.sink}) {
    *plane = (*plane)(kept).clone();
  }
}

/// Softens the silhouette by about a pixel, and everything by the focus blur.
void soften(double blur_px, AnimalLayer& layer) {
  if (layer.area.empty()) return;
  if (blur_px > .3) {
    const int width = 2 * static_cast<int>(std::ceil(2.5 * blur_px)) + 1;
    for (cv::Mat* plane : {&layer.radiance, &layer.alpha, &layer.fin}) {
      cv::GaussianBlur(*plane, *plane, {width, width}, blur_px, 0, cv::BORDER_REPLICATE);
    }
    return;
  }
  cv::Mat alpha;
  cv::GaussianBlur(layer.alpha, alpha, {3, 3}, .6, 0, cv::BORDER_REPLICATE);
  std::vector<std::pair<cv::Point, cv::Vec3f>> rim;
  constexpr std::array<float, 3> kWeights = {.166f, .668f, .166f};
  for (int y = 1; y + 1 < alpha.rows; ++y) {
    for (int x = 1; x + 1 < alpha.cols; ++x) {
      if (std::abs(alpha.at<float>(y, x) - layer.alpha.at<float>(y, x)) < .02f) continue;
      cv::Vec3f sum;
      for (int dy = 0; dy < 3; ++dy) {
        const auto* row = layer.radiance.ptr<cv::Vec3f>(y + dy - 1) + x - 1;
        const float weight = kWeights[static_cast<std::size_t>(dy)];
        sum += (row[0] * kWeights[0] + row[1] * kWeights[1] + row[2] * kWeights[2]) * weight;
      }
      rim.emplace_back(cv::Point(x, y), sum);
    }
  }
  for (const auto& [place, color] : rim) layer.radiance.at<cv::Vec3f>(place) = color;
  layer.alpha = alpha;
}

}  // namespace

AnimalLayer draw_animal(const Genotype& genotype,
                        const EdgeCurve& edge,
                        const Pose& pose,
                        const Light& light,
                        const cv::Vec3f& water,
                        const cv::Rect& frame,
                        const std::vector<float>& water_px) {
  const int fine = pose.fin_px < kSmallFinPx ? 2 : 1;
  Pose enlarged = pose;
  enlarged.fin_px *= fine;
  enlarged.base_px *= fine;
  AnimalPainter painter(genotype, edge, enlarged, light, water, water_px, fine);
  AnimalLayer layer = painter.paint({frame.tl() * fine, frame.size() * fine});
  shrink(fine, frame, layer);
  if (fine > 1) layer.sink /= fine;
  soften(pose.blur_px, layer);
  return layer;
}

}  // namespace finview::synthetic
