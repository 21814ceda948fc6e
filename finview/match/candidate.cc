#include "finview/match/candidate.h"

#include "finview/base/error.h"

#include <fmt/format.h>

namespace finview {

const char* to_string(Witness witness) {
  switch (witness) {
    case Witness::kLook:
      return "look";
    case Witness::kEdge:
      return "edge";
    case Witness::kEdgeNetwork:
      return "edge-network";
    case Witness::kWarping:
      return "warping";
    case Witness::kMarks:
      return "marks";
  }
  return "";
}

Witness witness_named(const std::string& name) {
  for (const Witness witness : kWitnesses) {
    if (name == to_string(witness)) return witness;
  }
  std::string names;
  for (const Witness witness : kWitnesses) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", to_string(witness));
  }
  throw Error(ErrorKind::kBadOptions,
              fmt::format("There is no witness \"{}\"; there are {}.", name, names));
}

const char* to_string(Decision decision) {
  switch (decision) {
    case Decision::kKnown:
      return "known";
    case Decision::kNew:
      return "new";
    case Decision::kUnsure:
      return "unsure";
  }
  return "unsure";
}

}  // namespace finview
