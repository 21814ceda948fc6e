#include "finview/pipeline/export_rows.h"

#include "finview/base/error.h"
#include "finview/photo/file_kind.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <tuple>

#include <fmt/format.h>

namespace finview::internal {
namespace {

constexpr std::int64_t kPage = 1000;

// Calls list(offset) until a page is not full.
template <class List, class Each>
void each_page(List list, Each each) {
  for (std::int64_t offset = 0;; offset += kPage) {
    const auto rows = list(offset);
    for (const auto& row : rows) each(row);
    if (rows.size() < static_cast<std::size_t>(kPage)) return;
  }
}

template <class Id, class Record>
const Record& row_or_empty(const std::map<Id, Record>& rows, Id id) {
  static const Record none;
  const auto found = rows.find(id);
  return found == rows.end() ? none : found->second;
}

constexpr std::array kReviews = {Review::kWaiting,
                                 Review::kConfirmed,
                                 Review::kProvisional,
                                 Review::kUnsure,
                                 Review::kDiscarded};

}  // namespace

ExportRows::ExportRows(const Catalogue& catalogue) {
  for (const SurveyRecord& survey : catalogue.encounters.surveys()) surveys[survey.id] = survey;
  each_page(
      [&](std::int64_t offset) {
        EncounterFilter filter;
        filter.offset = offset;
        filter.limit = kPage;
        return catalogue.encounters.list(filter).rows;
      },
      [&](const EncounterRecord& row) { encounters[row.id] = row; });
  each_page(
      [&](std::int64_t offset) {
        IndividualFilter filter;
        filter.offset = offset;
        filter.limit = kPage;
        return catalogue.individuals.list(filter).rows;
      },
      [&](const IndividualRecord& row) { individuals[row.id] = row; });
  each_page([&](std::int64_t offset) { return catalogue.decisions.list({}, {}, offset, kPage); },
            [&](const DecisionRecord& row) {
              decided[row.id] = {row.who, row.when};
            });
  catalogue.photos.each([&](const PhotoRecord& row) { photos[row.id] = row; });
  catalogue.fins.each([&](const FinRecord& row) {
    if (row.review != Review::kDiscarded && photos.contains(row.photo)) {
      fins[row.photo].push_back(row);
    }
  });
}

const EncounterRecord& ExportRows::encounter(EncounterId id) const {
  return row_or_empty(encounters, id);
}

const SurveyRecord& ExportRows::survey_of(const EncounterRecord& encounter) const {
  return row_or_empty(surveys, encounter.survey);
}

const IndividualRecord& ExportRows::individual(IndividualId id) const {
  return row_or_empty(individuals, id);
}

std::vector<Sighting> sightings(const ExportRows& rows, bool provisional) {
  std::map<std::tuple<EncounterId, std::string, IndividualId>, Sighting> found;
  for (const auto& [photo, fins] : rows.fins) {
    for (const FinRecord& fin : fins) {
      const bool counts =
          fin.review == Review::kConfirmed || (provisional && fin.review == Review::kProvisional);
      if (!counts || !fin.individual) continue;
      const std::string day = fin.taken.substr(0, 10);
      Sighting& sighting =
          found[{fin.encounter, fin.encounter ? std::string() : day, fin.individual}];
      sighting.individual = fin.individual;
      sighting.encounter = fin.encounter;
      if (!day.empty() && (sighting.day.empty() || day < sighting.day)) sighting.day = day;
      sighting.fins.push_back(&fin);
    }
  }
  std::vector<Sighting> all;
  for (auto& [key, sighting] : found) {
    const std::string began = rows.encounter(sighting.encounter).began.substr(0, 10);
    if (sighting.day.empty()) sighting.day = began;
    all.push_back(std::move(sighting));
  }
  std::sort(all.begin(), all.end(), [](const Sighting& a, const Sighting& b) {
    return std::tie(a.day, a.encounter, a.individual) < std::tie(b.day, b.encounter, b.individual);
  });
  return all;
}

const char* to_string(Review review) {
  switch (review) {
    case Review::kWaiting:
      return "waiting";
    case Review::kConfirmed:
      return "confirmed";
    case Review::kProvisional:
      return "provisional";
    case Review::kUnsure:
      return "unsure";
    case Review::kDiscarded:
      return "discarded";
  }
  return "unknown";
}

Review review_named(const std::string& name) {
  for (const Review review : kReviews) {
    if (name == to_string(review)) return review;
  }
  throw Error(ErrorKind::kBadInput,
              fmt::format("The review \"{}\" is not known; it is waiting, confirmed, provisional, "
                          "unsure or discarded.",
                          name));
}

std::map<PhotoId, std::string> archive_names(const ExportRows& rows) {
  std::map<PhotoId, std::string> names;
  std::set<std::string> taken;
  for (const auto& [id, photo] : rows.photos) {
    std::string name = printable_name(photo.name);
    std::replace(name.begin(), name.end(), '\\', '/');
    std::filesystem::path path;
    for (const auto& part : std::filesystem::path(name).relative_path()) {
      if (part != ".." && part != ".") path /= part;
    }
    if (path.empty()) path = std::to_string(id.value);
    if (!taken.insert(path.string()).second) {
      path.replace_filename(std::to_string(id.value) + "-" + path.filename().string());
      taken.insert(path.string());
    }
    names[id] = path.string();
  }
  return names;
}

}  // namespace finview::internal
