#pragma once

#include "finview/base/cancel.h"
#include "finview/base/progress.h"
#include "finview/pipeline/dataset_source.h"

#include <string>

namespace finview {

/// Writes the labels of `source` in the form `to` (via, coco, yolo or csv) to `out`: a file, or
/// YOLO's folder. What one form cannot hold is left out: sizes in VIA; outlines, individuals,
/// encounters and dates in YOLO.
///
/// Returns the data set as it was read, with what had to be left out on the way. Throws
/// Error{kBadInput} where YOLO's form needs a size that is not known or a name that it cannot hold,
/// and as `read_dataset` does; Error{kBadOptions} if `out` is the labels themselves.
Dataset convert_dataset(const DatasetSource& source,
                        const std::string& to,
                        const std::string& out,
                        Progress& progress,
                        const CancelToken& cancel);

}  // namespace finview
