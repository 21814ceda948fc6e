#include "finview/outline/fin_masker.h"

#include "finview/base/files.h"
#include "finview/embedding/model_file_torch.h"
#include "finview/outline/mask_network_torch.h"
#include "finview/outline/mask_regions.h"
#include "finview/outline/one_thread_torch.h"
#include "finview/outline/place_border.h"

#include <algorithm>
#include <cmath>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr int kGray = 128;
constexpr int kMinSidePx = 8;
constexpr int kMaxAspect = 6;
constexpr double kBand = 0.016;  ///< of the longest side, to either side of the networks' border

/// A crop in the middle of the lower side of a gray square.
struct Square {
  cv::Mat bgr;
  cv::Rect content;
};

Square to_square(const cv::Mat& bgr, int side_px) {
  const double scale = static_cast<double>(side_px) / std::max(bgr.cols, bgr.rows);
  const int width = std::clamp(cvRound(bgr.cols * scale), 4, side_px);
  const int height = std::clamp(cvRound(bgr.rows * scale), 4, side_px);
  Square square{cv::Mat(side_px, side_px, CV_8UC3, cv::Scalar::all(kGray)),
                {(side_px - width) / 2, side_px - height, width, height}};
  cv::Mat target = square.bgr(square.content);
  cv::resize(bgr, target, target.size(), 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  return square;
}

/// 1 x 3 x H x W, RGB, -1..1, channels last.
torch::Tensor to_tensor(const cv::Mat& bgr) {
  cv::Mat rgb;
  cv::cvtColor(bgr, rgb, cv::COLOR_BGR2RGB);
  return torch::from_blob(rgb.data, {1, rgb.rows, rgb.cols, 3}, torch::kByte)
      .permute({0, 3, 1, 2})
      .to(torch::kFloat)
      .sub_(127.5)
      .div_(127.5);
}

cv::Mat to_mat(const torch::Tensor& plane) {
  const torch::Tensor values = plane.contiguous();
  return cv::Mat(static_cast<int>(values.size(0)),
                 static_cast<int>(values.size(1)),
                 CV_32FC1,
                 values.data_ptr<float>())
      .clone();
}

/// The content's rectangle grown to multiples of 4 within the square.
cv::Rect to_fours(const cv::Rect& content) {
  const int left = content.x / 4 * 4;
  const int top = content.y / 4 * 4;
  const int right = (content.x + content.width + 3) / 4 * 4;
  const int bottom = (content.y + content.height + 3) / 4 * 4;
  return {left, top, right - left, bottom - top};
}

}  // namespace

struct FinMasker::Impl {
  MaskContract contract;
  std::string model_id;
  std::shared_ptr<MaskNetworks> networks;

  struct Probabilities {
    cv::Mat fin;     ///< CV_32FC1, of the crop's size at fine_px
    cv::Mat others;  ///< the same at half of coarse_px
    cv::Mat coarse_fin;
  };

  Probabilities see(const Square& square) const {
    const c10::InferenceMode inference;
    cv::Mat small;
    cv::resize(square.bgr, small, {contract.coarse_px, contract.coarse_px}, 0, 0, cv::INTER_AREA);
    const torch::Tensor coarse = networks->coarse().forward(to_tensor(small)).sigmoid();
    Probabilities seen{{}, to_mat(coarse[0][1]), to_mat(coarse[0][0])};
    cv::Mat hint;
    cv::resize(seen.coarse_fin, hint, square.bgr.size(), 0, 0, cv::INTER_LINEAR);
    const cv::Rect area = to_fours(square.content);
    cv::Mat hint_area = hint(area).clone();
    const torch::Tensor fine = networks->fine().forward(
        to_tensor(square.bgr(area)),
        torch::from_blob(hint_area.data, {1, 1, area.height, area.width}, torch::kFloat));
    seen.fin = to_mat(fine.sigmoid()[0][0])(square.content - area.tl()).clone();
    return seen;
  }
};

FinMasker::FinMasker(const std::filesystem::path& model_path) : impl_(std::make_unique<Impl>()) {
  const ModelFile file = read_model_file(model_path, "fin-outline");
  impl_->contract = MaskContract::from_json(file.contract_json);
  impl_->model_id = sha256_hex(read_file(model_path));
  impl_->networks = std::make_shared<MaskNetworks>();
  load_tensors(*impl_->networks, file.tensors);
  impl_->networks->eval();
}

FinMasker::~FinMasker() = default;

const std::string& FinMasker::model_id() const { return impl_->model_id; }

FoundMask FinMasker::find(const cv::Mat& bgr) const {
  FoundMask found;
  found.mask = cv::Mat::zeros(bgr.size(), CV_8UC1);
  found.cover = cv::Mat::zeros(bgr.size(), CV_32FC1);
  const int longest = std::max(bgr.cols, bgr.rows);
  const int shortest = std::min(bgr.cols, bgr.rows);
  if (shortest < kMinSidePx || longest > kMaxAspect * shortest) {
    found.doubt = MaskDoubt::kTooSmall;
    return found;
  }
  const OneThread one_thread;
  const MaskContract& contract = impl_->contract;
  const Square square = to_square(bgr, contract.fine_px);
  const Impl::Probabilities seen = impl_->see(square);
  cv::Mat region = fin_region_of(seen.fin);
  if (cv::countNonZero(region) == 0) {
    found.doubt = MaskDoubt::kNoFin;
    return found;
  }
  cv::Mat placed;
  place_border(square.bgr(square.content), seen.fin, region, kBand).convertTo(placed, CV_32F);
  region = fin_region_of(placed);
  found.expected_overlap = expected_overlap(seen.fin, region);
  found.confidence = 1 / (1 + std::exp(-(contract.confidence_slope * found.expected_overlap +
                                         contract.confidence_offset)));
  found.doubt = doubt_about(region, seen.coarse_fin, seen.others, bgr.size(), found.confidence);
  resize_region(region, bgr.size(), found.cover, found.mask);
  return found;
}

}  // namespace finview
