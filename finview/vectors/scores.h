#pragma once

#include "finview/vectors/matrix.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace finview {

/// How far two labellings of the same rows agree. Labels are any integers; -1 is a label like the
/// others.
struct Agreement {
  double adjusted_rand = 0;         ///< 1: the same partition; about 0: by chance
  double adjusted_mutual_info = 0;  ///< the same, of information; mean of both entropies
  double homogeneity = 0;           ///< 1: no cluster of `found` mixes classes of `truth`
  double completeness = 0;          ///< 1: no class of `truth` is torn apart
  double v_measure = 0;             ///< harmonic mean of the last two (= normalized mutual info)
};

/// Throws Error{kBadInput} if the lengths differ. Two labellings that are each a single cluster, or
/// each all singletons, agree fully. O(n + rows of the contingency table x its columns).
/// Sources: Hubert & Arabie, "Comparing Partitions", 1985; Vinh, Epps & Bailey, "Information
/// Theoretic Measures for Clusterings Comparison", JMLR 11, 2010; Rosenberg & Hirschberg,
/// "V-Measure", EMNLP 2007. Checked against scikit-learn 1.2 in scores_test.cc.
Agreement compare_labels(std::span<const std::int32_t> truth, std::span<const std::int32_t> found);

/// Of each row, how much nearer it is to its own cluster than to the next one, in [-1, 1]; 0 where
/// the cluster has one row. O(n^2 d). Throws Error{kBadInput} unless there are 2 … n - 1 clusters.
/// Source: Rousseeuw, "Silhouettes", 1987.
std::vector<double> silhouettes(MatrixView<double> rows,
                                std::span<const std::int32_t> labels,
                                Metric metric,
                                int num_threads);

/// How faithful a map is to the rows it was made of.
struct MapFidelity {
  /// 1: no row's k nearest on the map are strangers among the rows. Venna & Kaski, "Neighborhood
  /// Preservation in Nonlinear Projection Methods", ICANN 2001.
  double trustworthiness = 0;
  /// Share of each row's k nearest that are still among its k nearest on the map.
  double preservation = 0;
};

/// Compares neighborhoods of `k` among rows and on the Euclidean map. O(n^2 d); 8 n bytes for each
/// thread. Throws Error{kBadInput} unless 1 <= k < n / 2 and the number of rows is the same.
MapFidelity map_fidelity(
    MatrixView<double> rows, Metric metric, MatrixView<double> map, std::size_t k, int num_threads);

}  // namespace finview
