#include "finview/pipeline/evaluate_gallery.h"

#include "finview/base/error.h"
#include "finview/base/threads.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <random>

#include <fmt/format.h>

namespace finview {
namespace {

constexpr std::size_t kNumReplicates = 1000;
constexpr std::size_t kFewestQuestions = 30;

/// A fin's answers, by one photo or several.
struct Judged {
  std::size_t individual = 0;
  std::string name;
  std::optional<std::size_t> rank;  ///< of its individual; absent: it is not in the gallery
  double logit = 0;                 ///< of the most probable individual
  double p_new = 0;
  double p_first = 0;           ///< of the most probable answer, nobody among them
  bool first_is_right = false;  ///< whether that one is true
  double stranger_logit = 0;    ///< the same as a stranger
  double stranger_p_new = 1;
  double stranger_p_first = 0;
  bool stranger_first_is_right = false;
};

/// A question, or all those of one encounter of an individual.
using Asked = std::vector<const Question*>;

class Evaluation {
 public:
  Evaluation(const Gallery& gallery, const MatchOptions& match, const EvaluationSplit& split)
      : gallery_(gallery), match_(match), split_(split) {
    questions_ = ask_each_other(gallery, static_cast<std::size_t>(match.best_photos), num_cores());
    std::vector<std::size_t> order(gallery.individuals().size());
    std::iota(order.begin(), order.end(), 0);
    std::mt19937_64 random(static_cast<std::uint64_t>(split.seed));
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
    part_of_.resize(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
      part_of_[order[i]] = i % static_cast<std::size_t>(split.folds);
    }
  }

  /// That can be answered rightly.
  std::size_t num_known() const {
    return static_cast<std::size_t>(
        std::count_if(questions_.begin(), questions_.end(), [](const Question& one) {
          return one.own.has_value();
        }));
  }
  bool calibrates() const { return num_known() >= kFewestQuestions; }

  /// Fits to all parts but each one in turn.
  std::vector<Calibration> calibrations(std::span<const Witness> witnesses) const {
    std::vector<Calibration> fitted(static_cast<std::size_t>(split_.folds));
    parallel_for(fitted.size(), num_cores(), [&](std::size_t part) {
      std::vector<const Question*> others;
      for (const Question& one : questions_) {
        if (part_of_[one.individual_index] != part) others.push_back(&one);
      }
      fitted[part] = calibrates()
                         ? fit_calibration(others, new_share(), shipped_calibration(), witnesses)
                         : only(shipped_calibration(), witnesses);
    });
    return fitted;
  }

  Calibration calibration() const {
    std::vector<const Question*> all;
    for (const Question& one : questions_) all.push_back(&one);
    return fit_calibration(all, new_share(), shipped_calibration());
  }

  /// Mean over all questions, and the deviation within one.
  Spread stranger_similarities(std::size_t witness) const {
    double count = 0, sum = 0, squares = 0;
    for (const Question& one : questions_) {
      std::vector<double> values;
      for (const IndividualSimilarity& other : one.stranger.found) {
        if (const auto& value = other.similarities[witness]) values.push_back(*value);
      }
      if (values.size() < 3) continue;
      values.erase(std::max_element(values.begin(), values.end()));
      const auto n = static_cast<double>(values.size());
      const double total = std::accumulate(values.begin(), values.end(), 0.0);
      for (const double value : values) squares += (value - total / n) * (value - total / n);
      count += n;
      sum += total;
    }
    return count > 0 ? Spread{sum / count, std::sqrt(squares / count)} : Spread{};
  }

  std::vector<Asked> one_by_one() const {
    std::vector<Asked> all;
    for (const Question& one : questions_) all.push_back({&one});
    return all;
  }

  std::vector<Asked> by_encounter() const {
    std::map<std::pair<std::size_t, std::string>, Asked> groups;
    for (const Question& one : questions_) {
      std::string group = gallery_.entry(one.entry_index).group;
      if (group.empty()) group = fmt::format("photo {}", one.entry_index);
      groups[{one.individual_index, group}].push_back(&one);
    }
    std::vector<Asked> all;
    for (const auto& [key, asked] : groups) all.push_back(asked);
    return all;
  }

  std::vector<Judged> judge(const std::vector<Asked>& all,
                            const std::vector<Calibration>& calibrations) const {
    std::vector<Judged> judged;
    for (const Asked& asked : all) {
      judged.push_back(judge(asked, calibrations[part_of_[asked.front()->individual_index]]));
    }
    return judged;
  }

  WitnessesEvaluation summarize(std::vector<Witness> witnesses,
                                const std::vector<Judged>& judged,
                                std::span<const double> precisions) const {
    WitnessesEvaluation result;
    result.witnesses = std::move(witnesses);
    std::vector<QueryRanking> rankings;
    std::vector<std::string> names;
    std::vector<OpenSetAnswer> known;
    std::vector<double> known_new, stranger_new, stranger_logits;
    for (std::size_t i = 0; i < judged.size(); ++i) {
      const Judged& one = judged[i];
      stranger_new.push_back(one.stranger_p_new);
      stranger_logits.push_back(one.stranger_logit);
      if (!one.rank) continue;
      rankings.push_back(
          {i, *one.rank, precisions.empty() ? 1.0 / double(*one.rank) : precisions[i]});
      names.push_back(one.name);
      known.push_back({one.logit, *one.rank == 1});
      known_new.push_back(one.p_new);
    }
    result.ranking = summarize_rankings(rankings, names, kNumReplicates, seed());
    result.stranger_auroc = bootstrap_auroc(judged);
    result.true_positive_1 = true_positive_share(known, stranger_logits, 0.01);
    result.true_positive_10 = true_positive_share(known, stranger_logits, 0.10);
    return result;
  }

  /// Average precision of each question over photos, by weighted words.
  std::vector<double> precisions(const std::vector<Calibration>& calibrations) const {
    std::vector<double> result;
    for (const Question& one : questions_) {
      result.push_back(precision(one, calibrations[part_of_[one.individual_index]]));
    }
    return result;
  }

  /// Shares of decisions; each part at the threshold that the others' strangers set.
  void decide(const std::vector<Judged>& judged, IdentifyEvaluation& evaluation) const {
    double num_known = 0;
    for (const Judged& one : judged) {
      const double threshold =
          match_threshold(logits_but(judged, part_of_[one.individual]), match_.false_match_rate);
      const auto add = [&](DecisionShares& shares, double logit, double p_new, bool right) {
        shares.matched += logit >= threshold;
        shares.matched_rightly += logit >= threshold && right;
        shares.called_new += logit < threshold && p_new >= match_.new_at;
      };
      add(evaluation.strangers, one.stranger_logit, one.stranger_p_new, false);
      if (!one.rank) continue;
      ++num_known;
      add(evaluation.known, one.logit, one.p_new, *one.rank == 1);
    }
    const auto divide = [](DecisionShares& shares, double count) {
      if (count == 0) return;
      shares.matched /= count;
      shares.matched_rightly /= count;
      shares.called_new /= count;
    };
    divide(evaluation.known, num_known);
    divide(evaluation.strangers, static_cast<double>(judged.size()));
  }

  void measure_reliability(const std::vector<Judged>& judged,
                           IdentifyEvaluation& evaluation) const {
    const auto num_known = static_cast<double>(std::count_if(
        judged.begin(), judged.end(), [](const Judged& one) { return one.rank.has_value(); }));
    std::vector<Claim> claims;
    for (const Judged& one : judged) {
      claims.push_back({one.stranger_p_first,
                        one.stranger_first_is_right,
                        new_share() / static_cast<double>(judged.size())});
      if (one.rank)
        claims.push_back({one.p_first, one.first_is_right, (1 - new_share()) / num_known});
    }
    evaluation.reliability = reliability(claims);
    evaluation.calibration_error = calibration_error(evaluation.reliability);
    evaluation.calibration_chance =
        calibration_error_by_chance(std::move(claims), kNumReplicates, seed());
  }

  const std::vector<Question>& questions() const { return questions_; }

 private:
  double new_share() const { return match_.new_share; }
  std::uint64_t seed() const { return static_cast<std::uint64_t>(split_.seed); }

  static Calibration only(Calibration calibration, std::span<const Witness> witnesses) {
    for (std::size_t w = 0; w < kNumWitnesses; ++w) {
      const bool heard =
          std::find(witnesses.begin(), witnesses.end(), kWitnesses[w]) != witnesses.end();
      if (!heard) calibration.witnesses[w] = 0;
    }
    return calibration;
  }

  Judged judge(const Asked& asked, const Calibration& calibration) const {
    std::vector<Evidence> known;
    std::vector<Evidence> stranger;
    for (const Question* one : asked) {
      known.push_back(one->known);
      stranger.push_back(one->stranger);
    }
    const Question& first = *asked.front();
    Judged judged;
    judged.individual = first.individual_index;
    judged.name = gallery_.individuals()[first.individual_index];
    const Probabilities there = probabilities(known, calibration, new_share());
    judged.p_new = there.p_new;
    judged.logit = best_logit(there);
    if (first.own) {
      const double own = there.individuals[*first.own];
      std::size_t rank = 0;
      // Ties count as wrong ones first; the own one counts itself.
      for (const double p : there.individuals) rank += p >= own;
      judged.rank = rank;
      const double best = *std::max_element(there.individuals.begin(), there.individuals.end());
      judged.p_first = std::max(best, there.p_new);
      judged.first_is_right = rank == 1 && own >= there.p_new;
    }
    const Probabilities gone = probabilities(stranger, calibration, new_share());
    judged.stranger_p_new = gone.p_new;
    judged.stranger_logit = best_logit(gone);
    const double best = gone.individuals.empty()
                            ? 0
                            : *std::max_element(gone.individuals.begin(), gone.individuals.end());
    judged.stranger_p_first = std::max(best, gone.p_new);
    judged.stranger_first_is_right = gone.p_new >= best;
    return judged;
  }

  double precision(const Question& question, const Calibration& calibration) const {
    std::vector<std::pair<double, bool>> seen;  // wrong ones first among equals
    for (const PhotoSimilarity& photo : question.photos) {
      const Words words = question.known.words_about(photo.similarities);
      const double sum =
          std::inner_product(words.begin(), words.end(), calibration.witnesses.begin(), 0.0);
      seen.emplace_back(-sum,
                        gallery_.individual_index(photo.entry_index) == question.individual_index);
    }
    std::sort(seen.begin(), seen.end());
    double hits = 0;
    double precision = 0;
    for (std::size_t i = 0; i < seen.size(); ++i) {
      if (seen[i].second) precision += ++hits / static_cast<double>(i + 1);
    }
    return hits > 0 ? precision / hits : 0;
  }

  std::vector<double> logits_but(const std::vector<Judged>& judged, std::size_t part) const {
    std::vector<double> logits;
    for (const Judged& one : judged) {
      if (part_of_[one.individual] != part) logits.push_back(one.stranger_logit);
    }
    return logits;
  }

  /// AUROC of p_new; the interval draws individuals.
  Estimate bootstrap_auroc(const std::vector<Judged>& judged) const {
    std::map<std::size_t, std::vector<const Judged*>> by_individual;
    for (const Judged& one : judged) by_individual[one.individual].push_back(&one);
    std::vector<const std::vector<const Judged*>*> individuals;
    for (const auto& [individual, all] : by_individual) individuals.push_back(&all);
    const auto of = [](const std::vector<const std::vector<const Judged*>*>& drawn) {
      std::vector<double> strangers, known;
      for (const auto* all : drawn) {
        for (const Judged* one : *all) {
          strangers.push_back(one->stranger_p_new);
          if (one->rank) known.push_back(one->p_new);
        }
      }
      return auroc(strangers, known);
    };
    std::mt19937_64 random(seed());
    std::vector<double> replicates;
    for (std::size_t r = 0; r < kNumReplicates; ++r) {
      auto drawn = individuals;
      for (auto& one : drawn) one = individuals[random() % individuals.size()];
      replicates.push_back(of(drawn));
    }
    std::sort(replicates.begin(), replicates.end());
    const auto at = [&](double share) {
      return replicates[static_cast<std::size_t>(share * double(kNumReplicates - 1))];
    };
    return {of(individuals), at(0.025), at(0.975)};
  }

  const Gallery& gallery_;
  const MatchOptions& match_;
  const EvaluationSplit& split_;
  std::vector<Question> questions_;
  std::vector<std::size_t> part_of_;  ///< by individual
};

/// Each witness alone, every pair, the edge without networks, all.
std::vector<std::vector<Witness>> witness_sets() {
  std::vector<std::vector<Witness>> sets;
  for (const Witness witness : kWitnesses) sets.push_back({witness});
  for (std::size_t a = 0; a < kNumWitnesses; ++a) {
    for (std::size_t b = a + 1; b < kNumWitnesses; ++b) {
      sets.push_back({kWitnesses[a], kWitnesses[b]});
    }
  }
  sets.emplace_back(kWitnesses.begin(), kWitnesses.end());
  return sets;
}

}  // namespace

IdentifyEvaluation evaluate_gallery(const Gallery& gallery,
                                    const std::vector<std::string>& names,
                                    const MatchOptions& match,
                                    const EvaluationSplit& split,
                                    Progress& progress) {
  const Evaluation evaluation(gallery, match, split);
  if (evaluation.num_known() == 0) {
    throw Error(ErrorKind::kBadInput,
                "No individual has fins of two encounters or days, so none can be looked for among "
                "the others. Confirm more fins first.");
  }
  IdentifyEvaluation result;
  result.num_photos = gallery.size();
  result.num_individuals = gallery.individuals().size();
  result.calibrated_on_catalogue = evaluation.calibrates();
  result.calibration = evaluation.calibration();
  for (std::size_t w = 0; w < kNumWitnesses; ++w) {
    result.stranger_similarities[w] = evaluation.stranger_similarities(w);
  }
  const std::vector<Asked> singles = evaluation.one_by_one();
  const auto sets = witness_sets();
  for (std::size_t i = 0; i < sets.size(); ++i) {
    progress.update(
        "Judging", static_cast<std::int64_t>(i + 1), static_cast<std::int64_t>(sets.size()));
    const std::vector<Calibration> calibrations = evaluation.calibrations(sets[i]);
    const std::vector<Judged> judged = evaluation.judge(singles, calibrations);
    result.by_witnesses.push_back(
        evaluation.summarize(sets[i], judged, evaluation.precisions(calibrations)));
    if (i + 1 < sets.size()) continue;
    evaluation.decide(judged, result);
    evaluation.measure_reliability(judged, result);
    result.pooled = evaluation.summarize(
        sets[i], evaluation.judge(evaluation.by_encounter(), calibrations), {});
    for (std::size_t k = 0; k < judged.size(); ++k) {
      if (!judged[k].rank || *judged[k].rank == 1) continue;
      const std::size_t entry = evaluation.questions()[k].entry_index;
      result.missed.push_back(
          fmt::format("{}: {} comes at place {}", names[entry], judged[k].name, *judged[k].rank));
    }
  }
  progress.finish();
  result.novelty = outlier_novelty(gallery, static_cast<std::uint64_t>(split.seed), num_cores());
  return result;
}

}  // namespace finview
