#pragma once

#include "finview/vectors/spanning_tree.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace finview {

/// One row or cluster that leaves a cluster as the density threshold rises.
struct CondensedEdge {
  std::uint32_t parent = 0;  ///< a cluster: its number + the number of rows
  std::uint32_t child = 0;   ///< a row, or a cluster as above
  double lambda = 0;         ///< 1 / distance at which it leaves; infinite at distance 0
  std::uint32_t size = 0;    ///< rows in the child
};

/// The hierarchy of clusters of at least `min_cluster_size` rows. Cluster 0 is the root, all rows.
struct CondensedTree {
  std::size_t num_rows = 0;
  std::vector<CondensedEdge> edges;  ///< parents by number; a cluster's rows before its children

  std::size_t num_clusters() const { return parents.size(); }

  // Of each cluster:
  std::vector<std::uint32_t> parents;     ///< the root is its own parent
  std::vector<double> births;             ///< lambda at which it left its parent; the root's is 0
  std::vector<double> deaths;             ///< largest lambda at which something left it
  std::vector<double> stabilities;        ///< sum over its rows of (lambda of leaving - birth)
  std::vector<std::uint32_t> sizes;       ///< rows at birth
  std::vector<std::uint32_t> cluster_of;  ///< of each row: the cluster it leaves
  std::vector<double> lambdas;            ///< of each row: where it leaves
};

/// Takes the spanning tree's edges away, longest first; parts of fewer than `min_cluster_size` rows
/// do not count as clusters. Rows that lie on one another (distance 0) are never parted.
///
/// Source: Campello, Moulavi, Zimek & Sander 2015 (spanning_tree.h), section 3.3, with binary
/// splits at equal distances.
CondensedTree condense(const SpanningTree& tree, std::size_t min_cluster_size);

}  // namespace finview
