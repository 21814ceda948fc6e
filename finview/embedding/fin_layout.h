#pragma once

#include "finview/crop/crop.h"
#include "finview/embedding/embedder_contract.h"
#include "finview/outline/fin_outline.h"

#include <optional>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

namespace finview {

/// What is known of a fin, as an embedder asks for it. Without outline (or with a mask of zeros)
/// nothing of the crop is hidden.
struct ShapedCrop {
  Crop crop;
  FinOutline outline;
  std::optional<FinEdge> edge;
};

/// A fin laid out for a network, before what is not fin is hidden.
struct FinView {
  cv::Mat picture;  ///< CV_8UC3, BGR; all channels alike where the contract says gray
  cv::Mat mask;     ///< CV_8UC1: how much of the pixel is fin, 255 = all
};

/// From positions in the crop to positions in a layout of `size`.
///
/// Edge-aligned: mirrored if the edge is on the left, then turned, scaled and shifted. A fin
/// without an edge is laid out as if its edge ran straight down the crop.
cv::Matx23d layout_from_crop(const ShapedCrop& fin,
                             const EmbedderContract& contract,
                             cv::Size2d size);

/// `fin` in a canvas of which `canvas_from_crop` says where the crop's pixels fall.
///
/// Enhancement "normalized": the fin's luminance gets mean 110 and deviation 38 (noise is amplified
/// fourfold at most); "clahe": its contrast is equalized locally (clip limit 3, 4 x 8 tiles). Both
/// want `gray`. Throws Error{kBadInput} if the crop has no pixels.
FinView draw_fin(const ShapedCrop& fin,
                 const EmbedderContract& contract,
                 const cv::Matx23d& canvas_from_crop,
                 cv::Size canvas);

/// What the network is fed: CV_8UC3, BGR, the contract's size.
cv::Mat embedder_input(const ShapedCrop& fin, const EmbedderContract& contract);

}  // namespace finview
