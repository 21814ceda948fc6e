#include "finview/embedding/edge_embedder.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/embedding/edge_network_torch.h"

#include <c10/core/InferenceMode.h>
#include <fmt/format.h>
#include <torch/types.h>

namespace finview {

struct EdgeEmbedder::Impl {
  std::shared_ptr<EdgeNetwork> network;
  std::string model_id;
};

EdgeEmbedder::EdgeEmbedder(const std::filesystem::path& model_path)
    : impl_(std::make_unique<Impl>()) {
  impl_->network = read_edge_network(model_path);
  impl_->model_id = sha256_hex(read_file(model_path));
}

EdgeEmbedder::~EdgeEmbedder() = default;

int EdgeEmbedder::num_dims() const { return static_cast<int>(impl_->network->num_dims()); }

const std::string& EdgeEmbedder::model_id() const { return impl_->model_id; }

std::vector<float> EdgeEmbedder::embed(std::span<const float> profiles) const {
  constexpr std::int64_t kSize = EdgeNetwork::kNumBands * EdgeNetwork::kNumSamples;
  if (profiles.size() % kSize != 0) {
    throw Error(
        ErrorKind::kBadInput,
        fmt::format("{} numbers are not notch profiles of {} each.", profiles.size(), kSize));
  }
  if (profiles.empty()) return {};
  const c10::InferenceMode inference;
  const torch::Tensor input = torch::from_blob(const_cast<float*>(profiles.data()),
                                               {static_cast<std::int64_t>(profiles.size()) / kSize,
                                                EdgeNetwork::kNumBands,
                                                EdgeNetwork::kNumSamples},
                                               torch::kFloat);
  const torch::Tensor rows = impl_->network->forward(input).contiguous();
  return {rows.data_ptr<float>(), rows.data_ptr<float>() + rows.numel()};
}

}  // namespace finview
