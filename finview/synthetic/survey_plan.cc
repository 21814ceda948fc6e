#include "finview/synthetic/survey_plan.h"

#include "finview/base/error.h"
#include "finview/synthetic/calendar.h"
#include "finview/synthetic/random.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace finview::synthetic {
namespace {

constexpr int kFirstYear = 2010;
constexpr int kSurveyYear = 2013;
constexpr std::int64_t kMostIndividuals = 100000;

std::int64_t share_of(double share, std::int64_t photos) {
  return std::llround(share * static_cast<double>(photos));
}

/// Notes every fault of a visited option struct, and its values' names.
std::vector<std::string> range_faults(SynthOptions options) {
  internal::RangeCheck check;
  options.visit(check);
  return check.faults;
}

struct Encounter {
  Day day{};
  int number = 1;  ///< that day
  int minute = 0;  ///< of the day, at its start
  double latitude_deg = 0;
  double longitude_deg = 0;
  std::uint64_t seed = 0;
  std::string name() const { return fmt::format("{}_E{}", day.dashed(), number); }
};

class Planner {
 public:
  explicit Planner(const SynthOptions& options)
      : options_(options), seed_(static_cast<std::uint64_t>(options.seed)) {}

  SurveyPlan plan() {
    make_individuals();
    plan_catalogue();
    plan_photos();
    return std::move(plan_);
  }

 private:
  Species species(std::size_t index) const {
    if (options_.species != "mixed") return parse_species(options_.species);
    Random random(derive_seed(seed_, {0x59ec, index}));
    return static_cast<Species>(random.below(static_cast<int>(species_names().size())));
  }

  void make_individuals() {
    num_unknown_photos_ = share_of(options_.unknown_share, options_.photos);
    const std::int64_t num_strangers = (num_unknown_photos_ + 1) / 2;
    for (std::int64_t i = 0; i < options_.individuals + num_strangers; ++i) {
      const auto index = static_cast<std::size_t>(i);
      PlannedIndividual individual;
      individual.known = i < options_.individuals;
      individual.name = individual.known
                            ? fmt::format("{:04}", i + 1)
                            : fmt::format("stranger-{:03}", i - options_.individuals + 1);
      individual.genotype = make_genotype(species(index), derive_seed(seed_, {0x1d, index}));
      if (options_.edges == "smooth") {
        individual.genotype = with_smooth_edges(std::move(individual.genotype));
      }
      plan_.individuals.push_back(std::move(individual));
      Random random(derive_seed(seed_, {0x3e1, index}));
      weights_.push_back(std::exp(random.normal(0, .75)));
    }
  }

  Encounter encounter(int year, std::uint64_t stream, std::uint64_t index) const {
    Random random(derive_seed(seed_, {0xe4c, stream, index}));
    Encounter result;
    result.day = day_of_year(year, random.below(365));
    result.minute = 8 * 60 + random.below(8 * 60);
    result.latitude_deg = -36.6 + random.normal(0, .12);
    result.longitude_deg = 175.0 + random.normal(0, .12);
    result.seed = random.bits();
    return result;
  }

  /// Sorts by day and numbers the encounters of each day.
  static void number_days(std::vector<Encounter>& encounters) {
    std::stable_sort(encounters.begin(), encounters.end(), [](const auto& a, const auto& b) {
      return a.day.dashed() < b.day.dashed();
    });
    for (std::size_t i = 1; i < encounters.size(); ++i) {
      if (encounters[i].day.dashed() == encounters[i - 1].day.dashed()) {
        encounters[i].number = encounters[i - 1].number + 1;
      }
    }
  }

  PlannedPhoto photo_of(const Encounter& encounter, int frame, Random& random) const {
    PlannedPhoto photo;
    photo.encounter = encounter.name();
    photo.time = encounter.day.time(encounter.minute + frame / 6, frame * 10 % 60);
    photo.latitude_deg = encounter.latitude_deg + random.normal(0, .002);
    photo.longitude_deg = encounter.longitude_deg + random.normal(0, .002);
    photo.scene_seed = encounter.seed;
    photo.seed = random.bits();
    photo.year = encounter.day.year - kFirstYear;
    return photo;
  }

  std::string file_name(const Encounter& encounter, int frame) const {
    if (options_.names == "niwa") {
      return fmt::format(
          "HG_{}_{:04}_E{}_FV.jpg", encounter.day.compact(), frame, encounter.number);
    }
    return fmt::format("IMG_{:04}.jpg", frame);
  }

  void plan_catalogue() {
    std::vector<Encounter> encounters;
    const auto count = static_cast<std::size_t>(
        std::max<std::int64_t>(4, options_.individuals * options_.catalogue_photos / 8));
    for (std::size_t i = 0; i < count; ++i) {
      const int year = kFirstYear + static_cast<int>(i % (kSurveyYear - kFirstYear));
      encounters.push_back(encounter(year, 1, i));
    }
    number_days(encounters);
    std::vector<int> frames(encounters.size(), 0);
    for (std::size_t i = 0; i < static_cast<std::size_t>(options_.individuals); ++i) {
      Random random(derive_seed(seed_, {0xca7, i}));
      const double mean = static_cast<double>(options_.catalogue_photos);
      const int num_photos = std::clamp(static_cast<int>(std::lround(mean * .8 * weights_[i])),
                                        2,
                                        static_cast<int>(4.3 * mean) + 1);
      const int num_encounters = std::clamp(num_photos / 2, 2, 8);
      const int first = random.below(static_cast<int>(encounters.size()));
      const int step = std::max(1, static_cast<int>(encounters.size()) / num_encounters);
      for (int k = 0; k < num_photos; ++k) {
        const auto at =
            static_cast<std::size_t>(first + (k % num_encounters) * step) % encounters.size();
        const int frame = ++frames[at];
        PlannedPhoto photo = photo_of(encounters[at], frame, random);
        photo.individuals = {i};
        photo.side = random.chance(.5) ? Side::kLeft : Side::kRight;
        const std::string name = options_.names == "niwa"
                                     ? file_name(encounters[at], frame)
                                     : photo.encounter + "_" + file_name(encounters[at], frame);
        photo.path = fmt::format("catalogue/{}/{}", plan_.individuals[i].name, name);
        plan_.catalogue.push_back(std::move(photo));
      }
    }
  }

  void plan_photos() {
    std::vector<Encounter> encounters;
    for (std::size_t i = 0; i < static_cast<std::size_t>(options_.encounters); ++i) {
      encounters.push_back(encounter(kSurveyYear, 2, i));
    }
    number_days(encounters);
    const std::vector<int> kinds = photo_kinds();
    std::int64_t next_stranger = 0;
    std::size_t encounter_before = encounters.size();
    int frame = 0;
    for (std::int64_t i = 0; i < options_.photos; ++i) {
      const auto at = static_cast<std::size_t>(i * options_.encounters / options_.photos);
      frame = at == encounter_before ? frame + 1 : 1;
      encounter_before = at;
      Random random(derive_seed(seed_, {0xf0, static_cast<std::uint64_t>(i)}));
      PlannedPhoto photo = photo_of(encounters[at], frame, random);
      const std::string name = file_name(encounters[at], frame);
      photo.path = options_.names == "niwa" ? "photos/" + name
                                            : fmt::format("photos/{}/{}", photo.encounter, name);
      const int kind = kinds[static_cast<std::size_t>(i)];
      if (kind == 1) {
        photo.individuals = {static_cast<std::size_t>(options_.individuals + next_stranger++ / 2)};
      } else if (kind == 0) {
        photo.individuals = group(at, random);
      }
      plan_.photos.push_back(std::move(photo));
    }
  }

  /// Per photo 0: known animals, 1: a stranger, 2: no fin; the counts are exact.
  std::vector<int> photo_kinds() const {
    const auto count = static_cast<std::size_t>(options_.photos);
    std::vector<int> kinds(count, 0);
    const auto num_unknown = static_cast<std::size_t>(num_unknown_photos_);
    const auto num_empty =
        static_cast<std::size_t>(share_of(options_.empty_share, options_.photos));
    for (std::size_t i = 0; i < std::min(count, num_unknown + num_empty); ++i) {
      kinds[i] = i < num_unknown ? 1 : 2;
    }
    Random random(derive_seed(seed_, {0x6f1e}));
    for (std::size_t i = count; i > 1; --i) {
      std::swap(kinds[i - 1], kinds[static_cast<std::size_t>(random.below(static_cast<int>(i)))]);
    }
    return kinds;
  }

  /// One to `max_fins` different animals of those that swim in this encounter.
  std::vector<std::size_t> group(std::size_t encounter, Random& random) const {
    int wanted = 1;
    while (wanted < options_.max_fins && random.chance(.28)) ++wanted;
    std::vector<double> weights(static_cast<std::size_t>(options_.individuals));
    for (std::size_t i = 0; i < weights.size(); ++i) {
      Random member(derive_seed(seed_, {0x9209, encounter, i}));
      weights[i] = weights_[i] * (member.chance(.4) ? 1 : .02);
    }
    std::vector<std::size_t> members;
    while (static_cast<int>(members.size()) <
           std::min<std::int64_t>(wanted, options_.individuals)) {
      double total = 0;
      for (const double weight : weights) total += weight;
      double ticket = random.unit() * total;
      std::size_t chosen = 0;
      while (chosen + 1 < weights.size() && (ticket -= weights[chosen]) >= 0) ++chosen;
      if (weights[chosen] <= 0) continue;
      weights[chosen] = 0;
      members.push_back(chosen);
    }
    return members;
  }

  const SynthOptions& options_;
  std::uint64_t seed_;
  std::int64_t num_unknown_photos_ = 0;
  std::vector<double> weights_;
  SurveyPlan plan_;
};

}  // namespace

void SynthOptions::visit(OptionVisitor& visitor) {
  std::vector<std::string> kinds = species_names();
  kinds.push_back("mixed");
  visitor.field("individuals", individuals, "animals in the catalogue", 1, kMostIndividuals);
  visitor.field("encounters", encounters, "encounters of the survey", 1, 10000);
  visitor.field("photos", photos, "photos of the survey", 1, 1000000);
  visitor.field("catalogue-photos", catalogue_photos, "mean photos per catalogued animal", 2, 100);
  visitor.field("max-fins", max_fins, "most fins in a photo", 1, 8);
  visitor.field("unknown-share", unknown_share, "share of photos that show a stranger", 0, 1);
  visitor.field("empty-share", empty_share, "share of photos without a fin", 0, 1);
  visitor.field("species", species, "what to render", kinds);
  visitor.field("edges",
                edges,
                "smooth: all fins have one outline, and only pigment and scars tell them apart",
                {"notched", "smooth"});
  visitor.field("size", size, "WIDTHxHEIGHT of the photos, pixels");
  visitor.field("names", names, "convention of the file names", {"encounter", "niwa"});
  visitor.field("masks", masks, "also write a PNG mask per fin");
  visitor.field("seed", seed, "the same seed gives the same survey", 0, INT64_MAX);
  visitor.field("threads", threads, "0 = all cores", 0, 1024);
}

std::optional<cv::Size> parse_photo_size(const std::string& text) {
  const std::size_t cross = text.find('x');
  if (cross == std::string::npos) return std::nullopt;
  cv::Size size;
  const char* const middle = text.data() + cross;
  const char* const end = text.data() + text.size();
  const auto width = std::from_chars(text.data(), middle, size.width);
  const auto height = std::from_chars(middle + 1, end, size.height);
  if (width.ec != std::errc() || width.ptr != middle) return std::nullopt;
  if (height.ec != std::errc() || height.ptr != end) return std::nullopt;
  if (size.width < 160 || size.height < 120 || std::max(size.width, size.height) > 12000) {
    return std::nullopt;
  }
  return size;
}

void check_synth_options(const SynthOptions& options) {
  Faults faults;
  for (std::string& fault : range_faults(options)) faults.add(std::move(fault));
  if (!parse_photo_size(options.size)) {
    faults.add(fmt::format(
        "--size is \"{}\"; it must be WIDTHxHEIGHT, from 160x120 to 12000x12000.", options.size));
  }
  if (options.encounters > options.photos) {
    faults.add(
        fmt::format("--encounters is {} but there are only {} photos; each encounter needs "
                    "one.",
                    options.encounters,
                    options.photos));
  }
  if (options.unknown_share + options.empty_share > 1) {
    faults.add(fmt::format("--unknown-share {} and --empty-share {} add up to more than 1.",
                           options.unknown_share,
                           options.empty_share));
  }
  if (options.unknown_share > 0 && share_of(options.unknown_share, options.photos) == 0) {
    faults.add(
        fmt::format("--unknown-share {} of {} photos is less than one photo; ask for more "
                    "photos or for 0.",
                    options.unknown_share,
                    options.photos));
  }
  if (options.max_fins > options.individuals) {
    faults.add(fmt::format("--max-fins is {} but there are only {} individuals.",
                           options.max_fins,
                           options.individuals));
  }
  faults.throw_if_any(ErrorKind::kBadOptions);
}

SurveyPlan plan_survey(const SynthOptions& options) {
  check_synth_options(options);
  return Planner(options).plan();
}

}  // namespace finview::synthetic
