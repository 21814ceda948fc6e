#include "finview/catalogue/missing_row.h"

#include <cstdint>

#include <fmt/format.h>

namespace finview::internal {
namespace {

Error missing(const char* what, std::int64_t id) {
  return {ErrorKind::kNotFound, fmt::format("There is no {} {} in the catalogue.", what, id)};
}

}  // namespace

Error missing_row(PhotoId id) { return missing("photo", id.value); }
Error missing_row(FinId id) { return missing("fin", id.value); }
Error missing_row(IndividualId id) { return missing("individual", id.value); }
Error missing_row(EncounterId id) { return missing("encounter", id.value); }

}  // namespace finview::internal
