#include "finview/match/calibration.h"

#include <algorithm>
#include <cmath>

namespace finview {
namespace {

constexpr std::size_t kMaxQueries = 1000;
constexpr double kPriorQueries = 10;

/// One leave-one-out question.
struct Question {
  std::vector<double> similarities;
  std::size_t truth = 0;  ///< index into similarities; their count = "nobody known"
};

struct Questions {
  std::vector<Question> known;
  std::vector<Question> strangers;
};

Questions ask(const Gallery& gallery, std::size_t best_photos) {
  Questions questions;
  const std::size_t step =
      std::max<std::size_t>(1, (gallery.size() + kMaxQueries - 1) / kMaxQueries);
  for (std::size_t i = 0; i < gallery.size(); i += step) {
    const std::vector<IndividualSimilarity> found =
        gallery.similarities(gallery.embedding(i), best_photos, i);
    Question known;
    Question stranger;
    bool has_own = false;
    for (const IndividualSimilarity& one : found) {
      const bool own = one.individual_index == gallery.individual_index(i);
      if (own) {
        has_own = true;
        known.truth = known.similarities.size();
      } else {
        stranger.similarities.push_back(one.similarity);
      }
      known.similarities.push_back(one.similarity);
    }
    stranger.truth = stranger.similarities.size();
    if (has_own) questions.known.push_back(std::move(known));
    if (!stranger.similarities.empty()) questions.strangers.push_back(std::move(stranger));
  }
  return questions;
}

double log_loss(const Question& question, const Calibration& calibration) {
  const double new_logit = calibration.sharpness * calibration.new_similarity;
  double highest = new_logit;
  for (const double s : question.similarities) {
    highest = std::max(highest, calibration.sharpness * s);
  }
  double sum = std::exp(new_logit - highest);
  for (const double s : question.similarities) sum += std::exp(calibration.sharpness * s - highest);
  const double truth = question.truth == question.similarities.size()
                           ? new_logit
                           : calibration.sharpness * question.similarities[question.truth];
  return std::log(sum) + highest - truth;
}

double mean_log_loss(const std::vector<Question>& questions, const Calibration& calibration) {
  double sum = 0;
  for (const Question& question : questions) sum += log_loss(question, calibration);
  return questions.empty() ? 0 : sum / static_cast<double>(questions.size());
}

/// Squared distance of a calibration to the prior: one unit is a factor e of sharpness or 0.1 of
/// similarity.
double prior_penalty(const Calibration& calibration, const Calibration& prior) {
  const double sharpness = std::log(calibration.sharpness / prior.sharpness);
  const double similarity = (calibration.new_similarity - prior.new_similarity) / 0.1;
  return sharpness * sharpness + similarity * similarity;
}

/// The least value of `loss` on ever finer grids of log sharpness and new similarity.
template <class Loss>
Calibration minimize(const Loss& loss) {
  constexpr int kSteps = 6;  // either side of the middle
  double log_sharpness = std::log(40.0);
  double log_reach = std::log(20.0);
  double similarity = 0.4;
  double reach = 0.6;
  for (int round = 0; round < 6; ++round) {
    Calibration best;
    double least = HUGE_VAL;
    for (int i = -kSteps; i <= kSteps; ++i) {
      for (int j = -kSteps; j <= kSteps; ++j) {
        const Calibration here{std::exp(log_sharpness + log_reach * i / kSteps),
                               similarity + reach * j / kSteps};
        const double value = loss(here);
        if (value < least) {
          least = value;
          best = here;
        }
      }
    }
    log_sharpness = std::log(best.sharpness);
    similarity = best.new_similarity;
    log_reach /= 3;
    reach /= 3;
  }
  return {std::exp(log_sharpness), similarity};
}

}  // namespace

Probabilities probabilities(std::span<const IndividualSimilarity> similarities,
                            const Calibration& calibration) {
  Probabilities result;
  double highest = calibration.new_similarity;
  for (const IndividualSimilarity& one : similarities) highest = std::max(highest, one.similarity);
  const auto weight = [&](double s) { return std::exp(calibration.sharpness * (s - highest)); };
  double sum = weight(calibration.new_similarity);
  for (const IndividualSimilarity& one : similarities) {
    result.individuals.push_back(weight(one.similarity));
    sum += result.individuals.back();
  }
  for (double& p : result.individuals) p /= sum;
  result.p_new = weight(calibration.new_similarity) / sum;
  return result;
}

FittedCalibration fit_calibration(const Gallery& gallery,
                                  std::size_t best_photos,
                                  double new_share,
                                  const Calibration& prior) {
  const Questions questions = ask(gallery, best_photos);
  const auto count = static_cast<double>(questions.known.size() + questions.strangers.size());
  const auto loss = [&](const Calibration& calibration) {
    const double mean = (1 - new_share) * mean_log_loss(questions.known, calibration) +
                        new_share * mean_log_loss(questions.strangers, calibration);
    return count * mean + kPriorQueries * prior_penalty(calibration, prior);
  };
  return {minimize(loss), questions.known.size(), questions.strangers.size()};
}

}  // namespace finview
