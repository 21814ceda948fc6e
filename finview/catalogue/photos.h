#pragma once

#include "finview/catalogue/fins.h"
#include "finview/catalogue/records.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace finview {

class Database;

struct PhotoFilter {
  std::vector<PhotoState> states;
  std::optional<EncounterId> encounter;
  std::string text;  ///< in the name, any case; a byte that is not UTF-8 is "\\xe9" there
  bool trashed = false;
  std::string sort = "id";  ///< "id", "name", "taken", "added", "fins"
  bool descending = false;
  std::int64_t offset = 0;
  std::int64_t limit = 100;  ///< 1 to 1000
};

class Photos {
 public:
  explicit Photos(Database& database) : database_(database) {}

  /// The row of these bytes, which may have been there before (then nothing is changed).
  /// `photo.id` is ignored.
  PhotoId add(const PhotoRecord& photo);
  /// The same of many at once, all or nothing; many times as fast where the database is on another
  /// machine.
  std::vector<PhotoId> add(std::span<const PhotoRecord> photos);

  PhotoRecord get(PhotoId id) const;  ///< Throws Error{kNotFound}.
  std::optional<PhotoRecord> find(const std::string& sha256) const;
  Page<PhotoRecord> list(const PhotoFilter& filter) const;
  /// Every photo not in the trash, by id. `f` runs outside of any transaction.
  void each(const std::function<void(const PhotoRecord&)>& f) const;
  /// In order of id.
  std::vector<PhotoId> in_state(PhotoState state) const;

  void set_failed(PhotoId id, const std::string& failure);
  /// So that it is searched (again).
  void set_waiting(PhotoId id);
  void set_encounter(std::span<const PhotoId> ids, EncounterId encounter);
  void set_taken(PhotoId id, const std::string& taken);
  /// Whom it is said to show, by whom; for fins that are found later.
  void set_labelled(PhotoId id, IndividualId individual, const std::string& by);
  /// Into the trash and out of it; its fins go with it.
  void set_trashed(std::span<const PhotoId> ids, bool trashed);
  /// Removes photos that lie in the trash, with their fins, and says whose files may go. Decisions
  /// stay. Throws Error{kConflict} if one does not lie there.
  std::vector<std::string> remove_trashed(std::span<const PhotoId> ids);

 private:
  Database& database_;
};

}  // namespace finview
