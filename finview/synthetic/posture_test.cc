#include "finview/synthetic/posture.h"

#include "finview/synthetic/genotype.h"

#include <cmath>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::synthetic {
namespace {

Pose pose_at(double yaw_rad, Side side = Side::kLeft) {
  Pose pose;
  pose.side = side;
  pose.yaw_rad = yaw_rad;
  pose.fin_px = 100;
  pose.base_px = {500, 400};
  return pose;
}

TEST(Posture, BaseOfTheFinIsWhereThePoseSays) {
  const FinShape shape;
  for (const double yaw : {-1.5, -.4, 0., 1.2}) {
    Pose pose = pose_at(yaw);
    pose.pitch_rad = .3;
    pose.roll_rad = -.2;
    pose.elevation_rad = .1;
    const cv::Vec3f base =
        Posture(shape, pose).place({static_cast<float>(shape.base_length / 2), 0, 0});
    EXPECT_NEAR(base[0], 500, 1e-3);
    EXPECT_NEAR(base[1], 400, 1e-3);
  }
}

TEST(Posture, HeadIsAtTheSideOfItsFlank) {
  const FinShape shape;
  const cv::Vec3f nose(4, -1, 0);
  EXPECT_LT(Posture(shape, pose_at(0, Side::kLeft)).place(nose)[0], 200);
  EXPECT_GT(Posture(shape, pose_at(0, Side::kRight)).place(nose)[0], 800);
}

TEST(Posture, TurnedLengthsShrinkByTheCosine) {
  const FinShape shape;
  for (const double yaw : {0., .5, 1.2}) {
    const Posture posture(shape, pose_at(yaw));
    const double dx = posture.place({2, 0, 0})[0] - posture.place({1, 0, 0})[0];
    EXPECT_NEAR(std::abs(dx), 100 * std::cos(yaw), .01);
  }
}

TEST(Posture, NearerWaterStandsLowerInThePicture) {
  const FinShape shape;
  Pose pose = pose_at(-M_PI / 2);  // seen from behind: the tail is near
  pose.elevation_rad = .2;
  const Posture posture(shape, pose);
  const auto middle = static_cast<float>(shape.base_length / 2);
  EXPECT_NEAR(posture.sink({middle - 3, 0, 0}), 300 * std::sin(.2), .1);
  EXPECT_NEAR(posture.sink({middle, 0, 0}), 0, .01);
}

TEST(TrunkMesh, TouchesTheFootOfTheFinAndFacesOutward) {
  const FinShape shape = make_genotype(Species::kBottlenose, 1).shape;
  Pose pose = pose_at(0);
  pose.arch = pose.tail_arch = .2;
  const Posture posture(shape, pose);
  const Mesh trunk = trunk_mesh(shape, pose, posture);
  double top = 1e9;
  for (const Vertex& vertex : trunk.vertices) {
    top = std::min(top, static_cast<double>(vertex.place[1]));
  }
  EXPECT_NEAR(top, 400, 6);  // the ridge of the back is where the fin stands
  int num_inward = 0;
  int num_checked = 0;
  for (const Vertex& vertex : trunk.vertices) {
    if (std::abs(vertex.surface[0] - shape.base_length / 2) > 1) continue;
    const double up = 400 + 100 * shape.back_radius - vertex.place[1];
    if (std::abs(up) < 20) continue;
    ++num_checked;
    num_inward += up * vertex.normal[1] < 0;
  }
  EXPECT_GT(num_checked, 100);
  EXPECT_EQ(num_inward, 0);
}

TEST(Rasterize, PaintsEachPixelOfAQuadOnce) {
  Mesh mesh;
  for (const float y : {10.f, 30.f}) {
    for (const float x : {20.f, 70.f}) {
      Vertex vertex;
      vertex.place = {x, y, 5};
      vertex.surface = {x, y, 0};
      mesh.vertices.push_back(vertex);
    }
  }
  mesh.add_grid(0, 2, 2);
  cv::Mat count = cv::Mat::zeros(50, 100, CV_32S);
  const auto all = [](int, int, const Vertex&) { return true; };
  rasterize(mesh, {0, 0, 100, 50}, all, [&](int x, int y, const Vertex& at) {
    ++count.at<int>(y, x);
    EXPECT_NEAR(at.surface[0], static_cast<float>(x) + .5f, 1e-3);
    EXPECT_NEAR(at.surface[1], static_cast<float>(y) + .5f, 1e-3);
    EXPECT_FLOAT_EQ(at.place[2], 5);
  });
  EXPECT_EQ(cv::countNonZero(count), 50 * 20);
  EXPECT_EQ(cv::countNonZero(count(cv::Rect(20, 10, 50, 20))), 50 * 20);
}

}  // namespace
}  // namespace finview::synthetic
