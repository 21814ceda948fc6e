#pragma once

#include "finview/base/csv.h"
#include "finview/pipeline/sighting_row.h"

#include <optional>
#include <string>
#include <vector>

namespace finview {

/// The occurrences of a Darwin Core archive that have an organismID, by the terms in the header
/// (https://dwc.tdwg.org/terms/). Throws Error{kBadInput} as `parse_wildbook`.
std::vector<SightingRow> parse_darwin_core(const CsvTable& occurrences, const std::string& source);

/// The tables of a Camera Trap Data Package (https://camtrap-dp.tdwg.org, version 1.0).
struct CamtrapTables {
  CsvTable deployments;
  CsvTable media;
  CsvTable observations;
};
/// A row per photo and individual that a person named, and one per photo with none. Deployments
/// are encounters, unless an observation names its event. Boxes are not read: in packages of other
/// programs they hold whole animals. Throws Error{kBadInput} for a table that lacks what is needed.
std::vector<SightingRow> parse_camtrap(const CamtrapTables& tables, const std::string& source);

/// What a file of another program says of photos: Wildbook's table, an occurrence.csv, or a zip
/// archive of Darwin Core or Camtrap DP.
///
/// @param form  "wildbook", "darwin-core", "camtrap-dp", or "auto": as the file's name and header
///              tell it; nothing for any other form
std::optional<std::vector<SightingRow>> read_sightings(const std::string& path,
                                                       const std::string& form);

}  // namespace finview
