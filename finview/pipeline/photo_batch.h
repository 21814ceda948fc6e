#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/pipeline/fin_finder.h"
#include "finview/pipeline/photo_result.h"

#include <functional>
#include <string>
#include <vector>

namespace finview {

/// What is read and what is written when photos are searched for fins.
struct BatchOptions {
  bool recursive = false;
  bool already_cropped = false;
  std::string out;
  std::string html;
  std::string crops;
  std::string annotated;

  void visit(OptionVisitor& visitor) {
    visitor.field("recursive", recursive, "Look into folders inside folders");
    visitor.field("already-cropped", already_cropped, "Every photo shows one fin; find none");
    visitor.field("out", out, "Table of results: a file that ends in .csv or .json");
    visitor.field("html", html, "Folder for a page of results that opens in any browser");
    visitor.field("crops", crops, "Folder for the fins, cut out at full size");
    visitor.field("annotated", annotated, "Folder for the photos with boxes drawn in");
  }
};

struct BatchRun {
  std::vector<PhotoResult> results;  ///< in the order of the input
  std::size_t num_resumed = 0;       ///< finished by an earlier, interrupted run
  bool interrupted = false;
};

/// Fills in who the fins of a photo show; `found.fins` and `result.fins` correspond.
using AnswerFins = std::function<void(const FoundFins& found, PhotoResult& result)>;

/// Throws Error{kBadOptions} that lists every fault: paths that do not exist, outputs that cannot
/// be written or would lie among the inputs. Called before anything slow.
void check_batch(const std::vector<std::string>& paths, const BatchOptions& options);

/// Finds the fins of every photo, asks `answer_fins` about them and writes the pictures asked for.
///
/// One photo is in memory at a time. A photo that cannot be read, or shows no fin, is a result with
/// a reason. Finished photos are kept in a journal beside the outputs until the whole batch is
/// done; the same call with the same `settings` goes on from there.
/// Throws Error{kUnavailable} if an output cannot be written.
BatchRun run_batch(const std::vector<std::string>& paths,
                   const BatchOptions& options,
                   const std::string& settings,
                   const FinFinder& finder,
                   const AnswerFins& answer_fins,
                   Progress& progress,
                   const CancelToken& cancel);

/// Removes the journal once the results are written; nothing is left to resume.
void forget_journal(const BatchOptions& options);

}  // namespace finview
