#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/outline/fin_outline.h"

#include <string>
#include <vector>

namespace finview {

struct OutlineFilesOptions {
  bool recursive = false;
  std::string out;
  std::string debug;
  std::string sheets;
  std::string model;

  void visit(OptionVisitor& visitor) {
    visitor.field("recursive", recursive, "Look into folders inside folders");
    visitor.field("out", out, "JSON file for the outlines");
    visitor.field("debug", debug, "Folder for the pictures of every step");
    visitor.field("sheets", sheets, "Folder for contact sheets, 24 outlined fins on each");
    visitor.field("outline-model", model, "Outline model (.fvm); empty: the one FinView ships");
  }
};

/// What was found in one picture.
struct OutlinedPicture {
  std::string photo;
  int width_px = 0;
  int height_px = 0;
  std::string failure;  ///< why the picture could not be read; empty if it could
  FinOutline outline;   ///< in pixels of the picture
};

/// Outlines of pictures that show one fin each, in the order of the pictures.
///
/// Writes to `out` one JSON object {"fins": [...]}, for each picture: photo, width_px, height_px,
/// failure, mask_source, mask_confidence, doubt, side, edge_length_px, edge_quality and contour
/// ([x, y] pairs, origin at the outer corner of the top-left pixel). Uses all cores. Throws
/// Error{kBadOptions} listing missing paths, Error{kUnavailable} if the disk is full, and what
/// `FinMasker` throws.
std::vector<OutlinedPicture> write_outlines(const std::vector<std::string>& paths,
                                            const OutlineFilesOptions& options,
                                            Progress& progress,
                                            const CancelToken& cancel);

}  // namespace finview
