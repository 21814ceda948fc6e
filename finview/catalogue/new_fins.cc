#include "finview/catalogue/new_fins.h"

#include "finview/base/error.h"
#include "finview/catalogue/missing_row.h"
#include "finview/catalogue/query.h"
#include "finview/catalogue/tallies.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace finview::internal {
namespace {

std::vector<FinId> insert_batch(soci::session& session, std::span<const NewFinRow> rows) {
  Query insert(session,
               "insert into fin (photo_id, left_px, top_px, right_px, bottom_px, confidence, "
               "class_index, made_by, side, quality, outline, outlined_by, hidden, taken, "
               "encounter_id, photo_order) values ");
  for (const auto& [photo, fin] : rows) {
    if (&fin != &rows.front().fin) insert.add(", ");
    insert.add("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?)",
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
  }
  insert.add(" returning id");
  std::vector<FinId> ids;
  FinId id;
  insert.into(id);
  while (insert.next()) ids.push_back(id);
  // Numbered in the order of the rows, but not always returned so.
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace

std::map<PhotoId, PhotoOfFins> photos_of_fins(soci::session& session,
                                              std::span<const PhotoId> ids) {
  std::map<PhotoId, PhotoOfFins> photos;
  PhotoOfFins photo;
  std::string trashed;
  Query query(session,
              "select id, taken, encounter_id, search, num_fins, trashed from photo where id");
  query.add_in(ids).into(
      photo.id, photo.taken, photo.encounter, photo.order, photo.num_fins, trashed);
  while (query.next()) {
    photo.trashed = !trashed.empty();
    photos.emplace(photo.id, photo);
  }
  for (const PhotoId id : ids) {
    if (photos.contains(id)) continue;
    throw missing_row(id);
  }
  return photos;
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

std::vector<FinId> insert_fins(soci::session& session, std::span<const NewFinRow> rows) {
  std::vector<FinId> ids;
  for_each_batch(rows, [&](std::span<const NewFinRow> batch) {
    const std::vector<FinId> some = insert_batch(session, batch);
    ids.insert(ids.end(), some.begin(), some.end());
  });
  tally_new_fins(session, rows);
  return ids;
}

void store_features(soci::session& session, std::int64_t recipe, std::span<const FeatureRow> rows) {
  for_each_batch(rows, [&](std::span<const FeatureRow> batch) {
    Query insert(session, "insert into feature (fin_id, recipe_id, bytes) values ");
    for (const auto& [fin, bytes] : batch) {
      if (fin != batch.front().fin) insert.add(", ");
      insert.add("(?, ?, " + bytes_value(session) + ")", fin, recipe, bytes);
    }
    insert.add(" on conflict (fin_id, recipe_id) do update set bytes = excluded.bytes").run();
  });
}

std::int64_t recipe_id(soci::session& session, const std::string& recipe, bool create) {
  std::int64_t id = 0;
  Query known(session, "select id from recipe where name = ?", recipe);
  if (known.into(id).next() || !create) return id;
  Query(session, "insert into recipe (name) values (?) returning id", recipe).into(id).next();
  return id;
}

}  // namespace finview::internal
