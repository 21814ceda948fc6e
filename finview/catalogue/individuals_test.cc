#include "finview/catalogue/individuals.h"

#include "tests/support/catalogue_test.h"

namespace finview {
namespace {

using test::expect_error;

class IndividualsTest : public test::CatalogueTest {
 protected:
  std::vector<std::string> codes(const IndividualFilter& filter) {
    std::vector<std::string> all;
    for (const auto& row : catalogue.individuals.list(filter).rows) all.push_back(row.code);
    return all;
  }
};
using Codes = std::vector<std::string>;

TEST_P(IndividualsTest, KeepsEveryField) {
  IndividualRecord row;
  row.code = "Ōrākei-12 海豚";
  row.name = "Ζωή";
  row.aliases = {"Zoe", "№ 5, \"big\""};
  row.sex = "female";
  row.age_class = "adult";
  row.marks = "two notches\nwhite patch";
  row.notes = "seen with a calf; 100%";
  const IndividualId id = catalogue.individuals.add(row);
  const IndividualRecord kept = catalogue.individuals.get(id);
  EXPECT_EQ(kept.code, row.code);
  EXPECT_EQ(kept.name, row.name);
  EXPECT_EQ(kept.aliases, row.aliases);
  EXPECT_EQ(kept.sex, row.sex);
  EXPECT_EQ(kept.age_class, row.age_class);
  EXPECT_EQ(kept.marks, row.marks);
  EXPECT_EQ(kept.notes, row.notes);
  EXPECT_EQ(kept.created.size(), 19U);
  EXPECT_EQ(kept.num_fins, 0);
  EXPECT_EQ(catalogue.individuals.find("ōrākei-12 海豚"), id);
}

TEST_P(IndividualsTest, CodesAreUniqueButForCaseAccentsAndWidth) {
  add_individual("Zoë");
  add_individual("D012");
  add_individual("Straße");
  for (const char* code : {"zoe", "ZOË", "Zoe\xCC\x88", "Ｄ０１２", "d012", " D012 ", "STRASSE"}) {
    SCOPED_TRACE(code);
    expect_error(
        ErrorKind::kConflict, {code, "taken by individual"}, [&] { add_individual(code); });
  }
  // Marks that make another letter do not fold: か and が, कु and क.
  for (const char* code : {"D0120", "か", "が", "कु", "क", "и", "Øre", "Ore"}) {
    SCOPED_TRACE(code);
    EXPECT_NO_THROW(add_individual(code));
  }
}

TEST_P(IndividualsTest, RefusesCodesThatAreEmptyLongOrUnprintable) {
  std::string long_code;
  for (int i = 0; i < 300; ++i) long_code += "é";
  expect_error(
      ErrorKind::kBadInput, {"300 characters", "limit is 100"}, [&] { add_individual(long_code); });
  expect_error(ErrorKind::kBadInput, {"empty"}, [&] { add_individual("   "); });
  expect_error(ErrorKind::kBadInput, {"U+0007"}, [&] { add_individual("D\a"); });
  expect_error(ErrorKind::kBadInput, {"U+000A"}, [&] { add_individual("D\n1"); });
  expect_error(ErrorKind::kBadInput, {"not UTF-8"}, [&] { add_individual("D\xE9"); });
  EXPECT_EQ(catalogue.individuals.list({}).total, 0);
  add_individual(long_code.substr(0, 200));  // 100 characters
}

TEST_P(IndividualsTest, ChangeRenamesAndKeepsTheGuard) {
  const IndividualId d1 = add_individual("D001");
  add_individual("D002");
  IndividualRecord row = catalogue.individuals.get(d1);
  row.code = "d002";
  expect_error(ErrorKind::kConflict, {"D002"}, [&] { catalogue.individuals.change(row); });
  row.code = "d001";
  row.sex = "male";
  catalogue.individuals.change(row);
  EXPECT_EQ(catalogue.individuals.get(d1).code, "d001");
  row.sex = "boy";
  expect_error(ErrorKind::kBadInput, {"boy"}, [&] { catalogue.individuals.change(row); });
  row.id = IndividualId{99};
  row.sex = "";
  row.code = "D099";
  expect_error(ErrorKind::kNotFound, {"99"}, [&] { catalogue.individuals.change(row); });
}

TEST_P(IndividualsTest, SuggestsTheNextCodeOfTheCommonestKind) {
  EXPECT_EQ(catalogue.individuals.suggest_code(), "1");
  add_individual("X900");
  add_individual("D009");
  add_individual("D040");
  EXPECT_EQ(catalogue.individuals.suggest_code(), "D041");
  add_individual("d041");  // of another kind, but the code is taken
  EXPECT_EQ(catalogue.individuals.suggest_code(), "D042");
  add_individual("D999");
  EXPECT_EQ(catalogue.individuals.suggest_code(), "D1000");
}

TEST_P(IndividualsTest, ListsInTheOrderOfAPerson) {
  for (const char* code : {"D10", "d9", "B1", "Ä2"}) add_individual(code);
  EXPECT_EQ(codes({}), (Codes{"Ä2", "B1", "d9", "D10"}));
  IndividualFilter filter;
  filter.descending = true;
  filter.limit = 2;
  EXPECT_EQ(codes(filter), (Codes{"D10", "d9"}));
  filter.offset = 2;
  EXPECT_EQ(codes(filter), (Codes{"B1", "Ä2"}));
  EXPECT_EQ(catalogue.individuals.list(filter).total, 4);
  filter.limit = 1001;
  expect_error(ErrorKind::kBadOptions, {"1001", "1000"}, [&] { codes(filter); });
  filter = {};
  filter.sort = "color";
  expect_error(ErrorKind::kBadOptions, {"color", "last_seen"}, [&] { codes(filter); });
}

TEST_P(IndividualsTest, FindsTextAnywhereInAnyCase) {
  IndividualRecord row;
  row.code = "D1";
  row.name = "Éclair";
  row.aliases = {"100%_pure"};
  row.marks = "White Patch";
  catalogue.individuals.add(row);
  add_individual("D2");
  IndividualFilter filter;
  for (const char* text : {"eclair", "ÉCL", "100%_p", "white patch", "d1"}) {
    filter.text = text;
    EXPECT_EQ(codes(filter), Codes{"D1"}) << text;
  }
  for (const char* text : {"%", "_"}) {
    filter.text = text;
    EXPECT_EQ(codes(filter), Codes{"D1"}) << text;
  }
  filter.text = "1__%";
  EXPECT_EQ(codes(filter), Codes{});
}

TEST_P(IndividualsTest, CountsFinsEncountersAndDays) {
  const IndividualId d1 = add_individual("D001");
  const EncounterId e1 = add_encounter("E1");
  const EncounterId e2 = add_encounter("E2");
  const PhotoId a = add_photo("a.jpg", "2012-03-07");
  const PhotoId b = add_photo("b.jpg", "2011-01-02T10:00:00");
  const PhotoId c = add_photo("c.jpg", "");
  catalogue.photos.set_encounter(std::vector{a, c}, e1);
  catalogue.photos.set_encounter(std::vector{b}, e2);
  decide(DecisionKind::kConfirm, {add_fin(a), add_fin(b), add_fin(c)}, d1);
  IndividualRecord row = catalogue.individuals.get(d1);
  EXPECT_EQ(row.num_fins, 3);
  EXPECT_EQ(row.num_encounters, 2);
  EXPECT_EQ(row.first_seen, "2011-01-02T10:00:00");
  EXPECT_EQ(row.last_seen, "2012-03-07");
  EXPECT_EQ(catalogue.encounters.get(e1).num_photos, 2);
  EXPECT_EQ(catalogue.encounters.get(e1).num_fins, 2);
  catalogue.photos.set_trashed(std::vector{b}, true);
  catalogue.photos.set_taken(a, "2013-01-01");
  row = catalogue.individuals.get(d1);
  EXPECT_EQ(row.num_fins, 2);
  EXPECT_EQ(row.num_encounters, 1);
  EXPECT_EQ(row.first_seen, "2013-01-01");
  EXPECT_EQ(catalogue.encounters.get(e2).num_photos, 0);
  catalogue.photos.set_trashed(std::vector{b}, false);
  EXPECT_EQ(catalogue.individuals.get(d1).num_fins, 3);
}

TEST_P(IndividualsTest, TheBestFinIsTheChosenOneOrThatOfMostQuality) {
  const IndividualId d1 = add_individual("D001");
  const PhotoId photo = add_photo("a.jpg");
  std::vector<NewFin> fins = {new_fin(100), new_fin(300), new_fin(500)};
  fins[1].quality = 0.9;
  fins[2].side = "right";
  const std::vector<FinId> ids = catalogue.fins.add_found(photo, fins);
  decide(DecisionKind::kConfirm, ids, d1);
  IndividualRecord row = catalogue.individuals.get(d1);
  EXPECT_EQ(row.best_left, ids[1]);
  EXPECT_EQ(row.best_right, ids[2]);
  row.best_left = ids[0];
  catalogue.individuals.change(row);
  EXPECT_EQ(catalogue.individuals.get(d1).best_left, ids[0]);
  decide(DecisionKind::kUnsure, {ids[0]});
  EXPECT_EQ(catalogue.individuals.get(d1).best_left, ids[1]);
  row = catalogue.individuals.get(d1);
  row.best_left = ids[0];
  expect_error(ErrorKind::kConflict, {"does not show"}, [&] { catalogue.individuals.change(row); });
}

TEST_P(IndividualsTest, AreToldApartByARejectionOrByOnePhotoOfBoth) {
  const IndividualId d1 = add_individual("D001");
  const IndividualId d2 = add_individual("D002");
  const IndividualId d3 = add_individual("D003");
  const PhotoId both = add_photo("both.jpg");
  const std::vector<NewFin> found = {new_fin(100), new_fin(300)};
  const std::vector<FinId> fins = catalogue.fins.add_found(both, found);
  decide(DecisionKind::kConfirm, {fins[0]}, d1);
  decide(DecisionKind::kConfirm, {add_fin("alone.jpg")}, d2);
  EXPECT_TRUE(catalogue.individuals.told_apart().empty());
  decide(DecisionKind::kConfirm, {fins[1]}, d3);
  EXPECT_EQ(catalogue.individuals.told_apart(), (std::set{std::pair(d1, d3)}));
  const DecisionRecord no = decide(DecisionKind::kReject, {fins[1]}, d2);
  EXPECT_EQ(catalogue.individuals.told_apart(), (std::set{std::pair(d1, d3), std::pair(d2, d3)}));
  undo(no);
  decide(DecisionKind::kUnsure, {fins[1]});
  EXPECT_TRUE(catalogue.individuals.told_apart().empty());
}

FINVIEW_OVER_DATABASES(IndividualsTest);

}  // namespace
}  // namespace finview
