#pragma once

#include "finview/base/progress.h"
#include "finview/crop/crop.h"
#include "finview/match/gallery.h"

#include <filesystem>
#include <string>
#include <vector>

namespace finview {

/// A fin's picture and what is known of it.
struct CollectedFin {
  std::string name;    ///< of the file, for messages
  GalleryEntry label;  ///< individual empty: not known
  Crop crop;           ///< longest side at most 512 px
  std::string sha256;  ///< of the file, 64 hex digits
};

// A picture that cannot be read is noted to `progress` and left out.

/// Pictures of one fin each with their individuals, in the order of the table or of the names.
///
/// `source` is a CSV table (columns `file` relative to it, `individual`, and where there are such
/// columns `encounter` or `date` and `role`; rows of role "ignore" are left out, those of role
/// "gallery" do not ask), or a folder that holds one as labels.csv, or else a folder with one
/// folder per individual. Throws Error{kNotFound} if there is no such file or folder,
/// Error{kBadInput} if no picture could be read.
std::vector<CollectedFin> read_labelled_fins(const std::filesystem::path& source,
                                             Progress& progress);

/// The fins in the pictures of a folder (not of folders below it), each with nobody's name.
///
/// Where `labels/<stem>.txt` lists boxes (YOLO: class, center and size relative to the picture),
/// each box is cut out with `kFinMargin`; without that file the whole picture is one fin.
/// Throws Error{kNotFound} if there is no such folder, Error{kBadInput} if no fin could be read.
std::vector<CollectedFin> read_unlabelled_fins(const std::filesystem::path& folder,
                                               Progress& progress);

}  // namespace finview
