#pragma once

#include "finview/training/embedder_options.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <torch/types.h>

namespace finview {

/// The learning rate of step `step` (from 0) of `num_steps`, share of the largest: a linear
/// rise over the warm-up, then down to 0 along half a cosine, down to 0 along a line, a tenth of it
/// after 60 % and a hundredth after 85 % ("steps"), or all the time the same.
double learning_rate_share(const EmbedderOptimizerOptions& options,
                           std::int64_t step,
                           std::int64_t num_steps);

/// A tensor that is learned.
struct LearnedTensor {
  std::string name;
  torch::Tensor tensor;
  bool fresh = false;  ///< not from the start weights: learns `head_rate` times faster
};

/// Adam, Adamax, AdamW or SGD with Nesterov's momentum, its state under names of its own, so that
/// it can be kept and given back exactly.
///
/// Sources: Kingma & Ba, "Adam", ICLR 2015, algorithms 1 and 2 (Adamax); Loshchilov & Hutter,
/// "Decoupled Weight Decay Regularization", ICLR 2019, algorithm 2; Sutskever et al., "On the
/// importance of initialization and momentum", ICML 2013. LibTorch has no Adamax in C++.
class EmbedderOptimizer {
 public:
  EmbedderOptimizer(std::vector<LearnedTensor> learned, const EmbedderOptimizerOptions& options);

  void zero_slopes();
  /// One step at `rate_share` of the learning rate.
  void step(double rate_share);

  /// For `set_state` of an optimizer of the same tensors; `set_state` throws Error{kBadInput} if
  /// they are not the same.
  std::map<std::string, torch::Tensor> state() const;
  void set_state(const std::map<std::string, torch::Tensor>& state);

 private:
  void step_one(std::size_t index, double rate);

  std::vector<LearnedTensor> learned_;
  EmbedderOptimizerOptions options_;
  std::vector<torch::Tensor> first_;   ///< running mean of the slopes
  std::vector<torch::Tensor> second_;  ///< of their squares; Adamax: largest of late
  std::int64_t num_steps_ = 0;
};

}  // namespace finview
