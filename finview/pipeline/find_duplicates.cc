#include "finview/pipeline/find_duplicates.h"

#include "finview/base/threads.h"

#include <algorithm>
#include <map>
#include <utility>

namespace finview {
namespace {

std::size_t largest(const std::vector<double>& values) {
  return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

/// Chances of each individual's photos, together, to show another one.
std::map<std::pair<std::size_t, std::size_t>, double> pair_chances(
    const std::vector<Question>& questions,
    const Calibration& calibration,
    double new_share,
    double min_probability) {
  std::map<std::size_t, std::vector<Evidence>> by_individual;
  for (const Question& one : questions) by_individual[one.individual_index].push_back(one.stranger);
  std::map<std::pair<std::size_t, std::size_t>, double> chances;
  for (const auto& [individual, photos] : by_individual) {
    const Probabilities found = probabilities(photos, calibration, new_share);
    for (std::size_t i = 0; i < found.individuals.size(); ++i) {
      if (found.individuals[i] < min_probability) continue;
      const std::size_t other = photos.front().found[i].individual_index;
      double& chance = chances[std::minmax(individual, other)];
      chance = std::max(chance, found.individuals[i]);
    }
  }
  return chances;
}

}  // namespace

Duplicates find_duplicates(const std::string& folder,
                           const IdentifyOptions& options,
                           double min_probability,
                           Progress& progress,
                           const CancelToken& cancel) {
  const OpenCatalogue catalogue = open_catalogue(folder, options, progress, cancel);
  const Gallery& gallery = catalogue.index.gallery;
  const Calibration& calibration = catalogue.calibration.calibration;
  const std::vector<Question> questions =
      ask_each_other(gallery, static_cast<std::size_t>(options.match.best_photos), num_cores());
  Duplicates duplicates;
  for (const auto& [pair, chance] :
       pair_chances(questions, calibration, options.match.new_share, min_probability)) {
    duplicates.pairs.push_back(
        {gallery.individuals()[pair.first], gallery.individuals()[pair.second], chance});
  }
  for (const Question& one : questions) {
    const Probabilities found =
        probabilities({&one.known, 1}, calibration, options.match.new_share);
    if (found.individuals.empty()) continue;
    const std::size_t best = largest(found.individuals);
    const double own = one.own ? found.individuals[*one.own] : 0;
    if (one.own == best || found.individuals[best] < min_probability) continue;
    duplicates.misfiled.push_back({catalogue.index.entries[one.entry_index].path.string(),
                                   gallery.individuals()[one.individual_index],
                                   gallery.individuals()[one.known.found[best].individual_index],
                                   found.individuals[best],
                                   own});
  }
  const auto by_probability = [](const auto& a, const auto& b) {
    return a.probability > b.probability;
  };
  std::stable_sort(duplicates.pairs.begin(), duplicates.pairs.end(), by_probability);
  std::stable_sort(duplicates.misfiled.begin(), duplicates.misfiled.end(), by_probability);
  return duplicates;
}

}  // namespace finview
