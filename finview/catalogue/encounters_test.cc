#include "finview/catalogue/encounters.h"

#include "tests/support/catalogue_test.h"

namespace finview {
namespace {

using test::expect_error;

class EncountersTest : public test::CatalogueTest {};

TEST_P(EncountersTest, KeepsEveryField) {
  SurveyRecord survey;
  survey.code = "S1";
  survey.began = "2012-03-07";
  survey.ended = "2012-03-09";
  survey.platform = "Rangitoto";
  survey.effort = "6.5 h";
  survey.notes = "calm\nsea";
  survey.id = catalogue.encounters.add_survey(survey);
  EXPECT_EQ(catalogue.encounters.add_survey(survey), survey.id);
  EncounterRecord row;
  row.code = "E-é";
  row.survey = survey.id;
  row.began = "2012-03-07T14:05:09";
  row.ended = "2012-03-07T15:00:00";
  row.place = "Tīkapa Moana";
  row.position = GpsPosition{-36.5, 175.25, std::nullopt};
  row.notes = "feeding";
  row.id = catalogue.encounters.add(row);
  const EncounterRecord kept = catalogue.encounters.get(row.id);
  EXPECT_EQ(kept.code, row.code);
  EXPECT_EQ(kept.survey, survey.id);
  EXPECT_EQ(kept.began, row.began);
  EXPECT_EQ(kept.ended, row.ended);
  EXPECT_EQ(kept.place, row.place);
  EXPECT_EQ(kept.position->longitude_deg, 175.25);
  EXPECT_FALSE(kept.position->altitude_m);
  EXPECT_EQ(kept.notes, row.notes);
  EXPECT_EQ(catalogue.encounters.get_survey(survey.id).effort, "6.5 h");
  EXPECT_EQ(catalogue.encounters.surveys().size(), 1U);
  survey.platform = "shore";
  catalogue.encounters.change_survey(survey);
  EXPECT_EQ(catalogue.encounters.get_survey(survey.id).platform, "shore");
}

TEST_P(EncountersTest, ACodeIsOneEncounter) {
  const EncounterId a = add_encounter("E1");
  const EncounterId b = add_encounter("E2");
  EncounterRecord again;
  again.code = "E1";
  again.place = "elsewhere";
  EXPECT_EQ(catalogue.encounters.add(again), a);
  EXPECT_EQ(catalogue.encounters.get(a).place, "");
  EXPECT_EQ(catalogue.encounters.find("E2"), b);
  EXPECT_FALSE(catalogue.encounters.find("E3"));
  again.id = b;
  expect_error(ErrorKind::kConflict, {"E1"}, [&] { catalogue.encounters.change(again); });
  again.code = "E3";
  catalogue.encounters.change(again);
  EXPECT_EQ(catalogue.encounters.get(b).place, "elsewhere");
  again.id = EncounterId{9};
  again.code = "E9";
  expect_error(ErrorKind::kNotFound, {"9"}, [&] { catalogue.encounters.change(again); });
  again.survey = SurveyId{5};
  expect_error(ErrorKind::kNotFound, {"survey 5"}, [&] { catalogue.encounters.add(again); });
  again.code = "";
  expect_error(ErrorKind::kBadInput, {"empty"}, [&] { catalogue.encounters.add(again); });
}

TEST_P(EncountersTest, ListsByTextSurveyAndOrder) {
  SurveyRecord season;
  season.code = "S1";
  const SurveyId survey = catalogue.encounters.add_survey(season);
  EncounterRecord row;
  row.code = "E1";
  row.began = "2012-03-08";
  row.place = "Bay of Plenty";
  const EncounterId a = catalogue.encounters.add(row);
  row.code = "E2";
  row.began = "2012-03-07";
  row.place = "Gulf";
  row.survey = survey;
  const EncounterId b = catalogue.encounters.add(row);
  catalogue.photos.set_encounter(std::vector{add_photo("a.jpg")}, a);
  const auto ids = [&](const EncounterFilter& filter) {
    std::vector<EncounterId> all;
    for (const auto& found : catalogue.encounters.list(filter).rows) all.push_back(found.id);
    return all;
  };
  using EncounterIds = std::vector<EncounterId>;
  EXPECT_EQ(ids({}), (EncounterIds{b, a}));
  EncounterFilter filter;
  filter.text = "PLENTY";
  EXPECT_EQ(ids(filter), EncounterIds{a});
  filter = {};
  filter.survey = survey;
  EXPECT_EQ(ids(filter), EncounterIds{b});
  filter = {};
  filter.sort = "photos";
  filter.descending = true;
  EXPECT_EQ(ids(filter), (EncounterIds{a, b}));
}

FINVIEW_OVER_DATABASES(EncountersTest);

}  // namespace
}  // namespace finview
