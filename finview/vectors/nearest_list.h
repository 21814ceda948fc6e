#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

namespace finview::internal {

/// The k smallest (rank, index) offered so far, in ascending order, written into a table's row.
/// What is kept does not depend on the order of the offers.
template <class T>
class NearestList {
 public:
  static constexpr std::uint32_t kNobody = std::numeric_limits<std::uint32_t>::max();

  /// Begins empty: every place infinitely far.
  NearestList(std::span<std::uint32_t> indices, std::span<T> ranks)
      : indices_(indices), ranks_(ranks) {
    for (std::size_t i = 0; i < ranks.size(); ++i) {
      indices_[i] = kNobody;
      ranks_[i] = std::numeric_limits<T>::infinity();
    }
  }

  /// No larger rank is kept any more.
  T limit() const { return ranks_.back(); }

  void offer(T rank, std::uint32_t index) {
    std::size_t place = ranks_.size() - 1;
    if (!is_before(rank, index, place)) return;
    for (; place > 0 && is_before(rank, index, place - 1); --place) {
      ranks_[place] = ranks_[place - 1];
      indices_[place] = indices_[place - 1];
    }
    ranks_[place] = rank;
    indices_[place] = index;
  }

 private:
  bool is_before(T rank, std::uint32_t index, std::size_t place) const {
    return rank < ranks_[place] || (rank == ranks_[place] && index < indices_[place]);
  }

  std::span<std::uint32_t> indices_;
  std::span<T> ranks_;
};

}  // namespace finview::internal
