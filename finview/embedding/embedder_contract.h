#pragma once

#include <string>

namespace finview {

/// How a fin's picture has to be laid out for a network. Stands in the model file as JSON, so that
/// catalogue and query can never be prepared differently.
struct EmbedderContract {
  std::string network = "mobilenet_v2";
  int input_px = 224;         ///< side of the square input
  int num_dims = 0;           ///< 0: pooled features without a linear layer
  double pooling_power = 1;   ///< generalized mean; 1 = average
  int grid_channels = 0;      ///< above 0: not pooled; each place of the grid gives this many
  bool add_mirrored = false;  ///< average the embeddings of picture and mirror image
  /// First guess of the calibration, for catalogues too small to fit one; see match/calibration.h.
  double sharpness = 30;
  double new_similarity = 0.5;

  std::string to_json() const;
  /// Throws Error{kBadModel} that names the faulty or unknown key.
  static EmbedderContract from_json(const std::string& text);
};

}  // namespace finview
