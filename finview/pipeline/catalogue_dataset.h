#pragma once

#include "finview/base/progress.h"
#include "finview/catalogue/catalogue.h"
#include "finview/pipeline/dataset.h"
#include "finview/pipeline/export_rows.h"

#include <cstdint>
#include <string>

namespace finview {

/// The catalogue's fins as labels.
///
/// Attributes of a fin: confidence, made_by, side, quality, review, outlined_by, photo_sha256; of
/// its encounter: place, latitude_deg, longitude_deg, altitude_m, survey; of its individual: name,
/// sex, age_class. Empty ones are left out. The polygon is the outline's contour.
Dataset catalogue_dataset(const internal::ExportRows& rows);

struct LabelsReport {
  std::int64_t num_fins = 0;
  std::int64_t num_decided = 0;
  std::int64_t num_failed = 0;
};

/// Takes such labels into a catalogue that has their photos (found by photo_sha256, else by name):
/// adds fins, encounters, surveys and individuals, and decides as they say, in the name of `who`.
///
/// One transaction per photo. A photo that is not there, has fins already, or a label that cannot
/// be is told to `progress` and left out.
LabelsReport import_labels(Catalogue& catalogue,
                           const Dataset& labels,
                           const std::string& who,
                           Progress& progress);

}  // namespace finview
