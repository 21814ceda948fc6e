#include "finview/server/events.h"
#include "finview/server/inputs.h"
#include "finview/server/json_out.h"
#include "finview/server/router.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {

using nlohmann::json;

namespace {

HttpAnswer list_encounters(ServerContext& context, const HttpRequest& request) {
  Query query(request);
  EncounterFilter filter;
  filter.text = query.text("text");
  if (const auto id = query.id("survey")) filter.survey = SurveyId{*id};
  filter.sort = query.choice("sort", {"began", "code", "place", "photos"}, filter.sort);
  filter.descending = query.flag("descending");
  filter.offset = query.number("offset", 0, 0, kMaxOffset);
  filter.limit = query.number("limit", 100, 1, 1000);
  query.done();
  return page_answer(context.project.catalogue().encounters.list(filter));
}

void read_fields(ServerContext& context, Body& body, EncounterRecord& encounter) {
  body.text("code", encounter.code, 100, 1);
  body.id("survey", encounter.survey.value);
  body.time("began", encounter.began);
  body.time("ended", encounter.ended);
  body.text("place", encounter.place, 1000);
  body.position("position", encounter.position);
  body.notes("notes", encounter.notes);
  body.done();
  if (!body.has("survey") || !encounter.survey) return;
  try {
    context.project.catalogue().encounters.get_survey(encounter.survey);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kNotFound) throw;
    throw Error(ErrorKind::kBadInput,
                fmt::format("There is no survey {}.", encounter.survey.value));
  }
}

HttpAnswer add_encounter(ServerContext& context, const HttpRequest& request) {
  Body body(request);
  EncounterRecord encounter;
  body.require("code");
  read_fields(context, body, encounter);
  Encounters& encounters = context.project.catalogue().encounters;
  if (const auto taken = encounters.find(encounter.code)) {
    throw conflict(fmt::format("There is an encounter \"{}\" already.", encounter.code),
                   to_json(encounters.get(*taken)));
  }
  const EncounterId id = encounters.add(encounter);
  context.events.catalogue_changed({"encounters"});
  return json_answer(to_json(encounters.get(id)), 201);
}

HttpAnswer get_encounter(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  const EncounterId id{id_of(request)};
  return json_answer(to_json(context.project.catalogue().encounters.get(id)));
}

HttpAnswer change_encounter(ServerContext& context, const HttpRequest& request) {
  Encounters& encounters = context.project.catalogue().encounters;
  EncounterRecord encounter = encounters.get(EncounterId{id_of(request)});
  Body body(request);
  read_fields(context, body, encounter);
  try {
    encounters.change(encounter);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kConflict) throw;
    throw conflict(error.what(), to_json(encounters.get(encounter.id)));
  }
  context.events.catalogue_changed({"encounters"});
  return json_answer(to_json(encounters.get(encounter.id)));
}

HttpAnswer list_surveys(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  json rows = json::array();
  for (const SurveyRecord& survey : context.project.catalogue().encounters.surveys()) {
    rows.push_back(to_json(survey));
  }
  const auto total = rows.size();
  return json_answer({{"rows", std::move(rows)}, {"total", total}});
}

void read_fields(Body& body, SurveyRecord& survey) {
  body.text("code", survey.code, 100, 1);
  body.time("began", survey.began);
  body.time("ended", survey.ended);
  body.text("platform", survey.platform, 1000);
  body.text("effort", survey.effort, 1000);
  body.notes("notes", survey.notes);
  body.done();
}

HttpAnswer add_survey(ServerContext& context, const HttpRequest& request) {
  Body body(request);
  SurveyRecord survey;
  body.require("code");
  read_fields(body, survey);
  Encounters& encounters = context.project.catalogue().encounters;
  for (const SurveyRecord& taken : encounters.surveys()) {
    if (taken.code != survey.code) continue;
    throw conflict(fmt::format("There is a survey \"{}\" already.", survey.code), to_json(taken));
  }
  const SurveyId id = encounters.add_survey(survey);
  context.events.catalogue_changed({"encounters"});
  return json_answer(to_json(encounters.get_survey(id)), 201);
}

HttpAnswer get_survey(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  return json_answer(
      to_json(context.project.catalogue().encounters.get_survey(SurveyId{id_of(request)})));
}

HttpAnswer change_survey(ServerContext& context, const HttpRequest& request) {
  Encounters& encounters = context.project.catalogue().encounters;
  SurveyRecord survey = encounters.get_survey(SurveyId{id_of(request)});
  Body body(request);
  read_fields(body, survey);
  try {
    encounters.change_survey(survey);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kConflict) throw;
    throw conflict(error.what(), to_json(encounters.get_survey(survey.id)));
  }
  context.events.catalogue_changed({"encounters"});
  return json_answer(to_json(encounters.get_survey(survey.id)));
}

}  // namespace

std::vector<Route> encounter_routes() {
  return {{"GET", "/api/encounters", Role::kViewer, list_encounters},
          {"POST", "/api/encounters", Role::kEditor, add_encounter},
          {"GET", "/api/encounters/{id}", Role::kViewer, get_encounter},
          {"PATCH", "/api/encounters/{id}", Role::kEditor, change_encounter},
          {"GET", "/api/surveys", Role::kViewer, list_surveys},
          {"POST", "/api/surveys", Role::kEditor, add_survey},
          {"GET", "/api/surveys/{id}", Role::kViewer, get_survey},
          {"PATCH", "/api/surveys/{id}", Role::kEditor, change_survey}};
}

}  // namespace finview
