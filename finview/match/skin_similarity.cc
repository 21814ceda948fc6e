#include "finview/match/skin_similarity.h"

#include "finview/outline/fin_marks.h"

#include <algorithm>
#include <cmath>

namespace finview {
namespace {

constexpr int kSide = FinMarks::kSkinSide;
constexpr int kReach = 8;  ///< pixels
constexpr int kStep = 2;   ///< of the first look

/// Written so that the compiler uses vector instructions.
std::int32_t product(const std::int16_t* a, const std::int16_t* b, int count) {
  std::int32_t sum = 0;
  for (int i = 0; i < count; ++i) sum += static_cast<std::int32_t>(a[i]) * b[i];
  return sum;
}

}  // namespace

SkinMatcher::Planes::Planes(std::span<const std::int8_t> skin) {
  for (const std::int8_t value : skin) {
    const bool is_skin = value != FinMarks::kNoSkin;
    const auto wide = static_cast<std::int16_t>(is_skin ? value : 0);
    values.push_back(wide);
    squares.push_back(static_cast<std::int16_t>(wide * wide));
    masks.push_back(static_cast<std::int16_t>(is_skin));
  }
}

SkinMatcher::SkinMatcher(std::span<const std::int8_t> skin) : own_(skin) {}

double SkinMatcher::similarity(std::span<const std::int8_t> skin) const {
  if (own_.values.empty() || skin.size() != own_.values.size()) return 0;
  const Planes other(skin);
  // Of this fin's pixel (x, y) and the other's (x + dx, y + dy).
  const auto correlation = [&](int dx, int dy) {
    const int width = kSide - std::abs(dx);
    double common = 0, own_energy = 0, other_energy = 0;
    for (int y = std::max(0, -dy); y < std::min(kSide, kSide - dy); ++y) {
      const auto a = static_cast<std::size_t>(y * kSide + std::max(0, -dx));
      const auto b = static_cast<std::size_t>((y + dy) * kSide + std::max(0, dx));
      common += product(&own_.values[a], &other.values[b], width);
      own_energy += product(&own_.squares[a], &other.masks[b], width);
      other_energy += product(&own_.masks[a], &other.squares[b], width);
    }
    const double energy = std::sqrt(own_energy * other_energy);
    return energy > 0 ? common / energy : 0;
  };
  double best = -1;
  int best_dx = 0, best_dy = 0;
  const auto look = [&](int dx, int dy) {
    const double here = correlation(dx, dy);
    if (here <= best) return;
    best = here;
    best_dx = dx;
    best_dy = dy;
  };
  for (int dy = -kReach; dy <= kReach; dy += kStep) {
    for (int dx = -kReach; dx <= kReach; dx += kStep) look(dx, dy);
  }
  const int center_dx = best_dx, center_dy = best_dy;
  for (int dy = center_dy - 1; dy <= center_dy + 1; ++dy) {
    for (int dx = center_dx - 1; dx <= center_dx + 1; ++dx) look(dx, dy);
  }
  return best;
}

}  // namespace finview
