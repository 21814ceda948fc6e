#pragma once

#include <string>
#include <vector>

namespace finview {

/// What a network says about one fin: the nearer two are, the likelier they show one individual.
struct Embedding {
  std::vector<float> values;  ///< L2 norm 1
  std::string model_id;       ///< SHA-256 of the model file; only equal ids may be compared
};

}  // namespace finview
