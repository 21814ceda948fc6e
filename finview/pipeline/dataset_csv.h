#pragma once

#include "finview/base/csv.h"
#include "finview/pipeline/dataset.h"

#include <string>

namespace finview {

/// Labels from a table of one row per fin: `photo`, `left_px`, `top_px`, `width_px`, `height_px`,
/// and if they are there `photo_width_px`, `photo_height_px`, `class`, `individual`, `encounter`,
/// `date`, `polygon` ("x y x y ..."); any further column is an attribute. A row without a box is a
/// photo without a fin. So the table of `finview detect --out` is a table of labels.
///
/// Rows whose box is incomplete or has no area are faults. Throws Error{kBadInput} where the column
/// `photo` or all of the box's are missing.
Dataset read_dataset_csv(const CsvTable& table, const std::string& source);

std::string dataset_csv_text(const Dataset& dataset);

}  // namespace finview
