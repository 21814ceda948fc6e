#pragma once

#include "finview/catalogue/new_fins.h"

#include <functional>
#include <set>
#include <span>

namespace soci {
class session;
}

namespace finview::internal {

/// The numbers that lists show beside a row and sort by; kept with the row, made again by these
/// after each change of what they count. Fins of photos in the trash do not count.
void recount_photo(soci::session& session, PhotoId photo);
void recount_encounter(soci::session& session, EncounterId encounter);
void recount_individual(soci::session& session, IndividualId individual);

/// Does `change` to these fins and keeps table `fin_tally` right, from which whole lists are
/// counted. `change` may remove fins.
void change_fins(soci::session& session,
                 std::span<const FinId> fins,
                 const std::function<void()>& change);
/// The same for the fins of these photos. `change` may add and remove fins.
void change_fins_of(soci::session& session,
                    std::span<const PhotoId> photos,
                    const std::function<void()>& change);
/// Counts fins that were added.
void tally_new_fins(soci::session& session, std::span<const NewFinRow> rows);
/// Counts all again.
void recount_fins(soci::session& session);
void recount_photos(soci::session& session);

/// What a change touches, recounted at its end.
struct Touched {
  std::set<PhotoId> photos;
  std::set<EncounterId> encounters;
  std::set<IndividualId> individuals;

  void recount(soci::session& session) const;
};

}  // namespace finview::internal
