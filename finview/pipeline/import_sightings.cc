#include "finview/pipeline/import_sightings.h"

#include "finview/base/error.h"
#include "finview/photo/file_kind.h"

#include <array>
#include <map>
#include <set>

#include <fmt/format.h>

namespace finview {
namespace {

/// What all rows together say of a photo.
struct Said {
  std::set<IndividualId> individuals;
  EncounterId encounter;
  std::string date;
};

/// Photos by their name, and by the last part of it.
class PhotosByName {
 public:
  explicit PhotosByName(const Catalogue& catalogue) {
    catalogue.photos.each([&](const PhotoRecord& photo) {
      const std::string name = internal::printable_name(photo.name);
      photos_[name].push_back(photo.id);
      const std::size_t slash = name.rfind('/');
      if (slash != std::string::npos) photos_[name.substr(slash + 1)].push_back(photo.id);
    });
  }

  /// Throws Error{kNotFound}, and Error{kConflict} if several photos have this name.
  PhotoId find(const std::string& name) const {
    const auto found = photos_.find(name);
    if (found == photos_.end()) {
      throw Error(ErrorKind::kNotFound, "The photo is not in the catalogue; import it first.");
    }
    if (found->second.size() > 1) {
      throw Error(ErrorKind::kConflict,
                  fmt::format("{} photos have this name; give the folder before it.",
                              found->second.size()));
    }
    return found->second.front();
  }

 private:
  std::map<std::string, std::vector<PhotoId>> photos_;
};

class Labeller {
 public:
  Labeller(Catalogue& catalogue, const std::string& who, Progress& progress)
      : catalogue_(catalogue), who_(who), progress_(progress), photos_(catalogue) {}

  void read(const SightingRow& row) {
    const EncounterId encounter = encounter_of(row);
    const IndividualId individual = individual_of(row);
    for (const std::string& name : row.photos) {
      try {
        Said& said = said_[photos_.find(name)];
        if (individual) said.individuals.insert(individual);
        if (encounter) said.encounter = encounter;
        if (!row.date.empty()) said.date = row.date;
      } catch (const Error& error) {
        progress_.item_failed(name, error.what());
      }
    }
  }

  std::int64_t write() {
    for (const auto& [id, said] : said_) {
      const PhotoRecord photo = catalogue_.photos.get(id);
      if (photo.taken.empty() && !said.date.empty()) catalogue_.photos.set_taken(id, said.date);
      if (said.encounter) catalogue_.photos.set_encounter({&id, 1}, said.encounter);
      if (said.individuals.size() == 1) {
        label(photo, *said.individuals.begin());
      } else if (said.individuals.size() > 1) {
        progress_.note(fmt::format("{}: shows {} individuals; say which fin is whose.",
                                   photo.name,
                                   said.individuals.size()));
      }
    }
    return static_cast<std::int64_t>(said_.size());
  }

 private:
  EncounterId encounter_of(const SightingRow& row) {
    if (row.sighting.empty()) return {};
    EncounterRecord encounter;
    encounter.code = row.sighting;
    encounter.began = row.date;
    encounter.place = row.place;
    if (row.latitude_deg && row.longitude_deg) {
      encounter.position = GpsPosition{*row.latitude_deg, *row.longitude_deg, {}};
    }
    if (!row.survey.empty()) {
      SurveyRecord survey;
      survey.code = row.survey;
      encounter.survey = catalogue_.encounters.add_survey(survey);
    }
    return catalogue_.encounters.add(encounter);
  }

  IndividualId individual_of(const SightingRow& row) {
    if (row.individual.empty()) return {};
    if (const auto known = catalogue_.individuals.find(row.individual)) return *known;
    IndividualRecord individual;
    individual.code = row.individual;
    individual.name = row.nickname;
    // What others call "unknown" is our empty.
    if (row.sex == "female" || row.sex == "male") individual.sex = row.sex;
    for (const char* age : {"calf", "juvenile", "adult"}) {
      if (row.life_stage == age) individual.age_class = age;
    }
    return catalogue_.individuals.add(individual);
  }

  void label(const PhotoRecord& photo, IndividualId individual) {
    if (photo.num_fins == 0) return catalogue_.photos.set_labelled(photo.id, individual, who_);
    FinFilter filter;
    filter.photo = photo.id;
    const Page<FinRecord> fins = catalogue_.fins.list(filter);
    if (fins.rows.size() == 1 && fins.rows[0].individual == individual) return;
    if (fins.rows.size() != 1 || fins.rows[0].last_decision) {
      return progress_.note(fmt::format(
          "{}: has {} fins, or was decided on; left as it is.", photo.name, fins.rows.size()));
    }
    NewDecision wish;
    wish.fins = {fins.rows[0].id};
    wish.individual = individual;
    wish.who = who_;
    wish.why = "imported";
    catalogue_.decisions.decide(wish);
  }

  Catalogue& catalogue_;
  const std::string& who_;
  Progress& progress_;
  PhotosByName photos_;
  std::map<PhotoId, Said> said_;
};

}  // namespace

std::int64_t import_sightings(Catalogue& catalogue,
                              const std::vector<SightingRow>& rows,
                              const std::string& who,
                              Progress& progress) {
  std::int64_t num_photos = 0;
  catalogue.database.write([&](soci::session&) {
    Labeller labeller(catalogue, who, progress);
    for (const SightingRow& row : rows) labeller.read(row);
    num_photos = labeller.write();
  });
  return num_photos;
}

}  // namespace finview
