#pragma once

#include "finview/base/cancel.h"
#include "finview/base/progress.h"
#include "finview/match/answer.h"
#include "finview/pipeline/project.h"

#include <array>
#include <cstdint>
#include <string>

namespace finview {

/// Fins per tier, in the order of Tier.
struct ProjectAnswers {
  std::int64_t num_known_fins = 0;   ///< confirmed ones that were asked
  std::int64_t num_individuals = 0;  ///< that they show
  std::array<std::int64_t, 5> num_by_tier{};
  bool calibrated_here = false;  ///< by the catalogue's own fins, not as shipped
  bool interrupted = false;
};

/// Says of every fin that nobody has decided on (or a person was unsure of) whom it may show, by
/// the fins that are confirmed; replaces what was said before.
///
/// Individuals that a person has rejected for a fin are never named for it again. The tier is
/// certain where the answer is "known" at the options' false-match rate, nobody where it is "new",
/// likely where the first candidate has probability 0.5 or more, else unsure.
/// @param recipe  of the signatures (`FinSigner::recipe`); fins without one are left out
/// Deterministic. Interrupted, it keeps what is finished. Throws Error{kUnavailable} where the
/// project cannot be written.
ProjectAnswers identify_project(Project& project,
                                const std::string& recipe,
                                const MatchOptions& options,
                                Progress& progress,
                                const CancelToken& cancel);

}  // namespace finview
