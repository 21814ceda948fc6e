#pragma once

#include "finview/base/cancel.h"
#include "finview/base/progress.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

namespace finview {

struct EmbeddedFins {
  std::size_t num_fins = 0;
  std::size_t num_dims = 0;
};

/// Embeds the fin pictures of a folder (folders inside it included) and writes one row for each.
///
/// `out` ends in .csv or .json: the table of fins (see fin_table.h) with the numbers in columns e0,
/// e1, …; in .npy: a float32 matrix, and the table without the numbers as `out`.csv beside it,
/// which `map` and `cluster` take as --table. `embedder` empty: the one FinView ships. Nothing if
/// cancelled. Throws Error{kBadOptions} for another ending or if `folder` is none, and what
/// `read_fin_rows` throws.
std::optional<EmbeddedFins> embed_fins(const std::filesystem::path& folder,
                                       const std::string& embedder,
                                       const std::filesystem::path& out,
                                       Progress& progress,
                                       const CancelToken& cancel);

}  // namespace finview
