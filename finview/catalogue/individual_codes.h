#pragma once

#include "finview/catalogue/records.h"

#include <string>

namespace soci {
class session;
}

namespace finview::internal {

/// Adds a row, inside a transaction of the caller. Throws as `Individuals::add`.
IndividualId insert_individual(soci::session& session,
                               const IndividualRecord& individual,
                               const std::string& created);

/// Throws Error{kConflict} if another individual than `id` has the code, but for case, accents and
/// width.
void check_code_is_free(soci::session& session, const std::string& code, IndividualId id);

/// Throws Error{kBadInput} that says which text is too long, empty or not allowed.
void check_individual(const IndividualRecord& individual);

std::string suggest_code(soci::session& session);

/// What a list's filter looks in, folded.
std::string search_text(const IndividualRecord& individual);
std::string joined_aliases(const IndividualRecord& individual);

}  // namespace finview::internal
