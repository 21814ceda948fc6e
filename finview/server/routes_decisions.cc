#include "finview/server/events.h"
#include "finview/server/inputs.h"
#include "finview/server/json_out.h"
#include "finview/server/router.h"

#include <nlohmann/json.hpp>

namespace finview {

using nlohmann::json;

namespace {

const std::vector<std::pair<std::string, DecisionKind>> kKinds{{"confirm", DecisionKind::kConfirm},
                                                               {"reject", DecisionKind::kReject},
                                                               {"new", DecisionKind::kNew},
                                                               {"unsure", DecisionKind::kUnsure},
                                                               {"discard", DecisionKind::kDiscard},
                                                               {"merge", DecisionKind::kMerge},
                                                               {"split", DecisionKind::kSplit}};

HttpAnswer list_decisions(ServerContext& context, const HttpRequest& request) {
  Query query(request);
  std::optional<FinId> fin;
  std::optional<IndividualId> individual;
  if (const auto id = query.id("fin")) fin = FinId{*id};
  if (const auto id = query.id("individual")) individual = IndividualId{*id};
  const auto offset = query.number("offset", 0, 0, kMaxOffset);
  const auto limit = query.number("limit", 100, 1, 1000);
  query.done();
  const auto decisions =
      context.project.catalogue().decisions.list(fin, individual, offset, limit + 1);
  json rows = json::array();
  for (const DecisionRecord& decision : decisions) {
    if (static_cast<std::int64_t>(rows.size()) < limit) rows.push_back(to_json(decision));
  }
  const auto total = rows.empty() ? 0 : offset + static_cast<std::int64_t>(decisions.size());
  return json_answer({{"rows", std::move(rows)}, {"total", total}});
}

/// The fins and individuals that were to be decided on, as they are.
json current_state(ServerContext& context, const NewDecision& decision) {
  json fins = json::array();
  json individuals = json::array();
  Catalogue& catalogue = context.project.catalogue();
  try {
    for (const FinId fin : decision.fins) fins.push_back(to_json(catalogue.fins.get(fin)));
    for (const IndividualId id : {decision.individual, decision.other}) {
      if (id) individuals.push_back(to_json(catalogue.individuals.get(id)));
    }
  } catch (const Error&) {  // gone meanwhile: told as far as it is known
  }
  return {{"fins", std::move(fins)}, {"individuals", std::move(individuals)}};
}

template <class Work>
HttpAnswer decided(ServerContext& context, const NewDecision& wish, const Work& work) {
  try {
    const DecisionRecord decision = work();
    context.events.catalogue_changed({"decisions", "fins", "individuals", "duplicates"});
    return json_answer(to_json(decision), 201);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kConflict) throw;
    throw conflict(error.what(), current_state(context, wish));
  }
}

HttpAnswer decide(ServerContext& context, const HttpRequest& request) {
  Body body(request);
  std::string kind;
  std::vector<std::string> names;
  for (const auto& [name, value] : kKinds) names.push_back(name);
  std::vector<std::int64_t> fins, seen;
  NewDecision decision;
  body.require("kind");
  body.choice("kind", kind, names);
  body.ids("fins", fins, 0);
  body.id("individual", decision.individual.value);
  body.id("other", decision.other.value);
  body.text("code", decision.code, 100);
  body.notes("why", decision.why);
  body.optional_ids("seen", seen);
  if (!seen.empty() && seen.size() != fins.size()) {
    body.fault("seen must have one entry for each of fins.");
  }
  body.done();
  for (const auto& [name, value] : kKinds) {
    if (name == kind) decision.kind = value;
  }
  for (const std::int64_t fin : fins) decision.fins.push_back(FinId{fin});
  for (const std::int64_t last : seen) decision.seen.push_back(DecisionId{last});
  decision.who = request.caller.name;
  return decided(
      context, decision, [&] { return context.project.catalogue().decisions.decide(decision); });
}

HttpAnswer undo(ServerContext& context, const HttpRequest& request) {
  Body body(request, true);
  std::string why;
  body.notes("why", why);
  body.done();
  Decisions& decisions = context.project.catalogue().decisions;
  const DecisionRecord decision = decisions.get(DecisionId{id_of(request)});
  NewDecision wish;
  wish.fins = decision.fins;
  return decided(
      context, wish, [&] { return decisions.undo(decision.id, request.caller.name, why); });
}

}  // namespace

std::vector<Route> decision_routes() {
  return {{"GET", "/api/decisions", Role::kViewer, list_decisions},
          {"POST", "/api/decisions", Role::kReviewer, decide},
          {"POST", "/api/decisions/{id}/undo", Role::kReviewer, undo}};
}

}  // namespace finview
