#include "finview/base/error.h"
#include "finview/catalogue/database.h"
#include "finview/catalogue/fold_text.h"
#include "finview/catalogue/missing_row.h"
#include "finview/catalogue/photos.h"
#include "finview/catalogue/query.h"

#include <map>

// Photos become rows.
namespace finview {
namespace {

using internal::Query;

void count_in_encounter(soci::session& session, EncounterId encounter, int num_more) {
  if (!encounter) return;
  Query count(session,
              "update encounter set num_photos = num_photos + ? where id = ?",
              num_more,
              encounter);
  if (count.run() > 0) return;
  throw internal::missing_row(encounter);
}

void count_in_encounters(soci::session& session, std::span<const PhotoRecord> photos, int sign) {
  std::map<EncounterId, int> num_more;
  for (const PhotoRecord& photo : photos) num_more[photo.encounter] += sign;
  for (const auto& [encounter, num] : num_more) count_in_encounter(session, encounter, num);
}

void add_values(Query& insert, const PhotoRecord& photo, const std::string& now) {
  const auto [name, name_bytes] = internal::storable_name(photo.name);
  const auto& position = photo.position;
  insert.add("(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
             photo.sha256,
             name,
             name_bytes,
             internal::fold_text(name),
             photo.size_bytes,
             photo.width_px,
             photo.height_px,
             photo.taken,
             position ? std::optional(position->latitude_deg) : std::nullopt,
             position ? std::optional(position->longitude_deg) : std::nullopt,
             position ? position->altitude_m : std::nullopt,
             photo.camera,
             photo.encounter,
             photo.state,
             photo.failure,
             photo.added.empty() ? now : photo.added,
             static_cast<int>(photo.is_crop),
             photo.labelled,
             photo.labelled_by);
}

// Those that are new, by their hash.
std::map<std::string, PhotoId> insert_photos(soci::session& session,
                                             std::span<const PhotoRecord> photos,
                                             const std::string& now) {
  Query insert(session,
               "insert into photo (sha256, name, name_bytes, search, size_bytes, width_px, "
               "height_px, taken, latitude_deg, longitude_deg, altitude_m, camera, encounter_id, "
               "state, failure, added, is_crop, labelled_id, labelled_by) values ");
  for (const PhotoRecord& photo : photos) {
    if (&photo != &photos.front()) insert.add(", ");
    add_values(insert, photo, now);
  }
  insert.add(" on conflict (sha256) do nothing returning id, sha256");
  std::map<std::string, PhotoId> added;
  PhotoId id;
  std::string sha256;
  insert.into(id, sha256);
  while (insert.next()) added.emplace(sha256, id);
  return added;
}

PhotoId known_photo(soci::session& session, const std::string& sha256) {
  PhotoId id;
  Query(session, "select id from photo where sha256 = ?", sha256).into(id).next();
  return id;
}

}  // namespace

PhotoId Photos::add(const PhotoRecord& photo) { return add({&photo, 1}).front(); }

std::vector<PhotoId> Photos::add(std::span<const PhotoRecord> photos) {
  std::vector<PhotoId> ids;
  database_.write([&](soci::session& session) {
    internal::for_each_batch(photos, [&](std::span<const PhotoRecord> batch) {
      count_in_encounters(session, batch, 1);
      std::map<std::string, PhotoId> added = insert_photos(session, batch, database_.now());
      for (const PhotoRecord& photo : batch) {
        const auto node = added.extract(photo.sha256);
        if (node.empty()) count_in_encounters(session, {&photo, 1}, -1);
        ids.push_back(node.empty() ? known_photo(session, photo.sha256) : node.mapped());
      }
    });
  });
  return ids;
}

}  // namespace finview
