#include "finview/base/error.h"
#include "finview/embedding/fin_layout.h"
#include "finview/training/background_torch.h"
#include "finview/training/fin_pack_testing.h"
#include "finview/training/fin_views_torch.h"
#include "finview/training/jpeg_torch.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <torch/torch.h>

namespace finview {
namespace {

/// Views of which nothing changes but what the test asks for.
FinViewOptions still() {
  FinViewOptions options;
  options.missing_end = options.foreshortening = options.shear = options.place = 0;
  options.contour = options.light = options.blur = options.noise = options.water = 0;
  options.occlusion = options.marks = options.jpeg = options.background = 0;
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
  EXPECT_GT(changed(&FinViewOptions::jpeg, 1), 1e-3);
}

/// Fins of gray level 60 on backgrounds of 100, 110, 120, …; the photo shows all.
FinPack pack_with_backgrounds(std::size_t count) {
  FinPack pack = test::straight_pack(count);
  EmbedderContract contract = test::small_contract();
  contract.masked = false;
  pack.contract_json = contract.to_json();
  pack.cuts.clear();
  for (std::size_t i = 0; i < count; ++i) {
    PackedFin& fin = pack.fins[i];
    fin.silhouette = fin.mask;
    fin.mask.assign(fin.mask.size(), 255);
    fin.distance.clear();
    fin.place.clear();
    for (std::size_t k = 0; k < fin.picture.size(); ++k) {
      fin.picture[k] = fin.silhouette[k] > 0 ? 60 : static_cast<std::uint8_t>(100 + 10 * i);
    }
  }
  return pack;
}

/// The share of all steps between neighboring pixels of a row that lies between blocks of 8.
double share_between_blocks(const torch::Tensor& view) {
  const torch::Tensor steps = (view.slice(3, 1) - view.slice(3, 0, -1)).abs();
  torch::Tensor between = torch::zeros({steps.size(3)});
  for (std::int64_t x = 7; x < steps.size(3); x += 8) between[x] = 1;
  return ((steps * between).sum() / steps.sum()).item<double>();
}

TEST(FinViews, JpegLeavesBlocksOfEight) {
  FinPack pack = pack_with_backgrounds(1);
  for (std::size_t i = 0; i < pack.fins[0].picture.size(); ++i) {
    pack.fins[0].picture[i] = static_cast<std::uint8_t>(60 + i % test::kPackWidth);  // a ramp
  }
  const std::vector<PlannedView> planned(16, PlannedView{0, {}, 0, false});
  FinViewOptions options = still();
  const torch::Tensor smooth = views(pack, options).draw(planned, 5);
  options.jpeg = 1;
  const torch::Tensor blocky = views(pack, options).draw(planned, 5);
  EXPECT_NEAR(share_between_blocks(smooth), 3.0 / 31, 0.01);
  EXPECT_GT(share_between_blocks(blocky), 0.14);
  options.jpeg = 0.5;
  int num_changed = 0;
  const torch::Tensor some = views(pack, options).draw(planned, 5);
  for (std::int64_t i = 0; i < 16; ++i) num_changed += torch::equal(some[i], smooth[i]) ? 0 : 1;
  EXPECT_GT(num_changed, 2);
  EXPECT_LT(num_changed, 14);
}

TEST(FinViews, SwappedBackgroundsLeaveTheFinAsItIs) {
  const FinPack pack = pack_with_backgrounds(5);
  std::vector<PlannedView> planned;
  for (std::size_t i = 0; i < 5; ++i) planned.push_back({i, {}, 0, false});
  FinViewOptions options = still();
  const torch::Tensor before = views(pack, options).draw(planned, 5) * 127.5 + 127.5;
  options.background = 1;
  const torch::Tensor after = views(pack, options).draw(planned, 5) * 127.5 + 127.5;
  const torch::Tensor is_fin = before.lt(60.5);
  EXPECT_GT(is_fin.sum().item<std::int64_t>(), 5 * 3 * 300);
  EXPECT_LT((after - before).masked_select(is_fin).abs().max().item<double>(), 1e-3);
  // Top right is background: it is another fin's, and nothing of that fin's own gray is in it.
  const torch::Tensor corners = after.select(1, 0).slice(1, 0, 4).slice(2, 28, 32);
  for (std::int64_t i = 0; i < 5; ++i) {
    const double level = corners[i].mean().item<double>();
    EXPECT_LT((corners[i] - level).abs().max().item<double>(), 0.01);
    const double nearest = 10 * std::round(level / 10);
    EXPECT_NEAR(level, nearest, 0.01);
    EXPECT_GT(level, 99);
    EXPECT_GT(std::abs(level - (100 + 10 * static_cast<double>(i))), 9) << "its own background";
  }
  // Where the other photo has its fin there is what lies around that.
  EXPECT_GT(after.masked_select(before.gt(99)).min().item<double>(), 99);
}

TEST(FinViews, SaysWhenBackgroundsCannotBeSwapped) {
  const auto refusal = [](const FinPack& pack) -> std::string {
    FinViewOptions options = still();
    options.background = 0.5;
    try {
      views(pack, options);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kBadInput);
      return error.what();
    }
    return "accepted";
  };
  EXPECT_NE(refusal(test::straight_pack(2)).find("hides what is not fin"), std::string::npos);
  FinPack pack = pack_with_backgrounds(2);
  EXPECT_EQ(refusal(pack), "accepted");
  pack.fins[1].silhouette.clear();
  EXPECT_NE(refusal(pack).find("--keep-masks"), std::string::npos);
}

cv::Mat from_jpeg(const cv::Mat& picture, int quality) {
  std::vector<std::uint8_t> bytes;
  cv::imencode(".jpg", picture, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
  return cv::imdecode(bytes, cv::IMREAD_UNCHANGED);
}

TEST(Jpeg, IsWhatTheLibraryGivesBack) {
  cv::Mat picture(64, 48, CV_8UC1);
  cv::RNG(3).fill(picture, cv::RNG::UNIFORM, 0, 256);
  cv::GaussianBlur(picture, picture, {}, 1.5);
  cv::normalize(picture, picture, 0, 255, cv::NORM_MINMAX);
  const auto to_tensor = [](const cv::Mat& gray) {
    return torch::from_blob(gray.data, {1, 1, gray.rows, gray.cols}, torch::kByte)
        .to(torch::kFloat);
  };
  const torch::Tensor given = to_tensor(picture);
  for (const int quality : {10, 50, 90}) {
    const torch::Tensor ours =
        as_jpeg(given, torch::tensor(std::vector<float>{static_cast<float>(quality)}));
    const cv::Mat decoded = from_jpeg(picture, quality);
    const torch::Tensor theirs = to_tensor(decoded);
    // The library computes in whole numbers and now and then rounds a coefficient the other way.
    EXPECT_LT(difference(ours, theirs), 0.4) << quality;
    EXPECT_GT((ours - theirs).abs().lt(1.5).to(torch::kFloat).mean().item<double>(), 0.95)
        << quality;
    EXPECT_GT(difference(ours, given), 5 * difference(ours, theirs)) << quality;
  }
}

TEST(Jpeg, KeepsTheColorsOfEvenPictures) {
  torch::Tensor picture = torch::empty({2, 3, 16, 16});
  for (int c = 0; c < 3; ++c) picture.select(1, c).fill_(40 + 80 * c);
  const torch::Tensor back = as_jpeg(picture, torch::tensor(std::vector<float>{95, 95}));
  EXPECT_LT((back - picture).abs().max().item<double>(), 3);
}

TEST(FilledIn, KeepsWhatIsKnownAndContinuesIt) {
  torch::Tensor picture = torch::full({1, 1, 32, 64}, 200.0);
  torch::Tensor known = torch::ones({1, 1, 32, 64});
  picture.slice(2, 8, 20).slice(3, 20, 50).fill_(10);
  known.slice(2, 8, 20).slice(3, 20, 50).fill_(0);
  EXPECT_NEAR((filled_in(picture, known) - 200).abs().max().item<double>(), 0, 1e-3);
  EXPECT_NEAR(filled_in(picture, torch::zeros_like(known)).mean().item<double>(), 128, 1e-3);
}

TEST(FinViews, RefusesAnEmptyPack) {
  const FinPack pack = test::straight_pack(0);
  EXPECT_THROW(views(pack, {}), Error);
}

}  // namespace
}  // namespace finview
