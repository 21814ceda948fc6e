#pragma once

#include "finview/base/options.h"
#include "finview/pipeline/dataset.h"
#include "finview/pipeline/dataset_photos.h"

#include <string>
#include <vector>

namespace finview {

/// Where the photos and labels of a data set are.
struct DatasetSource {
  std::string photos;  ///< folder; may be empty where only other forms than YOLO are read
  std::string labels;  ///< a file, or YOLO's folder
  std::string form = "auto";
  std::string table;  ///< CSV of what the labels do not say; empty: none
  bool recursive = false;

  void visit(OptionVisitor& visitor);
};

/// Labels of `source`, joined with the photos there are.
///
/// `auto` takes a folder for YOLO, *.csv for a table, and tells COCO, VIA and FinView's
/// JSON by their members.
/// Photos are found by the path in the labels, or by their name alone where one photo only has it;
/// sizes and dates that the labels do not say are the photos' own. `source.table` has the column
/// `file` and any of `encounter`, `date` and `individual`; with a column `box` (from 0) each row
/// speaks of one fin, otherwise of all fins of the photo.
/// @param photos  as `scan_photos` returns them; empty where `source.photos` is.
/// Throws Error{kNotFound, kBadInput, kBadOptions}.
Dataset read_dataset(const DatasetSource& source, const std::vector<DatasetPhotoFile>& photos);

/// Adds what the table `csv` says, as `DatasetSource::table` does.
void join_table(Dataset& dataset, const std::string& csv);

/// The file of `photos` that a dataset's photo is, by path; null if there is none.
const DatasetPhotoFile* find_photo(const std::vector<DatasetPhotoFile>& photos,
                                   const std::string& file);

}  // namespace finview
