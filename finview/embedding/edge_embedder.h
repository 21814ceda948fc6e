#pragma once

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace finview {

/// Turns notch profiles of trailing edges into unit vectors: the nearer two are, the likelier they
/// show one individual. One instance serves one thread.
class EdgeEmbedder {
 public:
  /// Throws Error{kNotFound} if there is no such file and Error{kBadModel} if it is not an edge
  /// network.
  explicit EdgeEmbedder(const std::filesystem::path& model_path);
  ~EdgeEmbedder();

  int num_dims() const;                 ///< numbers per profile
  const std::string& model_id() const;  ///< SHA-256 of the file, 64 hex digits

  /// `profiles`: n x 4 x 256, as `edge_view_profiles` gives them; n x num_dims(), rows of norm 1.
  /// About 0.3 ms each on one core. Throws Error{kBadInput} for another size.
  std::vector<float> embed(std::span<const float> profiles) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace finview
