#include "finview/base/error.h"
#include "finview/embedding/edge_network_torch.h"
#include "finview/embedding/model_file_torch.h"

#include <cmath>

#include <fmt/format.h>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr double kLargestValue = 5;  // standard deviations
constexpr double kDropout = 0.1;
constexpr std::int64_t kNumPlaces = 16;
const char* const kKind = "edge network";
const char* const kContract = R"({"input":"notch profile","bands":4,"samples":256})";

std::string member_name(std::int64_t index) { return fmt::format("member{}", index); }

void add_convolution(torch::nn::Sequential& layers,
                     std::int64_t from,
                     std::int64_t to,
                     std::int64_t stride) {
  layers->push_back(torch::nn::Conv1d(
      torch::nn::Conv1dOptions(from, to, 5).stride(stride).padding(2).bias(false)));
  layers->push_back(torch::nn::BatchNorm1d(to));
  layers->push_back(torch::nn::ReLU());
}

}  // namespace

EdgeNetworkMember::EdgeNetworkMember(std::int64_t num_dims) {
  add_convolution(layers_, EdgeNetwork::kNumBands, 32, 1);
  add_convolution(layers_, 32, 48, 2);
  add_convolution(layers_, 48, 64, 2);
  add_convolution(layers_, 64, 96, 2);
  add_convolution(layers_, 96, 128, 2);
  add_convolution(layers_, 128, 128, 1);
  layers_->push_back(torch::nn::Flatten());
  layers_->push_back(torch::nn::Dropout(kDropout));
  register_module("layers", layers_);
  head_ = register_module("head", torch::nn::Linear(128 * kNumPlaces, num_dims));
}

torch::Tensor EdgeNetworkMember::forward(const torch::Tensor& profiles) {
  return torch::nn::functional::normalize(head_->forward(layers_->forward(profiles)));
}

EdgeNetwork::EdgeNetwork(std::int64_t num_dims, std::int64_t num_members)
    : dims_per_member_(num_dims) {
  scale_ = register_buffer("scale", torch::ones({1, kNumBands, 1}));
  for (std::int64_t i = 0; i < num_members; ++i) {
    members_.push_back(
        register_module(member_name(i), std::make_shared<EdgeNetworkMember>(num_dims)));
  }
}

torch::Tensor EdgeNetwork::scaled(const torch::Tensor& profiles) const {
  return (profiles / scale_).clamp(-kLargestValue, kLargestValue);
}

torch::Tensor EdgeNetwork::forward_member(std::size_t member, const torch::Tensor& profiles) {
  return members_[member]->forward(scaled(profiles));
}

torch::Tensor EdgeNetwork::forward(const torch::Tensor& profiles) {
  const torch::Tensor input = scaled(profiles);
  std::vector<torch::Tensor> parts;
  for (const auto& member : members_) parts.push_back(member->forward(input));
  return torch::cat(parts, 1) / std::sqrt(static_cast<double>(parts.size()));
}

void EdgeNetwork::set_scale(const torch::Tensor& profiles) {
  scale_.copy_(profiles.std(std::vector<std::int64_t>{0, 2}, false, true).clamp_min(1e-9));
}

std::int64_t EdgeNetwork::num_dims() const {
  return dims_per_member_ * static_cast<std::int64_t>(members_.size());
}

std::shared_ptr<EdgeNetwork> read_edge_network(const std::filesystem::path& path) {
  const ModelFile file = read_model_file(path, kKind);
  const auto head = file.tensors.find(member_name(0) + ".head.bias");
  const auto bad = [&](const std::string& what) {
    return Error(
        ErrorKind::kBadModel,
        fmt::format("{}: {}; take a file that `finview train edge` wrote.", path.string(), what));
  };
  if (file.contract_json != kContract) throw bad("expects other input: " + file.contract_json);
  if (head == file.tensors.end() || head->second.dim() != 1) throw bad("has no layer head");
  std::int64_t num_members = 1;
  while (file.tensors.contains(member_name(num_members) + ".head.bias")) ++num_members;
  auto network = std::make_shared<EdgeNetwork>(head->second.size(0), num_members);
  const torch::NoGradGuard no_grad;
  const auto fill = [&](const std::string& name, torch::Tensor& target) {
    const auto found = file.tensors.find(name);
    if (found == file.tensors.end() || found->second.sizes() != target.sizes()) {
      throw bad("lacks " + name + " or has it in another size");
    }
    target.copy_(found->second);
  };
  for (auto& item : network->named_parameters()) fill(item.key(), item.value());
  for (auto& item : network->named_buffers()) {
    if (item.value().is_floating_point()) fill(item.key(), item.value());
  }
  network->eval();
  return network;
}

void write_edge_network(const std::filesystem::path& path, const EdgeNetwork& network) {
  ModelFile file;
  file.kind = kKind;
  file.contract_json = kContract;
  for (const auto& item : network.named_parameters()) file.tensors[item.key()] = item.value();
  for (const auto& item : network.named_buffers()) {
    if (item.value().is_floating_point()) file.tensors[item.key()] = item.value();
  }
  // Offsets are shares of the edge's length: too small for half precision.
  const torch::Tensor scale = file.tensors.at("scale");
  file.tensors["scale"] = scale.to(torch::kDouble);
  write_model_file(path, file);
}

}  // namespace finview
