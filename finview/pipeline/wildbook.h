#pragma once

#include "finview/base/csv.h"
#include "finview/pipeline/sighting_row.h"

#include <string>
#include <vector>

namespace finview {

/// Wildbook's bulk import: a row per animal and encounter, times to the minute.
std::string wildbook_text(const std::vector<SightingRow>& rows);
/// Throws Error{kBadInput} without a column of photos, or naming the line of a date or a place that
/// is none. Columns it does not know are passed over.
std::vector<SightingRow> parse_wildbook(const CsvTable& table, const std::string& source);

}  // namespace finview
