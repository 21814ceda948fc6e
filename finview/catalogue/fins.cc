#include "finview/catalogue/fins.h"

#include "finview/base/error.h"
#include "finview/catalogue/database.h"
#include "finview/catalogue/fin_rows.h"
#include "finview/catalogue/missing_row.h"
#include "finview/catalogue/new_fins.h"
#include "finview/catalogue/query.h"
#include "finview/catalogue/tallies.h"

#include <fmt/format.h>

namespace finview {
namespace {

using internal::Query;
using internal::Touched;

void clear_best(soci::session& session, FinId fin) {
  Query(session, "update individual set best_left_id = null where best_left_id = ?", fin).run();
  Query(session, "update individual set best_right_id = null where best_right_id = ?", fin).run();
}

}  // namespace

FinId Fins::add(PhotoId photo, const NewFin& fin) {
  internal::check_fin(fin.box, fin.side, fin.quality);
  FinId id;
  database_.write([&](soci::session& session) {
    const auto photos = internal::photos_of_fins(session, {&photo, 1});
    const internal::NewFinRow row{photos.at(photo), fin};
    id = internal::insert_fins(session, {&row, 1}).front();
    Touched touched;
    touched.photos.insert(photo);
    if (row.photo.encounter) touched.encounters.insert(row.photo.encounter);
    touched.recount(session);
  });
  return id;
}

void Fins::change(const FinRecord& fin) {
  internal::check_fin(fin.box, fin.side, fin.quality);
  database_.write([&](soci::session& session) {
    Detection box;
    std::string outline;
    Query before(session,
                 "select left_px, top_px, right_px, bottom_px, outline from fin where id = ?",
                 fin.id);
    before.into(box.left_px, box.top_px, box.right_px, box.bottom_px, outline);
    if (!before.next()) throw internal::missing_row(fin.id);
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
    if (!query.into(photo, encounter, decision).next()) throw internal::missing_row(fin);
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
    if (!rows.next()) throw internal::missing_row(fin);
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
    if (!Query(session, "select id from fin where id = ?", fin).next())
      throw internal::missing_row(fin);
    const internal::FeatureRow row{fin, bytes};
    internal::store_features(session, internal::recipe_id(session, recipe, true), {&row, 1});
  });
}

std::vector<FinId> Fins::without_feature(const std::string& recipe) const {
  std::vector<FinId> ids;
  database_.read([&](soci::session& session) {
    FinId id;
    Query query(session,
                "select id from fin where hidden = 0 and not exists "
                "(select 1 from feature where fin_id = fin.id and recipe_id = ?) order by id",
                internal::recipe_id(session, recipe, false));
    query.into(id);
    while (query.next()) ids.push_back(id);
  });
  return ids;
}

}  // namespace finview
