#include "finview/catalogue/individuals.h"

#include "finview/base/error.h"
#include "finview/catalogue/database.h"
#include "finview/catalogue/fold_text.h"
#include "finview/catalogue/individual_codes.h"
#include "finview/catalogue/list_query.h"
#include "finview/catalogue/missing_row.h"
#include "finview/catalogue/query.h"

#include <array>

#include <fmt/format.h>

namespace finview {
namespace {

using internal::Query;
using internal::SortKey;

// The best fin of a side: the chosen one while it shows the individual, else that of most quality.
std::string best_fin(const char* side) {
  return fmt::format(
      "coalesce((select id from fin where id = individual.best_{0}_id "
      "and individual_id = individual.id and hidden = 0), "
      "(select id from fin where individual_id = individual.id and hidden = 0 and side = '{0}' "
      "order by quality desc, id limit 1))",
      side);
}

const std::string& columns() {
  static const std::string text =
      "id, code, name, aliases, sex, age_class, marks, notes, created, merged_into_id, " +
      best_fin("left") + ", " + best_fin("right") +
      ", num_fins, num_encounters, first_seen, last_seen";
  return text;
}

constexpr std::array kSorts = {SortKey{"code", "code_order, id"},
                               SortKey{"name", "name, code_order, id"},
                               SortKey{"fins", "num_fins, id"},
                               SortKey{"encounters", "num_encounters, id"},
                               SortKey{"last_seen", "last_seen, id"},
                               SortKey{"created", "created, id"}};

class IndividualRows {
 public:
  explicit IndividualRows(Query& query) : query_(query) {
    query.into(row_.id,
               row_.code,
               row_.name,
               aliases_,
               row_.sex,
               row_.age_class,
               row_.marks,
               row_.notes,
               row_.created,
               row_.merged_into,
               row_.best_left,
               row_.best_right,
               row_.num_fins,
               row_.num_encounters,
               row_.first_seen,
               row_.last_seen);
  }
  bool next() {
    if (!query_.next()) return false;
    row_.aliases.clear();
    for (std::size_t from = 0; from < aliases_.size();) {
      const std::size_t end = std::min(aliases_.find('\n', from), aliases_.size());
      row_.aliases.push_back(aliases_.substr(from, end - from));
      from = end + 1;
    }
    return true;
  }
  const IndividualRecord& row() const { return row_; }

 private:
  Query& query_;
  IndividualRecord row_;
  std::string aliases_;
};

std::optional<IndividualRecord> read(soci::session& session, IndividualId id) {
  Query query(session,
              fmt::format("select {} from individual where id = ? and retired = 0", columns()),
              id);
  IndividualRows rows(query);
  if (!rows.next()) return std::nullopt;
  return rows.row();
}

void check_best(soci::session& session, FinId fin, const IndividualRecord& individual) {
  if (!fin) return;
  Query query(session, "select id from fin where id = ? and individual_id = ?", fin, individual.id);
  if (query.next()) return;
  throw Error(ErrorKind::kConflict,
              fmt::format("Fin {} cannot be the best of {}: it does not show that individual.",
                          fin.value,
                          individual.code));
}

void add_conditions(Query& query, const IndividualFilter& filter) {
  query.add(" where retired = 0");
  if (!filter.merged) query.add(" and merged_into_id is null");
  if (!filter.sex.empty()) query.add(" and sex = ?", filter.sex);
  if (!filter.text.empty()) {
    query.add(" and search like ? escape '\\'", internal::like_pattern(filter.text));
  }
}

}  // namespace

IndividualId Individuals::add(const IndividualRecord& individual) {
  IndividualId id;
  database_.write([&](soci::session& session) {
    id = internal::insert_individual(session, individual, database_.now());
  });
  return id;
}

void Individuals::change(const IndividualRecord& individual) {
  internal::check_individual(individual);
  database_.write([&](soci::session& session) {
    const std::optional<IndividualRecord> before = read(session, individual.id);
    if (!before) throw internal::missing_row(individual.id);
    internal::check_code_is_free(session, individual.code, individual.id);
    const std::string folded = internal::fold_text(individual.code);
    const std::string order = internal::order_key(folded);
    Query update(session,
                 "update individual set code = ?, folded = ?, code_order = ?, name = ?, "
                 "aliases = ?, sex = ?, age_class = ?, marks = ?, notes = ?, search = ?",
                 individual.code,
                 folded,
                 order,
                 individual.name,
                 internal::joined_aliases(individual),
                 individual.sex,
                 individual.age_class,
                 individual.marks,
                 individual.notes,
                 internal::search_text(individual));
    // What is as it was shown was not chosen just now: the best by quality stays that.
    if (individual.best_left != before->best_left) {
      check_best(session, individual.best_left, individual);
      update.add(", best_left_id = ?", individual.best_left);
    }
    if (individual.best_right != before->best_right) {
      check_best(session, individual.best_right, individual);
      update.add(", best_right_id = ?", individual.best_right);
    }
    update.add(" where id = ?", individual.id).run();
    if (individual.code != before->code) {
      Query(session,
            "update fin set individual_order = ? where individual_id = ?",
            order,
            individual.id)
          .run();
    }
  });
}

IndividualRecord Individuals::get(IndividualId id) const {
  std::optional<IndividualRecord> individual;
  database_.read([&](soci::session& session) { individual = read(session, id); });
  if (!individual) throw internal::missing_row(id);
  return *individual;
}

std::optional<IndividualId> Individuals::find(const std::string& code) const {
  std::optional<IndividualId> found;
  database_.read([&](soci::session& session) {
    IndividualId id;
    Query query(session,
                "select id from individual where folded = ? and retired = 0",
                internal::fold_text(code));
    if (query.into(id).next()) found = id;
  });
  return found;
}

Page<IndividualRecord> Individuals::list(const IndividualFilter& filter) const {
  internal::check_page(filter.offset, filter.limit);
  const std::string order = internal::order_by(kSorts, filter.sort, filter.descending);
  Page<IndividualRecord> page;
  database_.read([&](soci::session& session) {
    Query count(session, "select count(*) from individual");
    add_conditions(count, filter);
    count.into(page.total).next();
    Query query(
        session,
        fmt::format("select {} from individual where id in (select id from individual", columns()));
    add_conditions(query, filter);
    const auto window =
        internal::page_window(page.total, filter.offset, filter.limit, filter.descending);
    query.add(fmt::format(" {} limit {} offset {}) {}",
                          internal::order_by(kSorts, filter.sort, window.descending),
                          window.limit,
                          window.offset,
                          order));
    IndividualRows rows(query);
    while (rows.next()) page.rows.push_back(rows.row());
  });
  return page;
}

std::set<std::pair<IndividualId, IndividualId>> Individuals::told_apart() const {
  std::set<std::pair<IndividualId, IndividualId>> pairs;
  database_.read([&](soci::session& session) {
    IndividualId one, other;
    Query query(session,
                "select f.individual_id, r.individual_id from fin f "
                "join rejection r on r.fin_id = f.id "
                "where f.individual_id is not null and f.individual_id <> r.individual_id "
                "union select a.individual_id, b.individual_id from fin a "
                "join fin b on b.photo_id = a.photo_id and b.individual_id > a.individual_id "
                "where a.review = ? and b.review = ?",
                Review::kConfirmed,
                Review::kConfirmed);
    query.into(one, other);
    while (query.next()) pairs.insert(std::minmax(one, other));
  });
  return pairs;
}

std::string Individuals::suggest_code() const {
  std::string code;
  database_.read([&](soci::session& session) { code = internal::suggest_code(session); });
  return code;
}

}  // namespace finview
