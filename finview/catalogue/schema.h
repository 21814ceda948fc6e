#pragma once

#include <string>
#include <vector>

namespace soci {
class session;
}

namespace finview::internal {

/// The version this program writes and reads.
int newest_schema();

/// The version in the database; 0 = it holds no table. Throws Error{kBadInput} if it holds tables
/// of somebody else. `place` names the database in errors.
int schema_in(soci::session& session, const std::string& place);

/// Brings the database from `version` to the newest, inside a transaction of the caller.
void migrate(soci::session& session, int version, const std::string& now);

}  // namespace finview::internal
