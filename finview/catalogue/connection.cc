#include "finview/catalogue/connection.h"

#include "finview/base/error.h"
#include "finview/catalogue/query.h"

#include <filesystem>

#include <fmt/format.h>
#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace finview::internal {
namespace {

// A URI, for SOCI reads quotes, spaces and "=" of a plain path in its own way.
std::string sqlite_uri(const std::string& path) {
  std::string uri = "db=file:";
  for (const char c : std::filesystem::absolute(path).string()) {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '/' || c == '.' || c == '-' ||
        c == '_') {
      uri += c;
    } else {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return uri;
}

Session connect_sqlite(const std::string& path, std::chrono::milliseconds patience) {
  Session session(new soci::session(soci::sqlite3, sqlite_uri(path)));
  Query(*session, fmt::format("pragma busy_timeout = {}", patience.count())).run();
  Query(*session, "pragma foreign_keys = on").run();
  // A decision that was answered "saved" is on the disk, also if the power fails then.
  Query(*session, "pragma synchronous = full").run();
  Query(*session, "pragma cache_size = -65536").run();
  return session;
}

Session connect_postgresql(const std::string& address, std::chrono::milliseconds patience) {
  // Without any "=", SOCI would add one at the end, to the name of the database.
  const char* const sign = address.find('?') == std::string::npos ? "?" : "&";
  Session session(new soci::session(soci::postgresql, address + sign + "application_name=finview"));
  Query(*session, "set client_encoding to 'UTF8'").run();
  Query(*session, "set client_min_messages to 'warning'").run();
  Query(*session, fmt::format("set lock_timeout = {}", patience.count())).run();
  std::string encoding;
  Query(*session, "show server_encoding").into(encoding).next();
  if (encoding != "UTF8") {
    throw Error(ErrorKind::kBadInput,
                fmt::format("The database {} stores text as {}; FinView needs UTF8 (create "
                            "database ... encoding 'UTF8' template template0).",
                            printable_address(address),
                            encoding));
  }
  return session;
}

[[noreturn]] void throw_sqlite(int code,
                               const std::string& reason,
                               const std::string& path,
                               std::chrono::milliseconds patience) {
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw Error(ErrorKind::kUnavailable,
                  fmt::format("The catalogue {} is locked: another program has been writing for "
                              "more than {:g} s. Try again.",
                              path,
                              patience.count() / 1000.0));
    case SQLITE_READONLY:
    case SQLITE_PERM:
      throw Error(ErrorKind::kUnavailable,
                  fmt::format("The catalogue {} cannot be written: the file or its folder is "
                              "read-only ({}).",
                              path,
                              reason));
    case SQLITE_CANTOPEN:
      throw Error(ErrorKind::kUnavailable,
                  fmt::format("The catalogue {} cannot be opened; is its folder there, and may "
                              "files be written in it ({})?",
                              path,
                              reason));
    case SQLITE_FULL:
    case SQLITE_IOERR:
      throw Error(ErrorKind::kUnavailable,
                  fmt::format("The catalogue {} cannot be written: the disk is full or failing "
                              "({}). Nothing of this change was kept.",
                              path,
                              reason));
    case SQLITE_NOTADB:
      throw Error(ErrorKind::kBadInput,
                  fmt::format("{} is not a catalogue of FinView: it is no SQLite database.", path));
    case SQLITE_CORRUPT:
      throw Error(ErrorKind::kBadInput,
                  fmt::format("The catalogue {} is damaged ({}). Check it (finview project check) "
                              "and restore a backup.",
                              path,
                              reason));
    default:
      throw Error(ErrorKind::kBadInput, fmt::format("The catalogue {} refuses: {}.", path, reason));
  }
}

[[noreturn]] void throw_postgresql(const std::string& state,
                                   const std::string& reason,
                                   const std::string& place,
                                   std::chrono::milliseconds patience) {
  const std::string group = state.substr(0, 2);
  if (state == "55P03") {
    throw Error(ErrorKind::kUnavailable,
                fmt::format("The catalogue {} is locked: another program has been writing for more "
                            "than {:g} s. Try again.",
                            place,
                            patience.count() / 1000.0));
  }
  if (state == "25006" || state == "42501") {
    throw Error(ErrorKind::kUnavailable,
                fmt::format("The catalogue {} cannot be written: it is read-only for this user "
                            "({}).",
                            place,
                            reason));
  }
  // A connection that broke has no state.
  if (group == "  " || group.empty() || group == "53" || group == "58" || group == "57" ||
      group == "08") {
    throw Error(ErrorKind::kUnavailable,
                fmt::format("The catalogue {} cannot be used now: {}.", place, reason));
  }
  if (group == "XX") {
    throw Error(ErrorKind::kBadInput,
                fmt::format("The catalogue {} is damaged: {}.", place, reason));
  }
  throw Error(ErrorKind::kBadInput, fmt::format("The catalogue {} refuses: {}.", place, reason));
}

std::string one_line(std::string text) {
  for (char& c : text) {
    if (c == '\n') c = ' ';
  }
  while (!text.empty() && (text.back() == ' ' || text.back() == '.')) text.pop_back();
  return text;
}

}  // namespace

bool is_postgresql_address(const std::string& address) {
  return address.starts_with("postgresql://") || address.starts_with("postgres://");
}

std::string printable_address(const std::string& address) {
  if (!is_postgresql_address(address)) return address;
  const std::size_t name = address.find("//") + 2;
  const std::size_t at = address.find('@', name);
  const std::size_t colon = address.find(':', name);
  if (at == std::string::npos || colon == std::string::npos || colon > at) return address;
  return address.substr(0, colon) + address.substr(at);
}

void CloseSession::operator()(soci::session* session) const {
  forget_statements(*session);
  delete session;
}

Session connect(const std::string& address, std::chrono::milliseconds patience) {
  return is_postgresql_address(address) ? connect_postgresql(address, patience)
                                        : connect_sqlite(address, patience);
}

void throw_error(const soci::soci_error& error,
                 const std::string& address,
                 std::chrono::milliseconds patience) {
  const std::string place = printable_address(address);
  const std::string reason = one_line(error.get_error_message());
  if (const auto* sqlite = dynamic_cast<const soci::sqlite3_soci_error*>(&error)) {
    throw_sqlite(sqlite->result(), reason, place, patience);
  }
  if (const auto* postgresql = dynamic_cast<const soci::postgresql_soci_error*>(&error)) {
    throw_postgresql(postgresql->sqlstate(), reason, place, patience);
  }
  // Without a state: the server could not be reached.
  throw Error(ErrorKind::kUnavailable,
              fmt::format("The catalogue {} cannot be reached: {}.", place, reason));
}

}  // namespace finview::internal
