#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/training/edge_trainer.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace finview {

struct TrainEdgeOptions {
  std::string out;
  std::string outline_model;
  std::int64_t num_rendered = 400;
  std::int64_t num_twins = 300;
  std::int64_t num_photos = 5;
  std::string species = "mixed";
  EdgeTrainingOptions trainer;

  void visit(OptionVisitor& visitor);
};

struct TrainedEdge {
  std::size_t num_real = 0;  ///< edges found in pictures
  std::size_t num_rendered = 0;
  std::size_t num_twins = 0;  ///< pairs seen at least twice each
  EdgeTrainingResult training;
};

/// Trains an edge network on the trailing edges of pictures and of rendered individuals; who the
/// pictures show is not asked. See `train_edge_network`.
///
/// Twins are rendered in `num_photos` encounters each, 90 to 450 px high, and outlined by the
/// outline model: what its errors do to an edge is learned too. About 0.3 s of a core per photo.
///
/// @param fin_folders  as `read_unlabelled_fins` takes them; may be empty
/// Throws what the two throw.
TrainedEdge train_edge(const TrainEdgeOptions& options,
                       const std::vector<std::filesystem::path>& fin_folders,
                       Progress& progress,
                       const CancelToken& cancel);

}  // namespace finview
