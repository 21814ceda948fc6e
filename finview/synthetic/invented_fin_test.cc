#include "finview/synthetic/invented_fin.h"

#include "finview/base/error.h"
#include "finview/synthetic/edge_recut.h"
#include "finview/synthetic/render.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::synthetic {
namespace {

/// A triangle, dark on light; its right border is the trailing edge, with a notch in the middle.
FinPicture notched_triangle(double notch_px) {
  FinPicture picture;
  picture.bgr = cv::Mat(300, 280, CV_8UC3, cv::Scalar(200, 180, 160));
  picture.mask = cv::Mat::zeros(300, 280, CV_8UC1);
  std::vector<cv::Point> corners = {{200, 30}};
  picture.trailing_edge.emplace_back(200.f, 30.f);
  for (int y = 31; y <= 270; ++y) {
    const double into = std::max(0., notch_px * (1 - std::abs(y - 150) / 12.));
    corners.emplace_back(200 - static_cast<int>(std::lround(into)), y);
    picture.trailing_edge.emplace_back(static_cast<float>(200.5 - into), static_cast<float>(y));
  }
  corners.emplace_back(40, 270);
  cv::fillPoly(picture.mask, std::vector<std::vector<cv::Point>>{corners}, cv::Scalar(255));
  picture.bgr.setTo(cv::Scalar(60, 55, 50), picture.mask);
  return picture;
}

TEST(RecutEdge, ClosesTheOldNotchInPictureAndMask) {
  const FinPicture closed = recut_edge(notched_triangle(14), std::vector<double>(100, 0.));
  // The bottom of the old notch was sea; it is skin now.
  EXPECT_EQ(closed.mask.at<std::uint8_t>(150, 190), 255);
  EXPECT_LT(closed.bgr.at<cv::Vec3b>(150, 190)[0], 90);
  EXPECT_EQ(closed.mask.at<std::uint8_t>(150, 204), 0);
  EXPECT_GT(closed.bgr.at<cv::Vec3b>(150, 206)[0], 170);
}

TEST(RecutEdge, CutsTheNewNotchWhereItIsAskedFor) {
  constexpr double kDepth = .06;
  std::vector<double> depths(1000, 0.);
  for (std::size_t i = 640; i < 700; ++i) depths[i] = kDepth;
  const FinPicture cut = recut_edge(notched_triangle(14), depths);
  const int depth_px = static_cast<int>(kDepth * 240);
  const int row = 30 + static_cast<int>(.67 * 240);
  EXPECT_EQ(cut.mask.at<std::uint8_t>(row, 200 - depth_px / 2), 0);
  EXPECT_GT(cut.bgr.at<cv::Vec3b>(row, 200 - depth_px / 2)[0], 170);  // sea shows
  EXPECT_EQ(cut.mask.at<std::uint8_t>(row, 200 - depth_px - 5), 255);
  EXPECT_LT(cut.bgr.at<cv::Vec3b>(row, 200 - depth_px - 5)[0], 90);
  // The edge follows.
  double least = 1e9;
  for (const cv::Point2f& point : cut.trailing_edge) {
    if (std::abs(point.y - row) < 4) least = std::min(least, static_cast<double>(point.x));
  }
  EXPECT_NEAR(least, 200.5 - kDepth * 240, 3);
}

TEST(RecutEdge, ASpurIsSkin) {
  std::vector<double> depths(1000, 0.);
  for (std::size_t i = 280; i < 330; ++i) depths[i] = -.04;
  const FinPicture spur = recut_edge(notched_triangle(0), depths);
  const int row = 30 + static_cast<int>(.305 * 240);
  EXPECT_EQ(spur.mask.at<std::uint8_t>(row, 204), 255);
  EXPECT_LT(spur.bgr.at<cv::Vec3b>(row, 204)[0], 90);
}

FinPicture rendered_parent(std::uint64_t seed) {
  const Genotype genotype = make_genotype(Species::kWhiteShark, seed);
  const RenderedCrop crop =
      render_fin_crop(random_scene(seed), {&genotype, Side::kRight}, 220, seed);
  FinPicture picture{crop.bgr, crop.mask, {}};
  // Only what of the edge is seen, as an outline would find it.
  const cv::Rect inside({}, crop.mask.size());
  cv::Mat near;
  cv::dilate(crop.mask, near, cv::Mat::ones(5, 5, CV_8U));
  for (const cv::Point2f& point : crop.edge) {
    const cv::Point pixel(point);
    if (inside.contains(pixel) && near.at<std::uint8_t>(pixel) > 0) {
      picture.trailing_edge.push_back(point);
    }
  }
  return picture;
}

TEST(InventFin, SeedsDecideWhoItIs) {
  const FinPicture parent = rendered_parent(3);
  const FinPicture one = invent_fin(parent, Species::kBottlenose, 1);
  const FinPicture again = invent_fin(parent, Species::kBottlenose, 1);
  const FinPicture other = invent_fin(parent, Species::kBottlenose, 2);
  EXPECT_EQ(cv::norm(one.bgr, again.bgr, cv::NORM_INF), 0);
  EXPECT_EQ(cv::norm(one.mask, again.mask, cv::NORM_INF), 0);
  EXPECT_EQ(one.trailing_edge, again.trailing_edge);
  EXPECT_GT(cv::countNonZero(one.mask != other.mask), 100);
}

TEST(InventFin, StillIsAFinAboutAsLarge) {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const FinPicture parent = rendered_parent(seed);
    const FinPicture fin = invent_fin(parent, Species::kBottlenose, seed);
    EXPECT_NO_THROW(check_fin_picture(fin)) << seed;
    const double ratio =
        static_cast<double>(cv::countNonZero(fin.mask)) / cv::countNonZero(parent.mask);
    EXPECT_GT(ratio, .75) << seed;
    EXPECT_LT(ratio, 1.3) << seed;
  }
}

TEST(ViewOfFin, EdgeStaysOnTheMask) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const FinPicture view = view_of_fin(rendered_parent(seed), {}, seed);
    ASSERT_EQ(view.mask.size(), view.bgr.size());
    EXPECT_GT(cv::countNonZero(view.mask), 1000) << seed;
    cv::Mat far;
    cv::distanceTransform(view.mask == 0, far, cv::DIST_L2, 3);
    std::size_t near = 0;
    for (const cv::Point2f& point : view.trailing_edge) {
      const cv::Point pixel(std::clamp(cvFloor(point.x), 0, far.cols - 1),
                            std::clamp(cvFloor(point.y), 0, far.rows - 1));
      near += far.at<float>(pixel) < 8;
    }
    EXPECT_GT(static_cast<double>(near), .8 * static_cast<double>(view.trailing_edge.size()))
        << seed;
  }
}

TEST(ViewOfFin, ViewsDifferAndRepeat) {
  const FinPicture parent = rendered_parent(5);
  const FinPicture one = view_of_fin(parent, {}, 1);
  const FinPicture again = view_of_fin(parent, {}, 1);
  const FinPicture other = view_of_fin(parent, {}, 2);
  EXPECT_EQ(cv::norm(one.bgr, again.bgr, cv::NORM_INF), 0);
  EXPECT_TRUE(one.bgr.size() != other.bgr.size() || cv::norm(one.bgr, other.bgr) > 1000);
}

TEST(ViewOfFin, LeavesThePictureAsItWas) {
  const FinPicture parent = rendered_parent(2);
  const FinPicture before{parent.bgr.clone(), parent.mask.clone(), parent.trailing_edge};
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    view_of_fin(parent, {}, seed);
    invent_fin(parent, Species::kBottlenose, seed);
  }
  EXPECT_EQ(cv::norm(parent.bgr, before.bgr, cv::NORM_INF), 0);
  EXPECT_EQ(cv::norm(parent.mask, before.mask, cv::NORM_INF), 0);
}

void expect_refusal(const FinPicture& picture, const std::string& part) {
  try {
    invent_fin(picture, Species::kBottlenose, 1);
    FAIL() << part;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadInput);
    EXPECT_THAT(error.what(), testing::HasSubstr(part));
  }
}

TEST(InventFin, RefusesWhatIsNoFinWithASentence) {
  const FinPicture good = notched_triangle(10);
  FinPicture bad = good;
  bad.mask = cv::Mat();
  expect_refusal(bad, "mask");
  bad.mask = cv::Mat::zeros(good.bgr.size(), CV_8UC1);
  expect_refusal(bad, "no fin was found");
  bad = good;
  bad.bgr = cv::Mat();
  expect_refusal(bad, "no pixels");
  bad = good;
  bad.trailing_edge.resize(5);
  expect_refusal(bad, "5 points");
  for (cv::Point2f& point : (bad = good).trailing_edge) point.x -= 90;
  expect_refusal(bad, "border");
  bad = good;
  cv::resize(good.bgr, bad.bgr, {40, 42});
  cv::resize(good.mask, bad.mask, {40, 42}, 0, 0, cv::INTER_NEAREST);
  expect_refusal(bad, "px high");
}

}  // namespace
}  // namespace finview::synthetic
