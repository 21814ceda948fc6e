#pragma once

#include "finview/photo/walk.h"
#include "finview/pipeline/picture_outline.h"

#include <filesystem>
#include <vector>

namespace finview {

/// The next pictures of the stream (up to 32) and the fins in them, on all cores, in order; none at
/// its end. `edits`: folder for `find_edits`. A picture that cannot be read, or whose edits cannot,
/// has a failure.
std::vector<PictureOutline> next_outlines(PhotoStream& photos,
                                          const FinMasker& masker,
                                          const std::filesystem::path& edits);

}  // namespace finview
