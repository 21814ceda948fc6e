#include "finview/training/imagenet_backbone_torch.h"

#include "finview/base/error.h"
#include "finview/base/files.h"

#include <string>
#include <vector>

#include <fmt/format.h>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr int kNumBlocks = 17;
constexpr double kSourceEpsilon = 1e-5;
constexpr std::size_t kMinConvolutions = 10;

struct NamePair {
  std::string convolution;
  std::string batch_norm;
};

/// The convolutions of torchvision's mobilenet_v2 in the order of computation.
std::vector<NamePair> convolution_names() {
  std::vector<NamePair> names{{"features.0.0", "features.0.1"},
                              {"features.1.conv.0.0", "features.1.conv.0.1"},
                              {"features.1.conv.1", "features.1.conv.2"}};
  for (int block = 2; block <= kNumBlocks; ++block) {
    const std::string prefix = fmt::format("features.{}.conv.", block);
    names.push_back({prefix + "0.0", prefix + "0.1"});
    names.push_back({prefix + "1.0", prefix + "1.1"});
    names.push_back({prefix + "2", prefix + "3"});
  }
  names.push_back({"features.18.0", "features.18.1"});
  return names;
}

class Dictionary {
 public:
  explicit Dictionary(const std::filesystem::path& path) : source_(path.string()) {
    const std::vector<std::uint8_t> bytes = read_file(path);
    try {
      const auto value = torch::pickle_load(std::vector<char>(bytes.begin(), bytes.end()));
      dictionary_ = value.toGenericDict();
    } catch (const c10::Error&) {
      throw Error(ErrorKind::kBadModel, source_ + ": is not a dictionary written by torch.save");
    }
  }
  torch::Tensor tensor(const std::string& name) const {
    const auto found = dictionary_.find(name);
    if (found == dictionary_.end() || !found->value().isTensor()) {
      throw Error(ErrorKind::kBadModel, fmt::format("{}: has no tensor {}", source_, name));
    }
    return found->value().toTensor().to(torch::kFloat);
  }

 private:
  std::string source_;
  c10::impl::GenericDict dictionary_{c10::AnyType::get(), c10::AnyType::get()};
};

struct ConvolutionModules {
  torch::nn::Conv2dImpl* convolution = nullptr;
  torch::nn::BatchNorm2dImpl* batch_norm = nullptr;
};

ConvolutionModules modules_of(const torch::nn::Module& layer) {
  ConvolutionModules found;
  for (const auto& child : layer.children()) {
    if (auto* convolution = child->as<torch::nn::Conv2dImpl>()) found.convolution = convolution;
    if (auto* batch_norm = child->as<torch::nn::BatchNorm2dImpl>()) found.batch_norm = batch_norm;
  }
  return found;
}

/// Copies one convolution and its batch norm. The batch norm's scale makes up for the two epsilons.
void copy_layer(const Dictionary& from,
                const NamePair& names,
                const ConvolutionModules& to,
                bool is_first,
                bool mirror_kernels) {
  auto weight = from.tensor(names.convolution + ".weight");
  auto mean = from.tensor(names.batch_norm + ".running_mean");
  const auto variance = from.tensor(names.batch_norm + ".running_var");
  const auto scale = from.tensor(names.batch_norm + ".weight");
  if (mirror_kernels && weight.size(3) == 3) weight = weight.flip(3);
  if (is_first) {  // the input is x / 127.5 - 1 = 2 (x / 255) - 1
    mean = mean + weight.sum({1, 2, 3});
    weight = 2 * weight;
  }
  const double epsilon = to.batch_norm->options.eps();
  to.convolution->weight.copy_(weight);
  to.batch_norm->running_mean.copy_(mean);
  to.batch_norm->running_var.copy_(variance);
  to.batch_norm->weight.copy_(scale *
                              torch::sqrt((variance + epsilon) / (variance + kSourceEpsilon)));
  to.batch_norm->bias.copy_(from.tensor(names.batch_norm + ".bias"));
}

}  // namespace

int load_imagenet_backbone(DarknetNetwork& network,
                           const std::filesystem::path& path,
                           bool mirror_kernels) {
  torch::NoGradGuard no_grad;
  const Dictionary dictionary(path);
  const std::vector<NamePair> names = convolution_names();
  std::size_t num_filled = 0;
  int num_layers = 0;
  int index = 0;
  for (const auto& layer : network.children()) {
    ++index;
    const ConvolutionModules modules = modules_of(*layer);
    if (modules.convolution == nullptr) continue;
    if (num_filled == names.size() || modules.batch_norm == nullptr) break;
    const auto weight = dictionary.tensor(names[num_filled].convolution + ".weight");
    if (weight.sizes() != modules.convolution->weight.sizes()) break;
    copy_layer(dictionary, names[num_filled], modules, num_filled == 0, mirror_kernels);
    ++num_filled;
    num_layers = index;
  }
  if (num_filled < kMinConvolutions) {
    throw Error(ErrorKind::kBadModel,
                fmt::format("{}: only the first {} convolutions have the network's shapes; the "
                            "configuration has no MobileNetV2 backbone",
                            path.string(),
                            num_filled));
  }
  return num_layers;
}

}  // namespace finview
