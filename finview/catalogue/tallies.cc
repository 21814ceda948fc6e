#include "finview/catalogue/tallies.h"

#include "finview/catalogue/query.h"

#include <map>
#include <tuple>

namespace finview::internal {
namespace {

// hidden, review, tier, side
using FinKind = std::tuple<std::int64_t, std::int64_t, std::int64_t, std::string>;
using FinCounts = std::map<FinKind, std::int64_t>;

// Adds `sign` for each fin that fits.
template <class Ids>
void count(soci::session& session,
           const std::string& column,
           const Ids& ids,
           std::int64_t sign,
           FinCounts& counts) {
  FinKind kind;
  auto& [hidden, review, tier, side] = kind;
  std::int64_t num_fins = 0;
  Query query(session, "select hidden, review, tier, side, count(*) from fin where " + column);
  query.add_in(ids).add(" group by hidden, review, tier, side");
  query.into(hidden, review, tier, side, num_fins);
  while (query.next()) counts[kind] += sign * num_fins;
}

void add_to_tally(soci::session& session, const FinCounts& counts) {
  for (const auto& [kind, more] : counts) {
    if (more == 0) continue;
    const auto& [hidden, review, tier, side] = kind;
    Query(session,
          "insert into fin_tally (hidden, review, tier, side, num_fins) values (?, ?, ?, ?, ?) "
          "on conflict (hidden, review, tier, side) "
          "do update set num_fins = fin_tally.num_fins + excluded.num_fins",
          hidden,
          review,
          tier,
          side,
          more)
        .run();
  }
}

template <class Ids>
void change_counted(soci::session& session,
                    const std::string& column,
                    const Ids& ids,
                    const std::function<void()>& change) {
  FinCounts counts;
  count(session, column, ids, -1, counts);
  change();
  count(session, column, ids, 1, counts);
  add_to_tally(session, counts);
}

}  // namespace

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

void change_fins(soci::session& session,
                 std::span<const FinId> fins,
                 const std::function<void()>& change) {
  change_counted(session, "id", fins, change);
}

void change_fins_of(soci::session& session,
                    std::span<const PhotoId> photos,
                    const std::function<void()>& change) {
  change_counted(session, "photo_id", photos, change);
}

void tally_new_fins(soci::session& session, std::span<const NewFinRow> rows) {
  FinCounts counts;
  for (const auto& [photo, fin] : rows) {
    ++counts[{photo.trashed,
              static_cast<int>(Review::kWaiting),
              static_cast<int>(Tier::kNone),
              fin.side}];
  }
  add_to_tally(session, counts);
}

void recount_fins(soci::session& session) {
  Query(session, "delete from fin_tally").run();
  Query(session,
        "insert into fin_tally (hidden, review, tier, side, num_fins) "
        "select hidden, review, tier, side, count(*) from fin group by hidden, review, tier, side")
      .run();
}

void recount_photos(soci::session& session) {
  Query(session, "delete from photo_tally").run();
  Query(session,
        "insert into photo_tally select state, case when trashed <> '' then 1 else 0 end, count(*) "
        "from photo group by 1, 2")
      .run();
}

void Touched::recount(soci::session& session) const {
  for (const PhotoId photo : photos) recount_photo(session, photo);
  for (const EncounterId encounter : encounters) recount_encounter(session, encounter);
  for (const IndividualId individual : individuals) recount_individual(session, individual);
}

}  // namespace finview::internal
