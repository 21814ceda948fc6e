#pragma once

#include "finview/embedding/embedding.h"
#include "finview/embedding/fin_layout.h"

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace finview {

/// Turns fin crops into unit vectors: the nearer two are, the likelier they show one individual.
///
/// Crops are laid out as the model file's contract says (`fin_layout.h`). One instance serves one
/// thread.
class Embedder {
 public:
  /// `model_path`: a model file, or the description (.json) of a TorchScript network that was made
  /// elsewhere (see `ScriptEmbedder`). Throws Error{kNotFound} if there is no such file and
  /// Error{kBadModel} if it is not an embedder.
  explicit Embedder(const std::filesystem::path& model_path);
  ~Embedder();

  const EmbedderContract& contract() const;
  int num_dims() const;                 ///< numbers per embedding
  const std::string& model_id() const;  ///< SHA-256 of the file, 64 hex digits

  /// Whether the layout asks for outline and edge.
  bool needs_shape() const;

  /// Embeds `fins` (crops of any sizes). Throws Error{kBadInput} if a crop has no pixels.
  std::vector<Embedding> embed(std::span<const ShapedCrop> fins) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace finview
