#pragma once

#include "finview/catalogue/decision_effects.h"

#include <string>
#include <vector>

namespace soci {
class session;
}

namespace finview::internal {

/// Fins whose state is not what their last decision gave; `change.after` is that.
struct WrongFin {
  FinChange change;
  DecisionId last;
};
std::vector<WrongFin> wrong_fins(soci::session& session);

/// Pairs that hold though the history does not say so, or the reverse.
std::vector<RejectionChange> wrong_rejections(soci::session& session);

/// Individuals that are merged or retired though the history does not say so, or the reverse.
std::vector<IndividualChange> wrong_individuals(soci::session& session);

/// Rows whose counted numbers or copies from another table are not what they count or copy.
std::vector<PhotoId> photos_with_wrong_counts(soci::session& session);
std::vector<EncounterId> encounters_with_wrong_counts(soci::session& session);
std::vector<IndividualId> individuals_with_wrong_counts(soci::session& session);
bool fin_tally_is_wrong(soci::session& session);
bool photo_tally_is_wrong(soci::session& session);
std::vector<FinId> fins_with_stale_copies(soci::session& session);

/// Individuals whose text to compare and sort by is not that of their code and name.
std::vector<IndividualId> individuals_with_stale_text(soci::session& session);

/// Individuals whose chosen best fin is not there.
std::vector<IndividualId> individuals_without_best(soci::session& session);

}  // namespace finview::internal
