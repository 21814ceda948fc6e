#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace finview {

struct PackFinsOptions {
  std::string out;
  std::string layout = "edge-aligned";
  std::int64_t width_px = 96;
  std::int64_t height_px = 192;
  bool show_background = false;
  bool keep_masks = false;
  bool color = false;
  std::string enhancement = "normalized";
  std::string bad_labels = "leave-out";
  std::string outline_model;
  double min_edge_quality = 0.3;
  std::int64_t num_rendered = 0;
  std::int64_t num_cuts = 20000;
  std::string species = "mixed";
  std::string sheet;
  std::int64_t seed = 1;

  void visit(OptionVisitor& visitor);
};

struct PackedFins {
  std::size_t num_labelled = 0;
  std::size_t num_individuals = 0;
  std::size_t num_unlabelled = 0;
  std::size_t num_rendered = 0;
  std::size_t num_left_out = 0;  ///< no edge, or too poor a one
};

/// Lays fins out for a network and writes them into one file, with what `train embedder` needs to
/// draw views of them and of individuals that do not exist (see training/fin_pack.h).
///
/// Fins come from `labelled` tables or folders (as `read_checked_fins` takes them), from
/// `unlabelled` folders and, `num_rendered` of them, from the renderer; masks and edges from the
/// outline networks, as when fins are identified; whole crops that show their background are not
/// outlined unless `keep_masks` asks for it. Uses all cores; the result does not depend on
/// their number. Throws Error{kBadOptions} if there is nothing to pack or masks are
/// to be kept where there is no background, and what the readers throw.
PackedFins pack_fins(const PackFinsOptions& options,
                     const std::vector<std::filesystem::path>& labelled,
                     const std::vector<std::filesystem::path>& unlabelled,
                     Progress& progress,
                     const CancelToken& cancel);

}  // namespace finview
