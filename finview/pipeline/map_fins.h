#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/pipeline/cluster_fins.h"
#include "finview/pipeline/fin_rows.h"
#include "finview/vectors/scores.h"
#include "finview/vectors/umap.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace finview {

struct MapOptions {
  UmapOptions umap;
  bool supervised = false;
  std::int64_t min_cluster_size = 5;
  std::int64_t min_samples = 0;
  std::string cluster_on = "map";
  std::string save;
  std::string add_to;
  double max_movement = 0.05;
  bool measure = false;
  std::string html;

  void visit(OptionVisitor& visitor) {
    umap.visit(visitor);
    visitor.field("supervised", supervised, "Draw fins of one known individual together");
    visitor.field("min-cluster-size", min_cluster_size, "Fins a cluster needs", 2, 1'000'000'000);
    visitor.field("min-samples",
                  min_samples,
                  "Neighbors that make a place dense; 0: as many as --min-cluster-size",
                  0,
                  1'000'000'000);
    visitor.field("cluster-on",
                  cluster_on,
                  "What is clustered (HDBSCAN): places on the map, or the rows it is made of",
                  {"map", "rows"});
    visitor.field("save", save, "File to keep the map in; its table goes beside it (.csv)");
    visitor.field("add-to",
                  add_to,
                  "Kept map to add the fins to; its own options count, and its fins stay put");
    visitor.field("max-movement",
                  max_movement,
                  "With --add-to: how far known fins may move, as a share of the map's width",
                  0,
                  1);
    visitor.field("measure",
                  measure,
                  "Also say how faithful the map is (compares every fin with every other)");
    visitor.field("html", html, "Page (.html) that shows the map with pictures, offline");
  }
};

struct MapSummary {
  ClusterSummary clusters;
  std::size_t num_added = 0;            ///< fins that came to a kept map
  std::size_t num_dims = 0;             ///< of the rows
  std::size_t num_pictures = 0;         ///< on the page
  std::optional<MapFidelity> fidelity;  ///< of the 15 nearest of each fin; needs 31 fins
};

/// Maps fins to the plane, clusters them, and writes their table to `out` (.csv or .json) and what
/// else the options ask for. Nothing if cancelled while pictures were read.
/// Throws Error as `read_fin_rows`, `Umap` and `cluster_rows` do.
std::optional<MapSummary> map_fins(const std::string& path,
                                   const FinRowOptions& input,
                                   const MapOptions& options,
                                   const std::filesystem::path& out,
                                   Progress& progress,
                                   const CancelToken& cancel);

}  // namespace finview
