#pragma once

#include "finview/detection/detection.h"
#include "finview/match/candidate.h"

#include <string>
#include <vector>

namespace finview {

/// One fin of a photo and, where a catalogue was asked, who it shows.
struct FinResult {
  Detection box;
  Answer answer;
};

/// What became of one photo.
struct PhotoResult {
  std::string photo;         ///< the path as given
  std::string sha256;        ///< of the file's bytes; empty if they could not be read
  std::string error;         ///< why nothing was found; empty if at least one fin was
  std::string duplicate_of;  ///< an earlier photo with the same bytes; empty if there is none
  std::string taken;         ///< date and time of the camera; empty if not known
  int width_px = 0;          ///< 0 if the photo could not be read
  int height_px = 0;
  std::vector<FinResult> fins;
};

/// The stem that every output made from this photo is named with: the file's own stem and six
/// characters of a hash of its whole path, so that photos of the same name in two folders never
/// share an output.
std::string output_stem(const std::string& photo);

}  // namespace finview
