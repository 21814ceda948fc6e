#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/pipeline/project.h"
#include "finview/training/embedder_training.h"

#include <cstdint>
#include <filesystem>
#include <string>

namespace finview {

struct TeachOptions {
  std::int64_t num_steps = 1500;
  double held_out_share = 0.2;
  std::int64_t seed = 1;

  void visit(OptionVisitor& visitor) {
    visitor.field("steps", num_steps, "About one a second on two cores", 10, 1'000'000);
    visitor.field("held-out-share",
                  held_out_share,
                  "Part of the individuals kept from training, to measure by",
                  0.05,
                  0.5);
    visitor.field("seed", seed, "Of everything drawn", 0, 1'000'000'000);
  }
};

struct TaughtNetwork {
  std::filesystem::path file;  ///< in the project's models; curves beside it as .html
  std::size_t num_fins = 0;    ///< learned from
  std::size_t num_individuals = 0;
  EmbedderTrainingResult training;
};

/// Teaches a copy of the look network whom the project's confirmed fins show, and writes it into
/// the project's models as `name`.fvm; `ProjectSettings::look_network` says whether it is used.
///
/// Fins without a usable trailing edge are left out. Called again with the same name, it goes on
/// where it was interrupted. Throws Error{kBadInput} for fewer than six individuals with fins of
/// two encounters or days, and as `pack_fins` and `train_embedder`.
TaughtNetwork teach_project(Project& project,
                            const std::filesystem::path& start,
                            const std::string& name,
                            const TeachOptions& options,
                            Progress& progress,
                            const CancelToken& cancel);

}  // namespace finview
