#pragma once

#include "finview/base/progress.h"
#include "finview/pipeline/fin_collection.h"

#include <filesystem>
#include <string>
#include <vector>

namespace finview {

/// What to do with labels that contradict each other and pictures that cannot be read.
inline const std::vector<std::string> kBadLabelChoices = {"leave-out", "refuse"};

/// Fins of known individuals, fit to learn from or to measure by.
///
/// Compares the files' bytes: of copies of one picture with one name the first stays; a picture
/// with two names is left out altogether. Pictures that cannot be read or are missing are left out,
/// too. Each is named to `progress`. With `bad_labels` "refuse" nothing is left out:
/// Error{kBadInput} counts the faults and names the first ten. Throws what `read_labelled_fins`
/// throws.
std::vector<CollectedFin> read_checked_fins(const std::vector<std::filesystem::path>& sources,
                                            const std::string& bad_labels,
                                            Progress& progress);

}  // namespace finview
