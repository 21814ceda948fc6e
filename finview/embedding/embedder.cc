#include "finview/embedding/embedder.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/embedding/mobilenet_v2_torch.h"
#include "finview/embedding/model_file_torch.h"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr int kGray = 128;
constexpr std::size_t kBatchSize = 16;

/// N x 3 x S x S, RGB, -1..1.
torch::Tensor to_tensor(std::span<const Crop> crops, int input_px) {
  torch::Tensor batch =
      torch::empty({static_cast<std::int64_t>(crops.size()), input_px, input_px, 3}, torch::kByte);
  for (std::size_t i = 0; i < crops.size(); ++i) {
    cv::Mat rgb(input_px, input_px, CV_8UC3, batch[static_cast<std::int64_t>(i)].data_ptr());
    cv::cvtColor(embedder_input(crops[i], input_px), rgb, cv::COLOR_BGR2RGB);
  }
  // The NHWC bytes seen as NCHW are channels-last already, which is what convolutions like best.
  return batch.permute({0, 3, 1, 2}).to(torch::kFloat).sub_(127.5).div_(127.5);
}

}  // namespace

cv::Mat embedder_input(const Crop& crop, int input_px) {
  if (crop.bgr.empty())
    throw Error(ErrorKind::kBadInput, "A crop without pixels was to be embedded.");
  cv::Mat picture = crop.bgr;
  if (!crop.alpha.empty()) {
    picture = cv::Mat(crop.bgr.size(), CV_8UC3, cv::Scalar::all(kGray));
    crop.bgr.copyTo(picture, crop.alpha >= 128);
  }
  const double scale =
      static_cast<double>(input_px) / static_cast<double>(std::max(picture.cols, picture.rows));
  const int width = std::clamp(static_cast<int>(std::lround(picture.cols * scale)), 1, input_px);
  const int height = std::clamp(static_cast<int>(std::lround(picture.rows * scale)), 1, input_px);
  cv::Mat square(input_px, input_px, CV_8UC3, cv::Scalar::all(kGray));
  cv::Mat target = square(cv::Rect((input_px - width) / 2, input_px - height, width, height));
  cv::resize(picture, target, target.size(), 0, 0, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  return square;
}

struct Embedder::Impl {
  EmbedderContract contract;
  std::string model_id;
  std::shared_ptr<MobileNetV2Embedder> network;

  /// N x dims, rows of norm 1.
  torch::Tensor embed(std::span<const Crop> crops) const {
    const torch::Tensor input = to_tensor(crops, contract.input_px);
    torch::Tensor rows = network->forward(input);
    if (!contract.add_mirrored) return rows;
    rows = rows + network->forward(input.flip(3));
    return rows / rows.norm(2, 1, true).clamp_min(1e-12);
  }
};

Embedder::Embedder(const std::filesystem::path& model_path) : impl_(std::make_unique<Impl>()) {
  const ModelFile file = read_model_file(model_path, "embedder");
  impl_->contract = EmbedderContract::from_json(file.contract_json);
  impl_->model_id = sha256_hex(read_file(model_path));
  impl_->network = std::make_shared<MobileNetV2Embedder>(impl_->contract);
  load_tensors(*impl_->network, file.tensors);
  impl_->network->eval();
}

Embedder::~Embedder() = default;

const EmbedderContract& Embedder::contract() const { return impl_->contract; }

int Embedder::num_dims() const {
  return impl_->contract.num_dims > 0 ? impl_->contract.num_dims : MobileNetV2::kNumFeatures;
}

const std::string& Embedder::model_id() const { return impl_->model_id; }

std::vector<Embedding> Embedder::embed(std::span<const Crop> crops) const {
  const c10::InferenceMode inference;
  std::vector<Embedding> embeddings;
  embeddings.reserve(crops.size());
  for (std::size_t first = 0; first < crops.size(); first += kBatchSize) {
    const std::span batch = crops.subspan(first, std::min(kBatchSize, crops.size() - first));
    const torch::Tensor rows = impl_->embed(batch).contiguous();
    const float* values = rows.data_ptr<float>();
    for (std::size_t i = 0; i < batch.size(); ++i, values += num_dims()) {
      embeddings.push_back({{values, values + num_dims()}, impl_->model_id});
    }
  }
  return embeddings;
}

}  // namespace finview
