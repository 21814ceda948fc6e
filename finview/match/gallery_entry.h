#pragma once

#include <string>

namespace finview {

/// What is known of one photo of the catalogue.
struct GalleryEntry {
  std::string individual;
  std::string group;  ///< encounter or date; photos of one group are near-copies. Empty: not known
  bool asks = true;   ///< false: is found by others, but never asked who it is
};

}  // namespace finview
