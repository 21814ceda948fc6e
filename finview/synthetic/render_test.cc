#include "finview/synthetic/render.h"

#include "finview/base/error.h"
#include "finview/synthetic/contact.h"

#include <cmath>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::synthetic {
namespace {

View small_view() {
  View view;
  view.size = {320, 214};
  view.min_fin_px = 40;
  view.max_fin_px = 130;
  return view;
}

TEST(RenderPhoto, TruthBoxesFitTheirMasksInsideThePhoto) {
  int num_fins = 0;
  for (std::uint64_t seed = 0; seed < 25; ++seed) {
    const auto species = static_cast<Species>(seed % species_names().size());
    const Genotype one = make_genotype(species, seed);
    const Genotype two = make_genotype(species, seed + 100);
    const RenderedPhoto photo =
        render_photo(random_scene(seed), {{&one, {}}, {&two, Side::kLeft}}, small_view(), seed);
    for (const RenderedFin& fin : photo.fins) {
      ++num_fins;
      EXPECT_EQ((fin.box & cv::Rect({}, photo.bgr.size())), fin.box);
      ASSERT_EQ(fin.mask.size(), fin.box.size());
      EXPECT_GE(cv::countNonZero(fin.mask), 15);
      EXPECT_GE(fin.visible, .1);
      EXPECT_LE(fin.visible, 1);
      EXPECT_GT(fin.quality, 0);
      EXPECT_LE(fin.quality, 1);
    }
  }
  EXPECT_GT(num_fins, 30);
}

TEST(PutIntoWater, SprayHidesAFinButDoesNotShortenIt) {
  const Genotype genotype = make_genotype(Species::kBottlenose, 3);
  Pose pose;
  pose.fin_px = 120;
  pose.base_px = {200, 200};
  const Scene scene = random_scene(1);
  WaterLine line;
  line.surface_px = line.cover_px = std::vector<float>(400, 210.f);
  const AnimalLayer layer = draw_animal(
      genotype, edge_curve(genotype), pose, scene.light, {}, {0, 0, 400, 300}, line.cover_px);
  Contact contact;
  contact.unit_px = 120;
  contact.column_px = 200;
  contact.foam = contact.wake = 0;
  cv::Mat calm(300, 400, CV_32FC3, cv::Scalar::all(.1));
  const SeenAnimal before = put_into_water(layer, line, contact, scene.light, calm);
  EXPECT_EQ(cv::norm(before.seen, before.standing, cv::NORM_INF), 0);
  Splash splash;
  splash.height_px = .6;
  splash.width_px = .8;
  splash.density = 1;
  contact.splashes = {splash};
  cv::Mat wild(300, 400, CV_32FC3, cv::Scalar::all(.1));
  const SeenAnimal after = put_into_water(layer, line, contact, scene.light, wild);
  EXPECT_EQ(cv::norm(before.standing, after.standing, cv::NORM_INF), 0);
  EXPECT_LT(cv::sum(after.seen)[0], .9 * cv::sum(before.seen)[0]);
  EXPECT_GT(cv::sum(wild)[0], cv::sum(calm)[0]);  // it is white
}

TEST(RenderPhoto, SameArgumentsSamePixels) {
  const Genotype genotype = make_genotype(Species::kCommon, 4);
  const RenderedPhoto one = render_photo(random_scene(4), {{&genotype, {}}}, small_view(), 9);
  const RenderedPhoto two = render_photo(random_scene(4), {{&genotype, {}}}, small_view(), 9);
  EXPECT_EQ(cv::norm(one.bgr, two.bgr, cv::NORM_INF), 0);
}

TEST(RenderPhoto, PixelsOfAFinDifferFromTheSameSeaWithoutIt) {
  const Genotype dark = make_genotype(Species::kOrcaFemale, 4);
  int num_compared = 0;
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const RenderedPhoto photo = render_photo(random_scene(seed), {{&dark, {}}}, small_view(), seed);
    if (photo.fins.empty() || photo.fins[0].visible < .6) continue;
    const RenderedFin& fin = photo.fins[0];
    cv::Mat gray;
    cv::cvtColor(photo.bgr, gray, cv::COLOR_BGR2GRAY);
    const double inside = cv::mean(gray(fin.box), fin.mask)[0];
    EXPECT_LT(inside, cv::mean(gray)[0]) << "a black fin is darker than its sea, seed " << seed;
    ++num_compared;
  }
  EXPECT_GE(num_compared, 4);
}

TEST(DrawAnimal, FinFillsItsOutlineAtEveryYaw) {
  const Genotype genotype = make_genotype(Species::kBottlenose, 3);
  const EdgeCurve edge = edge_curve(genotype);
  for (double yaw = -1.5; yaw <= 1.5; yaw += .1) {
    Pose pose;
    pose.yaw_rad = yaw;
    pose.fin_px = 150;
    pose.base_px = {300, 250};
    const AnimalLayer layer = draw_animal(genotype,
                                          edge,
                                          pose,
                                          random_scene(1).light,
                                          {},
                                          {0, 0, 600, 400},
                                          std::vector<float>(600, 400));
    // Projected independently, point by point, above the foot that runs out on the back; thickness
    // adds to it when the fin is turned.
    std::vector<cv::Point2f> above;
    for (std::size_t i = 0; i < edge.points.size(); ++i) {
      if (edge.points[i].y >= .02) above.push_back(layer.outline[i]);
    }
    const double expected = cv::contourArea(above);
    const double drawn = cv::sum(layer.fin)[0];
    EXPECT_GT(drawn, .93 * expected) << yaw;
    EXPECT_LT(drawn, 1.1 * expected + 150 * 150 * .12 * std::abs(std::sin(yaw))) << yaw;
  }
}

TEST(RenderPhoto, NoSubjectsNoFins) {
  View view = small_view();
  view.num_distractors = 3;
  EXPECT_TRUE(render_photo(random_scene(2), {}, view, 2).fins.empty());
}

TEST(RenderPhoto, TooManySubjectsAreRefused) {
  const Genotype genotype = make_genotype(Species::kDusky, 1);
  const std::vector<Subject> crowd(9, Subject{&genotype, {}});
  EXPECT_THROW(render_photo(random_scene(1), crowd, small_view(), 1), Error);
}

TEST(RenderFinCrop, ShowsTheSideAskedForWithMaskAndEdge) {
  const Genotype genotype = make_genotype(Species::kBottlenose, 12);
  for (const Side side : {Side::kLeft, Side::kRight}) {
    for (std::uint64_t seed = 0; seed < 6; ++seed) {
      const RenderedCrop crop = render_fin_crop(random_scene(seed), {&genotype, side}, 120, seed);
      EXPECT_EQ(crop.side, side);
      ASSERT_EQ(crop.mask.size(), crop.bgr.size());
      EXPECT_GT(cv::countNonZero(crop.mask), 800);
      ASSERT_GT(crop.edge.size(), 100U);
      // The leading edge points to the head: the tip lies nearer the rear end of the base.
      const cv::Rect box = cv::boundingRect(crop.mask);
      const double rear = side == Side::kLeft ? box.br().x : box.x;
      const double front = side == Side::kLeft ? box.x : box.br().x;
      EXPECT_LT(std::abs(crop.edge.back().x - rear), std::abs(crop.edge.back().x - front));
    }
  }
}

}  // namespace
}  // namespace finview::synthetic
