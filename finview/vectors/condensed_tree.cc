#include "finview/vectors/condensed_tree.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace finview {
namespace {

/// A node of the dendrogram: rows are 0 … n - 1, merges n … 2n - 2.
struct Merge {
  std::uint32_t left;
  std::uint32_t right;
  double distance;
  std::uint32_t size;
};

std::vector<Merge> merges_of(const SpanningTree& tree, std::size_t num_rows) {
  std::vector<std::uint32_t> parents(num_rows);
  std::iota(parents.begin(), parents.end(), 0U);
  std::vector<std::uint32_t> nodes = parents;  // of each root row: the node that holds its rows
  std::vector<std::uint32_t> sizes(num_rows, 1);
  const auto find = [&](std::uint32_t row) {
    while (parents[row] != row) row = parents[row] = parents[parents[row]];
    return row;
  };
  std::vector<Merge> merges;
  for (const SpanningEdge& edge : tree.edges) {
    const std::uint32_t a = find(edge.a);
    const std::uint32_t b = find(edge.b);
    const std::uint32_t size = sizes[a] + sizes[b];
    merges.push_back({nodes[a], nodes[b], edge.weight, size});
    const std::uint32_t root = sizes[a] >= sizes[b] ? a : b;
    parents[root == a ? b : a] = root;
    sizes[root] = size;
    nodes[root] = static_cast<std::uint32_t>(num_rows + merges.size() - 1);
  }
  return merges;
}

class Condenser {
 public:
  Condenser(const SpanningTree& tree, std::size_t min_cluster_size)
      : num_rows_(tree.core_distances.size()),
        min_cluster_size_(min_cluster_size),
        merges_(merges_of(tree, num_rows_)) {
    tree_.num_rows = num_rows_;
    tree_.cluster_of.resize(num_rows_);
    tree_.lambdas.resize(num_rows_);
  }

  CondensedTree run() {
    if (num_rows_ == 0) return std::move(tree_);
    add_cluster(0, 0, static_cast<std::uint32_t>(num_rows_));
    std::vector<std::uint32_t> tops{static_cast<std::uint32_t>(num_rows_ + merges_.size() - 1)};
    for (std::uint32_t cluster = 0; cluster < tops.size(); ++cluster) shrink(cluster, tops);
    finish();
    return std::move(tree_);
  }

 private:
  std::uint32_t size_of(std::uint32_t node) const {
    return node < num_rows_ ? 1 : merges_[node - num_rows_].size;
  }

  void add_cluster(std::uint32_t parent, double birth, std::uint32_t size) {
    tree_.parents.push_back(parent);
    tree_.births.push_back(birth);
    tree_.sizes.push_back(size);
  }

  /// Follows a cluster from its top node until it splits or nothing is left of it.
  void shrink(std::uint32_t cluster, std::vector<std::uint32_t>& tops) {
    std::uint32_t node = tops[cluster];
    while (true) {
      if (node < num_rows_ || merges_[node - num_rows_].distance == 0) {
        drop(node, cluster, std::numeric_limits<double>::infinity());
        return;
      }
      const Merge& merge = merges_[node - num_rows_];
      const double lambda = 1 / merge.distance;
      const bool left_stays = size_of(merge.left) >= min_cluster_size_;
      const bool right_stays = size_of(merge.right) >= min_cluster_size_;
      if (left_stays && right_stays) {
        for (const std::uint32_t child : {merge.left, merge.right}) {
          tree_.edges.push_back({cluster + offset(),
                                 static_cast<std::uint32_t>(tree_.num_clusters()) + offset(),
                                 lambda,
                                 size_of(child)});
          add_cluster(cluster, lambda, size_of(child));
          tops.push_back(child);
        }
        return;
      }
      if (!left_stays) drop(merge.left, cluster, lambda);
      if (!right_stays) drop(merge.right, cluster, lambda);
      if (!left_stays && !right_stays) return;
      node = left_stays ? merge.left : merge.right;
    }
  }

  std::uint32_t offset() const { return static_cast<std::uint32_t>(num_rows_); }

  /// All rows below the node leave the cluster.
  void drop(std::uint32_t node, std::uint32_t cluster, double lambda) {
    std::vector<std::uint32_t> waiting{node};
    while (!waiting.empty()) {
      const std::uint32_t next = waiting.back();
      waiting.pop_back();
      if (next < num_rows_) {
        tree_.edges.push_back({cluster + offset(), next, lambda, 1});
        tree_.cluster_of[next] = cluster;
        tree_.lambdas[next] = lambda;
        continue;
      }
      waiting.push_back(merges_[next - num_rows_].right);
      waiting.push_back(merges_[next - num_rows_].left);
    }
  }

  void finish() {
    tree_.deaths.assign(tree_.num_clusters(), 0);
    tree_.stabilities.assign(tree_.num_clusters(), 0);
    for (const CondensedEdge& edge : tree_.edges) {
      const std::size_t cluster = edge.parent - num_rows_;
      tree_.deaths[cluster] = std::max(tree_.deaths[cluster], edge.lambda);
      tree_.stabilities[cluster] += (edge.lambda - tree_.births[cluster]) * edge.size;
    }
  }

  std::size_t num_rows_;
  std::size_t min_cluster_size_;
  std::vector<Merge> merges_;
  CondensedTree tree_;
};

}  // namespace

CondensedTree condense(const SpanningTree& tree, std::size_t min_cluster_size) {
  return Condenser(tree, min_cluster_size).run();
}

}  // namespace finview
