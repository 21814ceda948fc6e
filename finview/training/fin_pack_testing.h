#pragma once

#include "finview/embedding/embedder_contract.h"
#include "finview/training/fin_pack.h"
#include "finview/training/random_draw.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace finview::test {

inline constexpr int kPackWidth = 91;    // 4/3 of 32 and a margin of 24 on both sides
inline constexpr int kPackHeight = 133;  // 4/3 of 64 and the same

inline EmbedderContract small_contract() {
  EmbedderContract contract;
  contract.layout = "edge-aligned";
  contract.width_px = 32;
  contract.height_px = 64;
  contract.masked = contract.gray = true;
  contract.num_stages = 7;
  contract.num_dims = 16;
  contract.grid_channels = 8;
  return contract;
}

/// A fin whose trailing edge is straight and upright: gray stripes that `seed` places, white beyond
/// the edge.
inline PackedFin straight_fin(std::uint64_t seed) {
  RandomDraw random(seed);
  const double edge_x = 24 + kTipX * 42.67;
  const double top = 24 + kTipY * 85.33;
  const double bottom = 24 + kEndY * 85.33;
  const double phase = random.uniform(0, 6);
  const double width = random.uniform(3, 9);
  PackedFin fin;
  fin.name = "fin " + std::to_string(seed);
  for (int y = 0; y < kPackHeight; ++y) {
    for (int x = 0; x < kPackWidth; ++x) {
      const double px = x + 0.5;
      const double py = y + 0.5;
      const bool inside = px < edge_x && py > top && py < bottom + 8;
      fin.picture.push_back(static_cast<std::uint8_t>(110 + 50 * std::sin(py / width + phase)));
      fin.mask.push_back(inside ? 255 : 0);
      const double dy = std::max({0.0, top - py, py - bottom});
      const double away = std::min(31.75, std::hypot(px - edge_x, dy));
      fin.distance.push_back(static_cast<std::int8_t>(std::lround(4 * away) * (inside ? -1 : 1)));
      fin.place.push_back(
          static_cast<std::uint8_t>(std::clamp(255 * (py - top) / (bottom - top), 0.0, 255.0)));
    }
  }
  for (std::size_t i = 0; i < PackedFin::kNumPoints; ++i) {
    const double along = static_cast<double>(i) / (PackedFin::kNumPoints - 1);
    fin.points[i] = {static_cast<float>(edge_x), static_cast<float>(top + along * (bottom - top))};
  }
  return fin;
}

/// `num_fins` such fins of nobody, and 50 edges with one broad notch each.
inline FinPack straight_pack(std::size_t num_fins) {
  FinPack pack;
  pack.contract_json = small_contract().to_json();
  pack.width_px = kPackWidth;
  pack.height_px = kPackHeight;
  pack.num_channels = 1;
  for (std::size_t i = 0; i < num_fins; ++i) pack.fins.push_back(straight_fin(i));
  for (int k = 0; k < 50; ++k) {
    const double middle = 0.1 + 0.016 * k;
    for (std::size_t i = 0; i < PackedFin::kNumPoints; ++i) {
      const double u = (static_cast<double>(i) / (PackedFin::kNumPoints - 1) - middle) / 0.06;
      pack.cuts.push_back(static_cast<float>(0.2 * std::max(0.0, 1 - std::abs(u))));
    }
  }
  return pack;
}

}  // namespace finview::test
