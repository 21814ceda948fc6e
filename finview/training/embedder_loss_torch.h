#pragma once

#include "finview/training/embedder_options.h"

#include <cstdint>
#include <string>
#include <vector>

#include <torch/nn/module.h>
#include <torch/types.h>

namespace finview {

/// One batch's loss and what it says about learning.
struct EmbedderLossValue {
  torch::Tensor loss;
  double chance = 0;        ///< the loss of embeddings that say nothing
  double active_share = 1;  ///< of the triplets, those that still teach something
};

/// Losses over the embeddings of a batch.
///
/// Labels say which rows show one individual. Distances are Euclidean between unit vectors, 0 to 2.
///
/// - NT-Xent: Chen, Kornblith, Norouzi & Hinton, "SimCLR", ICML 2020, equation 1; with more than
///   one positive Khosla et al., "Supervised Contrastive Learning", NeurIPS 2020, equation 2.
/// - Triplets: Schroff, Kalenichenko & Philbin, "FaceNet", CVPR 2015, section 3.2 (semi-hard: the
///   nearest negative that is farther away than the positive, else the nearest one); hardest in the
///   batch and soft margin: Hermans, Beyer & Leibe, "In Defense of the Triplet Loss", 2017,
///   equations 5 and 2.
/// - Contrastive: Hadsell, Chopra & LeCun, "Dimensionality Reduction by Learning an Invariant
///   Mapping", CVPR 2006, equation 4, over all pairs of the batch.
/// - ArcFace with sub-centers: Deng, Guo, Liu, Gong & Zafeiriou, "Sub-center ArcFace", ECCV 2020;
///   margins by class size (n^-1/4, rarer individuals get larger ones): Ha, Liu, Liu & Lee, "Google
///   Landmark Recognition 2020 Competition Third Place Solution", 2020. Over rows of known
///   individuals alone.
class EmbedderLoss : public torch::nn::Module {
 public:
  /// @param class_sizes  photos of each known individual; needed for ArcFace alone
  /// Throws Error{kBadOptions} as `check`, and if ArcFace is wanted with fewer than two classes.
  EmbedderLoss(const EmbedderLossOptions& options,
               std::int64_t num_dims,
               const std::vector<std::int64_t>& class_sizes);

  /// @param rows    N x dims, L2 norm 1
  /// @param labels  N, 64-bit: equal where two rows show one individual
  /// @param known   N, 64-bit: index in `class_sizes`, -1 = an individual that does not exist
  EmbedderLossValue forward(const torch::Tensor& rows,
                            const torch::Tensor& labels,
                            const torch::Tensor& known);

 private:
  void add_arcface(const torch::Tensor& rows,
                   const torch::Tensor& known,
                   EmbedderLossValue& value) const;

  EmbedderLossOptions options_;
  torch::Tensor centers_;  ///< classes * centers x dims
  torch::Tensor margins_;  ///< classes
};

}  // namespace finview
