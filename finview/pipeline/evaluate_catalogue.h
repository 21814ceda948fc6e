#pragma once

#include "finview/match/metrics.h"
#include "finview/pipeline/identify.h"

namespace finview {

/// How well a catalogue's photos find their own individual among all of it.
struct CatalogueEvaluation {
  RankingMetrics look;          ///< by the embedding alone
  RankingMetrics edge;          ///< by the trailing edge alone; photos without one rank last
  RankingMetrics edge_network;  ///< by the edge network alone; likewise
  RankingMetrics all;           ///< by probability, as `identify` ranks
  double mean_log_loss = 0;     ///< of the probability given to the true individual, in nats
  double stranger_auroc = 0;    ///< chance that p_new of a stranger is above that of a known fin
  std::size_t num_photos = 0;
};

/// Leave-one-out over the catalogue: each photo asks the rest without its own encounter.
///
/// The four weights of the calibration are fitted on the same questions, so `all` and the
/// probabilities flatter by what four numbers can learn. Average precision here is one over the
/// rank of the individual. `seed` draws the intervals. Throws as `open_catalogue`.
CatalogueEvaluation evaluate_catalogue(const std::string& folder,
                                       const IdentifyOptions& options,
                                       std::uint64_t seed,
                                       Progress& progress,
                                       const CancelToken& cancel);

}  // namespace finview
