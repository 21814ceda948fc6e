#include "finview/vectors/eigenvectors.h"

#include "finview/vectors/random.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace finview::internal {
namespace {

constexpr int kDegree = 20;
/// Vectors beyond those wanted; they separate the wanted from the rest.
constexpr std::size_t kGuards = 4;

using Block = std::vector<double>;

/// Eigenvectors (columns) of a small symmetric matrix by Jacobi's rotations, values ascending.
struct SmallEigen {
  std::vector<double> values;
  std::vector<double> vectors;  // m x m
};

void rotate(
    std::vector<double>& a, std::vector<double>& v, std::size_t m, std::size_t p, std::size_t q) {
  const double apq = a[p * m + q];
  if (apq == 0) return;
  const double theta = (a[q * m + q] - a[p * m + p]) / (2 * apq);
  const double t = (theta >= 0 ? 1 : -1) / (std::abs(theta) + std::sqrt(theta * theta + 1));
  const double c = 1 / std::sqrt(t * t + 1);
  const double s = t * c;
  for (std::size_t k = 0; k < m; ++k) {
    const double x = a[k * m + p];
    const double y = a[k * m + q];
    a[k * m + p] = c * x - s * y;
    a[k * m + q] = s * x + c * y;
  }
  for (std::size_t k = 0; k < m; ++k) {
    const double x = a[p * m + k];
    const double y = a[q * m + k];
    a[p * m + k] = c * x - s * y;
    a[q * m + k] = s * x + c * y;
    const double vx = v[k * m + p];
    const double vy = v[k * m + q];
    v[k * m + p] = c * vx - s * vy;
    v[k * m + q] = s * vx + c * vy;
  }
}

SmallEigen small_eigen(std::vector<double> a, std::size_t m) {
  std::vector<double> v(m * m, 0);
  for (std::size_t i = 0; i < m; ++i) v[i * m + i] = 1;
  for (int sweep = 0; sweep < 30; ++sweep) {
    for (std::size_t p = 0; p < m; ++p) {
      for (std::size_t q = p + 1; q < m; ++q) rotate(a, v, m, p, q);
    }
  }
  std::vector<std::size_t> order(m);
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    return a[x * m + x] < a[y * m + y];
  });
  SmallEigen result{std::vector<double>(m), std::vector<double>(m * m)};
  for (std::size_t i = 0; i < m; ++i) {
    result.values[i] = a[order[i] * m + order[i]];
    for (std::size_t k = 0; k < m; ++k) result.vectors[k * m + i] = v[k * m + order[i]];
  }
  return result;
}

class SubspaceIteration {
 public:
  SubspaceIteration(const BlockProduct& product, std::size_t n, std::size_t width, double largest)
      : product_(product), n_(n), width_(width), largest_(largest) {}

  Eigenvectors run(std::size_t count, double tolerance, int max_rounds, std::uint64_t seed) {
    Random random(seed);
    block_.resize(n_ * width_);
    for (double& value : block_) value = random.normal();
    orthonormalize();
    double residual = rotate_to_eigenvectors(count);
    for (int round = 0; round < max_rounds && residual > tolerance * largest_; ++round) {
      filter(values_.back());
      orthonormalize();
      residual = rotate_to_eigenvectors(count);
    }
    Eigenvectors result;
    result.values.assign(values_.begin(), values_.begin() + static_cast<std::ptrdiff_t>(count));
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t c = 0; c < count; ++c) result.vectors.push_back(block_[i * width_ + c]);
    }
    return result;
  }

 private:
  /// The Chebyshev polynomial that is small on [low, largest_] and grows fast below it.
  void filter(double low) {
    const double half = (largest_ - low) / 2;
    const double center = (largest_ + low) / 2;
    if (half <= 0) return;
    Block previous = block_;
    Block next;
    product_(block_, width_, next);
    for (std::size_t i = 0; i < next.size(); ++i) next[i] = (next[i] - center * block_[i]) / half;
    block_ = std::move(next);
    for (int degree = 2; degree <= kDegree; ++degree) {
      product_(block_, width_, next);
      for (std::size_t i = 0; i < next.size(); ++i) {
        next[i] = 2 * (next[i] - center * block_[i]) / half - previous[i];
      }
      previous.swap(block_);
      block_.swap(next);
    }
  }

  /// Gram-Schmidt, twice for accuracy.
  void orthonormalize() {
    for (std::size_t c = 0; c < width_; ++c) {
      for (int pass = 0; pass < 2; ++pass) {
        std::vector<double> dots(c, 0);
        for (std::size_t i = 0; i < n_; ++i) {
          const double* row = block_.data() + i * width_;
          for (std::size_t k = 0; k < c; ++k) dots[k] += row[k] * row[c];
        }
        double norm = 0;
        for (std::size_t i = 0; i < n_; ++i) {
          double* row = block_.data() + i * width_;
          for (std::size_t k = 0; k < c; ++k) row[c] -= dots[k] * row[k];
          norm += row[c] * row[c];
        }
        const double scale = norm > 0 ? 1 / std::sqrt(norm) : 0;
        for (std::size_t i = 0; i < n_; ++i) block_[i * width_ + c] *= scale;
      }
    }
  }

  /// Rayleigh & Ritz: the best eigenvectors within the block. Returns the largest residual of the
  /// first `count`.
  double rotate_to_eigenvectors(std::size_t count) {
    Block image;
    product_(block_, width_, image);
    std::vector<double> projected(width_ * width_, 0);
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t p = 0; p < width_; ++p) {
        for (std::size_t q = 0; q < width_; ++q) {
          projected[p * width_ + q] += block_[i * width_ + p] * image[i * width_ + q];
        }
      }
    }
    const SmallEigen small = small_eigen(std::move(projected), width_);
    values_ = small.values;
    std::vector<double> residuals(count, 0);
    std::vector<double> vector(width_);
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t c = 0; c < width_; ++c) {
        double sum = 0;
        double image_sum = 0;
        for (std::size_t k = 0; k < width_; ++k) {
          sum += block_[i * width_ + k] * small.vectors[k * width_ + c];
          image_sum += image[i * width_ + k] * small.vectors[k * width_ + c];
        }
        vector[c] = sum;
        if (c < count) residuals[c] += std::pow(image_sum - values_[c] * sum, 2);
      }
      std::copy(
          vector.begin(), vector.end(), block_.begin() + static_cast<std::ptrdiff_t>(i * width_));
    }
    return std::sqrt(*std::max_element(residuals.begin(), residuals.end()));
  }

  const BlockProduct& product_;
  std::size_t n_;
  std::size_t width_;
  double largest_;
  Block block_;
  std::vector<double> values_;
};

}  // namespace

Eigenvectors smallest_eigenvectors(const BlockProduct& product,
                                   std::size_t num_rows,
                                   std::size_t count,
                                   double largest,
                                   double tolerance,
                                   int max_rounds,
                                   std::uint64_t seed) {
  const std::size_t width = std::min(num_rows, count + kGuards);
  return SubspaceIteration(product, num_rows, width, largest)
      .run(count, tolerance, max_rounds, seed);
}

}  // namespace finview::internal
