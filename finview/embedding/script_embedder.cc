#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/embedding/script_embedder_torch.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <torch/script.h>

namespace finview {
namespace {

const char* const kScript = "torchscript";
const char* const kMean = "mean";
const char* const kDeviation = "deviation";

Error faulty(const std::filesystem::path& description, const std::string& reason) {
  return {ErrorKind::kBadModel, fmt::format("{}: {}.", description.string(), reason)};
}

std::vector<float> three_numbers(const nlohmann::json& json,
                                 const char* key,
                                 std::vector<float> usual,
                                 const std::filesystem::path& description) {
  if (!json.contains(key)) return usual;
  const auto values = json.at(key).get<std::vector<float>>();
  const bool positive = std::all_of(values.begin(), values.end(), [](float v) { return v > 0; });
  if (values.size() != 3 || !positive) {
    throw faulty(description, fmt::format("\"{}\" must be three numbers above 0", key));
  }
  return values;
}

/// The contract that the description asks for: what it does not say is as usual.
EmbedderContract contract_of(const nlohmann::json& json) {
  nlohmann::json contract = nlohmann::json::parse(EmbedderContract().to_json());
  for (const char* key : {"num_dims", "width_px", "height_px"}) contract[key] = json.at(key);
  for (const auto& [key, value] : json.items()) {
    if (key != kScript && key != kMean && key != kDeviation) contract[key] = value;
  }
  return EmbedderContract::from_json(contract.dump());
}

}  // namespace

struct ScriptEmbedder::Module {
  mutable torch::jit::Module script;
};

ScriptEmbedder::ScriptEmbedder(const std::filesystem::path& description)
    : module_(std::make_unique<Module>()) {
  const std::string text = read_text_file(description);
  std::filesystem::path script;
  try {
    const nlohmann::json json = nlohmann::json::parse(text);
    script = description.parent_path() / json.at(kScript).get<std::string>();
    contract_ = contract_of(json);
    mean_ = three_numbers(json, kMean, {0.485F, 0.456F, 0.406F}, description);
    deviation_ = three_numbers(json, kDeviation, {0.229F, 0.224F, 0.225F}, description);
  } catch (const nlohmann::json::exception& error) {
    throw faulty(description, std::string("the description cannot be read: ") + error.what());
  }
  if (contract_.num_dims == 0) throw faulty(description, "\"num_dims\" must be above 0");
  model_id_ = sha256_hex(read_file(script));
  model_id_ += text;
  model_id_ = sha256_hex(std::vector<std::uint8_t>(model_id_.begin(), model_id_.end()));
  try {
    module_->script = torch::jit::load(script.string());
    module_->script.eval();
    const torch::NoGradGuard no_grad;
    forward(torch::zeros({1, 3, contract_.height_px, contract_.width_px}));
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    const std::string reason = error.what();
    throw faulty(description,
                 fmt::format("{} is no TorchScript that can be run: {}",
                             script.string(),
                             reason.substr(0, reason.find('\n'))));
  }
}

ScriptEmbedder::~ScriptEmbedder() = default;

torch::Tensor ScriptEmbedder::forward(const torch::Tensor& input) const {
  const auto channels = [](const std::vector<float>& values) {
    return torch::tensor(values).view({1, 3, 1, 1});
  };
  const torch::Tensor scaled = ((input + 1) / 2 - channels(mean_)) / channels(deviation_);
  const torch::IValue result = module_->script.forward({scaled.contiguous()});
  if (!result.isTensor() || result.toTensor().dim() != 2 ||
      result.toTensor().size(1) != contract_.num_dims) {
    throw Error(ErrorKind::kBadModel,
                fmt::format("The TorchScript network does not give one row of {} numbers for each "
                            "picture, as its description says.",
                            contract_.num_dims));
  }
  const torch::Tensor rows = result.toTensor().to(torch::kFloat);
  return rows / rows.norm(2, 1, true).clamp_min(1e-12);
}

}  // namespace finview
