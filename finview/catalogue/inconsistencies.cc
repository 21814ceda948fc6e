#include "finview/catalogue/inconsistencies.h"

#include "finview/catalogue/fold_text.h"
#include "finview/catalogue/query.h"

namespace finview::internal {
namespace {

template <class Table>
std::vector<Id<Table>> ids_of(soci::session& session, const char* sql) {
  std::vector<Id<Table>> ids;
  Id<Table> id;
  Query query(session, sql);
  query.into(id);
  while (query.next()) ids.push_back(id);
  return ids;
}

}  // namespace

std::vector<WrongFin> wrong_fins(soci::session& session) {
  std::vector<WrongFin> wrong;
  WrongFin row;
  FinChange& change = row.change;
  Query query(session,
              "select f.id, f.individual_id, f.review, e.individual_after_id, e.review_after, "
              "e.decision_id from fin f left join decision_fin e on e.fin_id = f.id and "
              "e.decision_id = (select max(decision_id) from decision_fin where fin_id = f.id) "
              "where coalesce(f.individual_id, 0) <> coalesce(e.individual_after_id, 0) "
              "or f.review <> coalesce(e.review_after, 0) "
              "or coalesce(f.last_decision_id, 0) <> coalesce(e.decision_id, 0) order by f.id");
  query.into(change.fin,
             change.before.individual,
             change.before.review,
             change.after.individual,
             change.after.review,
             row.last);
  while (query.next()) wrong.push_back(row);
  return wrong;
}

std::vector<RejectionChange> wrong_rejections(soci::session& session) {
  std::vector<RejectionChange> wrong;
  RejectionChange row;
  Query query(session,
              "select p.fin_id, p.individual_id, r.decision_id, e.by_after_id "
              "from (select fin_id, individual_id from decision_rejection "
              "union select fin_id, individual_id from rejection) p "
              "join fin f on f.id = p.fin_id "
              "left join rejection r on r.fin_id = p.fin_id and r.individual_id = p.individual_id "
              "left join decision_rejection e on e.fin_id = p.fin_id "
              "and e.individual_id = p.individual_id and e.decision_id = "
              "(select max(decision_id) from decision_rejection where fin_id = p.fin_id "
              "and individual_id = p.individual_id) "
              "where coalesce(r.decision_id, 0) <> coalesce(e.by_after_id, 0) "
              "order by p.fin_id, p.individual_id");
  query.into(row.fin, row.individual, row.before, row.after);
  while (query.next()) wrong.push_back(row);
  return wrong;
}

std::vector<IndividualChange> wrong_individuals(soci::session& session) {
  std::vector<IndividualChange> wrong;
  IndividualChange row;
  Query query(session,
              "select i.id, i.merged_into_id, i.retired, e.merged_after_id, "
              "coalesce(e.retired_after, 0) from individual i "
              "left join decision_individual e on e.individual_id = i.id and e.decision_id = "
              "(select max(decision_id) from decision_individual where individual_id = i.id) "
              "where coalesce(i.merged_into_id, 0) <> coalesce(e.merged_after_id, 0) "
              "or i.retired <> coalesce(e.retired_after, 0) order by i.id");
  query.into(row.individual,
             row.before.merged_into,
             row.before.retired,
             row.after.merged_into,
             row.after.retired);
  while (query.next()) wrong.push_back(row);
  return wrong;
}

std::vector<PhotoId> photos_with_wrong_counts(soci::session& session) {
  return ids_of<PhotoRecord>(session,
                             "select id from photo where num_fins <> "
                             "(select count(*) from fin where photo_id = photo.id) order by id");
}

std::vector<EncounterId> encounters_with_wrong_counts(soci::session& session) {
  return ids_of<EncounterRecord>(
      session,
      "select id from encounter where num_photos <> (select count(*) from photo "
      "where encounter_id = encounter.id and trashed = '') or num_fins <> "
      "(select count(*) from fin where encounter_id = encounter.id and hidden = 0) order by id");
}

std::vector<IndividualId> individuals_with_wrong_counts(soci::session& session) {
  return ids_of<IndividualRecord>(
      session,
      "select i.id from individual i left join (select individual_id, count(*) as fins, "
      "count(distinct encounter_id) as encounters, "
      "min(case when taken <> '' then taken end) as first_seen, max(taken) as last_seen "
      "from fin where hidden = 0 and individual_id is not null group by individual_id) t "
      "on t.individual_id = i.id where i.num_fins <> coalesce(t.fins, 0) "
      "or i.num_encounters <> coalesce(t.encounters, 0) "
      "or i.first_seen <> coalesce(t.first_seen, '') "
      "or i.last_seen <> coalesce(t.last_seen, '') order by i.id");
}

bool fin_tally_is_wrong(soci::session& session) {
  return Query(session,
               "select 1 from (select hidden, review, tier, side, num_fins from fin_tally "
               "where num_fins <> 0 union all select hidden, review, tier, side, -count(*) "
               "from fin group by hidden, review, tier, side) as counts "
               "group by hidden, review, tier, side having sum(num_fins) <> 0")
      .next();
}

bool photo_tally_is_wrong(soci::session& session) {
  return Query(session,
               "select 1 from (select state, trashed, num_photos from photo_tally "
               "where num_photos <> 0 union all select state, case when trashed <> '' then 1 "
               "else 0 end, -count(*) from photo group by 1, 2) as counts "
               "group by state, trashed having sum(num_photos) <> 0")
      .next();
}

std::vector<FinId> fins_with_stale_copies(soci::session& session) {
  return ids_of<FinRecord>(
      session,
      "select f.id from fin f join photo p on p.id = f.photo_id "
      "left join individual i on i.id = f.individual_id "
      "where f.hidden <> (case when p.trashed <> '' then 1 else 0 end) or f.taken <> p.taken "
      "or coalesce(f.encounter_id, 0) <> coalesce(p.encounter_id, 0) "
      "or f.photo_order <> p.search or f.individual_order <> coalesce(i.code_order, '') "
      "order by f.id");
}

std::vector<IndividualId> individuals_with_stale_text(soci::session& session) {
  std::vector<IndividualId> stale;
  IndividualId id;
  std::string code, folded, order;
  Query query(session, "select id, code, folded, code_order from individual order by id");
  query.into(id, code, folded, order);
  while (query.next()) {
    if (folded != fold_text(code) || order != order_key(folded)) stale.push_back(id);
  }
  return stale;
}

std::vector<IndividualId> individuals_without_best(soci::session& session) {
  return ids_of<IndividualRecord>(
      session,
      "select id from individual where (best_left_id is not null and best_left_id not in "
      "(select id from fin)) or (best_right_id is not null and best_right_id not in "
      "(select id from fin)) order by id");
}

}  // namespace finview::internal
