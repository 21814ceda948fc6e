#include "finview/pipeline/project_duplicates.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/known_fins.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path kept_path(const Project& project) {
  return project.folder() / "duplicates" / "duplicates.json";
}

ToldApart told_apart(const Catalogue& catalogue, const KnownFins& known) {
  ToldApart apart;
  std::map<IndividualId, std::size_t> index_of;
  const std::vector<std::string>& codes = known.gallery.individuals();
  for (std::size_t i = 0; i < codes.size(); ++i) index_of[known.individuals.at(codes[i])] = i;
  for (const auto& [one, other] : catalogue.individuals.told_apart()) {
    const auto first = index_of.find(one);
    const auto second = index_of.find(other);
    if (first == index_of.end() || second == index_of.end()) continue;
    apart.individuals.insert(std::minmax(first->second, second->second));
  }
  for (std::size_t entry = 0; entry < known.fins.size(); ++entry) {
    for (const IndividualId rejected : catalogue.decisions.rejected(known.fins[entry])) {
      const auto found = index_of.find(rejected);
      if (found != index_of.end()) apart.not_by_entry[entry].insert(found->second);
    }
  }
  return apart;
}

void keep(const Project& project, const KnownFins& known, const Duplicates& found) {
  const auto id = [&](const std::string& code) { return known.individuals.at(code).value; };
  json pairs = json::array();
  for (const DuplicatePair& pair : found.pairs) {
    pairs.push_back({{"first", id(pair.first)},
                     {"second", id(pair.second)},
                     {"probability", pair.probability},
                     {"first_fin", known.fins[pair.first_entry].value},
                     {"second_fin", known.fins[pair.second_entry].value}});
  }
  json misfiled = json::array();
  for (const MisfiledPhoto& photo : found.misfiled) {
    misfiled.push_back({{"fin", known.fins[photo.entry_index].value},
                        {"individual", id(photo.filed_under)},
                        {"looks_like", id(photo.looks_like)},
                        {"probability", photo.probability},
                        {"probability_own", photo.probability_own},
                        {"best_fin", known.fins[photo.best_entry_index].value}});
  }
  write_file(kept_path(project),
             json{{"made", project.catalogue().database.now()},
                  {"pairs", std::move(pairs)},
                  {"misfiled", std::move(misfiled)}}
                 .dump());
}

template <class RowId>
RowId id_at(const json& row, const char* name) {
  return RowId{row.at(name).get<std::int64_t>()};
}

SuspectedDuplicates parse(const json& kept) {
  SuspectedDuplicates found;
  found.made = kept.at("made").get<std::string>();
  for (const json& row : kept.at("pairs")) {
    found.pairs.push_back({id_at<IndividualId>(row, "first"),
                           id_at<IndividualId>(row, "second"),
                           row.at("probability").get<double>(),
                           id_at<FinId>(row, "first_fin"),
                           id_at<FinId>(row, "second_fin")});
  }
  for (const json& row : kept.at("misfiled")) {
    found.misfiled.push_back({id_at<FinId>(row, "fin"),
                              id_at<IndividualId>(row, "individual"),
                              id_at<IndividualId>(row, "looks_like"),
                              row.at("probability").get<double>(),
                              row.at("probability_own").get<double>(),
                              id_at<FinId>(row, "best_fin")});
  }
  return found;
}

/// Says what is still open of what was suspected.
class Unsettled {
 public:
  explicit Unsettled(const Catalogue& catalogue)
      : catalogue_(catalogue), apart_(catalogue.individuals.told_apart()) {}

  /// Makes the pair one of individuals that stand.
  bool holds(SuspectedPair& pair) {
    pair.first = standing(pair.first);
    pair.second = standing(pair.second);
    const auto ids = std::pair(std::minmax(pair.first, pair.second));
    return pair.first && pair.second && pair.first != pair.second && !apart_.contains(ids) &&
           shows(pair.first_fin, pair.first) && shows(pair.second_fin, pair.second) &&
           seen_.insert(ids).second;
  }

  bool holds(SuspectedFin& one) {
    one.individual = standing(one.individual);
    one.looks_like = standing(one.looks_like);
    if (!one.individual || !one.looks_like || one.individual == one.looks_like) return false;
    if (!shows(one.fin, one.individual) || !shows(one.best_fin, one.looks_like)) return false;
    const std::vector<IndividualId> rejected = catalogue_.decisions.rejected(one.fin);
    return std::find(rejected.begin(), rejected.end(), one.looks_like) == rejected.end();
  }

 private:
  /// Itself, or whom it was merged into; nobody if it is not there any more.
  IndividualId standing(IndividualId id) {
    const auto [found, is_new] = standing_.try_emplace(id);
    if (is_new) {
      try {
        const IndividualId into = catalogue_.individuals.get(id).merged_into;
        found->second = into ? into : id;
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::kNotFound) throw;
      }
    }
    return found->second;
  }

  bool shows(FinId fin, IndividualId individual) const {
    try {
      return catalogue_.fins.get(fin).individual == individual;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kNotFound) throw;
      return false;
    }
  }

  const Catalogue& catalogue_;
  const std::set<std::pair<IndividualId, IndividualId>> apart_;
  std::map<IndividualId, IndividualId> standing_;
  std::set<std::pair<IndividualId, IndividualId>> seen_;
};

}  // namespace

std::optional<Duplicates> find_project_duplicates(Project& project,
                                                  const std::string& recipe,
                                                  const DuplicatesOptions& options,
                                                  Progress& progress,
                                                  const CancelToken& cancel) {
  const KnownFins known = known_fins(project.catalogue(), recipe);
  const MatchOptions match;
  const std::optional<Duplicates> found = find_duplicates(known.gallery,
                                                          known.photo_names,
                                                          told_apart(project.catalogue(), known),
                                                          calibrate(known, match).calibration,
                                                          match,
                                                          options,
                                                          progress,
                                                          cancel);
  if (found) keep(project, known, *found);
  return found;
}

SuspectedDuplicates read_project_duplicates(const Project& project) {
  const fs::path path = kept_path(project);
  if (!fs::exists(path)) return {};
  SuspectedDuplicates found;
  try {
    found = parse(json::parse(read_text_file(path)));
  } catch (const json::exception& error) {
    throw Error(
        ErrorKind::kBadInput,
        fmt::format(
            "{} is damaged ({}); search for duplicates anew.", path.string(), error.what()));
  }
  Unsettled unsettled(project.catalogue());
  std::erase_if(found.pairs, [&](SuspectedPair& pair) { return !unsettled.holds(pair); });
  std::erase_if(found.misfiled, [&](SuspectedFin& one) { return !unsettled.holds(one); });
  return found;
}

}  // namespace finview
