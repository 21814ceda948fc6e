#include "finview/pipeline/mask_confidence.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace finview::internal {
namespace {

constexpr int kMostRounds = 100;
constexpr double kPull = 1e-4;  ///< of the squared slope, in photos

}  // namespace

LogisticCurve fit_logistic(std::span<const double> values, std::span<const int> is_right) {
  LogisticCurve curve;
  if (values.empty()) return curve;
  const double mean =
      std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
  // Around the mean both unknowns hardly depend on one another.
  double slope = 0;
  double height = 0;
  for (int round = 0; round < kMostRounds; ++round) {
    double by_slope = -kPull * slope;
    double by_height = 0;
    double slope_slope = kPull;
    double slope_height = 0;
    double height_height = 1e-9;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double x = values[i] - mean;
      const double chance = 1 / (1 + std::exp(-(slope * x + height)));
      const double weight = chance * (1 - chance);
      by_slope += (is_right[i] - chance) * x;
      by_height += is_right[i] - chance;
      slope_slope += weight * x * x;
      slope_height += weight * x;
      height_height += weight;
    }
    const double determinant = slope_slope * height_height - slope_height * slope_height;
    double slope_step = (height_height * by_slope - slope_height * by_height) / determinant;
    double height_step = (slope_slope * by_height - slope_height * by_slope) / determinant;
    const double longest = std::max(std::abs(slope_step) / 20, std::abs(height_step) / 2);
    if (longest > 1) {
      slope_step /= longest;
      height_step /= longest;
    }
    slope += slope_step;
    height += height_step;
    if (longest < 1e-9) break;
  }
  return {slope, height - slope * mean};
}

}  // namespace finview::internal
