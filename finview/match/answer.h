#pragma once

#include "finview/base/options.h"
#include "finview/match/calibration.h"
#include "finview/match/candidate.h"
#include "finview/match/gallery.h"

#include <cstdint>
#include <span>

namespace finview {

struct MatchOptions {
  std::int64_t top = 5;
  std::int64_t best_photos = 2;
  double false_match_rate = 0.01;
  double new_at = 0.5;
  double new_share = 0.2;

  void visit(OptionVisitor& visitor) {
    visitor.field("top", top, "Candidates listed per fin", 1, 1000);
    visitor.field("best-photos",
                  best_photos,
                  "In look, an individual is as alike as the mean of this many of its best photos",
                  1,
                  100);
    visitor.field("false-match-rate",
                  false_match_rate,
                  "Share of strangers that may be called known; less makes more fins unsure",
                  0.0001,
                  0.5);
    visitor.field(
        "new-at", new_at, "Probability of nobody known from which a fin is called new", 0.5, 1.0);
    visitor.field("new-share",
                  new_share,
                  "Share of fins expected to show nobody in the catalogue",
                  0.001,
                  0.999);
  }
};

/// What a fin's witnesses say of a gallery. Uses all cores.
Evidence ask_gallery(const Gallery& gallery,
                     const FinSignature& query,
                     const MatchOptions& options);

/// Who a fin shows, by one photo of it or several: the `top` most probable individuals, p_new and
/// the decision: known where the first one's logit reaches `match_threshold` of the options'
/// false-match rate, new where p_new reaches `new_at`, otherwise unsure.
///
/// Similarities are those of the first photo. Equal probabilities are listed by name. An empty
/// gallery gives no candidates and p_new 1.
Answer answer_evidence(const Gallery& gallery,
                       std::span<const Evidence> photos,
                       const FittedCalibration& calibration,
                       const MatchOptions& options);

}  // namespace finview
