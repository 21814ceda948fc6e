#pragma once

#include "finview/vectors/matrix.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace finview::internal {

/// Rows sorted into nested boxes: each node's rows lie side by side and are split at the median of
/// the widest dimension. Source: Bentley, "Multidimensional Binary Search Trees Used for
/// Associative Searching", CACM 18(9), 1975.
template <class T>
class KdTree {
 public:
  struct Node {
    std::uint32_t begin = 0;  ///< of its rows, counted in the tree's order
    std::uint32_t end = 0;
    std::uint32_t left = 0;  ///< child nodes; 0: a leaf
    std::uint32_t right = 0;
  };

  /// @param manhattan  ranks are sums of absolute differences instead of squares
  KdTree(MatrixView<T> rows, bool manhattan);

  /// Parents come before their children; the first is the root.
  const std::vector<Node>& nodes() const { return nodes_; }
  /// Which row stands at a place of the tree's order.
  const std::vector<std::uint32_t>& order() const { return order_; }
  MatrixView<T> rows() const { return {rows_, num_dims_}; }  ///< in the tree's order

  /// Rank of the nearest point of the node's box.
  T box_rank(const T* query, std::uint32_t node) const {
    const T* low = boxes_.data() + 2 * num_dims_ * node;
    const T* high = low + num_dims_;
    T sum = 0;
    for (std::size_t d = 0; d < num_dims_; ++d) {
      const T outside = std::max(std::max(low[d] - query[d], query[d] - high[d]), T{0});
      sum += manhattan_ ? outside : outside * outside;
    }
    return sum;
  }

  T rank(const T* query, std::size_t place) const {
    const T* row = rows_.data() + place * num_dims_;
    T sum = 0;
    for (std::size_t d = 0; d < num_dims_; ++d) {
      const T difference = query[d] - row[d];
      sum += manhattan_ ? std::abs(difference) : difference * difference;
    }
    return sum;
  }

  /// Calls `visit(place)` for the rows of every leaf whose box rank is not above `limit()`, nearer
  /// boxes first; `skip(node)` leaves nodes out.
  template <class Limit, class Skip, class Visit>
  void search(const T* query, const Limit& limit, const Skip& skip, const Visit& visit) const {
    if (!nodes_.empty()) descend(query, 0, box_rank(query, 0), limit, skip, visit);
  }

 private:
  template <class Limit, class Skip, class Visit>
  void descend(const T* query,
               std::uint32_t index,
               T rank,
               const Limit& limit,
               const Skip& skip,
               const Visit& visit) const {
    if (rank > limit() || skip(index)) return;
    const Node& node = nodes_[index];
    if (node.left == 0) {
      for (std::size_t place = node.begin; place < node.end; ++place) visit(place);
      return;
    }
    const T left = box_rank(query, node.left);
    const T right = box_rank(query, node.right);
    const bool left_first = left <= right;
    descend(query, left_first ? node.left : node.right, std::min(left, right), limit, skip, visit);
    descend(query, left_first ? node.right : node.left, std::max(left, right), limit, skip, visit);
  }

  void build(MatrixView<T> rows);
  void set_box(MatrixView<T> rows, const Node& node);

  std::size_t num_dims_;
  bool manhattan_;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> order_;
  std::vector<T> rows_;
  std::vector<T> boxes_;  ///< of each node: lowest, then highest coordinates
};

}  // namespace finview::internal
