#include "finview/catalogue/tallies.h"

#include "finview/catalogue/query.h"

namespace finview::internal {

void recount_photo(soci::session& session, PhotoId photo) {
  Query(session,
        "update photo set num_fins = (select count(*) from fin where photo_id = photo.id) "
        "where id = ?",
        photo)
      .run();
}

void recount_encounter(soci::session& session, EncounterId encounter) {
  Query(session,
        "update encounter set "
        "num_photos = (select count(*) from photo where encounter_id = encounter.id "
        "and trashed = ''), "
        "num_fins = (select count(*) from fin where encounter_id = encounter.id and hidden = 0) "
        "where id = ?",
        encounter)
      .run();
}

void recount_individual(soci::session& session, IndividualId individual) {
  std::int64_t num_fins = 0;
  std::int64_t num_encounters = 0;
  std::string first_seen;
  std::string last_seen;
  Query(session,
        "select count(*), count(distinct encounter_id), "
        "min(case when taken <> '' then taken end), max(taken) "
        "from fin where individual_id = ? and hidden = 0",
        individual)
      .into(num_fins, num_encounters, first_seen, last_seen)
      .next();
  Query(session,
        "update individual set num_fins = ?, num_encounters = ?, first_seen = ?, last_seen = ? "
        "where id = ?",
        num_fins,
        num_encounters,
        first_seen,
        last_seen,
        individual)
      .run();
}

void Touched::recount(soci::session& session) const {
  for (const PhotoId photo : photos) recount_photo(session, photo);
  for (const EncounterId encounter : encounters) recount_encounter(session, encounter);
  for (const IndividualId individual : individuals) recount_individual(session, individual);
}

}  // namespace finview::internal
