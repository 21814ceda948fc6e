#pragma once

#include <filesystem>
#include <map>
#include <string>

#include <torch/types.h>

namespace finview {

/// A FinView model file: tensors by name and the contract that says how to feed them.
///
/// On disk one torch archive (a zip that Python's `torch.load` reads as well) holding a dictionary
/// {"finview_model": 1, "kind", "contract" (JSON text), "tensors": {name: tensor}}. Floating
/// tensors are stored as half precision and given back as float32.
struct ModelFile {
  std::string kind;           ///< "embedder"
  std::string contract_json;  ///< see EmbedderContract
  std::map<std::string, torch::Tensor> tensors;
};

/// Throws Error{kNotFound} if there is no such file, Error{kBadModel} if it is not a FinView model
/// of `kind` or belongs to another format version.
ModelFile read_model_file(const std::filesystem::path& path, const std::string& kind);

/// Writes through a temporary file. The same content gives the same bytes.
void write_model_file(const std::filesystem::path& path, const ModelFile& model);

/// Reads a dictionary name -> tensor written by Python's `torch.save`, as published weights are.
/// Throws Error{kBadModel} if it is something else.
std::map<std::string, torch::Tensor> read_tensor_dictionary(const std::filesystem::path& path);

}  // namespace finview
