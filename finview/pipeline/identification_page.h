#pragma once

#include "finview/crop/crop.h"
#include "finview/match/identification_report.h"
#include "finview/pipeline/quality_scores.h"

#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace finview {

/// What was evaluated, for the reader of the page.
struct EvaluatedFins {
  std::string title;
  std::vector<std::string> words;  ///< on how it was done, one paragraph each
  std::span<const GalleryEntry> entries;
  std::span<const std::string> names;  ///< of the entries' files
  std::span<const Crop> crops;
  std::span<const QualityScore> by_quality = {};  ///< empty: photos were not graded
};

/// The report as JSON: every number of it.
std::string report_to_json(const IdentificationReport& report, const EvaluatedFins& fins);

/// Writes `folder`/index.html (curves, tables, the 24 surest mistakes side by side) and
/// `folder`/report.json. Needs no network to be looked at.
/// Throws Error{kUnavailable} if the folder cannot be written.
void write_identification_page(const std::filesystem::path& folder,
                               const IdentificationReport& report,
                               const EvaluatedFins& fins);

}  // namespace finview
