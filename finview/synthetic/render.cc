#include "finview/synthetic/render.h"

#include "finview/base/error.h"
#include "finview/synthetic/camera.h"
#include "finview/synthetic/contact.h"
#include "finview/synthetic/distractors.h"
#include "finview/synthetic/placing.h"
#include "finview/synthetic/random.h"
#include "finview/synthetic/sea.h"

#include <algorithm>
#include <cmath>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::synthetic {
namespace {

constexpr double kLeastVisible = .1;
constexpr std::size_t kMostSubjects = 8;

class PhotoRenderer {
 public:
  PhotoRenderer(const Scene& encounter,
                const std::vector<Subject>& subjects,
                const View& view,
                std::uint64_t seed)
      : scene_(encounter),
        subjects_(subjects),
        view_(view),
        seed_(seed),
        finless_(make_genotype(
            subjects.empty() ? Species::kBottlenose : subjects.front().genotype->species,
            derive_seed(seed, {0xf11}))) {}

  RenderedPhoto render() {
    aim();
    std::vector<double> distances;
    for (const Placement& placement : placements_) distances.push_back(placement.distance_m);
    const std::vector<Distractor> distractors =
        random_distractors(scene_, view_.num_distractors, derive_seed(seed_, {0xd157}));
    for (const Distractor& one : distractors) distances.push_back(one.distance_m);
    SeaPicture sea = render_sea(scene_, distances);
    defocus_background(scene_.camera, focus_m_, sea.radiance);
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
    const double distance = random.log_uniform(7, 50) * std::sqrt(main_height_m / .28);
    focus_m_ = distance;
    const double focal = fin_px * distance / main_height_m;
    const double column = view_.size.width * random.uniform(.3, .7);
    Placement main = random_behavior(
        random, scene_.sea, subjects_.empty() ? std::nullopt : subjects_.front().side);
    const double height = view_.size.height;
    main.rise = std::min(main.rise, .93 * height / fin_px - 1.2);
    const double row = std::min(
        .97 * height, std::max((1.22 + main.rise) * fin_px, height * random.uniform(.35, .85)));
    aim_camera(scene_, seed_, view_.size, distance, focal, row);
    scene_.camera.horizon_px -= wave_shift_px(scene_, distance, column);
    if (!subjects_.empty()) {
      settle_at(column, distance, 1, main);
      placements_.push_back(main);
    }
    for (std::size_t i = 1; i < subjects_.size(); ++i) place_beside(i, random);
    for (int i = 0; i < view_.num_finless; ++i) place_finless(random, distance);
    std::stable_sort(placements_.begin(), placements_.end(), [](const auto& a, const auto& b) {
      return a.distance_m > b.distance_m;
    });
    scene_.foam = random_foam(random, scene_.camera, placements_);
  }

  /// Anywhere, or close beside another animal: companions that touch, mothers with calves.
  void place_beside(std::size_t index, Random& random) {
    const Placement& main = placements_.front();
    Placement placement = random_behavior(random, scene_.sea, subjects_[index].side);
    placement.subject_index = index;
    double column = view_.size.width * random.uniform(.05, .95);
    double spread = random.log_uniform(.85, 1.5);
    double growth = 1;
    if (random.chance(.35)) {
      column = main.pose.base_px.x + random.normal(0, 1.6) * main.pose.fin_px;
      spread = random.uniform(.97, 1.05);
      placement.pose.yaw_rad = std::clamp(main.pose.yaw_rad + random.normal(0, .2), -1.5, 1.5);
      if (!subjects_[index].side) placement.pose.side = main.pose.side;
      placement.contact.head_right = placement.pose.side == Side::kRight;
      if (random.chance(.4)) growth = random.uniform(.5, .8);
    }
    settle_at(column, main.distance_m * spread, growth, placement);
    placement.pose.blur_px = std::abs(std::log(spread)) * .012 * placement.pose.fin_px;
    placements_.push_back(placement);
  }

  void place_finless(Random& random, double main_distance) {
    Placement placement = random_finless_behavior(random, scene_.sea);
    placement.subject_index = kNoSubject;
    // An animal on its side floats as deep as an upright one.
    placement.rise += finless_.shape.back_radius * (std::cos(placement.pose.roll_rad) - 1);
    settle_at(view_.size.width * random.uniform(.02, .98),
              main_distance * random.log_uniform(.85, 1.5),
              1,
              placement);
    placements_.push_back(placement);
  }

  const Genotype& genotype(const Placement& placement) const {
    return placement.subject_index == kNoSubject ? finless_
                                                 : *subjects_[placement.subject_index].genotype;
  }

  void settle_at(double column, double distance_m, double growth, Placement& placement) const {
    Pose& pose = placement.pose;
    placement.distance_m = distance_m;
    pose.base_px.x = column;
    pose.fin_px = growth * scene_.camera.focal_px / distance_m * genotype(placement).shape.height_m;
    pose.elevation_rad = std::atan(scene_.camera.height_m / distance_m);
    placement.contact.unit_px = pose.fin_px;
    placement.contact.column_px = column;
  }

  void put_animal(Placement& placement, WaterLine& line, cv::Mat& radiance) {
    Pose& pose = placement.pose;
    const Genotype& animal = genotype(placement);
    settle(placement, line);
    const AnimalLayer layer = draw_animal(animal,
                                          edge_curve(animal),
                                          pose,
                                          scene_.light,
                                          water_color(),
                                          {{}, view_.size},
                                          line.cover_px);
    const SeenAnimal animal_seen =
        put_into_water(layer, line, placement.contact, scene_.light, radiance);
    Seen record;
    record.area = layer.area;
    record.outline = layer.outline;
    if (!layer.area.empty()) {
      record.full_area = cv::sum(layer.fin)[0];
      const cv::Mat share = layer.fin / (layer.alpha + 1e-6f);
      record.fin = animal_seen.seen.mul(share);
      record.standing = animal_seen.standing.mul(share);
      hide_behind(layer.area, animal_seen.seen);
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

  cv::Vec3f water_color() const {
    return scene_.sea.upwelling.mul(scene_.light.sun + scene_.light.zenith) +
           scene_.light.horizon * .12f;
  }

  struct Seen {
    cv::Rect area;
    cv::Mat fin;       ///< CV_32F, alpha of the fin that is seen
    cv::Mat standing;  ///< CV_32F, that and what spray hides
    double full_area = 0;
    std::vector<cv::Point2f> outline;
  };

  /// What was put before is covered by `alpha` at `area`.
  void hide_behind(const cv::Rect& area, const cv::Mat& alpha) {
    for (Seen& before : seen_) {
      const cv::Rect common = before.area & area;
      if (common.empty()) continue;
      const cv::Mat rest = 1 - alpha(common - area.tl());
      for (cv::Mat* plane : {&before.fin, &before.standing}) {
        cv::Mat part = (*plane)(common - before.area.tl());
        cv::multiply(part, rest, part);
      }
    }
  }

  void note_fin(const Placement& placement, const Seen& seen, RenderedPhoto& photo) const {
    if (placement.subject_index == kNoSubject || seen.area.empty() || seen.full_area < 1) return;
    const double visible = cv::sum(seen.fin)[0] / full_area_px(seen, placement);
    const cv::Mat standing = seen.standing > .5f;
    const cv::Rect around = cv::boundingRect(standing);
    if (around.empty()) return;
    const cv::Rect inner = cv::boundingRect(without_specks(standing(around))) + around.tl();
    const cv::Mat mask = without_specks(seen.fin(inner) > .5f);
    if (visible < kLeastVisible || cv::countNonZero(mask) < 15) return;
    RenderedFin fin;
    fin.subject_index = placement.subject_index;
    fin.pose = placement.pose;
    fin.box = inner + seen.area.tl();
    fin.mask = mask;
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
  double focus_m_ = 20;
  Genotype finless_;  ///< the animals that show no fin
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
