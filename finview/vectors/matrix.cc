#include "finview/vectors/matrix.h"

#include "finview/base/error.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace finview {

template <class T>
MatrixView<T>::MatrixView(std::span<const T> values, std::size_t num_dims)
    : values_(values), num_dims_(num_dims) {
  if (num_dims == 0 ? values.empty() : values.size() % num_dims == 0) return;
  throw Error(
      ErrorKind::kBadInput,
      fmt::format(
          "{} numbers do not fill rows of {} columns; give whole rows.", values.size(), num_dims));
}

Metric metric_from(const std::string& name) {
  if (name == "euclidean") return Metric::kEuclidean;
  if (name == "cosine") return Metric::kCosine;
  if (name == "manhattan") return Metric::kManhattan;
  throw Error(
      ErrorKind::kBadOptions,
      fmt::format("There is no metric \"{}\"; it must be euclidean, cosine or manhattan.", name));
}

template <class T>
void check_finite(MatrixView<T> rows) {
  for (std::size_t i = 0; i < rows.num_rows(); ++i) {
    for (std::size_t d = 0; d < rows.num_dims(); ++d) {
      if (std::isfinite(rows.row(i)[d])) continue;
      throw Error(ErrorKind::kBadInput,
                  fmt::format("Row {} (counted from 0) has {} in column {}; every number must be "
                              "finite. Leave the row out or repair it.",
                              i,
                              rows.row(i)[d],
                              d));
    }
  }
}

template <class T>
std::vector<T> normalized_rows(MatrixView<T> rows) {
  std::vector<T> result(rows.values().begin(), rows.values().end());
  for (std::size_t i = 0; i < rows.num_rows(); ++i) {
    double sum = 0;
    for (const T value : rows.row(i)) sum += static_cast<double>(value) * value;
    if (sum == 0) {
      throw Error(ErrorKind::kBadInput,
                  fmt::format("Row {} (counted from 0) is all zeros and has no direction; leave it "
                              "out or choose the Euclidean metric.",
                              i));
    }
    const double scale = 1 / std::sqrt(sum);
    for (std::size_t d = 0; d < rows.num_dims(); ++d) {
      T& value = result[i * rows.num_dims() + d];
      value = static_cast<T>(value * scale);
    }
  }
  return result;
}

std::vector<double> to_double(std::span<const float> values) {
  return {values.begin(), values.end()};
}

template <class T>
double distance(std::span<const T> a, std::span<const T> b, Metric metric) {
  double sum = 0;
  double dot = 0;
  double norm_a = 0;
  double norm_b = 0;
  for (std::size_t d = 0; d < a.size(); ++d) {
    const double x = a[d];
    const double y = b[d];
    sum += metric == Metric::kManhattan ? std::abs(x - y) : (x - y) * (x - y);
    dot += x * y;
    norm_a += x * x;
    norm_b += y * y;
  }
  if (metric == Metric::kManhattan) return sum;
  if (metric == Metric::kEuclidean) return std::sqrt(sum);
  return std::max(0.0, 1 - dot / std::sqrt(norm_a * norm_b));
}

template class MatrixView<float>;
template class MatrixView<double>;
template void check_finite(MatrixView<float>);
template void check_finite(MatrixView<double>);
template std::vector<float> normalized_rows(MatrixView<float>);
template std::vector<double> normalized_rows(MatrixView<double>);
template double distance(std::span<const float>, std::span<const float>, Metric);
template double distance(std::span<const double>, std::span<const double>, Metric);

}  // namespace finview
