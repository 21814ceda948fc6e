#include "finview/embedding/fin_layout.h"

#include "finview/base/error.h"

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

EmbedderContract crop_contract() {
  EmbedderContract contract;
  contract.width_px = contract.height_px = 64;
  return contract;
}

EmbedderContract edge_contract() {
  EmbedderContract contract;
  contract.layout = "edge-aligned";
  contract.width_px = 96;
  contract.height_px = 192;
  contract.masked = contract.gray = true;
  return contract;
}

cv::Point2d moved(const cv::Matx23d& map, const cv::Point2d& p) {
  return {map(0, 0) * p.x + map(0, 1) * p.y + map(0, 2),
          map(1, 0) * p.x + map(1, 1) * p.y + map(1, 2)};
}

/// A dark fin on a light ground: front of the base, tip, then the trailing edge with a notch at
/// half height; turned by `angle_deg` about its tip and enlarged.
ShapedCrop fin(double angle_deg = 0, double scale = 1) {
  const std::vector<cv::Point2d> shape = {
      {30, 190}, {120, 20}, {124, 60}, {116, 95}, {90, 105}, {118, 115}, {130, 190}};
  const double c = scale * std::cos(angle_deg * CV_PI / 180);
  const double s = scale * std::sin(angle_deg * CV_PI / 180);
  const auto place = [&](const cv::Point2d& p) {
    const cv::Point2d arm = p - cv::Point2d(120, 20);
    return cv::Point2d(120 * scale + 40 + c * arm.x - s * arm.y,
                       40 * scale + s * arm.x + c * arm.y);
  };
  std::vector<cv::Point> polygon;
  FinEdge edge;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const cv::Point2d point = place(shape[i]);
    polygon.emplace_back(cvRound(16 * point.x), cvRound(16 * point.y));
    if (i > 0) edge.points.emplace_back(point);
  }
  const cv::Size size(cvRound(200 * scale + 60), cvRound(260 * scale));
  ShapedCrop result;
  result.crop.bgr = cv::Mat(size, CV_8UC3, cv::Scalar(200, 200, 200));
  result.outline.mask = cv::Mat::zeros(size, CV_8UC1);
  cv::fillPoly(result.crop.bgr, std::vector{polygon}, cv::Scalar(60, 60, 60), cv::LINE_8, 4);
  cv::fillPoly(result.outline.mask, std::vector{polygon}, cv::Scalar(255), cv::LINE_8, 4);
  result.edge = edge;
  return result;
}

double mean_difference(const cv::Mat& a, const cv::Mat& b) {
  return cv::norm(a, b, cv::NORM_L1) / static_cast<double>(a.total() * 3);
}

TEST(FinLayout, CropKeepsTheAspectAndTheBaseAtTheBottom) {
  ShapedCrop wide;
  wide.crop.bgr = cv::Mat(50, 100, CV_8UC3, cv::Scalar(10, 20, 30));
  const cv::Mat input = embedder_input(wide, crop_contract());
  EXPECT_EQ(input.at<cv::Vec3b>(30, 32), cv::Vec3b(128, 128, 128));
  EXPECT_EQ(input.at<cv::Vec3b>(33, 1), cv::Vec3b(10, 20, 30));
  EXPECT_EQ(input.at<cv::Vec3b>(62, 62), cv::Vec3b(10, 20, 30));
}

TEST(FinLayout, TransparentPixelsDoNotCount) {
  ShapedCrop one;
  one.crop.bgr = cv::Mat(40, 60, CV_8UC3, cv::Scalar(90, 60, 30));
  one.crop.alpha = cv::Mat::zeros(one.crop.bgr.size(), CV_8UC1);
  one.crop.alpha(cv::Rect(10, 10, 30, 20)).setTo(255);
  ShapedCrop other = one;
  other.crop.bgr = one.crop.bgr.clone();
  other.crop.bgr(cv::Rect(0, 0, 5, 40)).setTo(cv::Scalar(255, 0, 0));
  EXPECT_EQ(cv::norm(embedder_input(one, crop_contract()),
                     embedder_input(other, crop_contract()),
                     cv::NORM_INF),
            0);
}

TEST(FinLayout, EdgeAlignedPutsTipAndEndInTheirPlaces) {
  for (const double angle : {-25.0, 0.0, 14.0}) {
    const ShapedCrop shaped = fin(angle, 1.7);
    const cv::Matx23d map = layout_from_crop(shaped, edge_contract(), {96, 192});
    const cv::Point2d tip = moved(map, shaped.edge->points.front());
    const cv::Point2d end = moved(map, shaped.edge->points.back());
    EXPECT_NEAR(tip.x, kTipX * 96, 1e-3);
    EXPECT_NEAR(tip.y, kTipY * 192, 1e-3);
    EXPECT_NEAR(end.x, kTipX * 96, 1e-3);
    EXPECT_NEAR(end.y, kEndY * 192, 1e-3);
  }
}

TEST(FinLayout, EdgeAlignedIsTheSameHoweverTheFinIsTurnedScaledOrMirrored) {
  const cv::Mat upright = embedder_input(fin(), edge_contract());
  EXPECT_LT(mean_difference(embedder_input(fin(17, 1), edge_contract()), upright), 3);
  EXPECT_LT(mean_difference(embedder_input(fin(-9, 2.3), edge_contract()), upright), 4);
  ShapedCrop mirrored = fin();
  cv::flip(mirrored.crop.bgr, mirrored.crop.bgr, 1);
  cv::flip(mirrored.outline.mask, mirrored.outline.mask, 1);
  for (cv::Point2f& p : mirrored.edge->points) {
    p.x = static_cast<float>(mirrored.crop.bgr.cols) - p.x;
  }
  mirrored.edge->side = FinSide::kLeft;
  EXPECT_LT(mean_difference(embedder_input(mirrored, edge_contract()), upright), 1);
  EXPECT_GT(mean_difference(embedder_input(fin(), edge_contract()),
                            cv::Mat(192, 96, CV_8UC3, cv::Scalar::all(255))),
            30)
      << "the fin is seen at all";
}

TEST(FinLayout, MaskedHidesWhatIsNotFin) {
  ShapedCrop shaped = fin();
  const cv::Mat before = embedder_input(shaped, edge_contract());
  shaped.crop.bgr.setTo(cv::Scalar(0, 0, 255), shaped.outline.mask == 0);
  // The pixels that the border cuts mix a little of both.
  EXPECT_LT(mean_difference(embedder_input(shaped, edge_contract()), before), 3);
  EmbedderContract open = edge_contract();
  open.masked = false;
  EXPECT_GT(mean_difference(embedder_input(shaped, open), before), 20);
}

TEST(FinLayout, NormalizedGivesEveryFinTheSameLight) {
  ShapedCrop bright = fin();
  cv::randu(bright.crop.bgr, 90, 130);
  cv::cvtColor(bright.crop.bgr, bright.crop.bgr, cv::COLOR_BGR2GRAY);
  cv::cvtColor(bright.crop.bgr, bright.crop.bgr, cv::COLOR_GRAY2BGR);
  ShapedCrop dark = bright;
  const cv::Mat dimmed = bright.crop.bgr * 0.5 + cv::Scalar::all(10);
  dark.crop.bgr = dimmed;
  EmbedderContract contract = edge_contract();
  contract.enhancement = "normalized";
  const cv::Mat from_bright = embedder_input(bright, contract);
  EXPECT_LT(mean_difference(from_bright, embedder_input(dark, contract)), 3);
  EXPECT_GT(mean_difference(embedder_input(bright, edge_contract()),
                            embedder_input(dark, edge_contract())),
            8);
}

TEST(FinLayout, WithoutEdgeTheCropDecides) {
  ShapedCrop shaped = fin();
  shaped.edge.reset();
  const cv::Matx23d map = layout_from_crop(shaped, edge_contract(), {96, 192});
  EXPECT_NEAR(moved(map, {0, 0}).y, kTipY * 192, 1e-6);
  EXPECT_NEAR(moved(map, {0, static_cast<double>(shaped.crop.bgr.rows)}).y, kEndY * 192, 1e-6);
}

TEST(FinLayout, RefusesACropWithoutPixels) {
  EXPECT_THROW(embedder_input({}, crop_contract()), Error);
}

std::string refusal(const std::string& json) {
  try {
    EmbedderContract::from_json(json);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadModel);
    return error.what();
  }
  return "accepted";
}

TEST(EmbedderContract, SaysEverythingAgainAfterAJourneyThroughJson) {
  EmbedderContract contract = edge_contract();
  contract.enhancement = "clahe";
  contract.num_stages = 14;
  contract.num_dims = 32;
  contract.grid_channels = 16;
  contract.add_mirrored = true;
  const EmbedderContract back = EmbedderContract::from_json(contract.to_json());
  EXPECT_EQ(back.to_json(), contract.to_json());
  EXPECT_EQ(back.layout, "edge-aligned");
  EXPECT_EQ(back.height_px, 192);
  EXPECT_EQ(back.num_stages, 14);
}

TEST(EmbedderContract, ReadsTheSquareOfTheFirstModelFiles) {
  const EmbedderContract contract = EmbedderContract::from_json(
      R"({"network":"mobilenet_v2","input_px":224,"num_dims":256,"pooling_power":1,)"
      R"("add_mirrored":false,"sharpness":30,"new_similarity":0.5})");
  EXPECT_EQ(contract.width_px, 224);
  EXPECT_EQ(contract.height_px, 224);
  EXPECT_EQ(contract.layout, "crop");
  EXPECT_EQ(contract.num_stages, 19);
  EXPECT_EQ(contract.network, "mobilenet-v2");
}

TEST(EmbedderContract, WithoutANetworkMeansMobileNetV2) {
  const EmbedderContract contract = EmbedderContract::from_json(
      R"({"width_px":96,"height_px":192,"num_dims":256,"pooling_power":1,)"
      R"("add_mirrored":false,"sharpness":30,"new_similarity":0.5})");
  EXPECT_EQ(contract.network, "mobilenet-v2");
}

TEST(EmbedderContract, RefusesAnUnknownNetworkWithTheNamesThereAre) {
  EmbedderContract contract;
  contract.network = "vgg-16";
  const std::string text = refusal(contract.to_json());
  EXPECT_NE(text.find("vgg-16"), std::string::npos);
  EXPECT_NE(text.find("mobilenet-v2, resnet-50, nn4-small2, simple-cnn"), std::string::npos);
  contract.network = "nn4-small2";
  contract.num_stages = 10;
  EXPECT_NE(refusal(contract.to_json()).find("num_stages is 10, not in 1 to 9"), std::string::npos);
}

TEST(EmbedderContract, NamesWhatIsWrong) {
  EmbedderContract contract;
  contract.layout = "upside-down";
  EXPECT_NE(refusal(contract.to_json()).find("upside-down"), std::string::npos);
  contract = {};
  contract.width_px = 100;
  EXPECT_NE(refusal(contract.to_json()).find("100 x 224"), std::string::npos);
  contract = {};
  contract.num_stages = 20;
  EXPECT_NE(refusal(contract.to_json()).find("num_stages"), std::string::npos);
  std::string unknown = EmbedderContract().to_json();
  unknown.insert(1, "\"taste\":1,");
  EXPECT_NE(refusal(unknown).find("taste"), std::string::npos);
  EXPECT_NE(refusal("{").find("cannot be read"), std::string::npos);
}

}  // namespace
}  // namespace finview
