#pragma once

#include "finview/pipeline/catalogue_index.h"
#include "finview/pipeline/photo_result.h"

#include <filesystem>
#include <span>

namespace finview {

/// Writes `folder`/index.html: every photo with its boxes, every fin beside its candidates'
/// pictures, errors at the end.
///
/// The folder holds all the page needs and opens from disk without a network. The photos' own
/// pictures must have been written by `write_pictures`; those of the catalogue are copied here.
/// @param catalogue  null where only fins were looked for
/// Throws Error{kUnavailable} if the disk is full.
void write_html_report(const std::filesystem::path& folder,
                       std::span<const PhotoResult> results,
                       const CatalogueIndex* catalogue);

}  // namespace finview
