#pragma once

#include "finview/pipeline/networks.h"
#include "finview/pipeline/project.h"

#include <array>
#include <cstdint>
#include <functional>
#include <string>

namespace finview {

// JPEG pictures for people. Each is made once and kept in the project's cache folder, which may be
// emptied at any time. Any number of threads may ask; as many pictures are made at once as there
// are cores.

/// The width that is made for the one asked for: the next of 160, 320, 640, 1280, 2560, 4096.
int picture_width(std::int64_t asked_px);

/// The box that a person drew. Throws Error{kBadInput} if it is not at least 8 px wide and high and
/// inside the photo.
Detection checked_box(const PhotoRecord& photo, const std::array<double, 4>& sides_px);

/// The upright photo, at most `width_px` wide. Throws as `Project::read` and the decoders.
std::string photo_picture(const Project& project, const PhotoRecord& photo, int width_px);

/// A picture that is not made before somebody needs it; `tag` changes when its content would.
struct FinPicture {
  std::string tag;
  std::function<std::string()> make;
};

/// A fin cut out of its photo. `kind`: "photo", "enhanced" (gray, marks brought out) or "masked"
/// (white where there is no fin, colors as the fin's manual filter has them).
FinPicture fin_picture(const Project& project,
                       const FinRecord& fin,
                       int width_px,
                       const std::string& kind);

/// What makes two fins alike; see `compare_fins`. The networks are asked only about fins that have
/// no signature by them.
FinPicture why_picture(const Project& project,
                       SharedNetworks& networks,
                       const FinRecord& fin,
                       const FinRecord& other);

/// A picture of an area, made small; `tag` names its content. Throws Error{kBadInput}.
std::string small_picture(const Project& project,
                          const PhotoFile& file,
                          const std::string& tag,
                          int width_px);

}  // namespace finview
