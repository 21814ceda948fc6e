#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace finview {

/// n vectors of `num_dims()` numbers: a span of n x d, row-major, row i is vector i.
///
/// Does not own the numbers. T is float (maps, approximate search) or double (clusters, outliers,
/// scores, where ties and tiny distances decide).
template <class T>
class MatrixView {
 public:
  MatrixView() = default;
  /// Throws Error{kBadInput} if the values do not fill whole rows.
  MatrixView(std::span<const T> values, std::size_t num_dims);

  std::size_t num_rows() const { return num_dims_ == 0 ? 0 : values_.size() / num_dims_; }
  std::size_t num_dims() const { return num_dims_; }
  std::span<const T> values() const { return values_; }
  std::span<const T> row(std::size_t index) const {
    return values_.subspan(index * num_dims_, num_dims_);
  }

 private:
  std::span<const T> values_;
  std::size_t num_dims_ = 0;
};

/// How far apart two rows are. Cosine: 1 - cosine of the angle, in [0, 2].
enum class Metric { kEuclidean, kCosine, kManhattan };

/// "euclidean", "cosine" or "manhattan". Throws Error{kBadOptions}.
Metric metric_from(const std::string& name);

/// Throws Error{kBadInput} that names the first row with a number that is not finite.
template <class T>
void check_finite(MatrixView<T> rows);

/// Rows of L2 norm 1. Throws Error{kBadInput} that names the first row that is all zeros.
template <class T>
std::vector<T> normalized_rows(MatrixView<T> rows);

std::vector<double> to_double(std::span<const float> values);

/// Distance of two rows of equal length. O(d).
template <class T>
double distance(std::span<const T> a, std::span<const T> b, Metric metric);

}  // namespace finview
