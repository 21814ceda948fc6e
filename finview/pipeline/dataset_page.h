#pragma once

#include "finview/base/cancel.h"
#include "finview/base/progress.h"
#include "finview/pipeline/dataset_check.h"

#include <cstdint>
#include <filesystem>

namespace finview {

/// Writes one page about a data set: counts, fins per individual, per photo and per day, box sizes,
/// a sheet of `num_examples` fins drawn by `seed`, and everything that `dataset_problems` found.
///
/// The page holds everything, pictures too (about 12 kB each), and opens from disk without a
/// network. Pictures that cannot be read, and all once cancelled, are left out.
void write_dataset_page(const std::filesystem::path& path,
                        const Dataset& dataset,
                        const std::vector<DatasetPhotoFile>& photos,
                        std::size_t num_examples,
                        std::int64_t seed,
                        Progress& progress,
                        const CancelToken& cancel);

}  // namespace finview
