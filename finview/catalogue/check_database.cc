#include "finview/base/error.h"
#include "finview/catalogue/database.h"
#include "finview/catalogue/fold_text.h"
#include "finview/catalogue/inconsistencies.h"
#include "finview/catalogue/query.h"
#include "finview/catalogue/tallies.h"

#include <fmt/format.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace finview {
namespace {

using namespace internal;
using Sentences = std::vector<std::string>;

constexpr std::size_t kNamedRows = 20;

// "fins 1, 2, 3 and 5 more".
template <class Rows, class IdOf>
std::string named(const char* what, const Rows& rows, IdOf id_of) {
  std::string list;
  for (std::size_t i = 0; i < rows.size() && i < kNamedRows; ++i) {
    list += (i == 0 ? " " : ", ") + std::to_string(id_of(rows[i]).value);
  }
  if (rows.size() > kNamedRows) list += fmt::format(" and {} more", rows.size() - kNamedRows);
  return fmt::format("{}{}{}", what, rows.size() == 1 ? "" : "s", list);
}

template <class Id>
std::string named(const char* what, const std::vector<Id>& ids) {
  return named(what, ids, [](Id id) { return id; });
}

void check_pages(soci::session& session, Sentences& faults) {
  std::string line;
  Query pages(session, "pragma integrity_check");
  pages.into(line);
  while (pages.next()) {
    if (line != "ok") faults.push_back("The database is damaged: " + line + ".");
  }
  std::string table, parent;
  std::int64_t row = 0;
  Query keys(session, "select \"table\", rowid, parent from pragma_foreign_key_check");
  keys.into(table, row, parent);
  while (keys.next()) {
    faults.push_back(fmt::format(
        "Row {} of table {} points to a row of table {} that is not there.", row, table, parent));
  }
}

// Each with what `repair` says when it has set it right.
struct Inconsistency {
  std::string fault;
  std::string repaired;
};

template <class Rows, class IdOf>
void add(std::vector<Inconsistency>& all,
         const char* what,
         const Rows& rows,
         IdOf id_of,
         const std::string& fault,
         const std::string& repaired) {
  if (rows.empty()) return;
  const std::string names = named(what, rows, id_of);
  all.push_back({names + ": " + fault + ".", names + ": " + repaired + "."});
}

template <class Id>
void add(std::vector<Inconsistency>& all,
         const char* what,
         const std::vector<Id>& ids,
         const std::string& fault,
         const std::string& repaired) {
  add(
      all, what, ids, [](Id id) { return id; }, fault, repaired);
}

void set_from_history(soci::session& session) {
  for (const IndividualChange& row : wrong_individuals(session)) {
    Query(session,
          "update individual set merged_into_id = ?, retired = ? where id = ?",
          row.after.merged_into,
          row.after.retired,
          row.individual)
        .run();
  }
  for (const WrongFin& row : wrong_fins(session)) {
    Query(session,
          "update fin set individual_id = ?, review = ?, last_decision_id = ? where id = ?",
          row.change.after.individual,
          row.change.after.review,
          row.last,
          row.change.fin)
        .run();
  }
  for (const RejectionChange& row : wrong_rejections(session)) {
    Query(session,
          "delete from rejection where fin_id = ? and individual_id = ?",
          row.fin,
          row.individual)
        .run();
    if (!row.after) continue;
    Query(session,
          "insert into rejection (fin_id, individual_id, decision_id) values (?, ?, ?)",
          row.fin,
          row.individual,
          row.after)
        .run();
  }
}

void set_copies(soci::session& session) {
  for (const IndividualId id : individuals_with_stale_text(session)) {
    std::string code;
    Query(session, "select code from individual where id = ?", id).into(code).next();
    const std::string folded = fold_text(code);
    Query(session,
          "update individual set folded = ?, code_order = ? where id = ?",
          folded,
          order_key(folded),
          id)
        .run();
  }
  for (const IndividualId id : individuals_without_best(session)) {
    Query(session,
          "update individual set best_left_id = (select id from fin where id = best_left_id), "
          "best_right_id = (select id from fin where id = best_right_id) where id = ?",
          id)
        .run();
  }
  for (const FinId id : fins_with_stale_copies(session)) {
    Query(session,
          "update fin set "
          "hidden = (select case when trashed <> '' then 1 else 0 end from photo "
          "where id = fin.photo_id), taken = (select taken from photo where id = fin.photo_id), "
          "encounter_id = (select encounter_id from photo where id = fin.photo_id), "
          "photo_order = (select search from photo where id = fin.photo_id), "
          "individual_order = coalesce((select code_order from individual "
          "where id = fin.individual_id), '') where id = ?",
          id)
        .run();
  }
}

void set_counts(soci::session& session) {
  for (const PhotoId id : photos_with_wrong_counts(session)) recount_photo(session, id);
  for (const EncounterId id : encounters_with_wrong_counts(session)) recount_encounter(session, id);
  for (const IndividualId id : individuals_with_wrong_counts(session)) {
    recount_individual(session, id);
  }
  recount_fins(session);
  recount_photos(session);
}

// SQLite's index of photos' names; PostgreSQL keeps its own in order.
bool photo_text_is_wrong(soci::session& session) {
  if (!is_sqlite(session)) return false;
  try {
    Query(session, "insert into photo_text(photo_text, rank) values ('integrity-check', 1)").run();
  } catch (const soci::sqlite3_soci_error& error) {
    return (error.result() & 0xFF) == SQLITE_CORRUPT;
  }
  return false;
}

std::vector<Inconsistency> inconsistencies(soci::session& session) {
  std::vector<Inconsistency> all;
  add(
      all,
      "fin",
      wrong_fins(session),
      [](const WrongFin& row) { return row.change.fin; },
      "who it shows is not what its last decision says",
      "set to what the last decision says");
  add(
      all,
      "fin",
      wrong_rejections(session),
      [](const RejectionChange& row) { return row.fin; },
      "whom it does not show is not what the decisions say",
      "whom it does not show was set to what the decisions say");
  add(
      all,
      "individual",
      wrong_individuals(session),
      [](const IndividualChange& row) { return row.individual; },
      "whether it is there, or merged into another, is not what the decisions say",
      "set to what the decisions say");
  add(all,
      "individual",
      individuals_with_stale_text(session),
      "the text its code is compared by is out of date",
      "the text its code is compared by was made again");
  add(all,
      "individual",
      individuals_without_best(session),
      "its best fin is not there",
      "its best fin is chosen by quality again");
  add(all,
      "fin",
      fins_with_stale_copies(session),
      "what it repeats of its photo or individual is out of date",
      "copied again from its photo and individual");
  add(all, "photo", photos_with_wrong_counts(session), "miscounted", "counted again");
  add(all, "encounter", encounters_with_wrong_counts(session), "miscounted", "counted again");
  add(all, "individual", individuals_with_wrong_counts(session), "miscounted", "counted again");
  if (photo_text_is_wrong(session)) {
    all.push_back({"The index of photos' names is not what the photos say.",
                   "The index of photos' names was made again."});
  }
  if (fin_tally_is_wrong(session)) {
    all.push_back({"The fins are miscounted.", "The fins were counted again."});
  }
  if (photo_tally_is_wrong(session)) {
    all.push_back({"The photos are miscounted.", "The photos were counted again."});
  }
  return all;
}

}  // namespace

std::vector<std::string> Database::check() const {
  Sentences faults;
  try {
    read([&](soci::session& session) {
      if (is_sqlite()) check_pages(session, faults);
      for (const Inconsistency& found : inconsistencies(session)) faults.push_back(found.fault);
    });
  } catch (const Error& error) {
    // A page so damaged that the check itself cannot go on.
    if (error.kind() != ErrorKind::kBadInput) throw;
    faults.push_back(error.what());
  }
  return faults;
}

std::vector<std::string> Database::repair() {
  Sentences repaired;
  write([&](soci::session& session) {
    Sentences pages;
    if (is_sqlite()) check_pages(session, pages);
    if (!pages.empty()) {
      Query(session, "reindex").run();
      repaired.push_back("The indexes were made again, for the database is damaged.");
    }
    for (const Inconsistency& found : inconsistencies(session)) {
      repaired.push_back(found.repaired);
    }
    if (photo_text_is_wrong(session)) {
      Query(session, "insert into photo_text(photo_text) values ('rebuild')").run();
    }
    set_from_history(session);
    set_copies(session);
    set_counts(session);
  });
  return repaired;
}

}  // namespace finview
