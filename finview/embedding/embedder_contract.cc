#include "finview/embedding/embedder_contract.h"

#include "finview/base/error.h"

#include <nlohmann/json.hpp>

namespace finview {

std::string EmbedderContract::to_json() const {
  return nlohmann::json{{"network", network},
                        {"input_px", input_px},
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
    json.at("network").get_to(contract.network);
    json.at("input_px").get_to(contract.input_px);
    json.at("num_dims").get_to(contract.num_dims);
    json.at("pooling_power").get_to(contract.pooling_power);
    contract.grid_channels = json.value("grid_channels", 0);
    json.at("add_mirrored").get_to(contract.add_mirrored);
    json.at("sharpness").get_to(contract.sharpness);
    json.at("new_similarity").get_to(contract.new_similarity);
    const nlohmann::json known = nlohmann::json::parse(contract.to_json());
    for (const auto& [key, value] : json.items()) {
      if (!known.contains(key)) {
        throw Error(ErrorKind::kBadModel,
                    "The model's contract has \"" + key +
                        "\", which this version of FinView does not know; update FinView.");
      }
    }
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::kBadModel,
                std::string("The model's contract cannot be read: ") + error.what() + ".");
  }
  if (contract.network != "mobilenet_v2") {
    throw Error(ErrorKind::kBadModel,
                "The model's network is \"" + contract.network + "\"; mobilenet_v2 is known.");
  }
  if (contract.input_px < 32 || contract.input_px > 2048 || contract.input_px % 32 != 0 ||
      contract.num_dims < 0 || contract.num_dims > 8192 || !(contract.pooling_power > 0) ||
      contract.grid_channels < 0 || contract.grid_channels > 1280 ||
      (contract.grid_channels > 0 && contract.num_dims == 0)) {
    throw Error(ErrorKind::kBadModel, "The model's contract is out of range: " + text + ".");
  }
  return contract;
}

}  // namespace finview
