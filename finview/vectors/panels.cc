#include "finview/vectors/panels.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <new>
#include <numeric>
#include <type_traits>
#include <vector>

namespace finview::internal {
namespace {

template <class T>
Kernels::Distances<T> kernel_for(bool manhattan) {
  if constexpr (std::is_same_v<T, float>) {
    return manhattan ? kernels().absolute_float : kernels().squared_float;
  } else {
    return manhattan ? kernels().absolute_double : kernels().squared_double;
  }
}

}  // namespace

double distance_from_rank(double rank, Metric metric) {
  if (metric == Metric::kManhattan) return rank;
  return metric == Metric::kCosine ? rank / 2 : std::sqrt(rank);
}

template <class T>
T rank_not_below(double distance, Metric metric) {
  constexpr double kRounding = 8 * std::numeric_limits<T>::epsilon();
  double rank = distance;
  if (metric == Metric::kEuclidean) rank = distance * distance;
  if (metric == Metric::kCosine) rank = 2 * distance;
  return static_cast<T>(rank * (1 + kRounding));
}

template float rank_not_below(double, Metric);
template double rank_not_below(double, Metric);

template <class T>
Panels<T>::Panels(MatrixView<T> rows, std::span<const std::uint32_t> order)
    : num_dims_(rows.num_dims()),
      num_panels_((order.size() + kLanes<T> - 1) / kLanes<T>),
      kernel_(kernel_for<T>(false)) {
  fill(rows, order);
}

template <class T>
Panels<T>::Panels(MatrixView<T> rows)
    : num_dims_(rows.num_dims()),
      num_panels_((rows.num_rows() + kLanes<T> - 1) / kLanes<T>),
      kernel_(kernel_for<T>(false)) {
  std::vector<std::uint32_t> order(rows.num_rows());
  std::iota(order.begin(), order.end(), 0U);
  fill(rows, order);
}

template <class T>
void Panels<T>::fill(MatrixView<T> rows, std::span<const std::uint32_t> order) {
  const std::size_t count = num_panels_ * kLanes<T> * num_dims_;
  if (count == 0) return;
  values_.reset(static_cast<T*>(std::aligned_alloc(64, count * sizeof(T))));
  if (!values_) throw std::bad_alloc();
  std::fill_n(values_.get(), count, std::numeric_limits<T>::infinity());
  for (std::size_t i = 0; i < order.size(); ++i) {
    T* lane = values_.get() + i / kLanes<T> * kLanes<T> * num_dims_ + i % kLanes<T>;
    const std::span<const T> row = rows.row(order[i]);
    for (std::size_t d = 0; d < num_dims_; ++d) lane[d * kLanes<T>] = row[d];
  }
}

template <class T>
void Panels<T>::Free::operator()(T* values) const {
  std::free(values);
}

template <class T>
void Panels<T>::use_manhattan(bool manhattan) {
  kernel_ = kernel_for<T>(manhattan);
}

template <>
void Panels<float>::use_products() {
  kernel_ = kernels().products;
}

template <class T>
void Panels<T>::ranks(const T* const* rows,
                      std::size_t num_rows,
                      std::size_t panel,
                      T* ranks) const {
  const T* values = values_.get() + panel * kLanes<T> * num_dims_;
  if (num_rows == kTileRows) {
    kernel_(rows, values, num_dims_, ranks);
    return;
  }
  const T* filled[kTileRows];
  for (std::size_t r = 0; r < kTileRows; ++r) filled[r] = rows[r < num_rows ? r : 0];
  kernel_(filled, values, num_dims_, ranks);
}

template class Panels<float>;
template class Panels<double>;

}  // namespace finview::internal
