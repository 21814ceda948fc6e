#include "finview/vectors/kd_tree.h"

#include <limits>
#include <numeric>

namespace finview::internal {
namespace {

constexpr std::uint32_t kLeafRows = 16;

}  // namespace

template <class T>
KdTree<T>::KdTree(MatrixView<T> rows, bool manhattan)
    : num_dims_(rows.num_dims()), manhattan_(manhattan), order_(rows.num_rows()) {
  std::iota(order_.begin(), order_.end(), 0U);
  if (!order_.empty()) build(rows);
  rows_.reserve(rows.values().size());
  for (const std::uint32_t index : order_) {
    const std::span<const T> row = rows.row(index);
    rows_.insert(rows_.end(), row.begin(), row.end());
  }
}

template <class T>
void KdTree<T>::build(MatrixView<T> rows) {
  nodes_.push_back({0, static_cast<std::uint32_t>(order_.size()), 0, 0});
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const Node node = nodes_[i];
    set_box(rows, node);
    const T* low = boxes_.data() + 2 * num_dims_ * i;
    std::size_t widest = 0;
    T width = 0;
    for (std::size_t d = 0; d < num_dims_; ++d) {
      if (low[num_dims_ + d] - low[d] <= width) continue;
      width = low[num_dims_ + d] - low[d];
      widest = d;
    }
    if (node.end - node.begin <= kLeafRows || width == 0) continue;
    const std::uint32_t middle = node.begin + (node.end - node.begin) / 2;
    std::nth_element(order_.begin() + node.begin,
                     order_.begin() + middle,
                     order_.begin() + node.end,
                     [&](std::uint32_t a, std::uint32_t b) {
                       const T x = rows.row(a)[widest];
                       const T y = rows.row(b)[widest];
                       return x != y ? x < y : a < b;
                     });
    nodes_[i].left = static_cast<std::uint32_t>(nodes_.size());
    nodes_[i].right = nodes_[i].left + 1;
    nodes_.push_back({node.begin, middle, 0, 0});
    nodes_.push_back({middle, node.end, 0, 0});
  }
}

template <class T>
void KdTree<T>::set_box(MatrixView<T> rows, const Node& node) {
  const std::size_t begin = boxes_.size();
  boxes_.resize(begin + num_dims_, std::numeric_limits<T>::infinity());
  boxes_.resize(begin + 2 * num_dims_, -std::numeric_limits<T>::infinity());
  for (std::size_t place = node.begin; place < node.end; ++place) {
    const std::span<const T> row = rows.row(order_[place]);
    for (std::size_t d = 0; d < num_dims_; ++d) {
      T& low = boxes_[begin + d];
      T& high = boxes_[begin + num_dims_ + d];
      low = std::min(low, row[d]);
      high = std::max(high, row[d]);
    }
  }
}

template class KdTree<float>;
template class KdTree<double>;

}  // namespace finview::internal
