#include "finview/outline/fin_edge.h"

#include "finview/outline/find_outline.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr int kTipX = 300;
constexpr int kTipY = 40;
constexpr int kFinHeight = 420;

/// A fin that leans right, 400 x 460, base at the bottom, with notches 12 px deep cut at shares of
/// its height.
cv::Mat draw_fin(const std::vector<double>& notches) {
  std::vector<cv::Point> polygon;
  for (int i = 0; i <= 100; ++i) {  // leading edge, bulging
    const double t = i / 100.0;
    polygon.emplace_back(cvRound(40 + (kTipX - 40) * t - 40 * std::sin(t * CV_PI)),
                         cvRound(kTipY + kFinHeight * (1 - t)));
  }
  for (int y = 0; y <= kFinHeight; ++y) {  // trailing edge, hollow
    const double t = static_cast<double>(y) / kFinHeight;
    double x = kTipX + 60 * t - 60 * std::sin(t * CV_PI);
    for (const double notch : notches) {
      x -= std::max(0.0, 12 - std::abs(t - notch) * kFinHeight);
    }
    polygon.emplace_back(cvRound(x), kTipY + y);
  }
  cv::Mat mask = cv::Mat::zeros(460, 400, CV_8UC1);
  cv::fillPoly(mask, std::vector<std::vector<cv::Point>>{polygon}, cv::Scalar(255));
  return mask;
}

std::optional<FinEdge> edge_of(const cv::Mat& mask, double confidence = 1) {
  return find_edge(outline_of_mask(mask, MaskSource::kAlpha, confidence));
}

float signal(const FinEdge& edge, int channel, int sample) {
  return edge.signals[channel * FinEdge::kNumSamples + sample];
}

/// The share of the height at which a channel is least between two shares.
double lowest_between(const FinEdge& edge, int channel, double from, double to) {
  int lowest = static_cast<int>(from * 255);
  for (int i = lowest; i <= to * 255; ++i) {
    if (signal(edge, channel, i) < signal(edge, channel, lowest)) lowest = i;
  }
  return lowest / 255.0;
}

TEST(FinEdge, RunsFromTheTipDownTheTrailingSide) {
  const std::optional<FinEdge> edge = edge_of(draw_fin({0.35, 0.6}));
  ASSERT_TRUE(edge);
  EXPECT_EQ(edge->side, FinSide::kRight);
  EXPECT_LT(cv::norm(edge->points.front() - cv::Point2f(kTipX, kTipY)), 12);
  EXPECT_LT(cv::norm(edge->points.back() - cv::Point2f(kTipX + 60, kTipY + kFinHeight)), 12);
  EXPECT_GT(edge->length_px, kFinHeight);
  EXPECT_LT(edge->length_px, 1.3 * kFinHeight);
  EXPECT_EQ(edge->signals.size(), 8u * 256u);
  EXPECT_GT(edge->quality, 0.95);
}

TEST(FinEdge, ShowsNotchesAtTheirHeights) {
  const FinEdge notched = edge_of(draw_fin({0.35, 0.6})).value();
  const FinEdge smooth = edge_of(draw_fin({})).value();
  for (const int channel : {1, 2}) {
    EXPECT_NEAR(lowest_between(notched, channel, 0.2, 0.48), 0.35, 0.02) << channel;
    EXPECT_NEAR(lowest_between(notched, channel, 0.48, 0.8), 0.6, 0.02) << channel;
    const int at_notch = static_cast<int>(0.35 * 255);
    EXPECT_LT(signal(notched, channel, at_notch), -0.003) << channel;
    EXPECT_GT(signal(smooth, channel, at_notch), signal(notched, channel, at_notch) + 0.003);
  }
  // The fin on both sides of a notch fills more of a disc in it than a plain edge does.
  EXPECT_LT(signal(notched, 5, static_cast<int>(0.35 * 255)),
            signal(smooth, 5, static_cast<int>(0.35 * 255)) - 0.05);
}

TEST(FinEdge, IsTheSameForTheMirroredFin) {
  const cv::Mat mask = draw_fin({0.3, 0.7});
  cv::Mat mirrored;
  cv::flip(mask, mirrored, 1);
  const FinEdge a = edge_of(mask).value();
  const FinEdge b = edge_of(mirrored).value();
  EXPECT_EQ(b.side, FinSide::kLeft);
  EXPECT_NEAR(b.points.front().x, 400 - a.points.front().x, 2.5);
  EXPECT_NEAR(b.length_px, a.length_px, 4);
  for (int channel = 0; channel < FinEdge::kNumChannels; ++channel) {
    float largest = 0;
    for (int i = 0; i < 256; ++i) largest = std::max(largest, std::abs(signal(a, channel, i)));
    for (int i = 8; i < 256; ++i) {
      EXPECT_NEAR(signal(a, channel, i), signal(b, channel, i), 0.25 * largest)
          << channel << " at " << i;
    }
  }
}

TEST(FinEdge, MeasuresPartsOfDiscs) {
  // A straight vertical trailing edge halves every disc on it, away from the corners.
  cv::Mat mask = cv::Mat::zeros(400, 300, CV_8UC1);
  cv::fillPoly(mask,
               std::vector<std::vector<cv::Point>>{{{250, 20}, {250, 399}, {10, 399}}},
               cv::Scalar(255));
  const FinEdge edge = edge_of(mask).value();
  for (int channel = 4; channel < 8; ++channel) {
    for (int i = 150; i < 220; ++i) EXPECT_NEAR(signal(edge, channel, i), 0, 0.02) << channel;
  }
  for (int channel = 0; channel < 4; ++channel) {
    for (int i = 60; i < 220; ++i) EXPECT_NEAR(signal(edge, channel, i), 0, 1e-3) << channel;
  }
}

TEST(FinEdge, TrustsGoodMasksMore) {
  const cv::Mat mask = draw_fin({0.5});
  EXPECT_LT(edge_of(mask, 0.4)->quality, edge_of(mask, 0.9)->quality);
  cv::Mat small;
  cv::resize(mask, small, {}, 0.2, 0.2, cv::INTER_NEAREST);
  EXPECT_LT(edge_of(small)->quality, edge_of(mask)->quality);
}

TEST(FinEdge, IsAbsentWithoutAFin) {
  EXPECT_FALSE(find_edge(FinOutline{}));
  EXPECT_FALSE(edge_of(cv::Mat::zeros(100, 100, CV_8UC1)));
  cv::Mat speck = cv::Mat::zeros(100, 100, CV_8UC1);
  speck(cv::Rect(50, 50, 6, 6)).setTo(255);
  EXPECT_FALSE(edge_of(speck));
  EXPECT_FALSE(edge_of(cv::Mat(1, 100, CV_8UC1, cv::Scalar(255))));
}

TEST(FinEdge, GivesFiniteSignalsForOddMasks) {
  for (const cv::Size size : {cv::Size(64, 64), cv::Size(300, 45), cv::Size(45, 300)}) {
    const std::optional<FinEdge> edge = edge_of(cv::Mat(size, CV_8UC1, cv::Scalar(255)));
    if (!edge) continue;
    EXPECT_TRUE(std::all_of(edge->signals.begin(), edge->signals.end(), [](float value) {
      return std::isfinite(value);
    }));
  }
}

}  // namespace
}  // namespace finview
