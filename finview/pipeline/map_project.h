#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/pipeline/project.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace finview {

struct ProjectMapOptions {
  bool anew = false;
  std::int64_t num_neighbors = 15;
  double min_dist = 0.1;
  std::int64_t min_cluster_size = 5;
  std::int64_t seed = 1;

  void visit(OptionVisitor& visitor) {
    visitor.field("anew",
                  anew,
                  "Lay all fins out anew; otherwise the fins of the last map stay put and new ones "
                  "come to it, with its options");
    visitor.field("num-neighbors", num_neighbors, "Neighbors that hold a fin in place", 2, 1000);
    visitor.field("min-dist", min_dist, "How near to each other fins may lie", 0, 1);
    visitor.field("min-cluster-size", min_cluster_size, "Fins a cluster needs", 2, 1'000'000'000);
    visitor.field("seed", seed, "Of every random choice", 0, 1'000'000'000);
  }
};

/// A fin's place on the map.
struct MappedFin {
  FinId fin;
  float x = 0;
  float y = 0;
  std::int32_t cluster = -1;  ///< -1 = in none
  double outlier = 1;         ///< local outlier factor; clearly above 1 stands out
};

struct ProjectMap {
  std::string made;    ///< when, UTC
  std::string recipe;  ///< 16 hex digits that tell the recipe of its signatures
  std::vector<MappedFin> fins;
};

/// Lays out every fin with a signature so that like ones lie near each other (UMAP of edge and look
/// together), clusters the places (HDBSCAN) and keeps all that in the project's folder `map`.
/// Nothing if cancelled before the layout. Deterministic.
std::optional<ProjectMap> map_project(Project& project,
                                      const std::string& recipe,
                                      const ProjectMapOptions& options,
                                      Progress& progress,
                                      const CancelToken& cancel);

/// Another one whenever the kept map or anything of the catalogue changes; empty without a map.
std::string project_map_tag(const Project& project);

/// The map as it was kept, or nothing. Throws Error{kBadInput} if its file is damaged.
std::optional<ProjectMap> read_project_map(const Project& project);

}  // namespace finview
