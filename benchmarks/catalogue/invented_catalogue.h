#pragma once

#include "finview/catalogue/catalogue.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace finview {

struct InventedCatalogueOptions {
  std::int64_t num_fins = 1'000'000;
  std::int64_t num_individuals = 50'000;
  /// Says hash, bytes and size of the photo with this number; without it photos have no bytes.
  std::function<void(std::int64_t number, PhotoRecord& photo)> make_photo;
};

/// Fills an empty catalogue with seeded rows and prints how long that took: one or two fins a
/// photo, nine fins in ten confirmed, the others waiting with five candidates each. Returns the
/// fins in the order of their ids.
std::vector<FinId> invent_catalogue(Catalogue& catalogue, const InventedCatalogueOptions& options);

}  // namespace finview
