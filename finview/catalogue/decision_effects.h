#pragma once

#include "finview/catalogue/decisions.h"
#include "finview/catalogue/records.h"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace soci {
class session;
}

namespace finview::internal {

struct FinState {
  IndividualId individual;
  Review review = Review::kWaiting;
  auto operator<=>(const FinState&) const = default;
};

struct FinChange {
  FinId fin;
  FinState before;
  FinState after;
};

/// Of a "not the same" pair: the decision that it holds by, 0 = it does not hold.
struct RejectionChange {
  FinId fin;
  IndividualId individual;
  DecisionId before;
  DecisionId after;
};

struct IndividualState {
  IndividualId merged_into;
  bool retired = true;  ///< not there: not created yet, or its creation was taken back
  bool operator==(const IndividualState&) const = default;
};

struct IndividualChange {
  IndividualId individual;
  IndividualState before;
  IndividualState after;
};

/// All that one decision changes.
struct DecisionEffects {
  std::vector<FinChange> fins;
  std::vector<RejectionChange> rejections;
  std::vector<IndividualChange> individuals;
};

/// Writes the effects into the history and makes them hold.
void apply(soci::session& session, DecisionId by, const DecisionEffects& effects);
DecisionEffects read_effects(soci::session& session, DecisionId decision);

/// Of those that are there.
std::map<FinId, FinState> fin_states(soci::session& session, std::span<const FinId> fins);
std::optional<FinState> fin_state(soci::session& session, FinId fin);
/// The decision by which this fin does not show this individual; 0 = none.
DecisionId rejection(soci::session& session, FinId fin, IndividualId individual);
/// Throws Error{kNotFound}.
IndividualState individual_state(soci::session& session, IndividualId individual);

/// The undo by which a decision does not hold any more; 0 = it holds.
DecisionId undo_in_force(soci::session& session, DecisionId decision);

/// Now, and not before the last decision, which another machine may have made.
std::string decision_time(soci::session& session, const Database& database);

/// Throws Error{kBadInput} without a name, or where a text is too long.
void check_decider(const std::string& who, const std::string& why);

/// Makes the row; of `record`, id and fins are not used.
DecisionId insert_decision(soci::session& session, const DecisionRecord& record);

/// In the order of `ids`; those that are not there are left out.
std::vector<DecisionRecord> read_decisions(soci::session& session,
                                           const std::vector<DecisionId>& ids);

/// "decision 40 (confirm D001 by Ana, 2012-03-07T14:05:09)".
std::string describe(soci::session& session, DecisionId decision);
/// "fin 12 shows D001 (confirmed)".
std::string describe(soci::session& session, FinId fin, const FinState& state);

}  // namespace finview::internal
