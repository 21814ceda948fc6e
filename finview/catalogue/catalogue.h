#pragma once

#include "finview/catalogue/database.h"
#include "finview/catalogue/decisions.h"
#include "finview/catalogue/encounters.h"
#include "finview/catalogue/fins.h"
#include "finview/catalogue/individuals.h"
#include "finview/catalogue/photos.h"
#include "finview/catalogue/users.h"

#include <string>

namespace finview {

/// Who is who, kept. Any number of threads may use it; nothing is computed here.
struct Catalogue {
  explicit Catalogue(const std::string& address) : database(address) {}

  Database database;
  Photos photos{database};
  Fins fins{database};
  Individuals individuals{database};
  Encounters encounters{database};
  Decisions decisions{database};
  Users users{database};
};

}  // namespace finview
