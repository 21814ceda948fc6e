#pragma once

#include "finview/catalogue/fins.h"
#include "finview/catalogue/records.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

namespace finview {

class Database;

struct IndividualFilter {
  std::string text;  ///< in code, name, aliases or marks, any case
  std::string sex;
  bool merged = false;        ///< those merged into another, too
  std::string sort = "code";  ///< "code", "name", "fins", "encounters", "last_seen", "created"
  bool descending = false;
  std::int64_t offset = 0;
  std::int64_t limit = 100;  ///< 1 to 1000
};

class Individuals {
 public:
  explicit Individuals(Database& database) : database_(database) {}

  /// Throws Error{kConflict} naming the individual whose code is the same but for case, accents
  /// and width; Error{kBadInput} for an empty code, one of more than 100 characters or with
  /// control characters.
  IndividualId add(const IndividualRecord& individual);
  void change(const IndividualRecord& individual);  ///< Throws as `add`, and Error{kNotFound}.
  IndividualRecord get(IndividualId id) const;      ///< Throws Error{kNotFound}.
  std::optional<IndividualId> find(const std::string& code) const;  ///< folded as `add` does
  Page<IndividualRecord> list(const IndividualFilter& filter) const;
  /// Pairs of two animals, smaller id first: a fin of the one was rejected for the other, or one
  /// photo shows confirmed fins of both.
  std::set<std::pair<IndividualId, IndividualId>> told_apart() const;
  /// The code after the largest of the commonest kind: D041 after D040; "1" without any.
  std::string suggest_code() const;

 private:
  Database& database_;
};

}  // namespace finview
