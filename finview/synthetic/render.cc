#include "finview/synthetic/render.h"

#include "finview/base/error.h"
#include "finview/synthetic/camera.h"
#include "finview/synthetic/contact.h"
#include "finview/synthetic/distractors.h"
#include "finview/synthetic/random.h"
#include "finview/synthetic/sea.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::synthetic {
namespace {

constexpr double kLeastVisible = .1;
constexpr std::size_t kMostSubjects = 8;

/// An animal's place before the water is known.
struct Placement {
  std::size_t subject_index = 0;
  Pose pose;
  double distance_m = 20;
  double rise = .3;  ///< fin base above the water, fin heights
  Contact contact;
};

Pose random_pose(Random& random, std::optional<Side> side) {
  Pose pose;
  pose.side = side.value_or(random.chance(.5) ? Side::kLeft : Side::kRight);
  pose.yaw_rad = std::clamp(random.normal(0, .32), -1.15, 1.15);
  pose.pitch_rad = std::clamp(random.normal(.0, .12), -.5, .5);
  pose.roll_rad = std::clamp(random.normal(.08, .16), -.6, .6);
  pose.arch = random.uniform(.03, .13);
  pose.wetness = random.uniform(.4, 1);
  return pose;
}

double random_rise(Random& random) {
  return random.chance(.12) ? random.uniform(-.55, 0)
                            : std::clamp(random.normal(.24, .16), .02, .6);
}

double total_slope(const Sea& sea) {
  return std::sqrt(
      std::inner_product(sea.slopes.begin(), sea.slopes.end(), sea.slopes.begin(), 0.));
}

Contact random_contact(Random& random, const Sea& sea, const Pose& pose) {
  Contact contact;
  contact.unit_px = pose.fin_px;
  contact.mirror = std::clamp(.85 - 3.5 * total_slope(sea), .15, .8);
  contact.foam = random.uniform(0, .75);
  contact.wake = random.chance(.3) ? random.uniform(.9, 1.3) : random.uniform(.2, .9);
  contact.num_drops = random.chance(.4) ? static_cast<int>(random.log_uniform(10, 500)) : 0;
  contact.head_right = pose.side == Side::kRight;
  contact.seed = random.bits();
  return contact;
}

class PhotoRenderer {
 public:
  PhotoRenderer(const Scene& encounter,
                const std::vector<Subject>& subjects,
                const View& view,
                std::uint64_t seed)
      : scene_(encounter), subjects_(subjects), view_(view), seed_(seed) {}

  RenderedPhoto render() {
    aim();
    std::vector<double> distances;
    for (const Placement& placement : placements_) distances.push_back(placement.distance_m);
    const std::vector<Distractor> distractors =
        random_distractors(scene_, view_.num_distractors, derive_seed(seed_, {0xd157}));
    for (const Distractor& one : distractors) distances.push_back(one.distance_m);
    SeaPicture sea = render_sea(scene_, distances);
    for (std::size_t i = 0; i < distractors.size(); ++i) {
      draw_distractor(
          distractors[i], sea.lines[placements_.size() + i], scene_.light, sea.radiance);
    }
    for (std::size_t i = 0; i < placements_.size(); ++i) {
      put_animal(placements_[i], sea.lines[i], sea.radiance);
    }
    RenderedPhoto photo;
    photo.bgr = develop(sea.radiance, scene_.camera, seed_);
    photo.jpeg_quality = scene_.camera.jpeg_quality;
    for (std::size_t i = 0; i < placements_.size(); ++i) note_fin(placements_[i], seen_[i], photo);
    return photo;
  }

 private:
  /// One subject decides the lens; the others swim around it.
  void aim() {
    Random random(derive_seed(seed_, {0xa13}));
    const double main_height_m =
        subjects_.empty() ? .28 : subjects_.front().genotype->shape.height_m;
    const double fin_px = random.log_uniform(view_.min_fin_px, view_.max_fin_px);
    const double distance = random.log_uniform(8, 70) * std::sqrt(main_height_m / .28);
    const double rise = random_rise(random);
    const double lowest = .93 * view_.size.height;
    const double row = std::min(
        lowest, std::max((1.22 + rise) * fin_px, view_.size.height * random.uniform(.4, .8)));
    const double column = view_.size.width * random.uniform(.3, .7);
    const double focal = fin_px * distance / main_height_m;
    aim_camera(scene_, seed_, view_.size, distance, focal, row);
    scene_.camera.horizon_px -= wave_shift_px(scene_, distance, column);
    for (std::size_t i = 0; i < subjects_.size(); ++i) {
      place(i, random, distance, i == 0 ? column : -1);
      if (i == 0) placements_.back().rise = std::min(rise, .93 * view_.size.height / fin_px - 1.2);
    }
    std::stable_sort(placements_.begin(), placements_.end(), [](const auto& a, const auto& b) {
      return a.distance_m > b.distance_m;
    });
  }

  void place(std::size_t index, Random& random, double main_distance, double column) {
    Placement placement;
    placement.subject_index = index;
    placement.pose = random_pose(random, subjects_[index].side);
    const double spread = column >= 0 ? 1 : random.log_uniform(.85, 1.5);
    placement.distance_m = main_distance * spread;
    if (column < 0) column = view_.size.width * random.uniform(.05, .95);
    placement.pose.base_px.x = column;
    placement.pose.fin_px =
        scene_.camera.focal_px / placement.distance_m * subjects_[index].genotype->shape.height_m;
    placement.pose.blur_px = std::abs(std::log(spread)) * .012 * placement.pose.fin_px;
    placement.rise = random_rise(random);
    placement.contact = random_contact(random, scene_.sea, placement.pose);
    // Seen from above, every fin leans away.
    placement.pose.roll_rad = std::clamp(
        placement.pose.roll_rad - std::atan(scene_.camera.height_m / placement.distance_m),
        -.45,
        .55);
    placements_.push_back(placement);
  }

  void put_animal(Placement& placement, WaterLine& line, cv::Mat& radiance) {
    Pose& pose = placement.pose;
    const Genotype& genotype = *subjects_[placement.subject_index].genotype;
    settle(placement, line);
    const AnimalLayer layer = draw_animal(genotype,
                                          edge_curve(genotype),
                                          pose,
                                          scene_.light,
                                          water_color(),
                                          frame_above_water(line, pose));
    const cv::Mat seen = put_into_water(layer, line, placement.contact, scene_.light, radiance);
    Seen record;
    record.area = layer.area;
    record.outline = layer.outline;
    if (!layer.area.empty()) {
      record.full_area = cv::sum(layer.fin)[0];
      cv::divide(seen, layer.alpha + 1e-6f, record.fin);
      record.fin = record.fin.mul(layer.fin);
      hide_behind(layer.area, seen);
    }
    seen_.push_back(record);
  }

  /// Floats the animal on its own wave and keeps nearer waves from hiding all of its fin.
  void settle(Placement& placement, WaterLine& line) const {
    Pose& pose = placement.pose;
    const int width = view_.size.width;
    const int reach = std::max(2, static_cast<int>(.6 * pose.fin_px));
    const int first = std::clamp(static_cast<int>(pose.base_px.x) - reach, 0, width - 1);
    const int last = std::clamp(static_cast<int>(pose.base_px.x) + reach, first, width - 1);
    double sum = 0;
    for (int x = first; x <= last; ++x) sum += line.surface_px[static_cast<std::size_t>(x)];
    const double surface = sum / (last - first + 1);
    pose.base_px.y = surface - placement.rise * pose.fin_px;
    const auto highest = static_cast<float>(
        std::max(surface - .3 * pose.fin_px, pose.base_px.y - .55 * pose.fin_px));
    for (float& cover : line.cover_px) cover = std::max(cover, highest);
  }

  /// What lies deep under water need not be drawn.
  cv::Rect frame_above_water(const WaterLine& line, const Pose& pose) const {
    const auto width = static_cast<double>(view_.size.width);
    const double reach = 4.5 * pose.fin_px;
    const auto first =
        static_cast<std::ptrdiff_t>(std::clamp(pose.base_px.x - reach, 0., width - 1));
    const auto last =
        static_cast<std::ptrdiff_t>(std::clamp(pose.base_px.x + reach, 0., width - 1));
    const float lowest =
        *std::max_element(line.cover_px.begin() + first, line.cover_px.begin() + last + 1);
    const int bottom = static_cast<int>(lowest + .2 * pose.fin_px) + 2;
    return {0, 0, view_.size.width, std::clamp(bottom, 0, view_.size.height)};
  }

  cv::Vec3f water_color() const {
    return scene_.sea.upwelling.mul(scene_.light.sun + scene_.light.zenith) +
           scene_.light.horizon * .12f;
  }

  struct Seen {
    cv::Rect area;
    cv::Mat fin;  ///< CV_32F, alpha of the fin that is seen
    double full_area = 0;
    std::vector<cv::Point2f> outline;
  };

  /// What was put before is covered by `alpha` at `area`.
  void hide_behind(const cv::Rect& area, const cv::Mat& alpha) {
    for (Seen& before : seen_) {
      const cv::Rect common = before.area & area;
      if (common.empty()) continue;
      cv::Mat part = before.fin(common - before.area.tl());
      cv::Mat rest = 1 - alpha(common - area.tl());
      cv::multiply(part, rest, part);
    }
  }

  void note_fin(const Placement& placement, const Seen& seen, RenderedPhoto& photo) const {
    if (seen.area.empty() || seen.full_area < 1) return;
    const double visible = cv::sum(seen.fin)[0] / full_area_px(seen, placement);
    const cv::Mat mask = without_specks(seen.fin > .5f);
    const cv::Rect inner = cv::boundingRect(mask);
    if (visible < kLeastVisible || inner.area() < 30) return;
    RenderedFin fin;
    fin.subject_index = placement.subject_index;
    fin.pose = placement.pose;
    fin.box = inner + seen.area.tl();
    fin.mask = mask(inner).clone();
    fin.visible = std::min(1., visible);
    fin.outline = seen.outline;
    fin.tip_index = edge_curve(*subjects_[placement.subject_index].genotype).tip_index;
    const Camera& camera = scene_.camera;
    const double blur = std::hypot(camera.blur_px, .3 * camera.motion_px, placement.pose.blur_px);
    fin.quality = fin.visible * std::cos(placement.pose.yaw_rad) *
                  std::min(1., fin.box.height / 150.) / (1 + 40 * blur / placement.pose.fin_px);
    photo.fins.push_back(std::move(fin));
  }

  /// Keeps the pieces that are at least a thirtieth of the largest one.
  static cv::Mat without_specks(const cv::Mat& mask) {
    cv::Mat labels;
    cv::Mat statistics;
    cv::Mat centers;
    const int count = cv::connectedComponentsWithStats(mask, labels, statistics, centers);
    int largest = 0;
    for (int i = 1; i < count; ++i) {
      largest = std::max(largest, statistics.at<int>(i, cv::CC_STAT_AREA));
    }
    cv::Mat result = mask.clone();
    for (int i = 1; i < count; ++i) {
      if (30 * statistics.at<int>(i, cv::CC_STAT_AREA) >= largest) continue;
      const cv::Rect box(statistics.at<int>(i, cv::CC_STAT_LEFT),
                         statistics.at<int>(i, cv::CC_STAT_TOP),
                         statistics.at<int>(i, cv::CC_STAT_WIDTH),
                         statistics.at<int>(i, cv::CC_STAT_HEIGHT));
      result(box).setTo(0, labels(box) == i);
    }
    return result;
  }

  /// Area the fin would have if it were whole and inside the photo.
  double full_area_px(const Seen& seen, const Placement&) const {
    std::vector<cv::Point2f> closed = seen.outline;
    return std::max(seen.full_area, cv::contourArea(closed) * .95);
  }

  Scene scene_;
  const std::vector<Subject>& subjects_;
  const View& view_;
  std::uint64_t seed_;
  std::vector<Placement> placements_;
  std::vector<Seen> seen_;
};

}  // namespace

RenderedPhoto render_photo(const Scene& encounter,
                           const std::vector<Subject>& subjects,
                           const View& view,
                           std::uint64_t seed) {
  if (subjects.size() > kMostSubjects) {
    throw Error(ErrorKind::kBadOptions, "A photo can show 8 animals at most; ask for fewer.");
  }
  return PhotoRenderer(encounter, subjects, view, seed).render();
}

RenderedCrop cut_fin(const RenderedPhoto& photo, const RenderedFin& fin, double margin) {
  const int pad = static_cast<int>(std::lround(margin * std::max(fin.box.width, fin.box.height)));
  const cv::Rect wanted(
      fin.box.x - pad, fin.box.y - pad, fin.box.width + 2 * pad, fin.box.height + 2 * pad);
  const cv::Rect area = wanted & cv::Rect({}, photo.bgr.size());
  RenderedCrop crop;
  crop.side = fin.pose.side;
  crop.bgr = photo.bgr(area).clone();
  crop.mask = cv::Mat::zeros(area.size(), CV_8U);
  fin.mask.copyTo(crop.mask(fin.box - area.tl()));
  const cv::Point2f origin(static_cast<float>(area.x), static_cast<float>(area.y));
  for (std::size_t i = fin.tip_index; i < fin.outline.size(); ++i) {
    crop.edge.push_back(fin.outline[i] - origin);
  }
  return crop;
}

RenderedCrop render_fin_crop(const Scene& encounter,
                             const Subject& subject,
                             double fin_px,
                             std::uint64_t seed) {
  View view;
  view.size = {static_cast<int>(3. * fin_px) + 16, static_cast<int>(2. * fin_px) + 16};
  view.min_fin_px = .85 * fin_px;
  view.max_fin_px = 1.15 * fin_px;
  constexpr std::uint64_t kTries = 8;
  RenderedPhoto best;
  for (std::uint64_t attempt = 0; attempt < kTries; ++attempt) {
    const std::uint64_t own = derive_seed(seed, {0xc409, attempt});
    RenderedPhoto photo = render_photo(encounter, {subject}, view, own);
    if (photo.fins.empty()) continue;
    if (best.fins.empty() || photo.fins[0].visible > best.fins[0].visible) best = std::move(photo);
    if (best.fins[0].visible > .5) break;
  }
  if (best.fins.empty()) {
    throw Error(ErrorKind::kBadOptions,
                "No view of a fin of " + std::to_string(fin_px) +
                    " px could be rendered; ask for at least 24 px.");
  }
  return cut_fin(best, best.fins[0], .15);
}

}  // namespace finview::synthetic
