#include "finview/pipeline/find_duplicates.h"

#include "finview/base/threads.h"

#include <algorithm>

namespace finview {
namespace {

using Pair = std::pair<std::size_t, std::size_t>;

std::size_t largest(const std::vector<double>& values) {
  return static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

/// Takes the individuals of a gallery one by one and gathers what is suspected of them.
class Suspicions {
 public:
  Suspicions(const Gallery& gallery,
             const std::vector<std::string>& names,
             const ToldApart& told_apart,
             const Calibration& calibration,
             const MatchOptions& match,
             const DuplicatesOptions& options)
      : gallery_(gallery),
        names_(names),
        told_apart_(told_apart),
        calibration_(calibration),
        match_(match),
        min_probability_(options.min_probability),
        entries_(gallery.individuals().size()),
        others_(gallery.individuals().size()) {
    for (std::size_t i = 0; i < gallery.size(); ++i) {
      entries_[gallery.individual_index(i)].push_back(i);
    }
    for (const auto& [first, second] : told_apart.individuals) {
      others_[first].insert(second);
      others_[second].insert(first);
    }
  }

  void ask(std::size_t individual) {
    const std::vector<std::size_t>& entries = entries_[individual];
    std::vector<Question> questions(entries.size());
    parallel_for(entries.size(), num_cores(), [&](std::size_t i) {
      questions[i] =
          ask_the_rest(gallery_, entries[i], static_cast<std::size_t>(match_.best_photos));
      questions[i].photos = {};  // large, and not needed here
    });
    add_pairs(individual, questions);
    for (Question& question : questions) add_misfiled(question);
  }

  Duplicates result() const {
    Duplicates found;
    std::set<Pair> listed;
    for (const auto& [asked, one] : claims_) {
      const auto other = claims_.find({asked.second, asked.first});
      if (other == claims_.end() || other->second.probability < one.probability) continue;
      if (!listed.insert(std::minmax(asked.first, asked.second)).second) continue;
      found.pairs.push_back(one);
    }
    for (const auto& [pair, photo] : misfiled_) {
      if (!listed.contains(pair)) found.misfiled.push_back(photo);
    }
    const auto by_probability = [](const auto& a, const auto& b) {
      return a.probability > b.probability;
    };
    std::stable_sort(found.pairs.begin(), found.pairs.end(), by_probability);
    std::stable_sort(found.misfiled.begin(), found.misfiled.end(), by_probability);
    return found;
  }

 private:
  /// Chances of an individual's photos, together, to show another one.
  void add_pairs(std::size_t individual, std::vector<Question>& questions) {
    std::vector<Evidence> photos;
    for (Question& question : questions) {
      photos.push_back(std::move(question.stranger));
      forget(photos.back(), others_[individual]);
    }
    const Probabilities found = probabilities(photos, calibration_, match_.new_share);
    for (std::size_t i = 0; i < found.individuals.size(); ++i) {
      if (found.individuals[i] < min_probability_) continue;
      const std::size_t other = photos.front().found[i].individual_index;
      const std::size_t asked = most_alike(photos, i);
      claims_[{individual, other}] = {gallery_.individuals()[individual],
                                      gallery_.individuals()[other],
                                      found.individuals[i],
                                      questions[asked].entry_index,
                                      photos[asked].found[i].best_entry_index};
    }
  }

  /// The photo whose witnesses speak loudest for the i-th individual.
  std::size_t most_alike(const std::vector<Evidence>& photos, std::size_t i) const {
    std::vector<double> words(photos.size());
    for (std::size_t photo = 0; photo < photos.size(); ++photo) {
      for (std::size_t w = 0; w < kNumWitnesses; ++w) {
        words[photo] += calibration_.witnesses[w] * photos[photo].words[i][w];
      }
    }
    return largest(words);
  }

  void add_misfiled(Question& question) {
    const auto rejected = told_apart_.not_by_entry.find(question.entry_index);
    if (rejected != told_apart_.not_by_entry.end()) forget(question.known, rejected->second);
    const Probabilities found = probabilities({&question.known, 1}, calibration_, match_.new_share);
    if (found.individuals.empty()) return;
    const std::size_t best = largest(found.individuals);
    const std::size_t looks_like = question.known.found[best].individual_index;
    const std::size_t filed_under = question.individual_index;
    if (looks_like == filed_under || found.individuals[best] < min_probability_) return;
    double own = 0;
    for (std::size_t i = 0; i < found.individuals.size(); ++i) {
      if (question.known.found[i].individual_index == filed_under) own = found.individuals[i];
    }
    misfiled_.emplace_back(std::minmax(filed_under, looks_like),
                           MisfiledPhoto{names_[question.entry_index],
                                         gallery_.individuals()[filed_under],
                                         gallery_.individuals()[looks_like],
                                         found.individuals[best],
                                         own,
                                         question.entry_index,
                                         question.known.found[best].best_entry_index});
  }

  const Gallery& gallery_;
  const std::vector<std::string>& names_;
  const ToldApart& told_apart_;
  const Calibration& calibration_;
  const MatchOptions& match_;
  double min_probability_;
  std::vector<std::vector<std::size_t>> entries_;  ///< of each individual
  std::vector<std::set<std::size_t>> others_;      ///< who each individual is known not to be
  std::map<Pair, DuplicatePair> claims_;  ///< what the first one's photos say of the second
  std::vector<std::pair<Pair, MisfiledPhoto>> misfiled_;
};

}  // namespace

std::optional<Duplicates> find_duplicates(const Gallery& gallery,
                                          const std::vector<std::string>& names,
                                          const ToldApart& told_apart,
                                          const Calibration& calibration,
                                          const MatchOptions& match,
                                          const DuplicatesOptions& options,
                                          Progress& progress,
                                          const CancelToken& cancel) {
  Suspicions suspicions(gallery, names, told_apart, calibration, match, options);
  const std::size_t count = gallery.individuals().size();
  for (std::size_t i = 0; i < count; ++i) {
    if (cancel.cancelled()) return std::nullopt;
    suspicions.ask(i);
    progress.update(
        "Asking individuals", static_cast<std::int64_t>(i) + 1, static_cast<std::int64_t>(count));
  }
  progress.finish();
  return suspicions.result();
}

std::optional<Duplicates> find_folder_duplicates(const std::string& folder,
                                                 const IdentifyOptions& identify,
                                                 const DuplicatesOptions& options,
                                                 Progress& progress,
                                                 const CancelToken& cancel) {
  const OpenCatalogue catalogue = open_catalogue(folder, identify, progress, cancel);
  std::vector<std::string> paths;
  for (const CatalogueEntry& entry : catalogue.index.entries) paths.push_back(entry.path.string());
  return find_duplicates(catalogue.index.gallery,
                         paths,
                         {},
                         catalogue.calibration.calibration,
                         identify.match,
                         options,
                         progress,
                         cancel);
}

}  // namespace finview
