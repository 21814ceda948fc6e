#include "finview/vectors/hdbscan.h"

#include <algorithm>
#include <set>

namespace finview {
namespace {

/// Of the clusters in the way of each other, those whose rows stay the longest.
std::vector<std::uint32_t> by_excess_of_mass(const CondensedTree& tree,
                                             const HdbscanOptions& options) {
  const std::size_t num_clusters = tree.num_clusters();
  std::vector<double> below(num_clusters, 0);  // what the best choice below is worth
  std::vector<bool> is_best(num_clusters, false);
  for (std::size_t c = num_clusters; c-- > 0;) {
    const bool too_large = options.max_cluster_size > 0 && tree.sizes[c] > options.max_cluster_size;
    const bool possible = (c > 0 || options.allow_single_cluster) && !too_large;
    is_best[c] = possible && tree.stabilities[c] >= below[c];
    if (c > 0) below[tree.parents[c]] += is_best[c] ? tree.stabilities[c] : below[c];
  }
  std::vector<std::uint32_t> selected;
  std::vector<bool> is_covered(num_clusters, false);  // an ancestor is selected
  for (std::uint32_t c = 0; c < num_clusters; ++c) {
    is_covered[c] = c > 0 && (is_covered[tree.parents[c]] || is_best[tree.parents[c]]);
    if (is_best[c] && !is_covered[c]) selected.push_back(c);
  }
  return selected;
}

std::vector<std::uint32_t> leaves(const CondensedTree& tree, bool allow_single_cluster) {
  std::vector<bool> is_leaf(tree.num_clusters(), true);
  for (std::size_t c = 1; c < is_leaf.size(); ++c) is_leaf[tree.parents[c]] = false;
  std::vector<std::uint32_t> selected;
  for (std::uint32_t c = 0; c < is_leaf.size(); ++c) {
    if (is_leaf[c] && (c > 0 || allow_single_cluster)) selected.push_back(c);
  }
  return selected;
}

/// Replaces clusters born at a distance below epsilon by the ancestor born above it.
std::vector<std::uint32_t> merged_below(const CondensedTree& tree,
                                        const std::vector<std::uint32_t>& selected,
                                        const HdbscanOptions& options) {
  const auto birth_distance = [&](std::uint32_t c) { return 1 / tree.births[c]; };
  std::set<std::uint32_t> merged;
  for (std::uint32_t c : selected) {
    while (c > 0 && birth_distance(c) < options.epsilon) {
      if (tree.parents[c] == 0 && !options.allow_single_cluster) break;
      c = tree.parents[c];
    }
    merged.insert(c);
  }
  std::vector<std::uint32_t> result;
  for (const std::uint32_t c : merged) {
    bool is_covered = false;
    for (std::uint32_t above = c; above > 0 && !is_covered;) {
      above = tree.parents[above];
      is_covered = merged.contains(above);
    }
    if (!is_covered) result.push_back(c);
  }
  return result;
}

}  // namespace

std::vector<std::uint32_t> select_clusters(const CondensedTree& tree,
                                           const HdbscanOptions& options) {
  std::vector<std::uint32_t> selected = options.selection == "leaf"
                                            ? leaves(tree, options.allow_single_cluster)
                                            : by_excess_of_mass(tree, options);
  if (options.epsilon > 0) return merged_below(tree, selected, options);
  return selected;
}

}  // namespace finview
