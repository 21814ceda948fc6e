#pragma once

#include "finview/catalogue/fins.h"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace soci {
class session;
}

namespace finview::internal {

/// What the rows of a photo's fins repeat of it.
struct PhotoOfFins {
  PhotoId id;
  std::string taken;
  EncounterId encounter;
  std::string order;
  std::int64_t num_fins = 0;
  bool trashed = false;
};

/// Throws Error{kNotFound} that names the first that is missing.
std::map<PhotoId, PhotoOfFins> photos_of_fins(soci::session& session, std::span<const PhotoId> ids);

/// Throws Error{kBadInput}: a box without area, an unknown side, a quality outside 0 to 1.
void check_fin(const Detection& box, const std::string& side, double quality);

struct NewFinRow {
  const PhotoOfFins& photo;
  const NewFin& fin;
};

/// Adds fins and counts them in table `fin_tally`, nowhere else. Ids in the order of the rows.
std::vector<FinId> insert_fins(soci::session& session, std::span<const NewFinRow> rows);

struct FeatureRow {
  FinId fin;
  std::span<const std::uint8_t> bytes;
};

/// Adds features or replaces them; each fin once.
void store_features(soci::session& session, std::int64_t recipe, std::span<const FeatureRow> rows);

/// The row of a recipe; 0 if there is none and none is to be made.
std::int64_t recipe_id(soci::session& session, const std::string& recipe, bool create);

}  // namespace finview::internal
