#pragma once

#include <span>

namespace finview::internal {

/// Chance = 1 / (1 + exp(-(slope * value + offset))).
struct LogisticCurve {
  double slope = 0;
  double offset = 0;
};

/// The curve under which `is_right` is likeliest (Platt, "Probabilistic outputs for support vector
/// machines", 1999), by Newton's method; a slight pull of the slope to 0 keeps it finite.
///
/// Deterministic. Needs as many values as answers; without any the curve is flat.
LogisticCurve fit_logistic(std::span<const double> values, std::span<const int> is_right);

}  // namespace finview::internal
