#pragma once

#include <array>
#include <string>
#include <vector>

namespace finview {

/// A network that an embedder can have as its backbone; see `backbone_torch.h`.
struct NetworkKind {
  const char* name;
  int num_stages;    ///< that it has
  int usual_stages;  ///< those whose places are 16 pixels wide; of the simple CNN: all, 4 pixels
};

inline constexpr std::array<NetworkKind, 4> kNetworks{
    {{"mobilenet-v2", 19, 14}, {"resnet-50", 17, 14}, {"nn4-small2", 9, 6}, {"simple-cnn", 2, 2}}};

/// Throws Error{kBadModel} with the names there are if it is none of them.
const NetworkKind& network_kind(const std::string& name);
std::vector<std::string> network_names();

/// Where the edge-aligned layout has the tip and the trailing edge's lower end, shares of width and
/// height. The end lies straight below the tip, so that neither scale nor tilt of the photo counts.
inline constexpr double kTipX = 0.66;
inline constexpr double kTipY = 0.09;
inline constexpr double kEndY = 0.91;

/// How a fin's picture has to be laid out for a network, and which network it is. Stands in the
/// model file as JSON, so that catalogue and query can never be prepared differently.
struct EmbedderContract {
  std::string network = kNetworks[0].name;
  int width_px = 224;   ///< of the input, a multiple of 32
  int height_px = 224;  ///< likewise
  /// "crop": the whole crop, aspect kept, base at the bottom, gray around it. "edge-aligned": see
  /// `fin_layout.h`; the same for a fin and its mirror image.
  std::string layout = "crop";
  bool masked = false;               ///< what is not fin is white
  bool gray = false;                 ///< luminance in all three channels
  std::string enhancement = "none";  ///< "normalized" or "clahe", see `fin_layout.h`
  int num_stages = 19;               ///< of the network; fewer give a finer grid of places
  int num_dims = 0;                  ///< 0: pooled features without a linear layer
  double pooling_power = 1;          ///< generalized mean; 1 = average
  /// Not 0: not pooled; each place of the grid gives this many, -1: all that the network has.
  int grid_channels = 0;
  bool add_mirrored = false;  ///< average the embeddings of picture and mirror image
  /// First guess of the calibration, for catalogues too small to fit one; see match/calibration.h.
  double sharpness = 30;
  double new_similarity = 0.5;

  bool edge_aligned() const { return layout == "edge-aligned"; }

  std::string to_json() const;
  /// Throws Error{kBadModel} that names the faulty or unknown key.
  static EmbedderContract from_json(const std::string& text);
};

}  // namespace finview
