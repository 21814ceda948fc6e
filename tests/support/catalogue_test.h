#pragma once

#include "finview/base/error.h"
#include "finview/catalogue/catalogue.h"

#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/postgres_server.h"
#include "tests/support/scratch_folder.h"
#include <gtest/gtest.h>

namespace finview::test {

/// An empty catalogue; the suite runs once per kind of database.
class CatalogueTest : public testing::TestWithParam<std::string> {
 protected:
  CatalogueTest() : catalogue(address) {}
  /// Whatever a test did, the catalogue is consistent.
  void TearDown() override { EXPECT_EQ(catalogue.database.check(), std::vector<std::string>{}); }

  static std::string new_address(const ScratchFolder& folder) {
    if (GetParam() == "sqlite") return (folder / "catalogue.db").string();
    return PostgresServer::shared().new_database();
  }

  PhotoId add_photo(const std::string& name, const std::string& taken = "2012-03-07") {
    PhotoRecord photo;
    photo.sha256 = "sha256 of " + name;
    photo.name = name;
    photo.size_bytes = 1000;
    photo.width_px = 4000;
    photo.height_px = 3000;
    photo.taken = taken;
    return catalogue.photos.add(photo);
  }

  /// A fin of a photo of its own.
  FinId add_fin(const std::string& photo_name) { return add_fin(add_photo(photo_name)); }

  FinId add_fin(PhotoId photo, float left_px = 100) {
    return catalogue.fins.add_found(photo, std::vector{new_fin(left_px)}).front();
  }

  static NewFin new_fin(float left_px = 100) {
    NewFin fin;
    fin.box = {left_px, 200, left_px + 80, 280, 0.9F, 0};
    fin.made_by = "detector:test";
    fin.side = "left";
    fin.quality = 0.5;
    return fin;
  }

  EncounterId add_encounter(const std::string& code) {
    EncounterRecord encounter;
    encounter.code = code;
    return catalogue.encounters.add(encounter);
  }

  IndividualId add_individual(const std::string& code) {
    IndividualRecord individual;
    individual.code = code;
    return catalogue.individuals.add(individual);
  }

  DecisionRecord decide(DecisionKind kind,
                        std::vector<FinId> fins,
                        IndividualId individual = {},
                        const std::string& who = "Ana") {
    NewDecision decision;
    decision.kind = kind;
    decision.fins = std::move(fins);
    decision.individual = individual;
    decision.who = who;
    return catalogue.decisions.decide(decision);
  }

  DecisionRecord merge(IndividualId stays, IndividualId goes) {
    NewDecision decision;
    decision.kind = DecisionKind::kMerge;
    decision.individual = stays;
    decision.other = goes;
    decision.who = "Ana";
    return catalogue.decisions.decide(decision);
  }

  DecisionRecord undo(const DecisionRecord& decision) {
    return catalogue.decisions.undo(decision.id, "Ana", "");
  }

  ScratchFolder folder;
  std::string address = new_address(folder);
  Catalogue catalogue;
};

/// That `f` throws an Error of this kind whose sentence holds every one of `parts`.
template <class F>
void expect_error(ErrorKind kind, const std::vector<std::string>& parts, F f) {
  try {
    f();
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), kind) << error.what();
    for (const std::string& part : parts) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
  }
}

inline std::vector<std::string> databases() { return {"sqlite", "postgresql"}; }
inline std::string database_name(const testing::TestParamInfo<std::string>& info) {
  return info.param;
}

}  // namespace finview::test

/// Runs the suite over every kind of database.
#define FINVIEW_OVER_DATABASES(suite)                                     \
  INSTANTIATE_TEST_SUITE_P(Database,                                      \
                           suite,                                         \
                           testing::ValuesIn(finview::test::databases()), \
                           finview::test::database_name)
