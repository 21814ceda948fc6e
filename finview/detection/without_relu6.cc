#include "finview/detection/without_relu6.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/detection/darknet_layers_torch.h"
#include "finview/detection/darknet_network_torch.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr double kCeiling = 6;

/// The rewritten network, and where its parts came from.
struct Rewritten {
  std::string cfg;
  std::vector<int> new_layer;  ///< of each old layer: the one that has its weights
  std::vector<int> output;     ///< of each old layer: the one that has its output
  std::vector<int> inverted;   ///< layers that shall give 6 minus their input
};

/// `text`, numbers of layers before `index`, with those that stand in `output` for them.
std::string new_references(const std::vector<int>& layers,
                           int index,
                           const std::vector<int>& output) {
  std::vector<int> changed;
  for (const int layer : layers) {
    const int absolute = layer < 0 ? index + layer : layer;
    const bool known = absolute >= 0 && absolute < index;
    changed.push_back(known ? output[static_cast<std::size_t>(absolute)] : layer);
  }
  return fmt::format("{}", fmt::join(changed, ","));
}

std::string section_text(const DarknetSection& section) {
  std::string text = fmt::format("[{}]\n", section.type);
  for (const auto& [key, value] : section.values) text += fmt::format("{}={}\n", key, value);
  return text + "\n";
}

std::string channelwise(int num_channels, const char* activation) {
  return fmt::format(
      "[convolutional]\nfilters={0}\ngroups={0}\nsize=1\nstride=1\npad=0\nactivation={1}\n\n",
      num_channels,
      activation);
}

Rewritten rewrite(const DarknetConfig& config) {
  Rewritten result;
  result.cfg = section_text(config.net);
  int next = 0;
  for (DarknetSection layer : config.layers) {
    for (const char* key : {"layers", "from"}) {
      if (!layer.has(key)) continue;
      layer.values[key] = new_references(layer.get_ints(key), layer.layer_index, result.output);
    }
    const bool is_relu6 = layer.get_activation() == DarknetActivation::kRelu6;
    if (is_relu6) layer.values["activation"] = "relu";
    if (is_relu6 && layer.type != "convolutional") {
      layer.refuse("activation", "relu6 can be taken out of [convolutional] layers only.");
    }
    result.cfg += section_text(layer);
    result.new_layer.push_back(next++);
    if (is_relu6) {
      const int num_channels = layer.get_int("filters", 1);
      result.cfg += channelwise(num_channels, "relu") + channelwise(num_channels, "linear");
      result.inverted.push_back(next++);
      result.inverted.push_back(next++);
    }
    result.output.push_back(next - 1);
  }
  return result;
}

/// "layer_12.convolution.weight" as {12, ".convolution.weight"}.
std::pair<int, std::string> layer_and_rest(const std::string& name) {
  constexpr std::size_t kPrefix = std::string_view("layer_").size();
  const std::size_t dot = name.find('.');
  return {std::stoi(name.substr(kPrefix, dot - kPrefix)), name.substr(dot)};
}

/// Copies parameters or statistics of every layer to where they are now.
void copy_values(const torch::OrderedDict<std::string, torch::Tensor>& from,
                 torch::OrderedDict<std::string, torch::Tensor> to,
                 const std::vector<int>& new_layer) {
  for (const auto& item : from) {
    const auto [layer, rest] = layer_and_rest(item.key());
    to[fmt::format("layer_{}{}", new_layer[static_cast<std::size_t>(layer)], rest)].copy_(
        item.value());
  }
}

}  // namespace

void write_without_relu6(const DetectorFiles& from, const DetectorFiles& to) {
  for (const auto& [old_path, new_path] :
       {std::pair(from.cfg, to.cfg), std::pair(from.weights, to.weights)}) {
    if (std::filesystem::weakly_canonical(old_path) ==
        std::filesystem::weakly_canonical(new_path)) {
      throw Error(ErrorKind::kBadOptions,
                  fmt::format("{} would be written over itself; choose another folder.",
                              new_path.string()));
    }
  }
  const DarknetConfig config = parse_darknet_config(read_text_file(from.cfg), from.cfg.string());
  DarknetNetwork network(config);
  network.load_weights(from.weights);
  const Rewritten rewritten = rewrite(config);
  DarknetNetwork changed(parse_darknet_config(rewritten.cfg, to.cfg.string()));
  const torch::NoGradGuard no_grad;
  copy_values(network.named_parameters(), changed.named_parameters(), rewritten.new_layer);
  copy_values(network.named_buffers(), changed.named_buffers(), rewritten.new_layer);
  auto parameters = changed.named_parameters();
  for (const int layer : rewritten.inverted) {
    parameters[fmt::format("layer_{}.convolution.weight", layer)].fill_(-1);
    parameters[fmt::format("layer_{}.convolution.bias", layer)].fill_(kCeiling);
  }
  write_file(to.cfg, std::string_view(rewritten.cfg));
  changed.save_weights(to.weights, 0);
}

}  // namespace finview
