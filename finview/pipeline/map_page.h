#pragma once

#include "finview/base/cancel.h"
#include "finview/base/progress.h"
#include "finview/pipeline/fin_table.h"

#include <cstddef>
#include <filesystem>

namespace finview {

/// Writes one page that shows the fins of a table where they lie on the map: drag, zoom, color by
/// cluster or individual, search; pointing at a fin shows its picture.
///
/// The page holds everything, pictures too (128 px, about 4 kB each), and opens from disk without a
/// network. Fins without a place are left out; files that cannot be read, and all once cancelled,
/// go without a picture. Returns how many pictures it holds.
std::size_t write_map_page(const std::filesystem::path& path,
                           const FinTable& table,
                           Progress& progress,
                           const CancelToken& cancel);

}  // namespace finview
