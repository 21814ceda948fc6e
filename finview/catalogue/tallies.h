#pragma once

#include "finview/catalogue/ids.h"

#include <set>

namespace soci {
class session;
}

namespace finview::internal {

/// The numbers that lists show beside a row and sort by; kept with the row, made again by these
/// after each change of what they count. Fins of photos in the trash do not count.
void recount_photo(soci::session& session, PhotoId photo);
void recount_encounter(soci::session& session, EncounterId encounter);
void recount_individual(soci::session& session, IndividualId individual);

/// What a change touches, recounted at its end.
struct Touched {
  std::set<PhotoId> photos;
  std::set<EncounterId> encounters;
  std::set<IndividualId> individuals;

  void recount(soci::session& session) const;
};

}  // namespace finview::internal
