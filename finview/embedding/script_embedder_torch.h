#pragma once

#include "finview/embedding/embedder_contract.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <torch/types.h>

namespace finview {

/// An embedding network that was made elsewhere: a TorchScript file, and a description of how to
/// feed it.
///
/// The description is JSON: "torchscript" (file beside it), "num_dims", "width_px", "height_px"
/// (multiples of 32), and where they differ from what is usual "layout", "masked", "gray",
/// "enhancement", "add_mirrored", "sharpness", "new_similarity" as in EmbedderContract, and "mean"
/// and "deviation", three numbers each in 0..1 for red, green and blue (those of ImageNet).
/// `forward` takes N x 3 x H x W and gives N x num_dims; the rows need not have length 1.
class ScriptEmbedder {
 public:
  /// Throws Error{kNotFound} for a missing file, Error{kBadModel} for a faulty description, a file
  /// that is no TorchScript, or a network that does not give N x num_dims.
  explicit ScriptEmbedder(const std::filesystem::path& description);
  ~ScriptEmbedder();

  const EmbedderContract& contract() const { return contract_; }
  /// SHA-256 over both files, 64 hex digits.
  const std::string& model_id() const { return model_id_; }

  /// N x 3 x H x W, RGB, -1..1, to N x num_dims, rows of L2 norm 1.
  torch::Tensor forward(const torch::Tensor& input) const;

 private:
  struct Module;

  EmbedderContract contract_;
  std::string model_id_;
  std::vector<float> mean_;
  std::vector<float> deviation_;
  std::unique_ptr<Module> module_;
};

}  // namespace finview
