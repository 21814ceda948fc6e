#include "finview/catalogue/database.h"
#include "finview/catalogue/fin_rows.h"
#include "finview/catalogue/fins.h"
#include "finview/catalogue/fold_text.h"
#include "finview/catalogue/list_query.h"
#include "finview/catalogue/query.h"

#include <array>

#include <fmt/format.h>

namespace finview {
namespace {

using internal::Query;
using internal::SortKey;

constexpr std::size_t kNumTiers = 5;
constexpr std::int64_t kRowsPerRead = 1000;
constexpr std::int64_t kManyPages = 100;

constexpr std::array kSorts = {SortKey{"id", "f.id"},
                               SortKey{"taken", "f.taken, f.id"},
                               SortKey{"quality", "f.quality, f.id"},
                               SortKey{"probability", "f.probability, f.id"},
                               SortKey{"photo", "f.photo_order, f.id"},
                               SortKey{"individual", "f.individual_order, f.id"}};

// " = 1" or " in (1,2)": as text, so that an index of some rows alone can be seen to fit.
template <class Enum>
std::string one_of(const std::vector<Enum>& values) {
  std::string list;
  for (const Enum value : values) {
    list += (list.empty() ? "" : ",") + std::to_string(static_cast<int>(value));
  }
  return values.size() == 1 ? " = " + list : " in (" + list + ")";
}

void add_conditions(Query& query,
                    const soci::session& session,
                    const FinFilter& filter,
                    internal::Found found) {
  query.add(" where f.hidden = 0");
  if (!filter.reviews.empty()) query.add(" and f.review" + one_of(filter.reviews));
  if (!filter.tiers.empty()) query.add(" and f.tier" + one_of(filter.tiers));
  if (filter.individual) query.add(" and f.individual_id = ?", *filter.individual);
  if (filter.encounter) query.add(" and f.encounter_id = ?", *filter.encounter);
  if (filter.photo) query.add(" and f.photo_id = ?", *filter.photo);
  if (!filter.side.empty()) query.add(" and f.side = ?", filter.side);
  if (filter.min_quality > 0) query.add(" and f.quality >= ?", filter.min_quality);
  if (!filter.text.empty()) {
    query.add(" and (");
    internal::add_photo_text(query, session, "f.photo_id", filter.text, found);
    query.add(" or " +
                  internal::among(session,
                                  "f.individual_id",
                                  "select id from individual where folded like ? escape '\\'",
                                  found) +
                  ")",
              internal::like_pattern(filter.text));
  }
}

// What waits in one tier, by probability: in the order of the index `fin_queue`.
bool is_queue(const FinFilter& filter) {
  return filter.sort == "probability" && filter.tiers.size() == 1 &&
         filter.reviews == std::vector{Review::kWaiting};
}

// Fins by the million are not counted one by one, but in few lists.
std::int64_t num_fins(soci::session& session, const FinFilter& filter) {
  const bool few = filter.individual || filter.encounter || filter.photo ||
                   filter.min_quality > 0 || !filter.text.empty();
  Query count(session,
              few ? "select count(*) from fin f" : "select sum(num_fins) from fin_tally f");
  add_conditions(count, session, filter, internal::Found::kByIndex);
  std::int64_t total = 0;
  count.into(total).next();
  return total;
}

}  // namespace

Page<FinRecord> Fins::list(const FinFilter& filter) const {
  internal::check_page(filter.offset, filter.limit);
  const std::string order = internal::order_by(kSorts, filter.sort, filter.descending);
  Page<FinRecord> page;
  database_.read([&](soci::session& session) {
    page.total = num_fins(session, filter);
    // The page's ids first, then its rows: what is skipped is not read whole.
    Query query(session, internal::kSelectFins);
    query.add(" where f.id in (");
    const auto window =
        internal::page_window(page.total, filter.offset, filter.limit, filter.descending);
    // Where many fins have the text, the page is full before many rows were looked at; where few
    // have it, they are found first, and no order may keep the database from that.
    const bool few_have_text =
        !filter.text.empty() && page.total <= kManyPages * (window.offset + window.limit);
    if (few_have_text) {
      query.add("with found as materialized (select * from fin f");
      add_conditions(query, session, filter, internal::Found::kByIndex);
      query.add(") select f.id from found f");
    } else {
      query.add("select f.id from fin f");
      // Told of the rows that no queue holds, SQLite would walk all fins by probability.
      if (is_queue(filter) && internal::is_sqlite(session)) query.add(" indexed by fin_queue");
      add_conditions(query, session, filter, internal::Found::kInOrder);
    }
    query.add(fmt::format(" {} limit {} offset {}) {}",
                          internal::order_by(kSorts, filter.sort, window.descending),
                          window.limit,
                          window.offset,
                          order));
    internal::FinRows rows(query);
    while (rows.next()) page.rows.push_back(rows.row());
  });
  return page;
}

void Fins::each(const std::function<void(const FinRecord&)>& f) const {
  FinId last;
  std::vector<FinRecord> some;
  do {
    some.clear();
    database_.read([&](soci::session& session) {
      Query query(session, internal::kSelectFins);
      query.add(" where f.hidden = 0 and f.id > ? order by f.id limit ?", last.value, kRowsPerRead);
      internal::FinRows rows(query);
      while (rows.next()) some.push_back(rows.row());
    });
    for (const FinRecord& fin : some) f(fin);
    if (!some.empty()) last = some.back().id;
  } while (some.size() == static_cast<std::size_t>(kRowsPerRead));
}

void Fins::each_brief(const std::function<void(const FinBrief&)>& f) const {
  std::vector<FinBrief> fins;
  database_.read([&](soci::session& session) {
    FinBrief fin;
    Query query(session,
                "select id, individual_id, encounter_id, review, tier, quality from fin "
                "where hidden = 0 order by id");
    query.into(fin.id, fin.individual, fin.encounter, fin.review, fin.tier, fin.quality);
    while (query.next()) fins.push_back(fin);
  });
  for (const FinBrief& fin : fins) f(fin);
}

std::vector<std::int64_t> Fins::waiting_by_tier() const {
  std::vector<std::int64_t> counts(kNumTiers);
  database_.read([&](soci::session& session) {
    std::size_t tier = 0;
    std::int64_t count = 0;
    Query query(session,
                "select tier, sum(num_fins) from fin_tally where hidden = 0 and review = 0 "
                "group by tier");
    query.into(tier, count);
    while (query.next()) counts.at(tier) = count;
  });
  return counts;
}

}  // namespace finview
