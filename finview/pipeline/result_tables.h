#pragma once

#include "finview/pipeline/photo_result.h"

#include <filesystem>
#include <span>
#include <string>

namespace finview {

/// One line per candidate: photo, fin (1, 2, …), box, rank (1 = best), individual, probabilities.
/// A fin without candidates has one line with an empty rank and individual.
std::string matches_csv(std::span<const PhotoResult> results);

/// One line per fin.
std::string boxes_csv(std::span<const PhotoResult> results);

/// One line per photo that gave no fin: photo, reason.
std::string errors_csv(std::span<const PhotoResult> results);

/// All of it, one object per photo.
std::string results_json(std::span<const PhotoResult> results);

/// Where the photos without a fin are listed when `out` is a CSV file: x.csv -> x.errors.csv.
std::filesystem::path errors_path(const std::filesystem::path& out);

/// Whether `write_results` knows the ending: .csv or .json.
bool is_table_path(const std::filesystem::path& out);

/// Writes `out` (by its ending CSV, with the errors file beside it, or JSON).
/// @param with_matches  matches_csv or boxes_csv
void write_results(const std::filesystem::path& out,
                   std::span<const PhotoResult> results,
                   bool with_matches);

}  // namespace finview
