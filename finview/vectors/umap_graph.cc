#include "finview/vectors/umap_graph.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace finview::internal {
namespace {

constexpr double kSmallestScale = 1e-3;  // of the mean distance
constexpr int kBisections = 64;
constexpr double kTolerance = 1e-5;

double sum_of_weights(std::span<const float> distances, double nearest, double scale) {
  double sum = 0;
  for (const float distance : distances) {
    const double beyond = distance - nearest;
    sum += beyond > 0 ? std::exp(-beyond / scale) : 1;
  }
  return sum;
}

double fit_scale(std::span<const float> distances, double nearest, double target) {
  double low = 0;
  double high = std::numeric_limits<double>::infinity();
  double scale = 1;
  for (int i = 0; i < kBisections; ++i) {
    const double sum = sum_of_weights(distances, nearest, scale);
    if (std::abs(sum - target) < kTolerance) break;
    (sum > target ? high : low) = scale;
    scale = std::isfinite(high) ? (low + high) / 2 : 2 * scale;
  }
  return scale;
}

using Edges = std::vector<std::vector<std::pair<std::uint32_t, float>>>;

/// Joins the two directed weights of each pair: a + b - a b.
FuzzyGraph joined(Edges edges) {
  Edges both(edges.size());
  for (std::uint32_t i = 0; i < edges.size(); ++i) {
    for (const auto& [j, weight] : edges[i]) {
      both[i].emplace_back(j, weight);
      both[j].emplace_back(i, weight);
    }
    edges[i] = {};
  }
  FuzzyGraph graph;
  graph.offsets.push_back(0);
  for (auto& row : both) {
    std::sort(row.begin(), row.end());
    for (std::size_t r = 0; r < row.size(); ++r) {
      float weight = row[r].second;
      const std::uint32_t j = row[r].first;
      if (r + 1 < row.size() && row[r + 1].first == j) {
        const float other = row[++r].second;
        weight = weight + other - weight * other;
      }
      if (weight <= 0) continue;
      graph.neighbors.push_back(j);
      graph.weights.push_back(weight);
    }
    graph.offsets.push_back(graph.neighbors.size());
    row = {};
  }
  return graph;
}

}  // namespace

LocalScale fit_local_scales(const NeighborTable<float>& table, bool from_nearest) {
  const std::size_t n = table.num_queries();
  LocalScale result{std::vector<double>(n), std::vector<double>(n, 0)};
  // The row itself counts as one more neighbor, at distance 0.
  const auto count = static_cast<double>(table.k + 1);
  const double sum = std::accumulate(table.distances.begin(), table.distances.end(), 0.0);
  const double mean_of_all = n == 0 ? 0 : sum / (static_cast<double>(n) * count);
  for (std::size_t i = 0; i < n; ++i) {
    const std::span<const float> distances = table.distances_of(i);
    const auto first =
        std::find_if(distances.begin(), distances.end(), [](float d) { return d > 0; });
    if (from_nearest && first != distances.end()) result.nearests[i] = *first;
    const double scale = fit_scale(distances, result.nearests[i], std::log2(count));
    const double mean = result.nearests[i] > 0
                            ? std::accumulate(distances.begin(), distances.end(), 0.0) / count
                            : mean_of_all;
    result.scales[i] = std::max(scale, kSmallestScale * mean);
  }
  return result;
}

std::vector<float> neighbor_weights(const NeighborTable<float>& table, const LocalScale& scale) {
  std::vector<float> weights(table.distances.size());
  for (std::size_t e = 0; e < weights.size(); ++e) {
    const std::size_t i = e / table.k;
    const double beyond = table.distances[e] - scale.nearests[i];
    weights[e] = beyond <= 0 || scale.scales[i] == 0
                     ? 1.0F
                     : static_cast<float>(std::exp(-beyond / scale.scales[i]));
  }
  return weights;
}

FuzzyGraph make_fuzzy_graph(const NeighborTable<float>& table, std::span<const float> weights) {
  Edges edges(table.num_queries());
  for (std::size_t e = 0; e < table.indices.size(); ++e) {
    edges[e / table.k].emplace_back(table.indices[e], weights[e]);
  }
  return joined(std::move(edges));
}

FuzzyGraph intersect_with_labels(const FuzzyGraph& graph,
                                 std::span<const std::int32_t> labels,
                                 double target_weight) {
  constexpr double kUnknownDistance = 1;
  const double far = target_weight < 1 ? 2.5 / (1 - target_weight) : 1e12;
  const auto unknown = static_cast<float>(std::exp(-kUnknownDistance));
  const auto different = static_cast<float>(std::exp(-far));
  Edges edges(graph.num_rows());
  for (std::size_t i = 0; i < edges.size(); ++i) {
    float strongest = 0;
    for (std::size_t e = graph.offsets[i]; e < graph.offsets[i + 1]; ++e) {
      const std::uint32_t j = graph.neighbors[e];
      float weight = graph.weights[e];
      if (labels[i] < 0 || labels[j] < 0) {
        weight *= unknown;
      } else if (labels[i] != labels[j]) {
        weight *= different;
      }
      if (weight <= 0) continue;
      strongest = std::max(strongest, weight);
      edges[i].emplace_back(j, weight);
    }
    for (auto& [j, weight] : edges[i]) weight /= strongest;
  }
  return joined(std::move(edges));
}

std::vector<std::uint32_t> graph_components(const FuzzyGraph& graph) {
  constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
  std::vector<std::uint32_t> components(graph.num_rows(), kNone);
  std::uint32_t next = 0;
  std::vector<std::uint32_t> waiting;
  for (std::uint32_t start = 0; start < components.size(); ++start) {
    if (components[start] != kNone) continue;
    components[start] = next;
    waiting.push_back(start);
    while (!waiting.empty()) {
      const std::uint32_t i = waiting.back();
      waiting.pop_back();
      for (std::size_t e = graph.offsets[i]; e < graph.offsets[i + 1]; ++e) {
        const std::uint32_t j = graph.neighbors[e];
        if (components[j] != kNone) continue;
        components[j] = next;
        waiting.push_back(j);
      }
    }
    ++next;
  }
  return components;
}

CurveParameters fit_curve(double spread, double min_dist) {
  constexpr int kPoints = 300;
  constexpr int kMaxSteps = 1000;
  double a = 1;
  double log_b = 0;  // b stays positive
  double damping = 1e-3;
  const auto target = [&](double d) {
    return d < min_dist ? 1 : std::exp(-(d - min_dist) / spread);
  };
  // Of the squared errors: sum, gradient and the Gauss-Newton matrix for (log a, log b).
  struct Sums {
    double error = 0, ga = 0, gb = 0, aa = 0, ab = 0, bb = 0;
  };
  const auto sums_at = [&](double at_a, double at_log_b) {
    Sums sums;
    const double b = std::exp(at_log_b);
    for (int i = 0; i < kPoints; ++i) {
      const double d = 3 * spread * i / (kPoints - 1);
      const double power = d > 0 ? std::pow(d, 2 * b) : 0;
      const double value = 1 / (1 + at_a * power);
      const double error = value - target(d);
      const double by_a = -value * value * power * at_a;
      const double by_b = d > 0 ? by_a * 2 * std::log(d) * b : 0;
      sums.error += error * error;
      sums.ga += error * by_a;
      sums.gb += error * by_b;
      sums.aa += by_a * by_a;
      sums.ab += by_a * by_b;
      sums.bb += by_b * by_b;
    }
    return sums;
  };
  Sums now = sums_at(a, log_b);
  for (int step = 0; step < kMaxSteps && damping < 1e12; ++step) {
    // Levenberg-Marquardt.
    const double aa = now.aa * (1 + damping);
    const double bb = now.bb * (1 + damping);
    const double determinant = aa * bb - now.ab * now.ab;
    const double by_a = (now.gb * now.ab - now.ga * bb) / determinant;
    const double by_b = (now.ga * now.ab - now.gb * aa) / determinant;
    const Sums next = sums_at(a * std::exp(by_a), log_b + by_b);
    if (!(next.error <= now.error)) {
      damping *= 10;
      continue;
    }
    a *= std::exp(by_a);
    log_b += by_b;
    now = next;
    damping = std::max(damping / 10, 1e-12);
    if (std::abs(by_a) + std::abs(by_b) < 1e-10) break;
  }
  return {a, std::exp(log_b)};
}

}  // namespace finview::internal
