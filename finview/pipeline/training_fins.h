#pragma once

#include "finview/base/progress.h"
#include "finview/crop/crop.h"
#include "finview/match/gallery.h"

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace finview::internal {

/// A fin to learn from.
struct TrainingFin {
  GalleryEntry label;              ///< individual empty: not known
  bool may_show_labelled = false;  ///< unlabelled, from a folder inside the labelled one
  Crop crop;
};

/// The fins of `labelled` (none if empty) and of the folders `unlabelled`, in this order.
///
/// Throws Error{kBadOptions} if both are empty, and what `read_labelled_fins` and
/// `read_unlabelled_fins` throw.
std::vector<TrainingFin> read_training_fins(const std::string& labelled,
                                            const std::vector<std::filesystem::path>& unlabelled,
                                            Progress& progress);

/// Which of `num_parts` equal parts each known individual falls into, by chance.
std::map<std::string, std::int64_t> split_individuals(const std::vector<TrainingFin>& fins,
                                                      std::int64_t num_parts,
                                                      std::int64_t seed);

}  // namespace finview::internal
