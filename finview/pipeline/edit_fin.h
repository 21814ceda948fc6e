#pragma once

#include "finview/catalogue/records.h"
#include "finview/embedding/fin_layout.h"
#include "finview/outline/outline_edit.h"
#include "finview/pipeline/project.h"

#include <string>

namespace finview {

class FinMasker;

/// What people did to a fin's outline, in pixels of the upright photo. An outline by hand without a
/// history (imported, say) is one edit.
EditHistory edits_of(const FinRecord& fin);

/// The outline's JSON (`StoredOutline::json`) with a history for `edits_of`.
std::string with_edits(const std::string& outline, const EditHistory& edits);

/// A fin's crop with the outline that a person left it with, else as the networks see it.
ShapedCrop shape_fin(const Crop& crop, const FinRecord& fin, const FinMasker& masker);

/// The fin with outline, quality and who outlined it as the edits leave it; as the networks see it
/// where none counts. Not written anywhere.
///
/// Edits are done anew from the automatic outline on, a third of a second each at most. Throws
/// Error{kBadInput} where an edit leaves no fin or is one too many (50), and as `Project::read`.
FinRecord edited_fin(const Project& project,
                     FinRecord fin,
                     const EditHistory& edits,
                     const FinMasker& masker);

}  // namespace finview
