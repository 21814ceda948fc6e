#include "finview/embedding/model_file_torch.h"

#include "finview/base/error.h"
#include "finview/base/files.h"

#include <torch/torch.h>

namespace finview {
namespace {

constexpr std::int64_t kFormatVersion = 1;
const char* const kVersionKey = "finview_model";

Error not_a_model(const std::filesystem::path& path, const std::string& reason) {
  return {ErrorKind::kBadModel, path.string() + " is not a FinView model: " + reason + "."};
}

torch::IValue unpickle(const std::filesystem::path& path) {
  const std::vector<std::uint8_t> bytes = read_file(path);
  try {
    return torch::pickle_load({bytes.begin(), bytes.end()});
  } catch (const std::exception&) {
    throw not_a_model(path, "the file is truncated, damaged or of another kind");
  }
}

std::map<std::string, torch::Tensor> to_tensors(const torch::IValue& value,
                                                const std::filesystem::path& path) {
  if (!value.isGenericDict()) throw not_a_model(path, "there is no dictionary of tensors in it");
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& item : value.toGenericDict()) {
    if (!item.key().isString() || !item.value().isTensor()) {
      throw not_a_model(path, "its dictionary holds something that is not a named tensor");
    }
    torch::Tensor tensor = item.value().toTensor();
    if (tensor.scalar_type() == torch::kHalf) tensor = tensor.to(torch::kFloat);
    tensors.emplace(item.key().toStringRef(), tensor);
  }
  return tensors;
}

}  // namespace

ModelFile read_model_file(const std::filesystem::path& path, const std::string& kind) {
  const torch::IValue root = unpickle(path);
  if (!root.isGenericDict()) throw not_a_model(path, "it holds no dictionary");
  const auto dictionary = root.toGenericDict();
  const auto entry = [&](const char* key) {
    if (!dictionary.contains(key))
      throw not_a_model(path, std::string("\"") + key + "\" is missing");
    return dictionary.at(key);
  };
  const torch::IValue version = entry(kVersionKey);
  if (!version.isInt() || version.toInt() != kFormatVersion) {
    throw not_a_model(path, "its format version is not " + std::to_string(kFormatVersion));
  }
  ModelFile model;
  const torch::IValue found_kind = entry("kind");
  const torch::IValue contract = entry("contract");
  if (!found_kind.isString() || !contract.isString())
    throw not_a_model(path, "its header is damaged");
  model.kind = found_kind.toStringRef();
  model.contract_json = contract.toStringRef();
  if (model.kind != kind) {
    throw not_a_model(path, "it is a \"" + model.kind + "\", not a \"" + kind + "\"");
  }
  model.tensors = to_tensors(entry("tensors"), path);
  return model;
}

void write_model_file(const std::filesystem::path& path, const ModelFile& model) {
  c10::impl::GenericDict tensors(c10::StringType::get(), c10::TensorType::get());
  for (const auto& [name, tensor] : model.tensors) {
    torch::Tensor stored = tensor.detach().cpu();
    if (stored.is_floating_point()) stored = stored.to(torch::kHalf);
    tensors.insert(name, stored.contiguous());
  }
  c10::impl::GenericDict root(c10::StringType::get(), c10::AnyType::get());
  root.insert(kVersionKey, kFormatVersion);
  root.insert("kind", model.kind);
  root.insert("contract", model.contract_json);
  root.insert("tensors", tensors);
  const std::vector<char> bytes = torch::pickle_save(root);
  write_file(path, std::string_view(bytes.data(), bytes.size()));
}

std::map<std::string, torch::Tensor> read_tensor_dictionary(const std::filesystem::path& path) {
  return to_tensors(unpickle(path), path);
}

}  // namespace finview
