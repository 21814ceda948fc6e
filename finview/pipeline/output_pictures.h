#pragma once

#include "finview/pipeline/fin_finder.h"
#include "finview/pipeline/photo_result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace finview {

/// The pictures written for each photo with a fin; an empty folder leaves its kind out.
struct OutputFolders {
  std::filesystem::path crops;      ///< <stem>_fin<n>.jpg, fins at full size
  std::filesystem::path annotated;  ///< <stem>.jpg, the photo with its boxes
  std::filesystem::path html;       ///< photos/<stem>.jpg and fins/<stem>_fin<n>.jpg, small
};

/// `<stem>` is `output_stem(result.photo)`. Throws Error{kUnavailable} if the disk is full.
void write_pictures(const OutputFolders& folders,
                    const PhotoResult& result,
                    const FoundFins& found);

/// A copy of a catalogue picture for the page: html/catalogue/<sha256, 12 digits>.jpg. Does nothing
/// if it is there already. False if the picture cannot be read any more.
bool write_catalogue_picture(const std::filesystem::path& html,
                             const std::filesystem::path& picture,
                             const std::string& sha256);

/// A picture shrunk to `longest_px`, as JPEG bytes; empty if it cannot be read.
std::vector<std::uint8_t> small_picture(const std::filesystem::path& picture, int longest_px);

}  // namespace finview
