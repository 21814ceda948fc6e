#include "finview/training/embedder_backbone.h"

#include "finview/base/error.h"
#include "finview/embedding/mobilenet_v2_torch.h"
#include "finview/embedding/model_file_torch.h"

#include <algorithm>

#include <fmt/format.h>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr std::int64_t kBatchSize = 16;

torch::Tensor matrix(const std::vector<float>& values, std::size_t num_columns) {
  return torch::tensor(values).view({-1, static_cast<std::int64_t>(num_columns)});
}

}  // namespace

struct EmbedderBackbone::Impl {
  explicit Impl(const EmbedderContract& contract) : network(contract) {}
  MobileNetV2Embedder network;
};

EmbedderBackbone::EmbedderBackbone(const std::filesystem::path& weights, double pooling_power) {
  EmbedderContract contract;
  contract.pooling_power = pooling_power;
  impl_ = std::make_unique<Impl>(contract);
  load_tensors(impl_->network.backbone(), read_tensor_dictionary(weights));
  impl_->network.eval();
}

EmbedderBackbone::~EmbedderBackbone() = default;

std::vector<float> EmbedderBackbone::features(std::span<const std::uint8_t> bgr,
                                              int input_px) const {
  const std::size_t picture_bytes = static_cast<std::size_t>(input_px) * input_px * 3;
  if (input_px < 32 || input_px % 32 != 0 || bgr.size() % picture_bytes != 0) {
    throw Error(
        ErrorKind::kBadInput,
        fmt::format(
            "{} bytes are not pictures of {} x {} pixels.", bgr.size(), input_px, input_px));
  }
  const c10::InferenceMode inference;
  const torch::Tensor pictures = torch::from_blob(
      const_cast<std::uint8_t*>(bgr.data()),
      {static_cast<std::int64_t>(bgr.size() / picture_bytes), input_px, input_px, 3},
      torch::kByte);
  std::vector<float> rows;
  rows.reserve(static_cast<std::size_t>(pictures.size(0)) * kNumFeatures);
  for (const torch::Tensor& batch : pictures.split(kBatchSize)) {
    // BGR to RGB; the NHWC bytes seen as NCHW are channels-last, which convolutions like best.
    const torch::Tensor input =
        batch.flip(3).permute({0, 3, 1, 2}).to(torch::kFloat).sub_(127.5).div_(127.5);
    const torch::Tensor pooled = impl_->network.pooled_features(input).contiguous();
    rows.insert(rows.end(), pooled.data_ptr<float>(), pooled.data_ptr<float>() + pooled.numel());
  }
  return rows;
}

void EmbedderBackbone::write_embedder(const std::filesystem::path& path,
                                      const std::string& contract_json,
                                      const LinearHead& head) const {
  std::map<std::string, torch::Tensor> tensors = named_tensors(impl_->network);
  if (head.num_outputs > 0) {
    tensors["head.weight"] = matrix(head.weight, head.num_inputs);
    tensors["head.bias"] = torch::tensor(head.bias);
  }
  write_model_file(path, {"embedder", contract_json, std::move(tensors)});
}

}  // namespace finview
