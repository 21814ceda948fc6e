#include "finview/catalogue/decisions.h"

#include "finview/base/error.h"
#include "finview/catalogue/database.h"
#include "finview/catalogue/decision_effects.h"
#include "finview/catalogue/fold_text.h"
#include "finview/catalogue/individual_codes.h"
#include "finview/catalogue/list_query.h"
#include "finview/catalogue/missing_row.h"
#include "finview/catalogue/query.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace finview {
namespace {

using namespace internal;

bool needs_fins(DecisionKind kind) {
  return kind != DecisionKind::kMerge && kind != DecisionKind::kUndo;
}

bool creates_individual(DecisionKind kind) {
  return kind == DecisionKind::kNew || kind == DecisionKind::kSplit;
}

// What can be said without looking into the catalogue.
void check(const NewDecision& wish) {
  const std::string kind = to_string(wish.kind);
  if (wish.kind == DecisionKind::kUndo) {
    throw Error(ErrorKind::kBadInput, "A decision is taken back with `undo`.");
  }
  check_decider(wish.who, wish.why);
  if (needs_fins(wish.kind) == wish.fins.empty()) {
    throw Error(
        ErrorKind::kBadInput,
        fmt::format(
            "The decision \"{}\" {} fins.", kind, wish.fins.empty() ? "needs" : "takes no"));
  }
  std::vector<FinId> fins = wish.fins;
  std::sort(fins.begin(), fins.end());
  if (std::adjacent_find(fins.begin(), fins.end()) != fins.end()) {
    throw Error(ErrorKind::kBadInput, "A fin is named twice in one decision.");
  }
  if (!wish.seen.empty() && wish.seen.size() != wish.fins.size()) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} fins were given with {} decisions seen; give one each, or none.",
                            wish.fins.size(),
                            wish.seen.size()));
  }
  const bool names_one = wish.kind == DecisionKind::kConfirm ||
                         wish.kind == DecisionKind::kReject || wish.kind == DecisionKind::kMerge;
  if (names_one && !wish.individual) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("The decision \"{}\" needs an individual.", kind));
  }
  if (wish.kind == DecisionKind::kMerge && (!wish.other || wish.other == wish.individual)) {
    throw Error(ErrorKind::kBadInput, "A merge needs two different individuals.");
  }
}

using FinStates = std::map<FinId, FinState>;

FinStates states_of(soci::session& session, const std::vector<FinId>& fins) {
  FinStates states = fin_states(session, fins);
  for (const FinId fin : fins) {
    if (states.contains(fin)) continue;
    throw internal::missing_row(fin);
  }
  return states;
}

void check_seen(soci::session& session, const NewDecision& wish, const FinStates& states) {
  for (std::size_t i = 0; i < wish.seen.size(); ++i) {
    DecisionId last;
    Query query(session, "select last_decision_id from fin where id = ?", wish.fins[i]);
    query.into(last).next();
    if (last == wish.seen[i]) continue;
    const std::string now = describe(session, wish.fins[i], states.at(wish.fins[i]));
    throw Error(ErrorKind::kConflict,
                fmt::format("{} was decided on meanwhile: {} by {}. Nothing was changed.",
                            "Fin " + std::to_string(wish.fins[i].value),
                            now,
                            last ? describe(session, last) : "no decision"));
  }
}

// An individual that decisions may name: there, and not merged into another.
void check_standing(soci::session& session, IndividualId individual) {
  const IndividualState state = individual_state(session, individual);
  if (!state.retired && !state.merged_into) return;
  std::string code;
  std::string into;
  Query query(session,
              "select i.code, m.code from individual i "
              "left join individual m on m.id = i.merged_into_id where i.id = ?",
              individual);
  query.into(code, into).next();
  throw Error(ErrorKind::kConflict,
              state.retired
                  ? fmt::format("{} is not there any more: its creation was taken back.", code)
                  : fmt::format("{} was merged into {}; decide for that one.", code, into));
}

bool asks_for_two(soci::session& session) {
  std::string value;
  Query query(session, "select value from setting where name = 'second_reviewer'");
  return query.into(value).next() && value == "1";
}

// Who last said that this fin shows this individual.
std::string who_said(soci::session& session, FinId fin, IndividualId individual) {
  std::string who;
  Query query(session,
              "select d.who from decision_fin e join decision d on d.id = e.decision_id "
              "where e.fin_id = ? and e.individual_after_id = ? and d.kind in (?, ?, ?) "
              "order by d.id desc limit 1",
              fin,
              individual,
              DecisionKind::kConfirm,
              DecisionKind::kNew,
              DecisionKind::kSplit);
  query.into(who).next();
  return who;
}

// The review, where two have to agree, of a fin of which `who` says now that it shows `individual`.
Review review_after(soci::session& session,
                    FinId fin,
                    const FinState& before,
                    IndividualId individual,
                    const std::string& who) {
  if (before.individual != individual) return Review::kProvisional;
  if (before.review == Review::kConfirmed) return Review::kConfirmed;
  return who_said(session, fin, individual) == who ? Review::kProvisional : Review::kConfirmed;
}

// A pair that somebody else made stands; who made it may think again.
void end_own_rejection(soci::session& session,
                       const NewDecision& wish,
                       FinId fin,
                       IndividualId individual,
                       DecisionEffects& effects) {
  const DecisionId by = rejection(session, fin, individual);
  if (!by) return;
  std::string who;
  Query(session, "select who from decision where id = ?", by).into(who).next();
  if (who != wish.who) {
    throw Error(ErrorKind::kConflict,
                fmt::format("Fin {} was rejected for this individual by {}. Take that back first; "
                            "nothing was changed.",
                            fin.value,
                            describe(session, by)));
  }
  effects.rejections.push_back({fin, individual, by, {}});
}

void add_fin_effects(soci::session& session,
                     const NewDecision& wish,
                     const FinStates& states,
                     IndividualId individual,
                     DecisionId by,
                     DecisionEffects& effects) {
  const bool for_two = asks_for_two(session);
  for (const FinId fin : wish.fins) {
    const FinState before = states.at(fin);
    FinState after = before;
    switch (wish.kind) {
      case DecisionKind::kConfirm:
        end_own_rejection(session, wish, fin, individual, effects);
        [[fallthrough]];
      case DecisionKind::kNew:
      case DecisionKind::kSplit:
        after = {individual,
                 for_two ? review_after(session, fin, before, individual, wish.who)
                         : Review::kConfirmed};
        break;
      case DecisionKind::kReject:
        if (before.individual == individual) after = {};
        if (!rejection(session, fin, individual)) {
          effects.rejections.push_back({fin, individual, {}, by});
        }
        break;
      case DecisionKind::kUnsure:
        after = {{}, Review::kUnsure};
        break;
      case DecisionKind::kDiscard:
        after = {{}, Review::kDiscarded};
        break;
      case DecisionKind::kMerge:
      case DecisionKind::kUndo:
        break;
    }
    effects.fins.push_back({fin, before, after});
  }
}

// A fin of one that a person rejected as the other: these two were told apart.
void check_not_told_apart(soci::session& session, IndividualId a, IndividualId b) {
  FinId fin;
  DecisionId by;
  Query query(session,
              "select f.id, r.decision_id from fin f join rejection r on r.fin_id = f.id "
              "where f.individual_id = ? and r.individual_id = ? order by f.id limit 1",
              a,
              b);
  if (!query.into(fin, by).next()) return;
  throw Error(
      ErrorKind::kConflict,
      fmt::format("These two were told apart: fin {} shows the one and was rejected for the "
                  "other by {}. Take that back first; nothing was changed.",
                  fin.value,
                  describe(session, by)));
}

void add_merge_effects(soci::session& session,
                       const NewDecision& wish,
                       DecisionId by,
                       DecisionEffects& effects) {
  FinChange change;
  Query fins(session, "select id, review from fin where individual_id = ? order by id", wish.other);
  fins.into(change.fin, change.before.review);
  while (fins.next()) {
    change.before.individual = wish.other;
    change.after = {wish.individual, change.before.review};
    effects.fins.push_back(change);
  }
  // Whoever is not `other` is not `individual` either.
  FinId rejected;
  Query pairs(session,
              "select fin_id from rejection where individual_id = ? and fin_id not in "
              "(select fin_id from rejection where individual_id = ?) order by fin_id",
              wish.other,
              wish.individual);
  pairs.into(rejected);
  while (pairs.next()) effects.rejections.push_back({rejected, wish.individual, {}, by});
  effects.individuals.push_back({wish.other, {{}, false}, {wish.individual, false}});
  // Those merged into `other` before follow it, so that no chain has to be walked.
  IndividualId earlier;
  Query merged(
      session, "select id from individual where merged_into_id = ? order by id", wish.other);
  merged.into(earlier);
  while (merged.next()) {
    effects.individuals.push_back({earlier, {wish.other, false}, {wish.individual, false}});
  }
}

// The individual that all the fins leave.
IndividualId left_by_split(soci::session& session,
                           const NewDecision& wish,
                           const FinStates& states) {
  const IndividualId from = states.at(wish.fins.front()).individual;
  for (const FinId fin : wish.fins) {
    const FinState& state = states.at(fin);
    if (state.individual && state.individual == from) continue;
    throw Error(ErrorKind::kConflict,
                fmt::format("A split takes fins of one individual, but {}. Nothing was changed.",
                            describe(session, fin, state)));
  }
  return from;
}

}  // namespace

std::string to_string(DecisionKind kind) {
  switch (kind) {
    case DecisionKind::kConfirm:
      return "confirm";
    case DecisionKind::kReject:
      return "reject";
    case DecisionKind::kNew:
      return "new";
    case DecisionKind::kUnsure:
      return "unsure";
    case DecisionKind::kDiscard:
      return "discard";
    case DecisionKind::kMerge:
      return "merge";
    case DecisionKind::kSplit:
      return "split";
    case DecisionKind::kUndo:
      return "undo";
  }
  return "unknown";
}

DecisionRecord Decisions::decide(const NewDecision& wish) {
  check(wish);
  DecisionRecord record;
  database_.write([&](soci::session& session) {
    const FinStates states = states_of(session, wish.fins);
    check_seen(session, wish, states);
    const std::string now = decision_time(session, database_);
    DecisionEffects effects;
    record.kind = wish.kind;
    record.who = wish.who;
    record.why = wish.why;
    record.when = now;
    if (creates_individual(wish.kind)) {
      if (wish.kind == DecisionKind::kSplit) {
        record.other = left_by_split(session, wish, states);
      }
      IndividualRecord created;
      created.code = wish.code.empty() ? suggest_code(session) : wish.code;
      record.individual = insert_individual(session, created, now);
      effects.individuals.push_back({record.individual, {{}, true}, {{}, false}});
    } else if (wish.individual && wish.kind != DecisionKind::kUnsure &&
               wish.kind != DecisionKind::kDiscard) {
      record.individual = wish.individual;
      check_standing(session, record.individual);
    }
    if (wish.kind == DecisionKind::kMerge) {
      record.other = wish.other;
      check_standing(session, record.other);
      check_not_told_apart(session, record.individual, record.other);
      check_not_told_apart(session, record.other, record.individual);
    }
    const DecisionId id = insert_decision(session, record);
    if (wish.kind == DecisionKind::kMerge) {
      add_merge_effects(session, wish, id, effects);
    } else {
      add_fin_effects(session, wish, states, record.individual, id, effects);
    }
    apply(session, id, effects);
    record = read_decisions(session, {id}).front();
  });
  return record;
}

DecisionRecord Decisions::get(DecisionId id) const {
  std::vector<DecisionRecord> found;
  database_.read([&](soci::session& session) { found = read_decisions(session, {id}); });
  if (found.empty()) {
    throw Error(ErrorKind::kNotFound,
                fmt::format("There is no decision {} in the catalogue.", id.value));
  }
  return found.front();
}

std::vector<DecisionRecord> Decisions::list(std::optional<FinId> fin,
                                            std::optional<IndividualId> individual,
                                            std::int64_t offset,
                                            std::int64_t limit) const {
  check_page(offset, limit);
  std::vector<DecisionRecord> decisions;
  database_.read([&](soci::session& session) {
    // The few of an individual first: walking along all decisions would be slow.
    Query query(session);
    if (individual) {
      query.add(
          "select id from (select id from decision where individual_id = ? "
          "union select id from decision where other_id = ? "
          "union select decision_id from decision_fin where individual_before_id = ? "
          "union select decision_id from decision_fin where individual_after_id = ?) d where true",
          *individual,
          *individual,
          *individual,
          *individual);
    } else {
      query.add("select id from decision where true");
    }
    if (fin) {
      query.add(" and id in (select decision_id from decision_fin where fin_id = ?)", *fin);
    }
    query.add(" order by id desc limit ? offset ?", limit, offset);
    std::vector<DecisionId> ids;
    DecisionId id;
    query.into(id);
    while (query.next()) ids.push_back(id);
    decisions = read_decisions(session, ids);
  });
  return decisions;
}

std::vector<IndividualId> Decisions::rejected(FinId fin) const {
  std::vector<IndividualId> individuals;
  database_.read([&](soci::session& session) {
    IndividualId individual;
    Query query(session,
                "select individual_id from rejection where fin_id = ? order by individual_id",
                fin);
    query.into(individual);
    while (query.next()) individuals.push_back(individual);
  });
  return individuals;
}

}  // namespace finview
