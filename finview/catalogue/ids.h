#pragma once

#include <compare>
#include <cstdint>

namespace finview {

/// The key of a row. Ids of two tables are distinct types; 0 is no row.
template <class Table>
struct Id {
  std::int64_t value = 0;
  auto operator<=>(const Id&) const = default;
  explicit operator bool() const { return value != 0; }
};

using SurveyId = Id<struct SurveyRecord>;
using EncounterId = Id<struct EncounterRecord>;
using IndividualId = Id<struct IndividualRecord>;
using PhotoId = Id<struct PhotoRecord>;
using FinId = Id<struct FinRecord>;
using DecisionId = Id<struct DecisionRecord>;

}  // namespace finview
