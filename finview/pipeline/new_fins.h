#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/pipeline/fin_rows.h"
#include "finview/vectors/hdbscan.h"

#include <cstdint>
#include <optional>
#include <string>

namespace finview {

/// Fins to be judged by others that are clustered already.
struct NewFinOptions {
  std::string path;
  std::string table;
  std::string out = "new.csv";
  std::int64_t vote_neighbors = 5;
  std::string vote_weight = "uniform";

  void visit(OptionVisitor& visitor) {
    visitor.field("new", path, "Other fins to judge by these, which do not change: as PATH");
    visitor.field("new-table", table, "As --table, for --new");
    visitor.field("new-out", out, "Table (.csv, .json) of the fins of --new");
    visitor.field("vote-neighbors",
                  vote_neighbors,
                  "Nearest fins of known individuals that say who a new fin is",
                  1,
                  100'000);
    visitor.field("vote-weight",
                  vote_weight,
                  "Whether every vote counts the same or by the inverse of its distance",
                  {"uniform", "distance"});
  }
};

struct NewFinSummary {
  std::size_t num_fins = 0;
  std::size_t num_noise = 0;
  std::size_t num_voted = 0;    ///< fins that got a vote
  std::size_t num_checked = 0;  ///< of these: fins whose own individual is known to the voters
  std::size_t num_right = 0;    ///< of those: where the vote is right
};

/// Reads `options.path` and says of each fin where it falls among `known`, whose table and
/// clustering stay as they are: class and probability (approximate prediction), outlier, and the
/// extra columns lof (novelty), vote and vote_share (of the nearest fins of known individuals; the
/// first by name of equal ones). Returns the rows for further use; nothing if cancelled.
/// @param outlier_neighbors  as `LocalOutliers`
/// Throws Error as `read_fin_rows` does, and Error{kBadInput} for another number of columns.
struct JudgedFins {
  FinRows rows;
  NewFinSummary summary;
};
std::optional<JudgedFins> judge_new_fins(const FinRows& known,
                                         const HdbscanOptions& hdbscan,
                                         const HdbscanResult& hierarchy,
                                         std::int64_t outlier_neighbors,
                                         const NewFinOptions& options,
                                         const std::string& embedder,
                                         Progress& progress,
                                         const CancelToken& cancel);

}  // namespace finview
