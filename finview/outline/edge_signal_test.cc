#include "finview/outline/edge_signal.h"

#include "finview/outline/fin_outline.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

namespace finview {
namespace {

/// From (0, 0) down to (60, 400), `spacing` apart, with a cut 8 deep and 30 wide at `notch` of its
/// length; the outside lies to the right.
EdgePoints line_with_notch(double notch, double spacing = 1) {
  EdgePoints edge;
  const EdgePoint end{60, 400};
  const double length = norm(end);
  for (double along = 0; along <= length; along += spacing) {
    const double depth = std::max(0.0, 8 - std::abs(along - notch * length) * 8 / 15);
    edge.push_back((along / length) * end + (-depth / length) * EdgePoint{end.y, -end.x});
  }
  return edge;
}

EdgePoints changed(EdgePoints edge, double scale, bool mirrored, EdgePoint shift) {
  for (EdgePoint& point : edge) {
    point = scale * point + shift;
    if (mirrored) point.x = -point.x;
  }
  return edge;
}

TEST(NotchProfile, IsZeroOnAStraightEdge) {
  for (const float value : notch_profile(line_with_notch(2), 1)) EXPECT_NEAR(value, 0, 1e-6);
}

TEST(NotchProfile, IsMostNegativeWhereTheNotchIs) {
  const std::vector<float> profile = notch_profile(line_with_notch(0.4), 1);
  for (const int band : {1, 2}) {
    const auto begin = profile.begin() + band * kNumEdgeSamples;
    const auto lowest = std::min_element(begin, begin + kNumEdgeSamples);
    EXPECT_NEAR(static_cast<double>(lowest - begin) / 255, 0.4, 0.015) << band;
    EXPECT_LT(*lowest, -0.002) << band;
  }
}

TEST(NotchProfile, DoesNotDependOnSizePlaceSideOrSpacing) {
  const std::vector<float> profile = notch_profile(line_with_notch(0.6), 1);
  const float deepest = *std::min_element(profile.begin(), profile.end());
  const auto expect_same = [&](const EdgePoints& edge, double outward, double tolerance) {
    const std::vector<float> other = notch_profile(edge, outward);
    for (std::size_t i = 0; i < profile.size(); ++i) {
      EXPECT_NEAR(other[i], profile[i], tolerance * std::abs(deepest)) << i;
    }
  };
  expect_same(changed(line_with_notch(0.6), 1 / 404.0, false, {3, -2}), 1, 1e-4);
  expect_same(changed(line_with_notch(0.6), 2.5, true, {10, 0}), -1, 1e-4);
  expect_same(line_with_notch(0.6, 0.7), 1, 0.06);
}

TEST(EdgeViews, AreProfilesOfPieces) {
  const EdgePoints edge = line_with_notch(0.35);
  const std::vector<float> views = edge_view_profiles(edge, 1);
  constexpr std::size_t kProfile = kNumNotchBands * kNumEdgeSamples;
  ASSERT_EQ(views.size(), FinEdge::kNumViews * kProfile);
  const std::vector<float> whole = notch_profile(edge, 1);
  EXPECT_TRUE(std::equal(whole.begin(), whole.end(), views.begin()));
  // The fourth view ends at 70 %, so the notch lies at half of it.
  const auto band = views.begin() + 3 * kProfile + kNumEdgeSamples;
  const auto lowest = std::min_element(band, band + kNumEdgeSamples);
  EXPECT_NEAR(static_cast<double>(lowest - band) / 255, 0.5, 0.02);
}

TEST(ResampleEdge, KeepsEndsAndSpacesPointsEqually) {
  const EdgePoints edge{{0, 0}, {0, 1}, {0, 9}, {4, 9}};
  const EdgePoints even = resample_edge(edge, 14);
  ASSERT_EQ(even.size(), 14U);
  EXPECT_NEAR(even.back().x, 4, 1e-12);
  for (std::size_t i = 1; i < even.size(); ++i) EXPECT_NEAR(norm(even[i] - even[i - 1]), 1, 1e-9);
  EXPECT_NEAR(edge_length(even), edge_length(edge), 1e-9);
}

TEST(SmoothEdge, KeepsBothEndsAndStraightLines) {
  const EdgePoints edge = line_with_notch(0.5);
  const EdgePoints smooth = smooth_edge(edge, 20);
  EXPECT_NEAR(norm(smooth.front() - edge.front()), 0, 1e-9);
  EXPECT_NEAR(norm(smooth.back() - edge.back()), 0, 1e-9);
  const EdgePoints line = line_with_notch(2);
  const EdgePoints same = smooth_edge(line, 20);
  for (std::size_t i = 0; i < line.size(); ++i) EXPECT_NEAR(norm(same[i] - line[i]), 0, 1e-9);
}

}  // namespace
}  // namespace finview
