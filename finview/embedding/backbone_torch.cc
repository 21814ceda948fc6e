#include "finview/embedding/backbone_torch.h"

#include "finview/base/error.h"
#include "finview/embedding/embedder_contract.h"
#include "finview/embedding/mobilenet_v2_torch.h"
#include "finview/embedding/nn4_small2_torch.h"
#include "finview/embedding/resnet_50_torch.h"
#include "finview/embedding/simple_cnn_torch.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include <torch/torch.h>

namespace finview {
namespace {

using Maker = std::shared_ptr<Backbone> (*)(int num_stages);

template <class Network>
std::shared_ptr<Backbone> make(int num_stages) {
  return std::make_shared<Network>(num_stages);
}

const std::map<std::string, Maker> kMakers{{"mobilenet-v2", make<MobileNetV2>},
                                           {"resnet-50", make<ResNet50>},
                                           {"nn4-small2", make<Nn4Small2>},
                                           {"simple-cnn", make<SimpleCnn>}};

}  // namespace

std::shared_ptr<Backbone> make_backbone(const std::string& network, int num_stages) {
  return kMakers.at(network_kind(network).name)(num_stages);
}

void Backbone::add_stage(Stage stage) {
  if (!is_complete()) stages_.push_back(std::move(stage));
}

torch::Tensor Backbone::forward(torch::Tensor x) {
  for (const Stage& stage : stages_) x = stage.forward(x);
  return x;
}

std::vector<torch::Tensor> Backbone::forward_stages(torch::Tensor x) {
  std::vector<torch::Tensor> outputs;
  for (const Stage& stage : stages_) outputs.push_back(x = stage.forward(x));
  return outputs;
}

void Backbone::freeze(int num_stages) {
  for (int i = 0; i < std::min(num_stages, this->num_stages()); ++i) {
    for (const auto& module : stages_[static_cast<std::size_t>(i)].modules) {
      module->eval();
      for (torch::Tensor& parameter : module->parameters()) parameter.set_requires_grad(false);
    }
  }
}

void fill_at_random(Backbone& backbone) {
  const torch::NoGradGuard no_grad;
  for (const auto& module : backbone.modules(false)) {
    auto* convolution = module->as<torch::nn::Conv2dImpl>();
    if (convolution == nullptr) continue;
    torch::nn::init::kaiming_normal_(convolution->weight, 0, torch::kFanOut, torch::kReLU);
    if (convolution->bias.defined()) convolution->bias.zero_();
  }
}

void load_tensors(torch::nn::Module& module,
                  const std::map<std::string, torch::Tensor>& tensors,
                  bool partial) {
  const torch::NoGradGuard no_grad;
  const auto shape = [](const torch::Tensor& tensor) {
    std::ostringstream text;
    text << tensor.sizes();
    return text.str();
  };
  for (auto& [name, target] : named_tensors(module)) {
    const auto found = tensors.find(name);
    if (found == tensors.end()) {
      if (partial) continue;
      throw Error(ErrorKind::kBadModel, "The model has no tensor \"" + name + "\".");
    }
    if (found->second.sizes() != target.sizes()) {
      throw Error(ErrorKind::kBadModel,
                  "The model's tensor \"" + name + "\" is " + shape(found->second) +
                      "; the network needs " + shape(target) + ".");
    }
    target.copy_(found->second);
  }
}

std::map<std::string, torch::Tensor> named_tensors(const torch::nn::Module& module) {
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& item : module.named_parameters()) tensors.emplace(item.key(), item.value());
  for (const auto& item : module.named_buffers()) tensors.emplace(item.key(), item.value());
  return tensors;
}

}  // namespace finview
