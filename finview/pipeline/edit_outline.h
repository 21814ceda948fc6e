#pragma once

#include "finview/base/options.h"
#include "finview/outline/features.h"
#include "finview/outline/outline_edit.h"
#include "finview/pipeline/outline_json.h"

#include <cstdint>
#include <string>

namespace finview {

struct EditOutlineOptions {
  std::string edits;
  std::int64_t undo = 0;
  std::int64_t redo = 0;
  std::string out;
  std::string debug;
  std::string features_out;
  std::string model;
  FeatureOptions features;

  void visit(OptionVisitor& visitor) {
    visitor.field("edits", edits, "JSON file of the edits, see docs/outline.md");
    visitor.field(
        "undo", undo, "Take back this many edits first, and keep that in the file", 0, 1000);
    visitor.field("redo", redo, "Do this many undone edits again, and keep that", 0, 1000);
    visitor.field("out", out, "JSON file for the outline");
    visitor.field("debug", debug, "Folder for the pictures of every step");
    visitor.field("features-out", features_out, "Folder for the fin's features, made anew");
    visitor.field("outline-model", model, "Outline model (.fvm); empty: the one FinView ships");
    features.visit(visitor);
  }
};

/// What `edit_outline` left.
struct EditedPicture {
  OutlinedPicture found;
  EditHistory history;
};

/// Corrects the outline of one picture as a file of edits says (`read_edits`), starting from the
/// automatic outline, and writes outline, pictures and features of what comes out.
///
/// With `undo` or `redo` the file of edits is written again, the edits themselves are kept. Throws
/// Error{kBadInput} for a picture or edits that make no sense, and what `read_edits`,
/// `with_undone`, `with_redone` and `FinMasker` throw; nothing is written then.
EditedPicture edit_outline(const std::string& picture, const EditOutlineOptions& options);

}  // namespace finview
