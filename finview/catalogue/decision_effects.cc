#include "finview/catalogue/decision_effects.h"

#include "finview/base/error.h"
#include "finview/catalogue/database.h"
#include "finview/catalogue/fold_text.h"
#include "finview/catalogue/missing_row.h"
#include "finview/catalogue/query.h"
#include "finview/catalogue/tallies.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

namespace finview::internal {
namespace {

// All that change in the same way at once.
void apply_fins(soci::session& session, DecisionId by, const std::vector<FinChange>& changes) {
  std::map<std::pair<FinState, FinState>, std::vector<FinId>> alike;
  for (const FinChange& change : changes) {
    alike[{change.before, change.after}].push_back(change.fin);
  }
  for (const auto& [change, fins] : alike) {
    const auto& [before, after] = change;
    Query(session,
          "insert into decision_fin (decision_id, fin_id, individual_before_id, "
          "individual_after_id, review_before, review_after) "
          "select cast(? as bigint), id, cast(? as bigint), cast(? as bigint), "
          "cast(? as bigint), cast(? as bigint) from fin where id",
          by,
          before.individual,
          after.individual,
          before.review,
          after.review)
        .add_in(fins)
        .run();
    Query(session,
          "update fin set individual_id = ?, review = ?, last_decision_id = ?, individual_order = "
          "coalesce((select code_order from individual where id = ?), '') where id",
          after.individual,
          after.review,
          by,
          after.individual)
        .add_in(fins)
        .run();
  }
}

void apply_rejection(soci::session& session, DecisionId by, const RejectionChange& change) {
  Query(session,
        "insert into decision_rejection (decision_id, fin_id, individual_id, by_before_id, "
        "by_after_id) values (?, ?, ?, ?, ?)",
        by,
        change.fin,
        change.individual,
        change.before,
        change.after)
      .run();
  Query(session,
        "delete from rejection where fin_id = ? and individual_id = ?",
        change.fin,
        change.individual)
      .run();
  if (!change.after) return;
  Query(session,
        "insert into rejection (fin_id, individual_id, decision_id) values (?, ?, ?)",
        change.fin,
        change.individual,
        change.after)
      .run();
}

void apply_individual(soci::session& session, DecisionId by, const IndividualChange& change) {
  Query(session,
        "insert into decision_individual (decision_id, individual_id, merged_before_id, "
        "merged_after_id, retired_before, retired_after) values (?, ?, ?, ?, ?, ?)",
        by,
        change.individual,
        change.before.merged_into,
        change.after.merged_into,
        change.before.retired,
        change.after.retired)
      .run();
  Query(session,
        "update individual set merged_into_id = ?, retired = ? where id = ?",
        change.after.merged_into,
        change.after.retired,
        change.individual)
      .run();
}

std::string code_of(soci::session& session, IndividualId individual) {
  std::string code;
  Query(session, "select code from individual where id = ?", individual).into(code).next();
  return code;
}

const char* word(Review review) {
  switch (review) {
    case Review::kWaiting:
      return "waiting";
    case Review::kConfirmed:
      return "confirmed";
    case Review::kProvisional:
      return "provisional";
    case Review::kUnsure:
      return "unsure";
    case Review::kDiscarded:
      return "discarded";
  }
  return "unknown";
}

}  // namespace

void apply(soci::session& session, DecisionId by, const DecisionEffects& effects) {
  Touched touched;
  for (const IndividualChange& change : effects.individuals) {
    apply_individual(session, by, change);
    touched.individuals.insert(change.individual);
  }
  std::vector<FinId> fins;
  for (const FinChange& change : effects.fins) fins.push_back(change.fin);
  change_fins(session, fins, [&] { apply_fins(session, by, effects.fins); });
  for (const FinChange& change : effects.fins) {
    if (change.before.individual) touched.individuals.insert(change.before.individual);
    if (change.after.individual) touched.individuals.insert(change.after.individual);
  }
  for (const RejectionChange& change : effects.rejections) apply_rejection(session, by, change);
  touched.recount(session);
}

DecisionEffects read_effects(soci::session& session, DecisionId decision) {
  DecisionEffects effects;
  FinChange fin;
  Query fins(session,
             "select fin_id, individual_before_id, individual_after_id, review_before, "
             "review_after from decision_fin where decision_id = ? order by fin_id",
             decision);
  fins.into(
      fin.fin, fin.before.individual, fin.after.individual, fin.before.review, fin.after.review);
  while (fins.next()) effects.fins.push_back(fin);
  RejectionChange pair;
  Query pairs(session,
              "select fin_id, individual_id, by_before_id, by_after_id from decision_rejection "
              "where decision_id = ? order by fin_id, individual_id",
              decision);
  pairs.into(pair.fin, pair.individual, pair.before, pair.after);
  while (pairs.next()) effects.rejections.push_back(pair);
  IndividualChange individual;
  Query individuals(session,
                    "select individual_id, merged_before_id, merged_after_id, retired_before, "
                    "retired_after from decision_individual where decision_id = ? "
                    "order by individual_id",
                    decision);
  individuals.into(individual.individual,
                   individual.before.merged_into,
                   individual.after.merged_into,
                   individual.before.retired,
                   individual.after.retired);
  while (individuals.next()) effects.individuals.push_back(individual);
  return effects;
}

std::map<FinId, FinState> fin_states(soci::session& session, std::span<const FinId> fins) {
  std::map<FinId, FinState> states;
  FinId fin;
  FinState state;
  Query query(session, "select id, individual_id, review from fin where id");
  query.add_in(fins).into(fin, state.individual, state.review);
  while (query.next()) states.emplace(fin, state);
  return states;
}

std::optional<FinState> fin_state(soci::session& session, FinId fin) {
  const std::map<FinId, FinState> states = fin_states(session, {&fin, 1});
  return states.empty() ? std::nullopt : std::optional(states.at(fin));
}

DecisionId rejection(soci::session& session, FinId fin, IndividualId individual) {
  DecisionId by;
  Query query(session,
              "select decision_id from rejection where fin_id = ? and individual_id = ?",
              fin,
              individual);
  query.into(by).next();
  return by;
}

IndividualState individual_state(soci::session& session, IndividualId individual) {
  IndividualState state;
  Query query(session, "select merged_into_id, retired from individual where id = ?", individual);
  if (query.into(state.merged_into, state.retired).next()) return state;
  throw missing_row(individual);
}

DecisionId undo_in_force(soci::session& session, DecisionId decision) {
  DecisionId undo;
  Query query(
      session, "select id from decision where undoes_id = ? order by id desc limit 1", decision);
  if (!query.into(undo).next()) return {};
  return undo_in_force(session, undo) ? DecisionId{} : undo;
}

std::string decision_time(soci::session& session, const Database& database) {
  std::string last;
  Query(session, "select made from decision order by id desc limit 1").into(last).next();
  return std::max(database.now(), last);
}

void check_decider(const std::string& who, const std::string& why) {
  constexpr std::size_t kMaxWho = 200;
  constexpr std::size_t kMaxWhy = 10000;
  if (fold_text(who).empty()) {
    throw Error(ErrorKind::kBadInput, "A decision needs the name of who decides.");
  }
  check_text(who, kMaxWho, "The name of who decides", false);
  check_text(why, kMaxWhy, "The reason of a decision", true);
}

DecisionId insert_decision(soci::session& session, const DecisionRecord& record) {
  DecisionId id;
  Query insert(session,
               "insert into decision (kind, individual_id, other_id, individual_code, other_code, "
               "who, made, why, undoes_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?) returning id",
               record.kind,
               record.individual,
               record.other,
               code_of(session, record.individual),
               code_of(session, record.other),
               record.who,
               record.when,
               record.why,
               record.undoes);
  insert.into(id).next();
  return id;
}

std::vector<DecisionRecord> read_decisions(soci::session& session,
                                           const std::vector<DecisionId>& ids) {
  std::vector<DecisionRecord> decisions;
  for (const DecisionId id : ids) {
    DecisionRecord row;
    Query query(session,
                "select id, kind, individual_id, other_id, individual_code, other_code, who, made, "
                "why, undoes_id from decision where id = ?",
                id);
    query.into(row.id,
               row.kind,
               row.individual,
               row.other,
               row.individual_code,
               row.other_code,
               row.who,
               row.when,
               row.why,
               row.undoes);
    if (!query.next()) continue;
    row.undone_by = undo_in_force(session, id);
    FinId fin;
    Query fins(
        session, "select fin_id from decision_fin where decision_id = ? order by fin_id", id);
    fins.into(fin);
    while (fins.next()) row.fins.push_back(fin);
    decisions.push_back(std::move(row));
  }
  return decisions;
}

std::string describe(soci::session& session, DecisionId decision) {
  DecisionRecord row;
  Query query(session,
              "select kind, individual_code, other_code, who, made from decision where id = ?",
              decision);
  query.into(row.kind, row.individual_code, row.other_code, row.who, row.when).next();
  std::string codes = row.individual_code;
  if (!row.other_code.empty()) codes += (codes.empty() ? "" : ", ") + row.other_code;
  return fmt::format("decision {} ({}{}{} by {}, {})",
                     decision.value,
                     to_string(row.kind),
                     codes.empty() ? "" : " ",
                     codes,
                     row.who,
                     row.when);
}

std::string describe(soci::session& session, FinId fin, const FinState& state) {
  if (!state.individual) return fmt::format("fin {} is {}", fin.value, word(state.review));
  return fmt::format(
      "fin {} shows {} ({})", fin.value, code_of(session, state.individual), word(state.review));
}

}  // namespace finview::internal
