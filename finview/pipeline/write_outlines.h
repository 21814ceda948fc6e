#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/pipeline/outline_json.h"

#include <string>
#include <vector>

namespace finview {

struct OutlineFilesOptions {
  bool recursive = false;
  std::string out;
  std::string debug;
  std::string sheets;
  std::string edits;
  std::string model;

  void visit(OptionVisitor& visitor) {
    visitor.field("recursive", recursive, "Look into folders inside folders");
    visitor.field("out", out, "JSON file for the outlines");
    visitor.field("debug", debug, "Folder for the pictures of every step");
    visitor.field("sheets", sheets, "Folder for contact sheets, 24 outlined fins on each");
    visitor.field(
        "edits",
        edits,
        "Folder of corrections (`finview outline edit`), one file per picture: 1.jpg.json");
    visitor.field("outline-model", model, "Outline model (.fvm); empty: the one FinView ships");
  }
};

/// Outlines of pictures that show one fin each, in the order of the pictures.
///
/// Writes to `out` one JSON object {"fins": [...]} (outline_json.h). Uses all cores. Throws
/// Error{kBadOptions} listing missing paths, Error{kUnavailable} if the disk is full, and what
/// `FinMasker` throws.
std::vector<OutlinedPicture> write_outlines(const std::vector<std::string>& paths,
                                            const OutlineFilesOptions& options,
                                            Progress& progress,
                                            const CancelToken& cancel);

}  // namespace finview
