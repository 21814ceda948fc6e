#pragma once

#include "finview/base/cancel.h"
#include "finview/base/progress.h"
#include "finview/pipeline/find_duplicates.h"
#include "finview/pipeline/project.h"

#include <optional>
#include <string>
#include <vector>

namespace finview {

/// Two individuals of a project that may be one animal.
struct SuspectedPair {
  IndividualId first;
  IndividualId second;
  double probability = 0;
  FinId first_fin;  ///< these two are most alike
  FinId second_fin;
};

/// A confirmed fin that another individual claims more strongly than its own.
struct SuspectedFin {
  FinId fin;
  IndividualId individual;  ///< its own
  IndividualId looks_like;
  double probability = 0;      ///< of `looks_like`
  double probability_own = 0;  ///< 0 if its own individual has no other encounter
  FinId best_fin;              ///< of `looks_like`, most alike
};

struct SuspectedDuplicates {
  std::string made;                  ///< when it was searched, UTC; empty = never
  std::vector<SuspectedPair> pairs;  ///< most probable first
  std::vector<SuspectedFin> misfiled;
};

/// `find_duplicates` among a project's confirmed fins; keeps what is found in the project's folder
/// `duplicates`. Individuals that a person told apart, or that one photo shows side by side, are no
/// pair; individuals rejected for a fin are never named for it.
/// @param recipe  of the signatures; fins without one are left out
/// Nothing, and nothing is kept, if cancelled. Throws Error{kUnavailable} where the project cannot
/// be written.
std::optional<Duplicates> find_project_duplicates(Project& project,
                                                  const std::string& recipe,
                                                  const DuplicatesOptions& options,
                                                  Progress& progress,
                                                  const CancelToken& cancel);

/// What was found last and nobody has settled since: an individual that was merged counts as the
/// one it was merged into; pairs told apart and fins decided on otherwise are left out. Throws
/// Error{kBadInput} if the file is damaged.
SuspectedDuplicates read_project_duplicates(const Project& project);

}  // namespace finview
