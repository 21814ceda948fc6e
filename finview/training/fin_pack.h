#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace finview {

/// A fin laid out for a network, larger than its input and with a margin, so that views of it can
/// be cut out. Rows of width_px x height_px of the pack.
struct PackedFin {
  static constexpr std::size_t kNumPoints = 256;

  std::string name;        ///< of the picture
  std::string individual;  ///< empty: not known
  std::string encounter;   ///< empty: not known
  /// BGR, interleaved (3 bytes per pixel) or gray (1). Where the pack is masked the fin's pixels go
  /// on beyond its border, so that the border may be moved.
  std::vector<std::uint8_t> picture;
  /// How much of the pixel is fin, 255 = all; where the pack shows backgrounds: how much the photo
  /// shows of it at all.
  std::vector<std::uint8_t> mask;
  /// How much of it is fin where `mask` does not say so. Empty: not known.
  std::vector<std::uint8_t> silhouette;
  /// Signed distance from the trailing edge in quarters of a pixel, inside negative; ±127 = far
  /// away. Empty: no edge was found.
  std::vector<std::int8_t> distance;
  std::vector<std::uint8_t> place;  ///< of the nearest edge point, 0 tip … 255 lower end
  /// x and y of points equally far apart along the trailing edge, tip first. Without an edge along
  /// a straight line from where the layout has the tip to where it has the end.
  std::array<std::array<float, 2>, kNumPoints> points{};
};

/// Fins in one file, so that an embedder can be trained where there is no picture decoder.
struct FinPack {
  std::string contract_json;  ///< of the EmbedderContract the fins are laid out for
  int width_px = 0;
  int height_px = 0;
  int num_channels = 0;  ///< 1 gray, 3 BGR
  std::vector<PackedFin> fins;
  /// Trailing edges of individuals that do not exist, kNumPoints numbers each from tip to end: how
  /// deep a notch is cut, share of the edge's length; negative juts out.
  std::vector<float> cuts;

  /// Throws Error{kNotFound}, or Error{kBadInput} with the fin at which the file breaks off or does
  /// not fit.
  static FinPack read(const std::filesystem::path& path);
  /// Throws Error{kBadInput} if a fin does not have the pack's size.
  void write(const std::filesystem::path& path) const;
};

}  // namespace finview
