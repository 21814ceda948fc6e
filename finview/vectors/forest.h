#pragma once

#include "finview/vectors/spanning_tree.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace finview::internal {

inline bool is_shorter(const SpanningEdge& x, const SpanningEdge& y) {
  if (x.weight != y.weight) return x.weight < y.weight;
  if (x.distance != y.distance) return x.distance < y.distance;
  return x.a != y.a ? x.a < y.a : x.b < y.b;
}

inline constexpr SpanningEdge kNoEdge{
    0, 0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};

/// An edge as it is compared while searching: in ranks (panels.h). Begins infinitely long.
struct RankedEdge {
  double weight_rank = std::numeric_limits<double>::infinity();
  double rank = std::numeric_limits<double>::infinity();
  std::uint32_t a = 0;
  std::uint32_t b = 0;

  bool is_before(const RankedEdge& other) const {
    if (weight_rank != other.weight_rank) return weight_rank < other.weight_rank;
    if (rank != other.rank) return rank < other.rank;
    return std::minmax(a, b) < std::minmax(other.a, other.b);
  }
};

/// Which rows hang together so far.
class Forest {
 public:
  explicit Forest(std::size_t num_rows) : parents_(num_rows), num_components_(num_rows) {
    std::iota(parents_.begin(), parents_.end(), 0U);
  }

  std::size_t num_rows() const { return parents_.size(); }
  std::size_t num_components() const { return num_components_; }
  const std::vector<SpanningEdge>& edges() const { return edges_; }

  std::uint32_t find(std::uint32_t row) {
    while (parents_[row] != row) row = parents_[row] = parents_[parents_[row]];
    return row;
  }

  /// Adds the edge unless its ends hang together already.
  bool join(const SpanningEdge& edge) {
    std::uint32_t a = find(edge.a);
    std::uint32_t b = find(edge.b);
    if (a == b) return false;
    if (a > b) std::swap(a, b);
    parents_[b] = a;
    --num_components_;
    edges_.push_back(edge);
    return true;
  }

  /// Component of each row, numbered from 0 in the order of their first rows.
  std::vector<std::uint32_t> components() {
    std::vector<std::uint32_t> numbers(parents_.size());
    std::uint32_t next = 0;
    for (std::uint32_t i = 0; i < parents_.size(); ++i) {
      const std::uint32_t root = find(i);
      numbers[i] = root == i ? next++ : numbers[root];
    }
    return numbers;
  }

 private:
  std::vector<std::uint32_t> parents_;
  std::vector<SpanningEdge> edges_;
  std::size_t num_components_;
};

/// What both ways to finish a forest are given.
struct Reachability {
  MatrixView<double> rows;  ///< unit rows for the cosine metric
  Metric metric;
  std::span<const double> core_ranks;  ///< core distances as ranks (panels.h)
  int num_threads;

  SpanningEdge edge(const RankedEdge& edge) const;
};

// Each joins the forest's components by shortest edges until one is left. `finish_by_panels`
// compares all rows in blocks, `finish_by_tree` uses a k-d tree.
void finish_by_panels(const Reachability& reach, Forest& forest);
void finish_by_tree(const Reachability& reach, Forest& forest);

}  // namespace finview::internal
