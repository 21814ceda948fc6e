#include "finview/synthetic/genotype.h"

#include "finview/base/error.h"
#include "finview/synthetic/random.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace finview::synthetic {
namespace {

/// Means and spreads of a species, and what marks it carries.
struct Preset {
  FinShape shape;
  double num_notches = 5;
  double num_scars = 3;
  double skin = .07;  ///< mean linear reflectance
  double warmth = .04;
  double flank = .16;
  double pale_patch = 0;  ///< chance
  double saddle = 0;
  double blaze = 0;
};

Preset preset(Species species) {
  switch (species) {
    case Species::kCommon:
      return {{.20, 1.15, .58, -.07, .20, .034, .055, .05, 1.0}, 3, 2, .05, .0, .25, .7, 0, .9};
    case Species::kDusky:
      return {{.18, 1.10, .58, -.10, .22, .034, .055, .05, 1.1}, 3, 2, .05, .0, .25, .8, 0, .9};
    case Species::kRissos:
      return {{.40, 1.00, .54, -.08, .22, .038, .055, .05, 1.2}, 4, 14, .12, .02, .25, .2, 0};
    case Species::kHectors:
      return {{.12, 1.55, .48, .30, -.06, .13, .070, .03, 1.6}, 3, 2, .06, .0, .25, 0, 0};
    case Species::kOrcaMale:
      return {{1.5, .72, .86, .06, .02, .035, .050, .08, .55}, 3, 2, .02, .0, .02, 0, .8};
    case Species::kOrcaFemale:
      return {{.80, 1.05, .58, -.07, .22, .038, .050, .04, .9}, 3, 2, .02, .0, .02, 0, .8};
    case Species::kWhiteShark:
      return {{.50, 1.00, .70, -.08, .10, .030, .050, .03, 1.1}, 8, 2, .09, .03, .12, 0, 0};
    case Species::kBottlenose:
      break;
  }
  return {{.28, 1.25, .55, -.05, .22, .052, .060, .05, 1.0}, 5, 3, .058, .05, .12, .08, 0};
}

Notch random_notch(Random& random) {
  Notch notch;
  notch.position = random.uniform(.02, .92);
  notch.width = random.log_uniform(.008, .07);
  notch.depth = notch.width * random.uniform(.25, 1.1);
  if (random.chance(.25)) notch.depth *= -.4;
  notch.asymmetry = random.uniform(.2, .8);
  const double kind = random.unit();
  notch.shape = kind < .5    ? NotchShape::kSharp
                : kind < .85 ? NotchShape::kRound
                             : NotchShape::kStep;
  return notch;
}

/// Cuts side by side, as a net or a propeller leaves them.
void add_tatters(Random& random, std::vector<Notch>& tatters) {
  const double place = random.uniform(.1, .75);
  const double gap = random.uniform(.014, .03);
  for (int i = 3 + random.below(6); i > 0; --i) {
    Notch cut;
    cut.position = place + gap * i + random.normal(0, .004);
    cut.width = gap * random.uniform(.6, 1.2);
    cut.depth = cut.width * random.uniform(.6, 1.6);
    cut.asymmetry = random.uniform(.2, .8);
    cut.shape = random.chance(.7) ? NotchShape::kSharp : NotchShape::kStep;
    tatters.push_back(cut);
  }
}

cv::Point2d random_place(Random& random, const FinShape& shape) {
  const double y = random.uniform(-.05, .9);
  return {shape.tip_x + (shape.base_length - shape.tip_x) * std::pow(1 - std::max(0., y), .6) *
                            random.uniform(.2, .95),
          y};
}

/// One scar, or a rake of three to seven parallel ones.
void add_scars(Random& random, const FinShape& shape, std::vector<Scar>& scars) {
  Scar scar;
  scar.middle = random_place(random, shape);
  scar.angle_rad = random.uniform(0, M_PI);
  scar.length = random.log_uniform(.08, .6);
  scar.bend = random.normal(0, .5);
  scar.width = random.log_uniform(.003, .010);
  scar.contrast = random.chance(.75) ? random.uniform(.06, .32) : -random.uniform(.1, .4);
  const int num_lines = random.chance(.25) ? 3 + random.below(5) : 1;
  const double gap = random.uniform(.02, .05);
  for (int i = 0; i < num_lines; ++i) {
    Scar line = scar;
    line.middle.x += -std::sin(scar.angle_rad) * gap * i;
    line.middle.y += std::cos(scar.angle_rad) * gap * i;
    line.length *= random.uniform(.6, 1.1);
    line.angle_rad += random.normal(0, .06);
    line.contrast *= random.uniform(.5, 1);
    scars.push_back(line);
  }
}

Blotch pale_patch(Random& random, const Genotype& genotype) {
  const FinShape& shape = genotype.shape;
  const bool rear = genotype.species == Species::kDusky;
  Blotch patch;
  patch.middle = {shape.base_length * (rear ? .22 : random.uniform(.30, .45)),
                  random.uniform(.30, .5)};
  patch.radius_x = random.uniform(.12, .28);
  patch.radius_y = random.uniform(.2, .4);
  patch.angle_rad = random.uniform(.3, 1.0);
  patch.contrast = random.uniform(.2, .6);
  patch.softness = random.uniform(.3, .9);
  patch.seed = random.bits();
  return patch;
}

void add_lesions(Random& random, const FinShape& shape, int count, std::vector<Blotch>& blotches) {
  for (int i = 0; i < count; ++i) {
    Blotch lesion;
    lesion.middle = random_place(random, shape);
    lesion.radius_x = random.log_uniform(.015, .08);
    lesion.radius_y = lesion.radius_x * random.uniform(.5, 1.5);
    lesion.contrast = random.uniform(-.35, .25);
    lesion.softness = random.uniform(.3, .8);
    lesion.seed = random.bits();
    blotches.push_back(lesion);
  }
}

/// Shape and color of this individual around its species' mean.
void vary(Random& random, const Preset& mean, Genotype& genotype) {
  FinShape& shape = genotype.shape;
  shape.height_m *= std::exp(random.normal(0, .1));
  shape.base_length *= std::exp(random.normal(0, .07));
  shape.lead_power *= std::exp(random.normal(0, .07));
  shape.tip_x += random.normal(0, .08);
  shape.falcation += random.normal(0, .045);
  shape.tip_radius *= std::exp(random.normal(.1, .35));
  shape.thickness *= std::exp(random.normal(0, .1));
  shape.bend = random.normal(0, shape.bend);
  const double skin = mean.skin * std::exp(random.normal(0, .34));
  const double warmth = mean.warmth + random.normal(0, .05);
  genotype.skin = cv::Vec3f(1 - warmth, 1, 1 + warmth) * skin;
  genotype.flank = cv::Vec3f(1 - warmth, 1, 1 + 1.5 * warmth) * mean.flank;
  genotype.saddle = mean.saddle * random.uniform(.5, 1);
  genotype.speckle = random.chance(.15) ? random.uniform(.2, .8) : 0;
  genotype.tip_contrast = random.chance(.3) ? random.uniform(-.4, .5) : 0;
}

}  // namespace

const std::vector<std::string>& species_names() {
  static const std::vector<std::string> names = {"bottlenose",
                                                 "common",
                                                 "dusky",
                                                 "rissos",
                                                 "hectors",
                                                 "orca_male",
                                                 "orca_female",
                                                 "white_shark"};
  return names;
}

Species parse_species(std::string_view name) {
  const auto& names = species_names();
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw Error(
        ErrorKind::kBadOptions,
        fmt::format("species is \"{}\"; it must be one of {}.", name, fmt::join(names, ", ")));
  }
  return static_cast<Species>(found - names.begin());
}

Genotype make_genotype(Species species, std::uint64_t seed) {
  Random random(derive_seed(seed, {0x6e0}));
  const Preset mean = preset(species);
  Genotype genotype;
  genotype.seed = seed;
  genotype.species = species;
  genotype.shape = mean.shape;
  vary(random, mean, genotype);
  for (int i = random.poisson(mean.num_notches); i > 0; --i) {
    genotype.notches.push_back(random_notch(random));
  }
  Random rare(derive_seed(seed, {0x7a77}));
  if (rare.chance(.06)) add_tatters(rare, genotype.tatters);
  if (mean.blaze > 0) genotype.blaze = mean.blaze * rare.uniform(.4, 1);
  for (int i = random.poisson(.4); i > 0; --i) {
    genotype.nicks.push_back(random_notch(random));
    genotype.nicks.back().depth *= .4;
  }
  if (random.chance(.05)) genotype.tip_cut = random.uniform(.86, .97);
  genotype.roughness = random.log_uniform(.0004, .003);
  const bool patched = random.chance(mean.pale_patch);
  Random patch_random(random.bits());
  for (const Side side : {Side::kLeft, Side::kRight}) {
    const auto index = static_cast<std::size_t>(side);
    Random one(derive_seed(seed, {0x51de, index}));
    if (patched) {
      Random shared = patch_random;
      genotype.blotches[index].push_back(pale_patch(shared, genotype));
      genotype.blotches[index].back().seed = one.bits();
    }
    for (int i = one.poisson(mean.num_scars); i > 0; --i) {
      add_scars(one, genotype.shape, genotype.scars[index]);
    }
    add_lesions(one, genotype.shape, one.poisson(1.5), genotype.blotches[index]);
  }
  return genotype;
}

Genotype with_smooth_edges(Genotype genotype) {
  genotype.smooth_edges = true;
  genotype.notches.clear();
  genotype.tatters.clear();
  genotype.nicks.clear();
  genotype.tip_cut = 1;
  genotype.roughness = 0;
  genotype.shape = preset(genotype.species).shape;
  return genotype;
}

Genotype aged(const Genotype& genotype, int years) {
  Genotype result = genotype;
  for (int year = 1; year <= years; ++year) {
    Random random(derive_seed(genotype.seed, {0xa9e, static_cast<std::uint64_t>(year)}));
    for (auto& scars : result.scars) {
      for (Scar& scar : scars) scar.contrast *= .75;
      for (int i = random.poisson(.8); i > 0; --i) add_scars(random, result.shape, scars);
    }
    if (random.chance(.12) && !genotype.smooth_edges) {
      result.notches.push_back(random_notch(random));
    }
  }
  return result;
}

}  // namespace finview::synthetic
