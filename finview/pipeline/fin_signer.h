#pragma once

#include "finview/crop/crop.h"
#include "finview/embedding/fin_layout.h"
#include "finview/match/gallery.h"

#include <span>
#include <string>
#include <vector>

namespace finview {

class EdgeEmbedder;
class Embedder;
class FinMasker;

/// The crop with outline and trailing edge as networks find them.
ShapedCrop shape_crop(const Crop& crop, const FinMasker& masker);

/// A crop's way to what is compared: outline, trailing edge, marks, embedding.
class FinSigner {
 public:
  /// The networks must outlive the signer.
  FinSigner(const Embedder& embedder, const EdgeEmbedder& edge_embedder, const FinMasker& masker);

  /// One signature per crop. Uses all cores; the result does not depend on their number.
  std::vector<FinSignature> sign(std::span<const Crop> crops) const;
  /// The same of fins whose outline and edge are known.
  std::vector<FinSignature> sign(std::span<const ShapedCrop> fins) const;
  /// Outline and trailing edge of each crop.
  std::vector<ShapedCrop> shape(std::span<const Crop> crops) const;

  /// Changes whenever signatures would: signatures of two recipes must not be compared.
  const std::string& recipe() const { return recipe_; }

 private:
  const Embedder& embedder_;
  const EdgeEmbedder& edge_embedder_;
  const FinMasker& masker_;
  std::string recipe_;
};

}  // namespace finview
