#pragma once

#include "finview/base/options.h"
#include "finview/base/progress.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace finview {

/// Pictures a detector is to be trained with.
struct DetectionData {
  /// Photos, and their boxes in `labels/<stem>.txt`; or a folder of `photos/` and `labels/`, which
  /// may hold folders, as `finview synth` writes it.
  std::vector<std::string> labelled_folders;
  std::vector<std::string> fin_free_folders;  ///< photos without any fin
  std::string cutouts;  ///< CSV: file (relative to the folder), left, top, right, bottom in percent
  std::string cutouts_folder;
  std::string held_out;  ///< text file: names of the photos that must not be trained on
  /// CSV of `finview detect` over some of the photos, paths as here; empty: none. What it found
  /// where no fin is becomes pictures of its own (`wrong_find_views`).
  std::string finds;
  std::int64_t max_side_px = 960;  ///< larger pictures are shrunk to this longest side

  void visit(OptionVisitor& visitor);
};

struct DetectionDataCounts {
  std::size_t num_photos = 0;
  std::size_t num_fin_free = 0;
  std::size_t num_wrong_finds = 0;
  std::size_t num_cutouts = 0;
  std::size_t num_masks = 0;  ///< cutouts whose fin could be told from the water
  std::size_t num_held_out = 0;
};

/// Decodes the pictures and writes the training pack and, where names are held out, the held-out
/// pack.
///
/// Photos of a labelled folder without a label file are skipped with a note. Throws
/// Error{kNotFound, kBadInput} for folders, tables and pictures that cannot be read, and for a
/// held-out name or a photo of `finds` that no folder has.
DetectionDataCounts pack_detection_data(const DetectionData& data,
                                        const std::filesystem::path& train_pack,
                                        const std::filesystem::path& held_out_pack,
                                        Progress& progress);

}  // namespace finview
