#include "finview/catalogue/photos.h"

#include "finview/base/error.h"
#include "finview/catalogue/database.h"
#include "finview/catalogue/fold_text.h"
#include "finview/catalogue/list_query.h"
#include "finview/catalogue/missing_row.h"
#include "finview/catalogue/query.h"
#include "finview/catalogue/tallies.h"

#include <array>
#include <set>

#include <fmt/format.h>

namespace finview {
namespace {

using internal::Query;
using internal::SortKey;
using internal::Touched;

constexpr std::int64_t kRowsPerRead = 1000;

constexpr const char* kColumns =
    "id, sha256, name, name_bytes, size_bytes, width_px, height_px, taken, latitude_deg, "
    "longitude_deg, altitude_m, camera, encounter_id, state, failure, added, trashed, is_crop, "
    "labelled_id, labelled_by, num_fins";

constexpr std::array kSorts = {SortKey{"id", "id"},
                               SortKey{"name", "search, id"},
                               SortKey{"taken", "taken, id"},
                               SortKey{"added", "added, id"},
                               SortKey{"fins", "num_fins, id"}};

// Reads rows of kColumns one after the other.
class PhotoRows {
 public:
  explicit PhotoRows(Query& query) : query_(query) {
    query.into(photo_.id,
               photo_.sha256,
               photo_.name,
               name_bytes_,
               photo_.size_bytes,
               photo_.width_px,
               photo_.height_px,
               photo_.taken,
               latitude_deg_,
               longitude_deg_,
               altitude_m_,
               photo_.camera,
               photo_.encounter,
               photo_.state,
               photo_.failure,
               photo_.added,
               photo_.trashed,
               photo_.is_crop,
               photo_.labelled,
               photo_.labelled_by,
               photo_.num_fins);
  }
  bool next() {
    if (!query_.next()) return false;
    photo_.position.reset();
    if (latitude_deg_ && longitude_deg_) {
      photo_.position = GpsPosition{*latitude_deg_, *longitude_deg_, altitude_m_};
    }
    photo_.name = internal::name_as_given(photo_.name, name_bytes_);
    return true;
  }
  const PhotoRecord& row() const { return photo_; }

 private:
  Query& query_;
  PhotoRecord photo_;
  std::string name_bytes_;
  std::optional<double> latitude_deg_;
  std::optional<double> longitude_deg_;
  std::optional<double> altitude_m_;
};

void check_ids(soci::session& session, std::span<const PhotoId> ids) {
  std::set<PhotoId> missing(ids.begin(), ids.end());
  PhotoId id;
  Query query(session, "select id from photo where id");
  query.add_in(ids).into(id);
  while (query.next()) missing.erase(id);
  if (!missing.empty()) throw internal::missing_row(*missing.begin());
}

void check_encounter(soci::session& session, EncounterId id) {
  if (!id || Query(session, "select id from encounter where id = ?", id).next()) return;
  throw internal::missing_row(id);
}

// What the tallies of these photos' fins belong to.
void touch(soci::session& session, std::span<const PhotoId> ids, Touched& touched) {
  EncounterId encounter;
  Query photos(session,
               "select distinct encounter_id from photo where encounter_id is not null "
               "and id");
  photos.add_in(ids).into(encounter);
  while (photos.next()) touched.encounters.insert(encounter);
  IndividualId individual;
  Query fins(session,
             "select distinct individual_id from fin where individual_id is not null "
             "and photo_id");
  fins.add_in(ids).into(individual);
  while (fins.next()) touched.individuals.insert(individual);
}

void add_states(Query& query, const PhotoFilter& filter) {
  if (filter.states.empty()) return;
  std::string states;
  for (const PhotoState state : filter.states) {
    states += (states.empty() ? "" : ",") + std::to_string(static_cast<int>(state));
  }
  query.add(" and state in (" + states + ")");
}

void add_conditions(Query& query, const soci::session& session, const PhotoFilter& filter) {
  query.add(filter.trashed ? " where trashed <> ''" : " where trashed = ''");
  add_states(query, filter);
  if (filter.encounter) query.add(" and encounter_id = ?", *filter.encounter);
  if (!filter.text.empty()) {
    query.add(" and ");
    internal::add_photo_text(query, session, "id", filter.text);
  }
}

// Photos by the million are not counted one by one, but in few lists.
std::int64_t num_photos(soci::session& session, const PhotoFilter& filter) {
  std::int64_t total = 0;
  Query count(session);
  if (filter.encounter || !filter.text.empty()) {
    count.add("select count(*) from photo");
    add_conditions(count, session, filter);
  } else {
    count.add("select sum(num_photos) from photo_tally where trashed = ?",
              static_cast<int>(filter.trashed));
    add_states(count, filter);
  }
  count.into(total).next();
  return total;
}

}  // namespace

PhotoRecord Photos::get(PhotoId id) const {
  PhotoRecord photo;
  database_.read([&](soci::session& session) {
    Query query(session, fmt::format("select {} from photo where id = ?", kColumns), id);
    PhotoRows rows(query);
    if (!rows.next()) throw internal::missing_row(id);
    photo = rows.row();
  });
  return photo;
}

std::optional<PhotoRecord> Photos::find(const std::string& sha256) const {
  std::optional<PhotoRecord> photo;
  database_.read([&](soci::session& session) {
    Query query(session, fmt::format("select {} from photo where sha256 = ?", kColumns), sha256);
    PhotoRows rows(query);
    if (rows.next()) photo = rows.row();
  });
  return photo;
}

Page<PhotoRecord> Photos::list(const PhotoFilter& filter) const {
  internal::check_page(filter.offset, filter.limit);
  const std::string order = internal::order_by(kSorts, filter.sort, filter.descending);
  Page<PhotoRecord> page;
  database_.read([&](soci::session& session) {
    page.total = num_photos(session, filter);
    Query query(session,
                fmt::format("select {} from photo where id in (select id from photo", kColumns));
    add_conditions(query, session, filter);
    const auto window =
        internal::page_window(page.total, filter.offset, filter.limit, filter.descending);
    query.add(fmt::format(" {} limit {} offset {}) {}",
                          internal::order_by(kSorts, filter.sort, window.descending),
                          window.limit,
                          window.offset,
                          order));
    PhotoRows rows(query);
    while (rows.next()) page.rows.push_back(rows.row());
  });
  return page;
}

void Photos::each(const std::function<void(const PhotoRecord&)>& f) const {
  PhotoId last;
  std::vector<PhotoRecord> some;
  do {
    some.clear();
    database_.read([&](soci::session& session) {
      Query query(session,
                  fmt::format("select {} from photo where trashed = '' and id > ? "
                              "order by id limit ?",
                              kColumns),
                  last.value,
                  kRowsPerRead);
      PhotoRows rows(query);
      while (rows.next()) some.push_back(rows.row());
    });
    for (const PhotoRecord& photo : some) f(photo);
    if (!some.empty()) last = some.back().id;
  } while (some.size() == static_cast<std::size_t>(kRowsPerRead));
}

std::vector<PhotoId> Photos::in_state(PhotoState state) const {
  std::vector<PhotoId> ids;
  database_.read([&](soci::session& session) {
    PhotoId id;
    Query query(
        session, "select id from photo where state = ? and trashed = '' order by id", state);
    query.into(id);
    while (query.next()) ids.push_back(id);
  });
  return ids;
}

void Photos::set_failed(PhotoId id, const std::string& failure) {
  database_.write([&](soci::session& session) {
    Query update(session,
                 "update photo set state = ?, failure = ? where id = ?",
                 PhotoState::kFailed,
                 failure,
                 id);
    if (update.run() == 0) throw internal::missing_row(id);
  });
}

void Photos::set_waiting(PhotoId id) {
  database_.write([&](soci::session& session) {
    Query update(
        session, "update photo set state = ?, failure = '' where id = ?", PhotoState::kWaiting, id);
    if (update.run() == 0) throw internal::missing_row(id);
  });
}

void Photos::set_encounter(std::span<const PhotoId> ids, EncounterId encounter) {
  database_.write([&](soci::session& session) {
    check_ids(session, ids);
    check_encounter(session, encounter);
    Touched touched;
    touch(session, ids, touched);
    if (encounter) touched.encounters.insert(encounter);
    Query(session, "update photo set encounter_id = ? where id", encounter).add_in(ids).run();
    Query(session, "update fin set encounter_id = ? where photo_id", encounter).add_in(ids).run();
    touched.recount(session);
  });
}

void Photos::set_taken(PhotoId id, const std::string& taken) {
  database_.write([&](soci::session& session) {
    Query update(session, "update photo set taken = ? where id = ?", taken, id);
    if (update.run() == 0) throw internal::missing_row(id);
    Query(session, "update fin set taken = ? where photo_id = ?", taken, id).run();
    Touched touched;
    touch(session, {&id, 1}, touched);
    touched.encounters.clear();
    touched.recount(session);
  });
}

void Photos::set_labelled(PhotoId id, IndividualId individual, const std::string& by) {
  database_.write([&](soci::session& session) {
    Query update(session,
                 "update photo set labelled_id = ?, labelled_by = ? where id = ?",
                 individual,
                 by,
                 id);
    if (update.run() == 0) throw internal::missing_row(id);
  });
}

void Photos::set_trashed(std::span<const PhotoId> ids, bool trashed) {
  database_.write([&](soci::session& session) {
    check_ids(session, ids);
    const std::string when = trashed ? database_.now() : "";
    Query photos(session, "update photo set trashed = ? where ", when);
    photos.add(trashed ? "trashed = '' and id" : "id").add_in(ids).run();
    internal::change_fins_of(session, ids, [&] {
      Query(session, "update fin set hidden = ? where photo_id", trashed).add_in(ids).run();
    });
    Touched touched;
    touch(session, ids, touched);
    touched.recount(session);
  });
}

std::vector<std::string> Photos::remove_trashed(std::span<const PhotoId> ids) {
  std::vector<std::string> hashes;
  database_.write([&](soci::session& session) {
    check_ids(session, ids);
    Touched touched;
    touch(session, ids, touched);
    PhotoId id;
    std::string sha256, trashed;
    Query photos(session, "select id, sha256, trashed from photo where id");
    photos.add_in(ids).into(id, sha256, trashed);
    while (photos.next()) {
      hashes.push_back(sha256);
      if (!trashed.empty()) continue;
      throw Error(ErrorKind::kConflict,
                  fmt::format("Photo {} does not lie in the trash; put it there first. No photo "
                              "was removed.",
                              id.value));
    }
    for (const char* best : {"best_left_id", "best_right_id"}) {
      Query(session, fmt::format("update individual set {0} = null where {0} in ", best))
          .add("(select id from fin where photo_id")
          .add_in(ids)
          .add(")")
          .run();
    }
    internal::change_fins_of(
        session, ids, [&] { Query(session, "delete from fin where photo_id").add_in(ids).run(); });
    Query(session, "delete from photo where id").add_in(ids).run();
    touched.recount(session);
  });
  return hashes;
}

}  // namespace finview
