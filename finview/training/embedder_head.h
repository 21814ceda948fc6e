#pragma once

#include "finview/base/options.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace finview {

/// y = weight x + bias.
struct LinearHead {
  std::size_t num_inputs = 0;
  std::size_t num_outputs = 0;
  std::vector<float> weight;  ///< num_outputs x num_inputs, row-major
  std::vector<float> bias;    ///< num_outputs
};

struct HeadOptions {
  std::int64_t num_dims = 256;
  double shrinkage = 1;

  void visit(OptionVisitor& visitor) {
    visitor.field("dims", num_dims, "Numbers per embedding", 2, 1024);
    visitor.field("shrinkage",
                  shrinkage,
                  "How far the variation within an individual is drawn toward the same in every "
                  "direction; 0 = as observed, 1 = directions are not weighted",
                  0.0,
                  1.0);
  }
};

/// The linear map after which views of one class lie close together and classes far apart: the
/// within-class scatter is whitened, then the directions of largest between-class scatter are
/// kept. The mean of all classes is mapped to 0.
///
/// Linear discriminant analysis: Fukunaga, "Introduction to Statistical Pattern Recognition", 2nd
/// ed. 1990, section 10.2; the within-class scatter shrunk toward a multiple of the identity:
/// Friedman, "Regularized Discriminant Analysis", JASA 1989, section 3. Every class weighs the
/// same, however many views it has. Closed form, deterministic up to rounding; O(n d^2 + d^3).
///
/// @param rows    labels.size() x num_inputs, row-major
/// @param labels  class of each row, any numbers
/// Throws Error{kBadInput} for fewer than two classes, for a class of one view, for numbers that
/// are not finite and where the sizes disagree. There are one fewer directions than classes: where
/// more were asked for, those are all that is returned.
LinearHead fit_discriminant_head(std::span<const float> rows,
                                 std::size_t num_inputs,
                                 std::span<const std::int64_t> labels,
                                 const HeadOptions& options);

/// Applies `head` to each row and scales the results to L2 norm 1.
std::vector<float> apply_head(const LinearHead& head, std::span<const float> rows);

}  // namespace finview
