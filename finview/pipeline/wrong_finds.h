#pragma once

#include "finview/training/detection_pack.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace finview {

/// What a detector found, in pixels of the full photos, by the photos' paths.
using FindsByPhoto = std::map<std::string, std::vector<Detection>>;

/// Reads the table that `finview detect --out finds.csv` writes. Throws Error{kNotFound,
/// kBadInput}.
FindsByPhoto read_finds(const std::filesystem::path& table);

/// Square views of `photo`, `kWrongFindSides` times as wide as the longer side of a find, around
/// each of `finds` (pixels of `photo`) that overlaps none of its boxes, clipped to the photo.
///
/// What was taken for a fin there is so seen in training as often as a whole photo. A fin of which
/// less than half lies in a view is no label there.
std::vector<DetectionSample> wrong_find_views(const DetectionSample& photo,
                                              const std::vector<Detection>& finds);
inline constexpr double kWrongFindSides = 6;

}  // namespace finview
