#pragma once

#include "finview/training/embedder_options.h"
#include "finview/training/fin_pack.h"
#include "finview/training/planned_view.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace finview {

/// Views to be drawn, and whom they show.
struct PlannedBatch {
  std::vector<PlannedView> views;
  std::vector<std::int64_t> labels;  ///< equal where two views show one individual
  std::vector<std::int64_t> known;   ///< index of the known individual; -1: none
};

/// Draws batches of P individuals with K views each from a pack.
///
/// Every individual is drawn equally often, however many photos it has; its views are of photos of
/// different encounters as long as there are any. A fin nobody has named, or an individual with one
/// photo, is an individual of its own; where the pack has cuts and the fin an edge it lends its
/// picture to two that do not exist instead, which therefore differ in edge and marks alone. An
/// individual with more photos has such a neighbor beside it with a chance of `invented_share`.
///
/// Held out is a share of the individuals with two photos or more, with all their photos, and of
/// the other fins, chosen by the seed.
class EmbedderBatches {
 public:
  /// Throws Error{kBadInput} if there are fewer than two individuals or fins to learn from.
  EmbedderBatches(const FinPack& pack, const EmbedderBatchOptions& options, std::uint64_t seed);

  /// The same for the same seed.
  PlannedBatch draw(std::uint64_t seed) const;

  /// Held-out fins of known individuals.
  const std::vector<std::size_t>& held_out_known() const { return held_out_known_; }
  /// Fins of as many of the known individuals that are learned from as are held out: what a network
  /// finds of these and not of the others, it has learned by heart.
  const std::vector<std::size_t>& taught_known() const { return taught_known_; }
  /// Pairs of individuals invented on held-out fins, two views of each; `count` fins at most. The
  /// same every time. Empty if nothing can be invented.
  PlannedBatch held_out_invented(std::size_t count) const;

  /// Photos of each known individual that is learned from.
  const std::vector<std::int64_t>& class_sizes() const { return class_sizes_; }
  std::size_t num_classes() const { return classes_.size(); }

 private:
  struct Class {
    std::vector<std::vector<std::size_t>> encounters;  ///< fins of each
    std::int64_t known = -1;
    std::size_t num_fins = 0;
  };

  bool can_invent(std::size_t fin) const;
  void add_real(const Class& shown, std::uint64_t seed, PlannedBatch& batch) const;
  void add_invented(std::size_t fin, std::uint64_t seed, PlannedBatch& batch) const;

  const FinPack& pack_;
  EmbedderBatchOptions options_;
  std::vector<Class> classes_;
  std::vector<std::int64_t> class_sizes_;
  std::vector<std::size_t> held_out_known_;
  std::vector<std::size_t> taught_known_;
  std::vector<std::size_t> held_out_fins_;
};

}  // namespace finview
