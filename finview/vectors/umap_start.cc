#include "finview/vectors/umap_start.h"

#include "finview/base/threads.h"
#include "finview/vectors/eigenvectors.h"
#include "finview/vectors/random.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace finview::internal {
namespace {

constexpr double kWidth = 10;    // of the whole start
constexpr double kNoise = 1e-4;  // parts rows that begin at one place
constexpr double kTolerance = 1e-4;
constexpr int kMaxRounds = 30;
constexpr int kMaxRoundsOfMany = 10;
constexpr std::size_t kMany = 20'000;
constexpr std::size_t kRowsAtOnce = 2048;

/// Moves and scales each column into [0, kWidth].
void fit_to_width(std::vector<double>& places, std::size_t num_dims) {
  for (std::size_t d = 0; d < num_dims; ++d) {
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (std::size_t i = d; i < places.size(); i += num_dims) {
      low = std::min(low, places[i]);
      high = std::max(high, places[i]);
    }
    const double scale = high > low ? kWidth / (high - low) : 0;
    for (std::size_t i = d; i < places.size(); i += num_dims) places[i] = (places[i] - low) * scale;
  }
}

/// The graph among `members`, which are all of a component; numbers them 0, 1, ….
FuzzyGraph part_of(const FuzzyGraph& graph,
                   const std::vector<std::uint32_t>& members,
                   std::vector<std::uint32_t>& number_of) {
  for (std::uint32_t i = 0; i < members.size(); ++i) number_of[members[i]] = i;
  FuzzyGraph part;
  part.offsets.push_back(0);
  for (const std::uint32_t row : members) {
    for (std::size_t e = graph.offsets[row]; e < graph.offsets[row + 1]; ++e) {
      part.neighbors.push_back(number_of[graph.neighbors[e]]);
      part.weights.push_back(graph.weights[e]);
    }
    part.offsets.push_back(part.neighbors.size());
  }
  return part;
}

/// Mean rows projected on their principal components: num_means x num_dims. Dimensions that the
/// rows lack are random.
std::vector<double> project(const std::vector<double>& means,
                            std::size_t num_columns,
                            std::size_t num_dims,
                            std::uint64_t seed) {
  const std::size_t count = means.size() / num_columns;
  std::vector<double> centered = means;
  double largest = 0;
  for (std::size_t d = 0; d < num_columns; ++d) {
    double mean = 0;
    for (std::size_t i = d; i < means.size(); i += num_columns) mean += means[i];
    mean /= static_cast<double>(count);
    for (std::size_t i = d; i < means.size(); i += num_columns) {
      centered[i] -= mean;
      largest += centered[i] * centered[i];
    }
  }
  // The components with the most variance are those with the least of (sum of variances -
  // variance).
  const BlockProduct product =
      [&](const std::vector<double>& block, std::size_t width, std::vector<double>& result) {
        result.assign(block.size(), 0);
        for (std::size_t i = 0; i < block.size(); ++i) result[i] = largest * block[i];
        std::vector<double> dots(width);
        for (std::size_t row = 0; row < count; ++row) {
          const double* values = centered.data() + row * num_columns;
          std::fill(dots.begin(), dots.end(), 0);
          for (std::size_t d = 0; d < num_columns; ++d) {
            for (std::size_t w = 0; w < width; ++w) dots[w] += values[d] * block[d * width + w];
          }
          for (std::size_t d = 0; d < num_columns; ++d) {
            for (std::size_t w = 0; w < width; ++w) result[d * width + w] -= values[d] * dots[w];
          }
        }
      };
  const std::size_t found = std::min(num_dims, num_columns);
  const std::vector<double> axes =
      smallest_eigenvectors(product, num_columns, found, largest, 1e-3, 10, seed).vectors;
  Random random(seed, 1);
  std::vector<double> places;
  for (std::size_t row = 0; row < count; ++row) {
    for (std::size_t k = 0; k < num_dims; ++k) {
      double sum = k < found ? 0 : random.normal();
      for (std::size_t d = 0; k < found && d < num_columns; ++d) {
        sum += centered[row * num_columns + d] * axes[d * found + k];
      }
      places.push_back(sum);
    }
  }
  return places;
}

/// Half the way from each place to the nearest other.
std::vector<double> radii_of(const std::vector<double>& places, std::size_t num_dims) {
  std::vector<double> radii(places.size() / num_dims, std::numeric_limits<double>::infinity());
  for (std::size_t i = 0; i < radii.size(); ++i) {
    for (std::size_t j = 0; j < radii.size(); ++j) {
      if (i == j) continue;
      double squared = 0;
      for (std::size_t d = 0; d < num_dims; ++d) {
        squared += std::pow(places[i * num_dims + d] - places[j * num_dims + d], 2);
      }
      radii[i] = std::min(radii[i], std::sqrt(squared) / 2);
    }
  }
  return radii;
}

/// A connected graph's own start, within [0, kWidth].
std::vector<double> component_start(const FuzzyGraph& graph,
                                    std::size_t num_dims,
                                    std::uint64_t seed,
                                    int num_threads) {
  const std::size_t n = graph.num_rows();
  std::vector<double> places;
  if (n < 2 * (num_dims + 1)) {
    Random random(seed, 2);
    for (std::size_t i = 0; i < n * num_dims; ++i) places.push_back(random.unit());
  } else {
    const Spectrum spectrum =
        laplacian_spectrum(graph, num_dims + 1, kTolerance, seed, num_threads);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t d = 1; d <= num_dims; ++d) {
        places.push_back(spectrum.vectors[i * (num_dims + 1) + d]);
      }
    }
  }
  fit_to_width(places, num_dims);
  return places;
}

std::vector<double> start_of_many(const FuzzyGraph& graph,
                                  MatrixView<float> rows,
                                  const std::vector<std::vector<std::uint32_t>>& members,
                                  std::size_t num_dims,
                                  std::uint64_t seed,
                                  int num_threads) {
  std::vector<double> means(members.size() * rows.num_dims(), 0);
  for (std::size_t c = 0; c < members.size(); ++c) {
    for (const std::uint32_t row : members[c]) {
      for (std::size_t d = 0; d < rows.num_dims(); ++d) {
        means[c * rows.num_dims() + d] += rows.row(row)[d] / static_cast<double>(members[c].size());
      }
    }
  }
  std::vector<double> centers = project(means, rows.num_dims(), num_dims, seed);
  fit_to_width(centers, num_dims);
  const std::vector<double> radii = radii_of(centers, num_dims);
  std::vector<std::uint32_t> number_of(graph.num_rows());
  std::vector<double> places(graph.num_rows() * num_dims);
  for (std::size_t c = 0; c < members.size(); ++c) {
    const std::vector<double> own =
        component_start(part_of(graph, members[c], number_of), num_dims, seed + c + 1, num_threads);
    for (std::size_t i = 0; i < members[c].size(); ++i) {
      for (std::size_t d = 0; d < num_dims; ++d) {
        places[members[c][i] * num_dims + d] =
            centers[c * num_dims + d] + radii[c] * (2 * own[i * num_dims + d] / kWidth - 1);
      }
    }
  }
  return places;
}

}  // namespace

Spectrum laplacian_spectrum(const FuzzyGraph& graph,
                            std::size_t count,
                            double tolerance,
                            std::uint64_t seed,
                            int num_threads) {
  const std::size_t n = graph.num_rows();
  std::vector<double> scale(n);
  for (std::size_t i = 0; i < n; ++i) {
    double degree = 0;
    for (std::size_t e = graph.offsets[i]; e < graph.offsets[i + 1]; ++e)
      degree += graph.weights[e];
    scale[i] = degree > 0 ? 1 / std::sqrt(degree) : 0;
  }
  const std::size_t num_blocks = (n + kRowsAtOnce - 1) / kRowsAtOnce;
  const BlockProduct product =
      [&](const std::vector<double>& block, std::size_t width, std::vector<double>& result) {
        result.resize(block.size());
        parallel_for(num_blocks, num_threads, [&](std::size_t part) {
          for (std::size_t i = part * kRowsAtOnce; i < std::min(n, (part + 1) * kRowsAtOnce); ++i) {
            double* own = result.data() + i * width;
            for (std::size_t w = 0; w < width; ++w) own[w] = block[i * width + w];
            for (std::size_t e = graph.offsets[i]; e < graph.offsets[i + 1]; ++e) {
              const std::size_t j = graph.neighbors[e];
              const double weight = graph.weights[e] * scale[i] * scale[j];
              for (std::size_t w = 0; w < width; ++w) own[w] -= weight * block[j * width + w];
            }
          }
        });
      };
  const int max_rounds = n > kMany ? kMaxRoundsOfMany : kMaxRounds;
  Eigenvectors found = smallest_eigenvectors(product, n, count, 2, tolerance, max_rounds, seed);
  return {std::move(found.values), std::move(found.vectors)};
}

std::vector<float> spectral_start(const FuzzyGraph& graph,
                                  MatrixView<float> rows,
                                  std::size_t num_dims,
                                  std::uint64_t seed,
                                  int num_threads) {
  const std::vector<std::uint32_t> components = graph_components(graph);
  std::vector<std::vector<std::uint32_t>> members;
  for (std::uint32_t i = 0; i < components.size(); ++i) {
    if (components[i] == members.size()) members.emplace_back();
    members[components[i]].push_back(i);
  }
  std::vector<double> places =
      members.size() > 1 ? start_of_many(graph, rows, members, num_dims, seed, num_threads)
                         : component_start(graph, num_dims, seed, num_threads);
  Random random(seed, 3);
  for (double& value : places) value += kNoise * random.normal();
  fit_to_width(places, num_dims);
  return {places.begin(), places.end()};
}

}  // namespace finview::internal
