#include "finview/embedding/embedder.h"

#include "finview/base/files.h"
#include "finview/embedding/embedding_network_torch.h"
#include "finview/embedding/model_file_torch.h"
#include "finview/embedding/script_embedder_torch.h"

#include <algorithm>
#include <functional>

#include <opencv2/imgproc.hpp>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr std::size_t kBatchSize = 16;

/// N x 3 x H x W, RGB, -1..1.
torch::Tensor to_tensor(std::span<const ShapedCrop> fins, const EmbedderContract& contract) {
  torch::Tensor batch = torch::empty(
      {static_cast<std::int64_t>(fins.size()), contract.height_px, contract.width_px, 3},
      torch::kByte);
  for (std::size_t i = 0; i < fins.size(); ++i) {
    cv::Mat rgb(contract.height_px,
                contract.width_px,
                CV_8UC3,
                batch[static_cast<std::int64_t>(i)].data_ptr());
    cv::cvtColor(embedder_input(fins[i], contract), rgb, cv::COLOR_BGR2RGB);
  }
  // The NHWC bytes seen as NCHW are channels-last already, which is what convolutions like best.
  return batch.permute({0, 3, 1, 2}).to(torch::kFloat).sub_(127.5).div_(127.5);
}

}  // namespace

struct Embedder::Impl {
  EmbedderContract contract;
  std::string model_id;
  int num_dims = 0;
  std::function<torch::Tensor(const torch::Tensor&)> network;  ///< as EmbeddingNetwork::forward

  void read_model(const std::filesystem::path& path) {
    const ModelFile file = read_model_file(path, "embedder");
    contract = EmbedderContract::from_json(file.contract_json);
    model_id = sha256_hex(read_file(path));
    const auto own = std::make_shared<EmbeddingNetwork>(contract);
    num_dims = own->num_dims();
    load_tensors(*own, file.tensors);
    own->eval();
    network = [own](const torch::Tensor& input) { return own->forward(input); };
  }
  void read_description(const std::filesystem::path& path) {
    const auto foreign = std::make_shared<ScriptEmbedder>(path);
    contract = foreign->contract();
    model_id = foreign->model_id();
    num_dims = contract.num_dims;
    network = [foreign](const torch::Tensor& input) { return foreign->forward(input); };
  }

  /// N x dims, rows of norm 1.
  torch::Tensor embed(std::span<const ShapedCrop> fins) const {
    const torch::Tensor input = to_tensor(fins, contract);
    torch::Tensor rows = network(input);
    if (!contract.add_mirrored) return rows;
    rows = rows + network(input.flip(3));
    return rows / rows.norm(2, 1, true).clamp_min(1e-12);
  }
};

Embedder::Embedder(const std::filesystem::path& model_path) : impl_(std::make_unique<Impl>()) {
  if (model_path.extension() == ".json") {
    impl_->read_description(model_path);
  } else {
    impl_->read_model(model_path);
  }
}

Embedder::~Embedder() = default;

const EmbedderContract& Embedder::contract() const { return impl_->contract; }

int Embedder::num_dims() const { return impl_->num_dims; }

bool Embedder::needs_shape() const {
  return impl_->contract.masked || impl_->contract.edge_aligned();
}

const std::string& Embedder::model_id() const { return impl_->model_id; }

std::vector<Embedding> Embedder::embed(std::span<const ShapedCrop> fins) const {
  const c10::InferenceMode inference;
  std::vector<Embedding> embeddings;
  embeddings.reserve(fins.size());
  for (std::size_t first = 0; first < fins.size(); first += kBatchSize) {
    const std::span batch = fins.subspan(first, std::min(kBatchSize, fins.size() - first));
    const torch::Tensor rows = impl_->embed(batch).contiguous();
    const float* values = rows.data_ptr<float>();
    for (std::size_t i = 0; i < batch.size(); ++i, values += num_dims()) {
      embeddings.push_back({{values, values + num_dims()}, impl_->model_id});
    }
  }
  return embeddings;
}

}  // namespace finview
