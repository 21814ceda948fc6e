#pragma once

#include "finview/pipeline/dataset_source.h"

#include <string>
#include <utility>
#include <vector>

namespace finview {

enum class ProblemKind {
  kBadLabel,        ///< something in the labels that cannot be used
  kNoPhoto,         ///< labels of a photo that is not there
  kBadPhoto,        ///< a photo that cannot be read
  kNoLabel,         ///< a photo that the labels do not speak of
  kOtherSize,       ///< the labels were made at another size of the photo
  kOutside,         ///< a box that reaches outside its photo
  kSmallBox,        ///< a box of fewer than 8 pixels either way
  kSameBox,         ///< a fin labelled twice: boxes that overlap by 0.9 or more
  kNoFin,           ///< a photo labelled as fin-free: right, if it is meant
  kNearlySamePhoto  ///< two photos that look the same, possibly mirrored
};

/// "no photo" and so on, as tables and pages show it.
const char* to_string(ProblemKind kind);

/// Whether it is only worth a look: kNoFin and kNearlySamePhoto.
bool is_note(ProblemKind kind);

struct DatasetProblem {
  ProblemKind kind = ProblemKind::kBadLabel;
  std::string file;
  std::string detail;  ///< a sentence
};

/// Pairs i < j of photos that look nearly the same (`nearly_same`). O(n^2), 1 s for 20,000.
std::vector<std::pair<std::size_t, std::size_t>> nearly_same_photos(
    const std::vector<DatasetPhotoFile>& photos);

/// Everything worth a look in labels and photos, by kind, then by file.
std::vector<DatasetProblem> dataset_problems(const Dataset& dataset,
                                             const std::vector<DatasetPhotoFile>& photos);

/// CSV: problem, file, detail.
std::string problems_csv(const std::vector<DatasetProblem>& problems);

}  // namespace finview
