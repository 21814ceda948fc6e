#pragma once

#include "finview/base/options.h"

#include <filesystem>
#include <functional>

namespace finview::synthetic {

/// Marks a folder as the place of one rendering: writes its options to synth.json there.
///
/// `visit` names the options; "threads" is left out, as it changes nothing. The same options again
/// are welcome: a broken run goes on. Throws Error{kConflict} if the folder holds a rendering of
/// others, Error{kUnavailable} if it cannot be written.
void claim_folder(const std::function<void(OptionVisitor&)>& visit,
                  const std::filesystem::path& folder);

}  // namespace finview::synthetic
