#pragma once

#include "finview/base/options.h"
#include "finview/pipeline/dataset_source.h"

#include <cstdint>
#include <string>
#include <vector>

namespace finview {

struct SplitOptions {
  double test_share = 0.15;      ///< of the photos
  std::string by = "encounter";  ///< see photo_groups
  std::int64_t seed = 100;

  void visit(OptionVisitor& visitor);
};

/// Photos of a data set, divided. Indices into `Dataset::photos`, ascending.
struct DatasetSplit {
  std::vector<std::size_t> train;
  std::vector<std::size_t> test;
  std::size_t num_groups = 0;     ///< what was kept together
  std::size_t largest_group = 0;  ///< photos
  std::size_t num_test_groups = 0;
};

/// What must not straddle a split, one text per photo of `dataset`; equal texts belong together.
///
/// `by` is "encounter" (as labelled or in the photo's name, else the day), "day" (as labelled, in
/// EXIF or in the name), "folder" or "photo". A photo of which that is not known is a group of its
/// own.
std::vector<std::string> photo_groups(const Dataset& dataset, const std::string& by);

/// Divides whole groups; groups with photos that look nearly the same are one group.
///
/// The test part comes as near to `test_share` as whole groups in a random order allow; neither
/// part is empty. The same for one seed, whatever order the files lie in. Throws Error{kBadInput}
/// if everything is one group, kBadOptions.
DatasetSplit split_dataset(const Dataset& dataset,
                           const std::vector<DatasetPhotoFile>& photos,
                           const SplitOptions& options);

/// Writes `train.txt` and `test.txt` (a photo's path a line, sorted), `obj.names` and `obj.data`,
/// as Darknet reads them, to the folder `out`.
void write_split(const Dataset& dataset,
                 const DatasetSplit& split,
                 const std::string& photos_folder,
                 const std::string& out);

}  // namespace finview
