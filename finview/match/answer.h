#pragma once

#include "finview/base/options.h"
#include "finview/match/calibration.h"
#include "finview/match/candidate.h"
#include "finview/match/gallery.h"

#include <cstdint>

namespace finview {

struct MatchOptions {
  std::int64_t top = 5;
  std::int64_t best_photos = 2;
  double decide_at = 0.5;
  double new_share = 0.2;

  void visit(OptionVisitor& visitor) {
    visitor.field("top", top, "Candidates listed per fin", 1, 1000);
    visitor.field("best-photos",
                  best_photos,
                  "An individual is as alike as the mean of this many of its best photos",
                  1,
                  100);
    visitor.field("decide-at",
                  decide_at,
                  "Probability from which a fin is called known or new; below it is unsure",
                  0.0,
                  1.0);
    visitor.field("new-share",
                  new_share,
                  "Share of fins expected to show nobody in the catalogue",
                  0.001,
                  0.999);
  }
};

/// Who `query` shows: the `top` most probable individuals, p_new and the decision.
///
/// Equal probabilities are listed by name. An empty gallery gives no candidates and p_new 1.
Answer answer_query(const Gallery& gallery,
                    const FinSignature& query,
                    const Calibration& calibration,
                    const MatchOptions& options);

}  // namespace finview
