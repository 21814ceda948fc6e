#pragma once

#include "finview/embedding/embedder_contract.h"
#include "finview/training/embedder_options.h"
#include "finview/training/fin_pack.h"
#include "finview/training/planned_view.h"
#include "finview/training/random_draw.h"

#include <array>
#include <cstdint>
#include <vector>

#include <ATen/core/Generator.h>
#include <torch/types.h>

namespace finview {

/// Draws views of packed fins, all of a batch at once, as operations on tensors.
///
/// A view may be an individual's that does not exist: another trailing edge cut into the fin, other
/// marks. It shows the fin foreshortened and sheared, its lower end missing, its border traced
/// inaccurately, then before another photo's background, lit, blurred, noisy, compressed, hidden in
/// part by water and spray.
class FinViews {
 public:
  /// Keeps the pack's fins on `device`. Throws Error{kBadInput} for a pack without fins, or one
  /// that has no backgrounds or does not say where they are if they are to be swapped, and
  /// Error{kBadModel} for a contract that cannot be read.
  FinViews(const FinPack& pack, const FinViewOptions& options, torch::Device device);

  /// N x 3 x H x W, RGB, -1..1: what `embedder_input` gives, on the device. The same for the same
  /// arguments on one kind of device.
  torch::Tensor draw(const std::vector<PlannedView>& views, std::uint64_t seed) const;

  /// The fins as they are: what the network is fed when it is used.
  torch::Tensor plain(const std::vector<std::size_t>& fins) const;

 private:
  struct Shown;

  torch::Tensor rows(const std::vector<PlannedView>& views) const;
  Shown invented(const std::vector<PlannedView>& views, const torch::Tensor& noise) const;
  torch::Tensor marks(const std::vector<PlannedView>& views) const;
  Shown cut_out(const Shown& fins, const torch::Tensor& maps) const;
  torch::Tensor photograph(Shown& shown, RandomDraw& random, const at::Generator& generator) const;
  torch::Tensor to_input(const Shown& shown) const;

  EmbedderContract contract_;
  FinViewOptions options_;
  torch::Device device_;
  torch::Tensor pictures_;     ///< F x C x H x W, 8 bits, RGB or gray
  torch::Tensor masks_;        ///< F x 1 x H x W, 8 bits
  torch::Tensor silhouettes_;  ///< likewise; undefined unless backgrounds are swapped
  torch::Tensor distances_;    ///< F x H x W, 8 bits
  torch::Tensor places_;       ///< F x H x W, 8 bits
  std::vector<std::array<std::array<float, 2>, PackedFin::kNumPoints>> points_;
  torch::Tensor lengths_;  ///< F: of the edges, pack pixels
  torch::Tensor cuts_;     ///< cuts x kNumPoints
};

}  // namespace finview
