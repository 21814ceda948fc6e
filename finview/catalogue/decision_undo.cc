#include "finview/base/error.h"
#include "finview/catalogue/database.h"
#include "finview/catalogue/decision_effects.h"
#include "finview/catalogue/decisions.h"
#include "finview/catalogue/fold_text.h"
#include "finview/catalogue/individual_codes.h"
#include "finview/catalogue/query.h"

#include <algorithm>

#include <fmt/format.h>

namespace finview {
namespace {

using namespace internal;

[[noreturn]] void throw_decided_since(soci::session& session,
                                      DecisionId undone,
                                      const std::string& state,
                                      DecisionId later) {
  throw Error(ErrorKind::kConflict,
              fmt::format("Decision {} cannot be taken back: {}{}. Take the later decision back "
                          "first; nothing was changed.",
                          undone.value,
                          state,
                          later ? " by " + describe(session, later) : ""));
}

// A later decision in force that changed the fin; 0 = none. A later one that was taken back does
// not count, nor does what took it back.
DecisionId later_change(soci::session& session, DecisionId undone, FinId fin) {
  DecisionId id;
  DecisionId undoes;
  std::vector<std::pair<DecisionId, DecisionId>> later;
  Query query(
      session,
      "select d.id, d.undoes_id from decision_fin e join decision d on d.id = e.decision_id "
      "where e.fin_id = ? and d.id > ? and (e.review_before <> e.review_after or "
      "coalesce(e.individual_before_id, 0) <> coalesce(e.individual_after_id, 0)) "
      "order by d.id desc",
      fin,
      undone);
  query.into(id, undoes);
  while (query.next()) later.emplace_back(id, undoes);
  for (const auto& [decision, taken_back] : later) {
    if (taken_back > undone || undo_in_force(session, decision)) continue;
    return decision;
  }
  return {};
}

DecisionId last_on_individual(soci::session& session, IndividualId individual) {
  DecisionId id;
  Query query(session,
              "select max(id) from (select max(decision_id) as id from decision_fin "
              "where individual_after_id = ? union all select max(decision_id) from "
              "decision_individual where individual_id = ?) as latest",
              individual,
              individual);
  query.into(id).next();
  return id;
}

// A fin cannot go back to an individual that was merged or taken back meanwhile, unless that is
// taken back now, too.
void check_can_return(soci::session& session,
                      DecisionId undone,
                      const DecisionEffects& effects,
                      const FinChange& change) {
  const IndividualId individual = change.before.individual;
  const bool returns = std::any_of(
      effects.individuals.begin(), effects.individuals.end(), [&](const IndividualChange& other) {
        return other.individual == individual;
      });
  if (!individual || returns) return;
  if (individual_state(session, individual) == IndividualState{{}, false}) return;
  throw_decided_since(session,
                      undone,
                      fmt::format("the individual that fin {} would return to was merged or taken "
                                  "back",
                                  change.fin.value),
                      last_on_individual(session, individual));
}

void add_fins(soci::session& session,
              DecisionId undone,
              const DecisionEffects& effects,
              DecisionEffects& back) {
  for (const FinChange& change : effects.fins) {
    const std::optional<FinState> now = fin_state(session, change.fin);
    if (!now) continue;  // removed with its photo
    if (change.before == change.after) {
      back.fins.push_back({change.fin, *now, *now});
      continue;
    }
    const DecisionId later = later_change(session, undone, change.fin);
    if (later || *now != change.after) {
      throw_decided_since(session, undone, describe(session, change.fin, *now), later);
    }
    check_can_return(session, undone, effects, change);
    back.fins.push_back({change.fin, *now, change.before});
  }
}

void add_rejections(soci::session& session,
                    DecisionId undone,
                    const std::vector<RejectionChange>& changes,
                    DecisionEffects& back) {
  for (const RejectionChange& change : changes) {
    if (!fin_state(session, change.fin)) continue;
    const DecisionId now = rejection(session, change.fin, change.individual);
    if (now != change.after) {
      DecisionId later;
      Query query(session,
                  "select max(decision_id) from decision_rejection "
                  "where fin_id = ? and individual_id = ?",
                  change.fin,
                  change.individual);
      query.into(later).next();
      throw_decided_since(
          session,
          undone,
          fmt::format("whether fin {} shows this individual was decided", change.fin.value),
          later);
    }
    back.rejections.push_back({change.fin, change.individual, now, change.before});
  }
}

// That nothing but the undone decision speaks of an individual whose creation is taken back.
void check_unused(soci::session& session,
                  DecisionId undone,
                  IndividualId individual,
                  const std::vector<FinChange>& leaving) {
  FinId fin;
  Query fins(session, "select id from fin where individual_id = ? order by id", individual);
  fins.into(fin);
  while (fins.next()) {
    const bool leaves = std::any_of(
        leaving.begin(), leaving.end(), [&](const FinChange& change) { return change.fin == fin; });
    if (leaves) continue;
    throw_decided_since(session,
                        undone,
                        describe(session, fin, *fin_state(session, fin)),
                        last_on_individual(session, individual));
  }
  if (Query(session, "select id from individual where merged_into_id = ?", individual).next()) {
    throw_decided_since(session,
                        undone,
                        "another individual was merged into the one it created",
                        last_on_individual(session, individual));
  }
}

void add_individuals(soci::session& session,
                     DecisionId undone,
                     const std::vector<IndividualChange>& changes,
                     DecisionEffects& back) {
  for (const IndividualChange& change : changes) {
    const IndividualState now = individual_state(session, change.individual);
    std::string code;
    Query(session, "select code from individual where id = ?", change.individual).into(code).next();
    if (now != change.after) {
      throw_decided_since(session,
                          undone,
                          fmt::format("{} was changed", code),
                          last_on_individual(session, change.individual));
    }
    if (change.before.retired && !now.retired) {
      check_unused(session, undone, change.individual, back.fins);
    }
    if (now.retired && !change.before.retired) {
      check_code_is_free(session, code, change.individual);
    }
    back.individuals.push_back({change.individual, now, change.before});
  }
}

}  // namespace

DecisionRecord Decisions::undo(DecisionId id, const std::string& who, const std::string& why) {
  check_decider(who, why);
  DecisionRecord record;
  database_.write([&](soci::session& session) {
    const std::vector<DecisionRecord> found = read_decisions(session, {id});
    if (found.empty()) {
      throw Error(ErrorKind::kNotFound,
                  fmt::format("There is no decision {} in the catalogue.", id.value));
    }
    const DecisionRecord& undone = found.front();
    if (undone.undone_by) {
      throw Error(ErrorKind::kConflict,
                  fmt::format("Decision {} was taken back before, by {}.",
                              id.value,
                              describe(session, undone.undone_by)));
    }
    const DecisionEffects effects = read_effects(session, id);
    DecisionEffects back;
    add_fins(session, id, effects, back);
    add_rejections(session, id, effects.rejections, back);
    add_individuals(session, id, effects.individuals, back);
    record.kind = DecisionKind::kUndo;
    record.individual = undone.individual;
    record.other = undone.other;
    record.who = who;
    record.why = why;
    record.when = decision_time(session, database_);
    record.undoes = id;
    const DecisionId undo = insert_decision(session, record);
    apply(session, undo, back);
    record = read_decisions(session, {undo}).front();
  });
  return record;
}

}  // namespace finview
