#include "finview/match/calibration.h"

#include "finview/base/threads.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace finview {
namespace {

constexpr std::size_t kMaxComparisons = 250'000;
constexpr double kPriorQueries = 10;

constexpr int kNumWeights = 4;
using Vector = std::array<double, kNumWeights>;  // look, edge, edge network, nobody
using Matrix = std::array<Vector, kNumWeights>;

Vector to_vector(const WitnessWeights& w) { return {w.look, w.edge, w.edge_network, w.nobody}; }

bool has_edge(std::span<const IndividualSimilarity> similarities) {
  return std::any_of(similarities.begin(), similarities.end(), [](const IndividualSimilarity& one) {
    return one.edge.has_value();
  });
}

/// What the weights are multiplied with: a row for each individual and, last, one for nobody.
std::vector<Vector> features(std::span<const IndividualSimilarity> similarities, bool use_edge) {
  std::vector<Vector> rows;
  rows.reserve(similarities.size() + 1);
  for (const IndividualSimilarity& one : similarities) {
    rows.push_back({one.look,
                    use_edge ? one.edge.value_or(kUnknownEdge) : 0,
                    use_edge ? one.edge_network.value_or(kUnknownEdgeNetwork) : 0,
                    0});
  }
  rows.push_back({0, 0, 0, 1});
  return rows;
}

double dot(const Vector& a, const Vector& b) {
  return std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
}

/// Softmax of rows * weights; `log_sum` gets the logarithm of the sum.
std::vector<double> softmax(const std::vector<Vector>& rows,
                            const Vector& weights,
                            double* log_sum) {
  std::vector<double> p;
  p.reserve(rows.size());
  for (const Vector& row : rows) p.push_back(dot(row, weights));
  const double highest = *std::max_element(p.begin(), p.end());
  double sum = 0;
  for (double& value : p) {
    value = std::exp(value - highest);
    sum += value;
  }
  for (double& value : p) value /= sum;
  *log_sum = highest + std::log(sum);
  return p;
}

/// One leave-one-out question.
struct Question {
  std::vector<Vector> rows;
  std::size_t truth = 0;
  double weight = 1;
};

/// Value, gradient and Hessian of the loss at one point.
struct Loss {
  double value = 0;
  Vector gradient{};
  Matrix hessian{};

  void add(const Question& question, const Vector& weights) {
    double log_sum = 0;
    const std::vector<double> p = softmax(question.rows, weights, &log_sum);
    const Vector& truth = question.rows[question.truth];
    value += question.weight * (log_sum - dot(truth, weights));
    Vector mean{};
    for (std::size_t i = 0; i < p.size(); ++i) {
      for (int a = 0; a < kNumWeights; ++a) mean[a] += p[i] * question.rows[i][a];
    }
    for (int a = 0; a < kNumWeights; ++a) gradient[a] += question.weight * (mean[a] - truth[a]);
    for (std::size_t i = 0; i < p.size(); ++i) {
      for (int a = 0; a < kNumWeights; ++a) {
        for (int b = 0; b < kNumWeights; ++b) {
          hessian[a][b] += question.weight * p[i] * (question.rows[i][a] - mean[a]) *
                           (question.rows[i][b] - mean[b]);
        }
      }
    }
  }

  void add_prior(const Vector& weights, const Vector& prior) {
    for (int a = 0; a < kNumWeights; ++a) {
      const double spread = std::max(std::abs(prior[a]) / 2, 0.5);
      const double distance = (weights[a] - prior[a]) / spread;
      value += kPriorQueries * distance * distance / 2;
      gradient[a] += kPriorQueries * distance / spread;
      hessian[a][a] += kPriorQueries / (spread * spread);
    }
  }
};

Loss total_loss(const std::vector<Question>& questions, const Vector& at, const Vector& prior) {
  Loss loss;
  for (const Question& question : questions) loss.add(question, at);
  loss.add_prior(at, prior);
  return loss;
}

/// Solves `m` x = `right` by Gauss's elimination; the matrix is positive definite.
Vector solve(Matrix m, Vector right) {
  for (int i = 0; i < kNumWeights; ++i) {
    for (int row = i + 1; row < kNumWeights; ++row) {
      const double factor = m[row][i] / m[i][i];
      for (int k = i; k < kNumWeights; ++k) m[row][k] -= factor * m[i][k];
      right[row] -= factor * right[i];
    }
  }
  Vector x{};
  for (int i = kNumWeights - 1; i >= 0; --i) {
    double rest = right[i];
    for (int k = i + 1; k < kNumWeights; ++k) rest -= m[i][k] * x[k];
    x[i] = rest / m[i][i];
  }
  return x;
}

/// Newton's method with halved steps, kept at weights of 0 and above.
WitnessWeights fit(const std::vector<Question>& questions, const WitnessWeights& prior) {
  const Vector start = to_vector(prior);
  Vector weights = start;
  Loss loss = total_loss(questions, weights, start);
  for (int iteration = 0; iteration < 50; ++iteration) {
    const Vector step = solve(loss.hessian, loss.gradient);
    double length = 1;
    for (; length > 1e-4; length /= 2) {
      Vector next = weights;
      for (int a = 0; a < kNumWeights; ++a) next[a] -= length * step[a];
      for (int a = 0; a + 1 < kNumWeights; ++a) next[a] = std::max(next[a], 0.0);
      Loss there = total_loss(questions, next, start);
      if (there.value >= loss.value) continue;
      weights = next;
      loss = there;
      break;
    }
    if (length <= 1e-4) break;
  }
  return {weights[0], weights[1], weights[2], weights[3]};
}

/// What one photo asks, as known and as stranger.
struct Asked {
  std::vector<IndividualSimilarity> found;
  std::size_t own_individual = 0;
};

std::vector<Asked> ask(const Gallery& gallery, std::size_t best_photos, int num_threads) {
  const std::size_t wanted =
      std::clamp<std::size_t>(kMaxComparisons / std::max<std::size_t>(gallery.size(), 1),
                              1,
                              std::max<std::size_t>(gallery.size(), 1));
  const std::size_t step = (gallery.size() + wanted - 1) / wanted;
  std::vector<Asked> asked((gallery.size() + step - 1) / step);
  parallel_for(asked.size(), num_threads, [&](std::size_t i) {
    const std::size_t entry = i * step;
    asked[i] = {gallery.similarities(gallery.signature(entry), best_photos, entry),
                gallery.individual_index(entry)};
  });
  return asked;
}

/// The questions of all photos that can testify with `use_edge`; known ones first.
std::vector<Question> questions_of(const std::vector<Asked>& asked,
                                   bool use_edge,
                                   double new_share,
                                   FittedCalibration& counts) {
  std::vector<Question> known;
  std::vector<Question> strangers;
  for (const Asked& one : asked) {
    if (use_edge && !has_edge(one.found)) continue;
    std::vector<IndividualSimilarity> others;
    for (std::size_t i = 0; i < one.found.size(); ++i) {
      if (one.found[i].individual_index != one.own_individual) {
        others.push_back(one.found[i]);
      } else {
        known.push_back({features(one.found, use_edge), i, 1});
      }
    }
    if (!others.empty()) strangers.push_back({features(others, use_edge), others.size(), 1});
  }
  counts.num_known_queries = known.size();
  counts.num_stranger_queries = strangers.size();
  const auto count = static_cast<double>(known.size() + strangers.size());
  for (Question& one : known) one.weight = (1 - new_share) * count / double(known.size());
  for (Question& one : strangers) one.weight = new_share * count / double(strangers.size());
  known.insert(known.end(), strangers.begin(), strangers.end());
  return known;
}

}  // namespace

Probabilities probabilities(std::span<const IndividualSimilarity> similarities,
                            const Calibration& calibration) {
  const bool use_edge = has_edge(similarities);
  const WitnessWeights& w = use_edge ? calibration.with_edge : calibration.without_edge;
  double log_sum = 0;
  Probabilities result;
  result.individuals = softmax(features(similarities, use_edge), to_vector(w), &log_sum);
  result.p_new = result.individuals.back();
  result.individuals.pop_back();
  return result;
}

FittedCalibration fit_calibration(const Gallery& gallery,
                                  std::size_t best_photos,
                                  double new_share,
                                  const Calibration& prior,
                                  int num_threads) {
  const std::vector<Asked> asked = ask(gallery, best_photos, num_threads);
  FittedCalibration fitted;
  fitted.calibration.with_edge = fit(questions_of(asked, true, new_share, fitted), prior.with_edge);
  fitted.calibration.without_edge =
      fit(questions_of(asked, false, new_share, fitted), prior.without_edge);
  return fitted;
}

}  // namespace finview
