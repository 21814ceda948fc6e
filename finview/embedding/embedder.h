#pragma once

#include "finview/crop/crop.h"
#include "finview/embedding/embedder_contract.h"
#include "finview/embedding/embedding.h"

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace finview {

/// Turns fin crops into unit vectors: the nearer two are, the likelier they show one individual.
///
/// A crop is scaled to fit the square input, base at the bottom, the rest neutral grey; transparent
/// pixels become grey as well. One instance serves one thread.
class Embedder {
 public:
  /// Throws Error{kNotFound} if there is no such file and Error{kBadModel} if it is not an
  /// embedder.
  explicit Embedder(const std::filesystem::path& model_path);
  ~Embedder();

  const EmbedderContract& contract() const;
  int num_dims() const;                 ///< numbers per embedding
  const std::string& model_id() const;  ///< SHA-256 of the file, 64 hex digits

  /// Embeds `crops` (any sizes). Throws Error{kBadInput} if a crop has no pixels.
  std::vector<Embedding> embed(std::span<const Crop> crops) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// The picture a network of side `input_px` is fed for `crop`: 8-bit BGR, square.
cv::Mat embedder_input(const Crop& crop, int input_px);

}  // namespace finview
