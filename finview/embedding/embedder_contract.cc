#include "finview/embedding/embedder_contract.h"

#include "finview/base/error.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

constexpr const char* kOldName = "mobilenet_v2";  // in files of the first versions

void check(const EmbedderContract& contract) {
  const auto refuse = [](const std::string& reason) {
    throw Error(ErrorKind::kBadModel, "The model's contract is faulty: " + reason + ".");
  };
  const auto one_of =
      [&](const char* key, const std::string& value, std::initializer_list<const char*> known) {
        for (const char* name : known) {
          if (value == name) return;
        }
        refuse(fmt::format("{} is \"{}\"; known are {}", key, value, fmt::join(known, ", ")));
      };
  const auto within = [&](const char* key, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      refuse(fmt::format("{} is {}, not in {} to {}", key, value, low, high));
    }
  };
  const NetworkKind& network = network_kind(contract.network);
  one_of("layout", contract.layout, {"crop", "edge-aligned"});
  one_of("enhancement", contract.enhancement, {"none", "normalized", "clahe"});
  within("width_px", contract.width_px, 32, 2048);
  within("height_px", contract.height_px, 32, 2048);
  if (contract.width_px % 32 != 0 || contract.height_px % 32 != 0) {
    refuse(fmt::format("the input is {} x {} px, and both must be multiples of 32",
                       contract.width_px,
                       contract.height_px));
  }
  within("num_stages", contract.num_stages, 1, network.num_stages);
  within("num_dims", contract.num_dims, 0, 8192);
  within("pooling_power", contract.pooling_power, 0.01, 100);
  within("grid_channels", contract.grid_channels, -1, 2048);
  if (contract.grid_channels != 0 && contract.num_dims == 0) {
    refuse("grid_channels need num_dims above 0");
  }
}

}  // namespace

std::vector<std::string> network_names() {
  std::vector<std::string> names;
  for (const NetworkKind& kind : kNetworks) names.emplace_back(kind.name);
  return names;
}

const NetworkKind& network_kind(const std::string& name) {
  const auto* found = std::find_if(
      kNetworks.begin(), kNetworks.end(), [&](const auto& kind) { return name == kind.name; });
  if (found != kNetworks.end()) return *found;
  throw Error(ErrorKind::kBadModel,
              fmt::format("The model's contract is faulty: network is \"{}\"; known are {}.",
                          name,
                          fmt::join(network_names(), ", ")));
}

std::string EmbedderContract::to_json() const {
  return nlohmann::json{{"network", network},
                        {"width_px", width_px},
                        {"height_px", height_px},
                        {"layout", layout},
                        {"masked", masked},
                        {"gray", gray},
                        {"enhancement", enhancement},
                        {"num_stages", num_stages},
                        {"num_dims", num_dims},
                        {"pooling_power", pooling_power},
                        {"grid_channels", grid_channels},
                        {"add_mirrored", add_mirrored},
                        {"sharpness", sharpness},
                        {"new_similarity", new_similarity}}
      .dump();
}

EmbedderContract EmbedderContract::from_json(const std::string& text) {
  EmbedderContract contract;
  try {
    const nlohmann::json json = nlohmann::json::parse(text);
    const nlohmann::json known = nlohmann::json::parse(contract.to_json());
    for (const auto& [key, value] : json.items()) {
      if (!known.contains(key) && key != "input_px") {
        throw Error(ErrorKind::kBadModel,
                    "The model's contract has \"" + key +
                        "\", which this version of FinView does not know; update FinView.");
      }
    }
    contract.network = json.value("network", contract.network);
    if (contract.network == kOldName) contract.network = kNetworks[0].name;
    // Files of the first version have one side of a square.
    const bool square = json.contains("input_px");
    json.at(square ? "input_px" : "width_px").get_to(contract.width_px);
    json.at(square ? "input_px" : "height_px").get_to(contract.height_px);
    contract.layout = json.value("layout", contract.layout);
    contract.masked = json.value("masked", contract.masked);
    contract.gray = json.value("gray", contract.gray);
    contract.enhancement = json.value("enhancement", contract.enhancement);
    contract.num_stages = json.value("num_stages", contract.num_stages);
    json.at("num_dims").get_to(contract.num_dims);
    json.at("pooling_power").get_to(contract.pooling_power);
    contract.grid_channels = json.value("grid_channels", 0);
    json.at("add_mirrored").get_to(contract.add_mirrored);
    json.at("sharpness").get_to(contract.sharpness);
    json.at("new_similarity").get_to(contract.new_similarity);
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::kBadModel,
                std::string("The model's contract cannot be read: ") + error.what() + ".");
  }
  check(contract);
  return contract;
}

}  // namespace finview
