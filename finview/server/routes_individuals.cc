#include "finview/server/events.h"
#include "finview/server/inputs.h"
#include "finview/server/json_out.h"
#include "finview/server/router.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {

using nlohmann::json;

namespace {

HttpAnswer list_individuals(ServerContext& context, const HttpRequest& request) {
  Query query(request);
  IndividualFilter filter;
  filter.text = query.text("text");
  filter.sex = query.choice("sex", {"female", "male"}, "");
  filter.merged = query.flag("merged");
  filter.sort = query.choice(
      "sort", {"code", "name", "fins", "encounters", "last_seen", "created"}, filter.sort);
  filter.descending = query.flag("descending");
  filter.offset = query.number("offset", 0, 0, kMaxOffset);
  filter.limit = query.number("limit", 100, 1, 1000);
  query.done();
  return page_answer(context.project.catalogue().individuals.list(filter));
}

void read_fields(Body& body, IndividualRecord& individual) {
  body.text("code", individual.code, 100, 1);
  body.text("name", individual.name, 1000);
  body.texts("aliases", individual.aliases, 100, 1000);
  body.choice("sex", individual.sex, {"female", "male", ""});
  body.choice("age_class", individual.age_class, {"calf", "juvenile", "adult", ""});
  body.notes("marks", individual.marks);
  body.notes("notes", individual.notes);
}

/// Tells a conflict together with the individual that has the code.
template <class Work>
void with_conflicts(ServerContext& context, const std::string& code, const Work& work) {
  Individuals& individuals = context.project.catalogue().individuals;
  try {
    work(individuals);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kConflict) throw;
    const auto taken = individuals.find(code);
    throw conflict(error.what(), taken ? to_json(individuals.get(*taken)) : json(nullptr));
  }
  context.events.catalogue_changed({"individuals"});
}

HttpAnswer add_individual(ServerContext& context, const HttpRequest& request) {
  Body body(request);
  IndividualRecord individual;
  body.require("code");
  read_fields(body, individual);
  body.done();
  with_conflicts(context, individual.code, [&](Individuals& individuals) {
    individual.id = individuals.add(individual);
  });
  return json_answer(to_json(context.project.catalogue().individuals.get(individual.id)), 201);
}

HttpAnswer suggest_code(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  return json_answer({{"code", context.project.catalogue().individuals.suggest_code()}});
}

HttpAnswer get_individual(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  const IndividualId id{id_of(request)};
  return json_answer(to_json(context.project.catalogue().individuals.get(id)));
}

/// A fin that is to stand for an individual. Throws Error{kBadInput}.
void check_best(ServerContext& context, FinId fin, IndividualId individual) {
  if (!fin) return;
  try {
    if (context.project.catalogue().fins.get(fin).individual == individual) return;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kNotFound) throw;
  }
  throw Error(ErrorKind::kBadInput,
              fmt::format("Fin {} does not show this individual.", fin.value));
}

HttpAnswer change_individual(ServerContext& context, const HttpRequest& request) {
  IndividualRecord individual =
      context.project.catalogue().individuals.get(IndividualId{id_of(request)});
  Body body(request);
  read_fields(body, individual);
  body.id("best_left", individual.best_left.value);
  body.id("best_right", individual.best_right.value);
  body.done();
  if (body.has("best_left")) check_best(context, individual.best_left, individual.id);
  if (body.has("best_right")) check_best(context, individual.best_right, individual.id);
  with_conflicts(
      context, individual.code, [&](Individuals& individuals) { individuals.change(individual); });
  return json_answer(to_json(context.project.catalogue().individuals.get(individual.id)));
}

}  // namespace

std::vector<Route> individual_routes() {
  return {{"GET", "/api/individuals", Role::kViewer, list_individuals},
          {"POST", "/api/individuals", Role::kEditor, add_individual},
          {"GET", "/api/individuals/suggest-code", Role::kViewer, suggest_code},
          {"GET", "/api/individuals/{id}", Role::kViewer, get_individual},
          {"PATCH", "/api/individuals/{id}", Role::kEditor, change_individual}};
}

}  // namespace finview
