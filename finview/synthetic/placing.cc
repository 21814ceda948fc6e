#include "finview/synthetic/placing.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace finview::synthetic {
namespace {

constexpr double kLeap = .9;  ///< a rise from which the whole animal is in the air

double total_slope(const Sea& sea) {
  return std::sqrt(
      std::inner_product(sea.slopes.begin(), sea.slopes.end(), sea.slopes.begin(), 0.));
}

Pose random_pose(Random& random, std::optional<Side> side) {
  Pose pose;
  pose.side = side.value_or(random.chance(.5) ? Side::kLeft : Side::kRight);
  // Mostly from the side, as photographers wait for it; now and then from behind or from ahead.
  pose.yaw_rad = random.chance(.86) ? std::clamp(random.normal(0, .36), -1.5, 1.5)
                                    : random.uniform(-1.55, 1.5);
  pose.roll_rad = std::clamp(random.normal(.04, .15), -.6, .6);
  pose.wetness = random.uniform(.4, 1);
  pose.pour = random.chance(.12) ? random.uniform(.1, .9) : 0;
  pose.fluke_rad = random.normal(0, .4);
  return pose;
}

void add_splashes(Random& random, Placement& placement) {
  const bool leaps = placement.rise > kLeap;
  const int count = leaps ? 1 + random.below(3) : random.chance(.35) ? 1 + random.below(3) : 0;
  for (int i = 0; i < count; ++i) {
    Splash splash;
    splash.foot_px.x = leaps ? random.normal(0, 1.2) : random.normal(0, 1.4);
    splash.height_px = leaps ? random.log_uniform(.5, 2.4) : random.log_uniform(.1, 1.1);
    splash.width_px = splash.height_px * random.log_uniform(.5, 3);
    splash.lean = random.normal(0, .4);
    splash.density = random.uniform(.35, 1);
    splash.num_drops = static_cast<int>(random.log_uniform(20, 900));
    splash.seed = random.bits();
    placement.contact.splashes.push_back(splash);
  }
}

}  // namespace

Placement random_behavior(Random& random, const Sea& sea, std::optional<Side> side) {
  Placement placement;
  placement.pose = random_pose(random, side);
  Pose& pose = placement.pose;
  const double kind = random.unit();
  if (kind < .50) {  // surfaces calmly
    placement.rise = std::clamp(random.normal(.24, .16), .02, .6);
    pose.arch = random.uniform(.03, .13);
    pose.tail_arch = random.uniform(.03, .13);
    pose.pitch_rad = std::clamp(random.normal(0, .10), -.4, .4);
  } else if (kind < .84) {  // shows the whole back
    placement.rise = random.uniform(.35, .85);
    pose.arch = random.uniform(.09, .36);
    pose.tail_arch = random.uniform(.09, .36);
    pose.pitch_rad = std::clamp(random.normal(-.05, .16), -.5, .5);
  } else if (kind < .94) {  // hardly out of the water
    placement.rise = random.uniform(-.55, .02);
    pose.arch = random.uniform(.03, .10);
    pose.tail_arch = random.uniform(.03, .10);
    pose.pitch_rad = std::clamp(random.normal(0, .12), -.4, .4);
  } else {  // leaps
    placement.rise = random.uniform(kLeap, 3.2);
    pose.arch = random.uniform(.02, .10);
    pose.tail_arch = random.uniform(.02, .12);
    pose.pitch_rad = std::clamp(random.normal(0, .45), -1.0, 1.0);
    pose.roll_rad *= 1.6;
  }
  add_splashes(random, placement);
  Contact& contact = placement.contact;
  contact.mirror = std::clamp(.85 - 3.5 * total_slope(sea), .15, .8);
  contact.foam = random.uniform(0, .75);
  contact.wake = random.chance(.3) ? random.uniform(.9, 1.3) : random.uniform(.2, .9);
  contact.num_drops = random.chance(.4) ? static_cast<int>(random.log_uniform(10, 500)) : 0;
  contact.head_right = pose.side == Side::kRight;
  contact.seed = random.bits();
  return placement;
}

Placement random_finless_behavior(Random& random, const Sea& sea) {
  Placement placement = random_behavior(random, sea, std::nullopt);
  Pose& pose = placement.pose;
  pose.has_fin = false;
  const double kind = random.unit();
  if (kind < .35) {  // dives: the flukes are up
    pose.pitch_rad = -random.uniform(.7, 1.4);
    pose.fluke_rad = random.uniform(-.8, .8);
    pose.arch = pose.tail_arch = .02;
    placement.rise = random.uniform(-2.4, .6);
  } else if (kind < .47) {  // looks out of the water
    pose.pitch_rad = random.uniform(.5, 1.4);
    placement.rise = random.uniform(-2.6, 0);
    pose.arch = .02;
  } else if (kind < .67) {  // on its side: a flipper stands up
    pose.roll_rad = random.chance(.5) ? random.uniform(1.2, 2.4) : -random.uniform(1.2, 2.4);
    placement.rise = random.uniform(-.3, .5);
  }
  return placement;
}

std::vector<FoamPatch> random_foam(Random& random,
                                   const Camera& camera,
                                   const std::vector<Placement>& placements) {
  std::vector<FoamPatch> patches;
  for (const Placement& placement : placements) {
    const Pose& pose = placement.pose;
    if (!random.chance(.5)) continue;
    const double m_per_px = placement.distance_m / camera.focal_px;
    const double unit_m = pose.fin_px * m_per_px;
    const double x_m = (pose.base_px.x - .5 * camera.size.width) * m_per_px;
    const double behind = placement.contact.head_right ? -1 : 1;
    for (int i = 1 + random.below(4); i > 0; --i) {
      FoamPatch patch;
      patch.half_width_m = unit_m * random.log_uniform(.4, 4);
      patch.half_depth_m = unit_m * random.log_uniform(.4, 4);
      patch.x_m = x_m + behind * unit_m * random.normal(3, 3);
      patch.distance_m = placement.distance_m + unit_m * random.normal(0, 2);
      patch.strength = random.uniform(.2, 1);
      patches.push_back(patch);
    }
  }
  if (random.chance(.2)) {
    for (int i = 1 + random.below(6); i > 0; --i) {
      FoamPatch patch;
      const double row = camera.size.height * random.uniform(.1, 1);
      patch.distance_m = camera.height_m * camera.focal_px / std::max(20., row - camera.horizon_px);
      patch.x_m = random.uniform(-.6, .6) * camera.size.width * patch.distance_m / camera.focal_px;
      patch.half_width_m = patch.distance_m * random.log_uniform(20, 300) / camera.focal_px;
      patch.half_depth_m = patch.half_width_m * random.log_uniform(.3, 3);
      patch.strength = random.uniform(.2, .7);
      patches.push_back(patch);
    }
  }
  return patches;
}

}  // namespace finview::synthetic
