#pragma once

#include "finview/outline/fin_outline.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace finview {

/// Scars, patches and scratches of one flank of a fin: small patterns of its skin.
struct FinMarks {
  static constexpr std::size_t kDescriptorSize = 128;
  static constexpr int kSkinSide = 96;          ///< pixels
  static constexpr std::int8_t kNoSkin = -128;  ///< sea, border or another animal

  /// Where a pattern lies: origin at the fin's tip, y down, x to the right of the picture, unit =
  /// height of the fin's trailing edge.
  struct Place {
    float x = 0;
    float y = 0;
    float size = 0;       ///< diameter of the pattern
    float angle_deg = 0;  ///< its direction, clockwise from x
  };

  std::vector<Place> places;  ///< the clearest first
  /// places.size() x kDescriptorSize: RootSIFT (Arandjelovic & Zisserman, "Three things everyone
  /// should know to improve object retrieval", CVPR 2012, section 3), times 512, at most 255.
  std::vector<std::uint8_t> descriptors;
  /// kSkinSide x kSkinSide, row by row: the whole skin, its light and shade taken away, every fin
  /// in the same place (`find_skin`); empty where it is not seen.
  std::vector<std::int8_t> skin;
  FinSide side = FinSide::kRight;  ///< which flank: where its trailing edge lies
};

}  // namespace finview
