#include "finview/match/edge_warping.h"

#include "finview/base/error.h"
#include "finview/match/edge_testing.h"

#include <algorithm>
#include <limits>

#include <gtest/gtest.h>

namespace finview {
namespace {

double warped(const FinEdge& a, const FinEdge& b) { return EdgeWarper(a).similarity(b); }

/// The same notches, lower ones moved further: a stretch that is not even.
FinEdge stretched() {
  std::vector<DrawnNotch> notches = own_notches();
  for (DrawnNotch& notch : notches) notch.height += 0.12 * notch.height * notch.height;
  return edge_with(notches);
}

TEST(EdgeWarping, IsOneForTheSameEdgeAndDoesNotDependOnTheOrder) {
  const FinEdge own = edge_with(own_notches());
  const FinEdge other = edge_with(other_notches(), 0.9);
  EXPECT_NEAR(warped(own, own), 1, 1e-5);
  EXPECT_NEAR(warped(own, other), warped(other, own), 1e-6);
}

TEST(EdgeWarping, KnowsAnEdgeThatIsStretchedUnevenlyOrCutShort) {
  const FinEdge own = edge_with(own_notches());
  // Two notches instead of four: no stretch makes these of those.
  const double stranger = warped(own, edge_with({{0.25, 0.03, 0.012}, {0.75, 0.012, 0.012}}));
  EXPECT_GT(warped(own, stretched()), stranger);
  EXPECT_GT(warped(own, edge_with(own_notches(), 0.82)), stranger);
  EXPECT_GT(warped(own, edge_with(own_notches(), 1, 0.03)), stranger);
}

TEST(EdgeWarping, PathLeadsFromNotchToNotch) {
  const std::vector<EdgeWarper::Pair> path = EdgeWarper(edge_with(own_notches())).path(stretched());
  ASSERT_GT(path.size(), 96U);
  for (std::size_t i = 1; i < path.size(); ++i) {
    EXPECT_GE(path[i].query, path[i - 1].query);
    EXPECT_GE(path[i].other, path[i - 1].other);
  }
  for (const DrawnNotch& notch : own_notches()) {
    const auto met = std::min_element(path.begin(), path.end(), [&](const auto& a, const auto& b) {
      return std::abs(a.query - notch.height) < std::abs(b.query - notch.height);
    });
    EXPECT_NEAR(met->other, notch.height + 0.12 * notch.height * notch.height, 0.02);
  }
}

TEST(EdgeWarping, RefusesSignalsOfAnotherShape) {
  FinEdge broken = edge_with({});
  broken.signals.pop_back();
  EXPECT_THROW(EdgeWarper{broken}, Error);
  EXPECT_THROW(warped(edge_with({}), FinEdge{}), Error);
}

}  // namespace
}  // namespace finview
