#include "finview/pipeline/identify_project.h"

#include "finview/pipeline/known_fins.h"
#include "finview/pipeline/signature_record.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace finview {
namespace {

/// Answers are written this many at a time.
constexpr std::size_t kAnswersAtOnce = 64;

Tier tier_of(const Answer& answer) {
  if (answer.decision == Decision::kKnown) return Tier::kCertain;
  if (answer.decision == Decision::kNew) return Tier::kNobody;
  const bool likely = !answer.candidates.empty() && answer.candidates[0].probability >= 0.5;
  return likely ? Tier::kLikely : Tier::kUnsure;
}

/// Asks the known fins about others.
class Identifier {
 public:
  Identifier(const Catalogue& catalogue, const std::string& recipe, const MatchOptions& options)
      : catalogue_(catalogue),
        options_(options),
        known_(known_fins(catalogue, recipe)),
        calibration_(calibrate(known_, options)) {
    const std::vector<std::string>& names = known_.gallery.individuals();
    for (std::size_t i = 0; i < names.size(); ++i) index_of_[known_.individuals.at(names[i])] = i;
  }

  NewAnswer answer(FinId fin, const FinSignature& signature) const {
    Evidence evidence = ask_gallery(known_.gallery, signature, options_);
    std::set<std::size_t> rejected;
    for (const IndividualId individual : catalogue_.decisions.rejected(fin)) {
      const auto found = index_of_.find(individual);
      if (found != index_of_.end()) rejected.insert(found->second);
    }
    if (!rejected.empty()) forget(evidence, rejected);
    const Answer answer = answer_evidence(known_.gallery, {&evidence, 1}, calibration_, options_);
    NewAnswer stored;
    stored.fin = fin;
    stored.tier = tier_of(answer);
    stored.p_new = answer.p_new;
    for (const Candidate& candidate : answer.candidates) {
      stored.candidates.push_back({known_.individuals.at(candidate.individual),
                                   candidate.individual,
                                   candidate.probability,
                                   candidate.similarities,
                                   known_.fins[candidate.best_entry_index]});
    }
    return stored;
  }

  const KnownFins& known() const { return known_; }
  const FittedCalibration& calibration() const { return calibration_; }

 private:
  const Catalogue& catalogue_;
  const MatchOptions& options_;
  KnownFins known_;
  FittedCalibration calibration_;
  std::map<IndividualId, std::size_t> index_of_;
};

/// Fins that an answer is wanted for, with a signature.
std::vector<FinId> open_fins(const Catalogue& catalogue, const std::string& recipe) {
  std::vector<FinId> fins;
  catalogue.fins.each_feature(
      recipe, false, [&](const FinRecord& fin, std::span<const std::uint8_t>) {
        fins.push_back(fin.id);
      });
  return fins;
}

}  // namespace

ProjectAnswers identify_project(Project& project,
                                const std::string& recipe,
                                const MatchOptions& options,
                                Progress& progress,
                                const CancelToken& cancel) {
  Catalogue& catalogue = project.catalogue();
  const Identifier identifier(catalogue, recipe, options);
  const std::vector<FinId> open = open_fins(catalogue, recipe);
  ProjectAnswers report;
  report.num_known_fins = static_cast<std::int64_t>(identifier.known().fins.size());
  report.num_individuals = static_cast<std::int64_t>(identifier.known().individuals.size());
  report.calibrated_here = identifier.calibration().is_of_catalogue();
  std::vector<NewAnswer> answers;
  for (std::size_t i = 0; i < open.size() && !cancel.cancelled(); ++i) {
    const auto bytes = catalogue.fins.feature(open[i], recipe);
    if (const auto signature = bytes ? signature_from(*bytes) : std::nullopt) {
      answers.push_back(identifier.answer(open[i], *signature));
      ++report.num_by_tier[static_cast<std::size_t>(answers.back().tier)];
    }
    if (answers.size() == kAnswersAtOnce) {
      catalogue.fins.set_answers(answers);
      answers.clear();
    }
    progress.update(
        "Identifying", static_cast<std::int64_t>(i) + 1, static_cast<std::int64_t>(open.size()));
  }
  catalogue.fins.set_answers(answers);
  progress.finish();
  report.interrupted = cancel.cancelled();
  return report;
}

}  // namespace finview
