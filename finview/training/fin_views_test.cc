#include "finview/base/error.h"
#include "finview/embedding/fin_layout.h"
#include "finview/training/fin_pack_testing.h"
#include "finview/training/fin_views_torch.h"

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <torch/torch.h>

namespace finview {
namespace {

/// Views of which nothing changes but what the test asks for.
FinViewOptions still() {
  FinViewOptions options;
  options.missing_end = options.foreshortening = options.shear = options.place = 0;
  options.contour = options.light = options.blur = options.noise = options.water = 0;
  options.occlusion = options.marks = 0;
  return options;
}

FinViews views(const FinPack& pack, const FinViewOptions& options) {
  return FinViews(pack, options, torch::kCPU);
}

double difference(const torch::Tensor& a, const torch::Tensor& b) {
  return (a - b).abs().mean().item<double>();
}

TEST(FinViews, PlainIsWhatTheEmbedderIsFed) {
  // A crop that the layout of the pack and of the network both see.
  ShapedCrop fin;
  fin.crop.bgr = cv::Mat(200, 160, CV_8UC3);
  for (int y = 0; y < 200; ++y) {
    for (int x = 0; x < 160; ++x) {
      fin.crop.bgr.at<cv::Vec3b>(y, x) = cv::Vec3b::all(static_cast<uchar>((x + y) / 2));
    }
  }
  fin.outline.mask = cv::Mat(fin.crop.bgr.size(), CV_8UC1, cv::Scalar(255));
  FinEdge edge;
  edge.points = {{90, 30}, {100, 100}, {95, 180}};
  fin.edge = edge;
  const EmbedderContract contract = test::small_contract();
  cv::Matx23d map = layout_from_crop(fin, contract, {32 * 4.0 / 3, 64 * 4.0 / 3});
  const auto in_pack = [&map](cv::Point2f p) {
    return std::array<float, 2>{static_cast<float>(map(0, 0) * p.x + map(0, 1) * p.y + map(0, 2)),
                                static_cast<float>(map(1, 0) * p.x + map(1, 1) * p.y + map(1, 2))};
  };
  map(0, 2) += 24;
  map(1, 2) += 24;
  const FinView view = draw_fin(fin, contract, map, {test::kPackWidth, test::kPackHeight});
  FinPack pack = test::straight_pack(1);
  cv::Mat gray;
  cv::extractChannel(view.picture, gray, 0);
  pack.fins[0].picture.assign(gray.datastart, gray.dataend);
  pack.fins[0].mask.assign(view.mask.datastart, view.mask.dataend);
  pack.fins[0].points.front() = in_pack(edge.points.front());
  pack.fins[0].points.back() = in_pack(edge.points.back());

  const torch::Tensor plain = views(pack, {}).plain({0});
  ASSERT_EQ(plain.sizes(), (std::vector<std::int64_t>{1, 3, 64, 32}));
  const cv::Mat input = embedder_input(fin, contract);
  const torch::Tensor fed = torch::from_blob(input.data, {1, 64, 32, 3}, torch::kByte)
                                .permute({0, 3, 1, 2})
                                .to(torch::kFloat);
  EXPECT_LT(difference(plain * 127.5 + 127.5, fed), 3);
}

TEST(FinViews, NothingChangesWhereNothingMay) {
  const FinPack pack = test::straight_pack(2);
  const FinViews quiet = views(pack, still());
  EXPECT_LT(difference(quiet.draw({{1, {}, 0, false}}, 5), quiet.plain({1})), 0.03);
}

TEST(FinViews, DependOnTheSeedAlone) {
  const FinPack pack = test::straight_pack(2);
  const FinViews usual = views(pack, {});
  const std::vector<PlannedView> planned = {{0, 3, 7, false}, {1, 4, 8, false}};
  EXPECT_EQ(difference(usual.draw(planned, 5), usual.draw(planned, 5)), 0);
  EXPECT_GT(difference(usual.draw(planned, 5), usual.draw(planned, 6)), 0.01);
}

TEST(FinViews, ACutOpensTheFinWhereItSaysAndNowhereElse) {
  FinPack pack = test::straight_pack(1);
  pack.fins[0].picture.assign(pack.fins[0].picture.size(), 0);  // a black fin on white
  const FinViews quiet = views(pack, still());
  const torch::Tensor before = quiet.plain({0})[0][0];
  const torch::Tensor after = quiet.draw({{0, 25, 1, false}}, 2)[0][0];  // its middle at 0.5
  const torch::Tensor opened = (after - before).gt(0.5);
  const double depth_px = 0.2 * (kEndY - kTipY) * 64;
  const double width_px = 2 * 0.06 * (kEndY - kTipY) * 64;
  EXPECT_NEAR(opened.sum().item<double>(), 0.5 * depth_px * width_px, 0.25 * depth_px * width_px);
  const torch::Tensor places = opened.nonzero().to(torch::kFloat);
  EXPECT_NEAR(places.select(1, 0).mean().item<double>(), 32, 1.5);
  EXPECT_LT((before - after).max().item<double>(), 0.6) << "nothing is added";
}

TEST(FinViews, MirroredIsTheMirrorImage) {
  const FinPack pack = test::straight_pack(1);
  const FinViews usual = views(pack, {});
  const torch::Tensor view = usual.draw({{0, 3, 7, false}}, 5);
  EXPECT_EQ(difference(usual.draw({{0, 3, 7, true}}, 5).flip(3), view), 0);
}

TEST(FinViews, EveryOptionChangesThePicture) {
  const FinPack pack = test::straight_pack(1);
  const std::vector<PlannedView> planned(8, PlannedView{0, 3, 7, false});
  const torch::Tensor before = views(pack, still()).draw(planned, 5);
  const auto changed = [&](double FinViewOptions::*member, double value) {
    FinViewOptions options = still();
    options.*member = value;
    return difference(views(pack, options).draw(planned, 5), before);
  };
  EXPECT_GT(changed(&FinViewOptions::missing_end, 0.5), 1e-3);
  EXPECT_GT(changed(&FinViewOptions::foreshortening, 0.5), 1e-3);
  EXPECT_GT(changed(&FinViewOptions::shear, 0.3), 1e-3);
  EXPECT_GT(changed(&FinViewOptions::place, 0.1), 1e-3);
  EXPECT_GT(changed(&FinViewOptions::contour, 2), 1e-3);
  EXPECT_GT(changed(&FinViewOptions::light, 1), 1e-3);
  EXPECT_GT(changed(&FinViewOptions::blur, 1), 1e-3);
  EXPECT_GT(changed(&FinViewOptions::noise, 1), 1e-3);
  EXPECT_GT(changed(&FinViewOptions::water, 1), 1e-3);
  EXPECT_GT(changed(&FinViewOptions::occlusion, 1), 1e-3);
  EXPECT_GT(changed(&FinViewOptions::marks, 1), 1e-3);
}

TEST(FinViews, RefusesAnEmptyPack) {
  const FinPack pack = test::straight_pack(0);
  EXPECT_THROW(views(pack, {}), Error);
}

}  // namespace
}  // namespace finview
