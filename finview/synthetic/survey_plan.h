#pragma once

#include "finview/base/options.h"
#include "finview/synthetic/genotype.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <opencv2/core/types.hpp>

namespace finview::synthetic {

/// What a rendered survey holds.
struct SynthOptions {
  std::int64_t individuals = 20;       ///< in the catalogue
  std::int64_t encounters = 6;         ///< of the survey
  std::int64_t photos = 60;            ///< of the survey
  std::int64_t catalogue_photos = 6;   ///< mean per individual; from 2 to about 4 times as many
  std::int64_t max_fins = 3;           ///< per photo
  double unknown_share = .067;         ///< of the photos: a stranger that is in no catalogue
  double empty_share = .08;            ///< of the photos: no fin
  std::string species = "bottlenose";  ///< or "mixed"
  std::string edges = "notched";       ///< or "smooth": individuals differ by their skin alone
  std::string size = "1600x1067";      ///< width x height of the photos, pixels
  std::string names = "encounter";     ///< convention of the file names
  bool masks = false;                  ///< also write a PNG mask per fin
  std::int64_t seed = 1;
  std::int64_t threads = 0;  ///< 0 = all cores; does not change the result

  void visit(OptionVisitor& visitor);
};

/// Throws Error{kBadOptions} that lists every value outside its range and every combination that
/// cannot be rendered.
void check_synth_options(const SynthOptions& options);

/// The two numbers of "1600x1067"; absent unless both are whole and the photo is 160 x 120 to
/// 12000 x 12000 px.
std::optional<cv::Size> parse_photo_size(const std::string& text);

/// An animal of the survey or its catalogue.
struct PlannedIndividual {
  std::string name;
  Genotype genotype;  ///< as in the first year of the catalogue
  bool known = true;  ///< has a catalogue folder
};

/// One photo or catalogue crop to be rendered; needs nothing of any other.
struct PlannedPhoto {
  std::string path;  ///< below the survey's folder, with '/'
  std::string encounter;
  std::string time;  ///< "2013:01:12 10:05:09"
  double latitude_deg = 0;
  double longitude_deg = 0;
  std::uint64_t scene_seed = 0;
  std::uint64_t seed = 0;
  int year = 0;                          ///< since the first year of the catalogue
  std::vector<std::size_t> individuals;  ///< the first is the one the camera follows
  Side side = Side::kLeft;               ///< of the first, in catalogue crops
};

struct SurveyPlan {
  std::vector<PlannedIndividual> individuals;
  std::vector<PlannedPhoto> photos;
  std::vector<PlannedPhoto> catalogue;
};

/// Who is in which photo, when and where.
///
/// Photos per individual follow the catalogue of docs/synthetic.md: log-normal, median .8 of the
/// mean, 2 at least; each individual is catalogued from at least two encounters, none of which is
/// one of the survey's.
SurveyPlan plan_survey(const SynthOptions& options);

}  // namespace finview::synthetic
