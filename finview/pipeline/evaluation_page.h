#pragma once

#include <string>

namespace finview {

struct IdentifyEvaluation;

/// Writes the numbers as a page and as JSON, each where a path is given. Throws as `write_file`.
void write_evaluation(const std::string& catalogue,
                      const IdentifyEvaluation& evaluation,
                      const std::string& html,
                      const std::string& json);

/// "look + marks".
std::string names_of(const struct WitnessesEvaluation& evaluation);

}  // namespace finview
