#include "finview/match/calibration.h"

#include "finview/base/threads.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace finview {
namespace {

constexpr std::size_t kMostComparisons = 1'000'000;
constexpr std::size_t kMostQuestions = 500;
constexpr double kPriorSpread = 1.5;  ///< of each weight around the shipped one

constexpr std::size_t kNumNobody = 3;
constexpr std::size_t kNumWeights = kNumWitnesses + kNumNobody;
using Vector = std::array<double, kNumWeights>;
using Matrix = std::array<Vector, kNumWeights>;

Vector to_vector(const Calibration& calibration) {
  Vector v{};
  std::copy(calibration.witnesses.begin(), calibration.witnesses.end(), v.begin());
  v[kNumWitnesses] = calibration.nobody;
  v[kNumWitnesses + 1] = calibration.nobody_edge;
  v[kNumWitnesses + 2] = calibration.nobody_marks;
  return v;
}

Calibration to_calibration(const Vector& v) {
  Calibration calibration;
  std::copy(v.begin(), v.begin() + kNumWitnesses, calibration.witnesses.begin());
  calibration.nobody = v[kNumWitnesses];
  calibration.nobody_edge = v[kNumWitnesses + 1];
  calibration.nobody_marks = v[kNumWitnesses + 2];
  return calibration;
}

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// One softmax to be right about: what the weights are multiplied with, a row for each individual
/// and, last, one for nobody.
struct Softmax {
  std::vector<Vector> rows;
  double nobody_offset = 0;
  std::size_t truth = 0;
  double weight = 1;

  Softmax(const Evidence& evidence, std::optional<std::size_t> own, double new_share)
      : rows(evidence.found.size() + 1), truth(own.value_or(evidence.found.size())) {
    for (std::size_t i = 0; i < evidence.words.size(); ++i) {
      std::copy(evidence.words[i].begin(), evidence.words[i].end(), rows[i].begin());
    }
    rows.back()[kNumWitnesses] = 1;
    rows.back()[kNumWitnesses + 1] = evidence.worth.edge;
    rows.back()[kNumWitnesses + 2] = evidence.worth.marks;
    nobody_offset =
        std::log(static_cast<double>(evidence.found.size()) * new_share / (1 - new_share));
  }

  /// Probabilities of the rows; `log_sum` gets the logarithm of the softmax's sum.
  std::vector<double> chances(const Vector& weights, double& log_sum) const {
    std::vector<double> p;
    p.reserve(rows.size());
    for (const Vector& row : rows) p.push_back(dot(row, weights));
    p.back() += nobody_offset;
    const double highest = *std::max_element(p.begin(), p.end());
    double sum = 0;
    for (double& value : p) sum += value = std::exp(value - highest);
    for (double& value : p) value /= sum;
    log_sum = highest + std::log(sum);
    return p;
  }
};

/// Value, gradient and Hessian of the loss at one point.
struct Loss {
  double value = 0;
  Vector gradient{};
  Matrix hessian{};

  void add(const Softmax& one, const Vector& weights) {
    double log_sum = 0;
    const std::vector<double> p = one.chances(weights, log_sum);
    const Vector& truth = one.rows[one.truth];
    const double offset = one.truth + 1 == one.rows.size() ? one.nobody_offset : 0;
    value += one.weight * (log_sum - dot(truth, weights) - offset);
    Vector mean{};
    for (std::size_t i = 0; i < p.size(); ++i) {
      for (std::size_t a = 0; a < kNumWeights; ++a) mean[a] += p[i] * one.rows[i][a];
    }
    for (std::size_t a = 0; a < kNumWeights; ++a) {
      gradient[a] += one.weight * (mean[a] - truth[a]);
    }
    for (std::size_t i = 0; i < p.size(); ++i) {
      if (p[i] < 1e-9) continue;
      for (std::size_t a = 0; a < kNumWeights; ++a) {
        const double scaled = one.weight * p[i] * (one.rows[i][a] - mean[a]);
        for (std::size_t b = 0; b < kNumWeights; ++b) {
          hessian[a][b] += scaled * (one.rows[i][b] - mean[b]);
        }
      }
    }
  }

  void add_prior(const Vector& weights, const Vector& prior) {
    for (std::size_t a = 0; a < kNumWeights; ++a) {
      const double distance = (weights[a] - prior[a]) / kPriorSpread;
      value += distance * distance / 2;
      gradient[a] += distance / kPriorSpread;
      hessian[a][a] += 1 / (kPriorSpread * kPriorSpread);
    }
  }
};

/// Solves `m` x = `right` by Gauss's elimination; the matrix is positive definite.
Vector solve(Matrix m, Vector right) {
  for (std::size_t i = 0; i < kNumWeights; ++i) {
    for (std::size_t row = i + 1; row < kNumWeights; ++row) {
      const double factor = m[row][i] / m[i][i];
      for (std::size_t k = i; k < kNumWeights; ++k) m[row][k] -= factor * m[i][k];
      right[row] -= factor * right[i];
    }
  }
  Vector x{};
  for (std::size_t i = kNumWeights; i-- > 0;) {
    double rest = right[i];
    for (std::size_t k = i + 1; k < kNumWeights; ++k) rest -= m[i][k] * x[k];
    x[i] = rest / m[i][i];
  }
  return x;
}

/// Newton's method with halved steps. Witnesses that are not heard stay at 0, and so do those that
/// are at 0 and would fall below.
class Fit {
 public:
  Fit(const std::vector<Softmax>& questions, Vector prior, std::span<const Witness> witnesses)
      : questions_(questions), prior_(prior) {
    for (std::size_t w = 0; w < kNumWitnesses; ++w) {
      heard_[w] = std::find(witnesses.begin(), witnesses.end(), kWitnesses[w]) != witnesses.end();
      if (!heard_[w]) prior_[w] = 0;
    }
  }

  Vector run() {
    Vector weights = prior_;
    Loss loss = loss_at(weights);
    for (int iteration = 0; iteration < 60; ++iteration) {
      const Vector step = newton_step(loss, weights);
      double length = 1;
      for (; length > 1e-4; length /= 2) {
        Vector next = weights;
        for (std::size_t a = 0; a < kNumWeights; ++a) next[a] -= length * step[a];
        for (std::size_t a = 0; a < kNumWitnesses; ++a) next[a] = std::max(next[a], 0.0);
        Loss there = loss_at(next);
        if (there.value >= loss.value - 1e-10) continue;
        weights = next;
        loss = there;
        break;
      }
      if (length <= 1e-4) break;
    }
    return weights;
  }

 private:
  Loss loss_at(const Vector& weights) const {
    Loss loss;
    for (const Softmax& question : questions_) loss.add(question, weights);
    loss.add_prior(weights, prior_);
    return loss;
  }

  Vector newton_step(Loss loss, const Vector& weights) const {
    for (std::size_t a = 0; a < kNumWitnesses; ++a) {
      if (heard_[a] && (weights[a] > 0 || loss.gradient[a] < 0)) continue;
      for (std::size_t b = 0; b < kNumWeights; ++b) loss.hessian[a][b] = loss.hessian[b][a] = 0;
      loss.hessian[a][a] = 1;
      loss.gradient[a] = 0;
    }
    return solve(loss.hessian, loss.gradient);
  }

  const std::vector<Softmax>& questions_;
  Vector prior_;
  std::array<bool, kNumWitnesses> heard_{};
};

}  // namespace

Question ask_the_rest(const Gallery& gallery, std::size_t entry_index, std::size_t best_photos) {
  const FinSignature& query = gallery.signature(entry_index);
  const QueryWorth worth = worth_of(query);
  Question question{entry_index,
                    gallery.individual_index(entry_index),
                    gallery.photo_similarities(query, entry_index),
                    {},
                    {},
                    {}};
  std::vector<IndividualSimilarity> found = gallery.by_individual(question.photos, best_photos);
  std::vector<IndividualSimilarity> others;
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (found[i].individual_index == question.individual_index) {
      question.own = i;
    } else {
      others.push_back(found[i]);
    }
  }
  question.known = weigh(std::move(found), worth);
  question.stranger = weigh(std::move(others), worth);
  return question;
}

std::vector<Question> ask_each_other(const Gallery& gallery,
                                     std::size_t best_photos,
                                     int num_threads) {
  if (gallery.size() == 0) return {};
  const std::size_t wanted =
      std::clamp<std::size_t>(kMostComparisons / gallery.individuals().size(), 1, kMostQuestions);
  const std::size_t step = (gallery.size() + wanted - 1) / wanted;
  std::vector<Question> questions((gallery.size() + step - 1) / step);
  parallel_for(questions.size(), num_threads, [&](std::size_t i) {
    questions[i] = ask_the_rest(gallery, i * step, best_photos);
  });
  return questions;
}

Calibration fit_calibration(Questions questions,
                            double new_share,
                            const Calibration& prior,
                            std::span<const Witness> witnesses) {
  std::vector<Softmax> known;
  std::vector<Softmax> strangers;
  for (const Question* one : questions) {
    if (one->own) known.emplace_back(one->known, one->own, new_share);
    if (!one->stranger.found.empty())
      strangers.emplace_back(one->stranger, std::nullopt, new_share);
  }
  const auto count = static_cast<double>(known.size() + strangers.size());
  for (Softmax& one : known) one.weight = (1 - new_share) * count / double(known.size());
  for (Softmax& one : strangers) one.weight = new_share * count / double(strangers.size());
  known.insert(known.end(), strangers.begin(), strangers.end());
  return to_calibration(Fit(known, to_vector(prior), witnesses).run());
}

double best_logit(const Probabilities& chances) {
  if (chances.individuals.empty()) return -std::numeric_limits<double>::infinity();
  const double p = std::clamp(
      *std::max_element(chances.individuals.begin(), chances.individuals.end()), 1e-12, 1 - 1e-12);
  return std::log(p / (1 - p));
}

double match_threshold(std::vector<double> logits, double false_match_rate) {
  constexpr double kTail = 0.2;
  // What strangers reach in a rendered catalogue: one in five is above this, falling off so.
  constexpr double kUsualStart = -0.5;
  constexpr double kUsualExcess = 0.7;
  constexpr double kUsualStrangers = 10;
  std::sort(logits.begin(), logits.end());
  const std::size_t first = logits.size() - static_cast<std::size_t>(kTail * double(logits.size()));
  const auto num_tail = static_cast<double>(logits.size() - first);
  const double start = first < logits.size() ? logits[first] : kUsualStart;
  const double excess =
      (std::accumulate(logits.begin() + static_cast<std::ptrdiff_t>(first), logits.end(), 0.0) -
       num_tail * start + kTail * kUsualStrangers * kUsualExcess) /
      (num_tail + kTail * kUsualStrangers);
  return std::max(0.0, start + excess * std::log(kTail / false_match_rate));
}

FittedCalibration calibrate(const Gallery& gallery,
                            std::size_t best_photos,
                            double new_share,
                            int num_threads) {
  const std::vector<Question> questions = ask_each_other(gallery, best_photos, num_threads);
  std::vector<const Question*> all;
  FittedCalibration fitted;
  for (const Question& question : questions) {
    all.push_back(&question);
    fitted.num_known_queries += question.own.has_value();
    fitted.num_stranger_queries += !question.stranger.found.empty();
  }
  if (fitted.is_of_catalogue()) {
    fitted.calibration = fit_calibration(all, new_share, shipped_calibration());
  }
  for (const Question& question : questions) {
    if (question.stranger.found.empty()) continue;
    fitted.stranger_logits.push_back(
        best_logit(probabilities({&question.stranger, 1}, fitted.calibration, new_share)));
  }
  return fitted;
}

}  // namespace finview
