#pragma once

#include "finview/catalogue/records.h"

#include <optional>
#include <string>
#include <vector>

namespace finview {

class Database;

/// What a person may decide. Append-only: the numbers are in the database.
enum class DecisionKind {
  kConfirm,  ///< the fins show this individual (also: reassign)
  kReject,   ///< the fins do not show this individual; holds until undone
  kNew,      ///< the fins show somebody new, who is created
  kUnsure,   ///< looked at, cannot say
  kDiscard,  ///< no fin, or not to be identified
  kMerge,    ///< two individuals are one: all fins of `other` go to `individual`
  kSplit,    ///< the fins leave their individual for a new one, who is created
  kUndo      ///< takes back `undoes`
};

/// "confirm", "reject", ...
std::string to_string(DecisionKind kind);

/// A wish to decide; the store checks it and makes a DecisionRecord of it.
struct NewDecision {
  DecisionKind kind = DecisionKind::kConfirm;
  std::vector<FinId> fins;  ///< of confirm, reject, new, unsure, discard, split
  IndividualId individual;  ///< of confirm, reject, merge (the one that stays)
  IndividualId other;       ///< of merge (the one that goes)
  std::string code;         ///< of new and split: the new individual's; empty = suggested
  std::string who;          ///< never empty
  std::string why;
  /// The last decision on each fin, as whoever decides saw it; empty = not checked.
  std::vector<DecisionId> seen;
};

struct DecisionRecord {
  DecisionId id;
  DecisionKind kind = DecisionKind::kConfirm;
  IndividualId individual;  ///< of new and split: the one created
  IndividualId other;
  std::string individual_code;
  std::string other_code;
  std::string who;
  std::string when;  ///< UTC, never before the decision before it, also if the clock goes back
  std::string why;
  DecisionId undoes;
  DecisionId undone_by;
  std::vector<FinId> fins;
};

/// The history of who decided what: rows are added, never changed. What holds now (a fin's
/// individual and review, "not the same" pairs, merges) is kept beside it in the same transaction.
class Decisions {
 public:
  explicit Decisions(Database& database) : database_(database) {}

  /// Throws Error{kConflict} with the current state if a fin has got another decision than `seen`,
  /// a code is taken, the individual was merged into another, or somebody else rejected what is
  /// confirmed (whoever rejected it may think again); Error{kNotFound}, Error{kBadInput}.
  ///
  /// With the setting "second_reviewer" = "1", a fin is confirmed once two persons say so.
  DecisionRecord decide(const NewDecision& decision);

  /// Restores what was before, as a decision of its own. Throws Error{kConflict} if a fin has been
  /// decided on again since, naming that decision.
  DecisionRecord undo(DecisionId id, const std::string& who, const std::string& why);

  DecisionRecord get(DecisionId id) const;
  /// Newest first; of one fin or individual where given.
  std::vector<DecisionRecord> list(std::optional<FinId> fin,
                                   std::optional<IndividualId> individual,
                                   std::int64_t offset,
                                   std::int64_t limit) const;

  /// Individuals that this fin does not show, by a person's word.
  std::vector<IndividualId> rejected(FinId fin) const;

 private:
  Database& database_;
};

}  // namespace finview
