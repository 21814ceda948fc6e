#pragma once

#include "finview/catalogue/ids.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace soci {
class session;
}

namespace finview::internal {

/// The numbers that lists show beside a row and sort by; kept with the row, made again by these
/// after each change of what they count. Fins of photos in the trash do not count.
void recount_photo(soci::session& session, PhotoId photo);
void recount_encounter(soci::session& session, EncounterId encounter);
void recount_individual(soci::session& session, IndividualId individual);

/// Does `change` to the fins with `column` = `id` and keeps table `fin_tally` right, from which
/// whole lists are counted. `change` may add and remove fins that fit.
void change_fins(soci::session& session,
                 const std::string& column,
                 std::int64_t id,
                 const std::function<void()>& change);
/// The same for these fins, in one go.
void change_fins(soci::session& session,
                 const std::vector<FinId>& fins,
                 const std::function<void()>& change);
/// Counts all fins again.
void recount_fins(soci::session& session);

/// What a change touches, recounted at its end.
struct Touched {
  std::set<PhotoId> photos;
  std::set<EncounterId> encounters;
  std::set<IndividualId> individuals;

  void recount(soci::session& session) const;
};

}  // namespace finview::internal
