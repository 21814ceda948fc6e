#include "finview/catalogue/fins.h"

#include "finview/base/error.h"
#include "finview/catalogue/database.h"
#include "finview/catalogue/fin_rows.h"
#include "finview/catalogue/fold_text.h"
#include "finview/catalogue/query.h"
#include "finview/catalogue/tallies.h"

#include <cmath>

#include <fmt/format.h>

namespace finview {
namespace {

using internal::Query;
using internal::Touched;

// A found fin that overlaps a kept one by so much is that one, found again.
constexpr double kSameFinOverlap = 0.5;

Error no_fin(FinId id) {
  return {ErrorKind::kNotFound, fmt::format("There is no fin {} in the catalogue.", id.value)};
}

void check_fin(const Detection& box, const std::string& side, double quality) {
  const bool finite = std::isfinite(box.left_px) && std::isfinite(box.top_px) &&
                      std::isfinite(box.right_px) && std::isfinite(box.bottom_px);
  if (!finite || box.width_px() <= 0 || box.height_px() <= 0) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("The box from ({}, {}) to ({}, {}) has no area.",
                            box.left_px,
                            box.top_px,
                            box.right_px,
                            box.bottom_px));
  }
  if (!side.empty() && side != "left" && side != "right") {
    throw Error(ErrorKind::kBadInput,
                fmt::format("The side \"{}\" is not known; it is left, right or empty.", side));
  }
  if (!(quality >= 0 && quality <= 1)) {
    throw Error(ErrorKind::kBadInput, fmt::format("The quality {} lies outside 0 to 1.", quality));
  }
}

struct PhotoOfFins {
  PhotoId id;
  std::string taken;
  EncounterId encounter;
  std::string order;
  std::int64_t num_fins = 0;
  bool trashed = false;
};

PhotoOfFins read_photo(soci::session& session, PhotoId id) {
  PhotoOfFins photo;
  photo.id = id;
  std::string trashed;
  Query query(
      session, "select taken, encounter_id, search, num_fins, trashed from photo where id = ?", id);
  query.into(photo.taken, photo.encounter, photo.order, photo.num_fins, trashed);
  if (!query.next()) {
    throw Error(ErrorKind::kNotFound,
                fmt::format("There is no photo {} in the catalogue.", id.value));
  }
  photo.trashed = !trashed.empty();
  return photo;
}

FinId insert_fin(soci::session& session, const PhotoOfFins& photo, const NewFin& fin) {
  FinId id;
  Query insert(session,
               "insert into fin (photo_id, left_px, top_px, right_px, bottom_px, confidence, "
               "class_index, made_by, side, quality, outline, outlined_by, hidden, taken, "
               "encounter_id, photo_order) values "
               "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?) returning id",
               photo.id,
               fin.box.left_px,
               fin.box.top_px,
               fin.box.right_px,
               fin.box.bottom_px,
               fin.box.confidence,
               fin.box.class_index,
               fin.made_by,
               fin.side,
               fin.quality,
               fin.outline,
               photo.trashed,
               photo.taken,
               photo.encounter,
               photo.order);
  insert.into(id).next();
  return id;
}

std::int64_t recipe_id(soci::session& session, const std::string& recipe, bool create) {
  std::int64_t id = 0;
  Query known(session, "select id from recipe where name = ?", recipe);
  if (known.into(id).next() || !create) return id;
  Query(session, "insert into recipe (name) values (?) returning id", recipe).into(id).next();
  return id;
}

void store_feature(soci::session& session,
                   FinId fin,
                   std::int64_t recipe,
                   std::span<const std::uint8_t> bytes) {
  Query(session,
        fmt::format("insert into feature (fin_id, recipe_id, bytes) values (?, ?, {}) "
                    "on conflict (fin_id, recipe_id) do update set bytes = excluded.bytes",
                    internal::bytes_value(session)),
        fin,
        recipe,
        bytes)
      .run();
}

// Fins of a photo that a person made, corrected or decided on.
std::vector<std::pair<FinId, Detection>> kept_fins(soci::session& session, PhotoId photo) {
  std::vector<std::pair<FinId, Detection>> kept;
  FinId id;
  Detection box;
  Query query(session,
              "select id, left_px, top_px, right_px, bottom_px from fin where photo_id = ? and "
              "(last_decision_id is not null or outlined_by <> '' "
              "or made_by not like 'detector:%') order by id",
              photo);
  query.into(id, box.left_px, box.top_px, box.right_px, box.bottom_px);
  while (query.next()) kept.emplace_back(id, box);
  return kept;
}

// The others; says how many.
std::int64_t remove_replaceable(soci::session& session, PhotoId photo) {
  Query remove(session,
               "delete from fin where photo_id = ? and last_decision_id is null "
               "and outlined_by = '' and made_by like 'detector:%'",
               photo);
  return remove.run();
}

// Adds those fins that are not among the kept ones, and their number to `num_more`.
std::vector<FinId> insert_fins(soci::session& session,
                               const PhotoOfFins& photo,
                               const std::vector<std::pair<FinId, Detection>>& kept,
                               std::span<const NewFin> fins,
                               const std::string& recipe,
                               std::span<const std::vector<std::uint8_t>> features,
                               std::int64_t& num_more) {
  const std::int64_t recipe_row = features.empty() ? 0 : recipe_id(session, recipe, true);
  std::vector<FinId> ids;
  for (std::size_t i = 0; i < fins.size(); ++i) {
    FinId id;
    for (const auto& [kept_id, box] : kept) {
      if (intersection_over_union(box, fins[i].box) >= kSameFinOverlap) id = kept_id;
    }
    if (!id) {
      id = insert_fin(session, photo, fins[i]);
      ++num_more;
      if (!features.empty()) store_feature(session, id, recipe_row, features[i]);
    }
    ids.push_back(id);
  }
  return ids;
}

void clear_best(soci::session& session, FinId fin) {
  Query(session, "update individual set best_left_id = null where best_left_id = ?", fin).run();
  Query(session, "update individual set best_right_id = null where best_right_id = ?", fin).run();
}

}  // namespace

std::vector<FinId> Fins::add_found(PhotoId photo,
                                   std::span<const NewFin> fins,
                                   const std::string& recipe,
                                   std::span<const std::vector<std::uint8_t>> features) {
  if (!features.empty() && features.size() != fins.size()) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} fins were given with {} features; give one each, or none.",
                            fins.size(),
                            features.size()));
  }
  for (const NewFin& fin : fins) check_fin(fin.box, fin.side, fin.quality);
  std::vector<FinId> ids;
  database_.write([&](soci::session& session) {
    const PhotoOfFins of = read_photo(session, photo);
    std::int64_t num_more = 0;
    if (of.num_fins > 0) {
      internal::change_fins_of(session, {&photo, 1}, [&] {
        const auto kept = kept_fins(session, photo);
        num_more = -remove_replaceable(session, photo);
        ids = insert_fins(session, of, kept, fins, recipe, features, num_more);
      });
    } else {
      ids = insert_fins(session, of, {}, fins, recipe, features, num_more);
      internal::tally_new_fins(session, of.trashed, fins);
    }
    Query(session,
          "update photo set state = ?, failure = '', num_fins = num_fins + ? where id = ?",
          PhotoState::kSearched,
          num_more,
          photo)
        .run();
    if (num_more != 0 && of.encounter && !of.trashed) {
      Query(session,
            "update encounter set num_fins = num_fins + ? where id = ?",
            num_more,
            of.encounter)
          .run();
    }
  });
  return ids;
}

FinId Fins::add(PhotoId photo, const NewFin& fin) {
  check_fin(fin.box, fin.side, fin.quality);
  FinId id;
  database_.write([&](soci::session& session) {
    const PhotoOfFins of = read_photo(session, photo);
    id = insert_fin(session, of, fin);
    internal::tally_new_fins(session, of.trashed, {&fin, 1});
    Touched touched;
    touched.photos.insert(photo);
    if (of.encounter) touched.encounters.insert(of.encounter);
    touched.recount(session);
  });
  return id;
}

void Fins::change(const FinRecord& fin) {
  check_fin(fin.box, fin.side, fin.quality);
  database_.write([&](soci::session& session) {
    Detection box;
    std::string outline;
    Query before(session,
                 "select left_px, top_px, right_px, bottom_px, outline from fin where id = ?",
                 fin.id);
    before.into(box.left_px, box.top_px, box.right_px, box.bottom_px, outline);
    if (!before.next()) throw no_fin(fin.id);
    internal::change_fins(session, {&fin.id, 1}, [&] {
      Query(session,
            "update fin set left_px = ?, top_px = ?, right_px = ?, bottom_px = ?, side = ?, "
            "quality = ?, outline = ?, outlined_by = ? where id = ?",
            fin.box.left_px,
            fin.box.top_px,
            fin.box.right_px,
            fin.box.bottom_px,
            fin.side,
            fin.quality,
            fin.outline,
            fin.outlined_by,
            fin.id)
          .run();
      const bool same = box.left_px == fin.box.left_px && box.top_px == fin.box.top_px &&
                        box.right_px == fin.box.right_px && box.bottom_px == fin.box.bottom_px &&
                        outline == fin.outline;
      if (same) return;
      Query(session, "delete from feature where fin_id = ?", fin.id).run();
      Query(session, "delete from candidate where fin_id = ?", fin.id).run();
      Query(session,
            "update fin set tier = 0, p_new = 0, probability = 0, first_candidate_id = null "
            "where id = ?",
            fin.id)
          .run();
    });
  });
}

void Fins::remove(FinId fin) {
  database_.write([&](soci::session& session) {
    PhotoId photo;
    EncounterId encounter;
    DecisionId decision;
    Query query(
        session, "select photo_id, encounter_id, last_decision_id from fin where id = ?", fin);
    if (!query.into(photo, encounter, decision).next()) throw no_fin(fin);
    if (decision) {
      throw Error(ErrorKind::kConflict,
                  fmt::format("Fin {} was decided on (decision {}); discard it by a decision "
                              "instead of removing it.",
                              fin.value,
                              decision.value));
    }
    clear_best(session, fin);
    internal::change_fins(
        session, {&fin, 1}, [&] { Query(session, "delete from fin where id = ?", fin).run(); });
    Touched touched;
    touched.photos.insert(photo);
    if (encounter) touched.encounters.insert(encounter);
    touched.recount(session);
  });
}

FinRecord Fins::get(FinId fin) const {
  FinRecord record;
  database_.read([&](soci::session& session) {
    Query query(session, internal::kSelectFins);
    query.add(" where f.id = ?", fin);
    internal::FinRows rows(query);
    if (!rows.next()) throw no_fin(fin);
    record = rows.row();
  });
  return record;
}

std::optional<std::vector<std::uint8_t>> Fins::feature(FinId fin, const std::string& recipe) const {
  std::optional<std::vector<std::uint8_t>> feature;
  database_.read([&](soci::session& session) {
    std::vector<std::uint8_t> bytes;
    Query query(session,
                fmt::format("select {} from feature where fin_id = ? and recipe_id = "
                            "(select id from recipe where name = ?)",
                            internal::bytes_column(session, "bytes")),
                fin,
                recipe);
    if (query.into(bytes).next()) feature = std::move(bytes);
  });
  return feature;
}

void Fins::set_feature(FinId fin, const std::string& recipe, std::span<const std::uint8_t> bytes) {
  database_.write([&](soci::session& session) {
    if (!Query(session, "select id from fin where id = ?", fin).next()) throw no_fin(fin);
    store_feature(session, fin, recipe_id(session, recipe, true), bytes);
  });
}

std::vector<FinId> Fins::without_feature(const std::string& recipe) const {
  std::vector<FinId> ids;
  database_.read([&](soci::session& session) {
    FinId id;
    Query query(session,
                "select id from fin where hidden = 0 and not exists "
                "(select 1 from feature where fin_id = fin.id and recipe_id = ?) order by id",
                recipe_id(session, recipe, false));
    query.into(id);
    while (query.next()) ids.push_back(id);
  });
  return ids;
}

}  // namespace finview
