#pragma once

#include <chrono>
#include <memory>
#include <string>

namespace soci {
class session;
class soci_error;
}  // namespace soci

namespace finview::internal {

/// Whether an address means PostgreSQL; everything else is a SQLite file.
bool is_postgresql_address(const std::string& address);

/// The address without its password, for errors.
std::string printable_address(const std::string& address);

struct CloseSession {
  void operator()(soci::session* session) const;
};
using Session = std::unique_ptr<soci::session, CloseSession>;

/// Waits up to `patience` for locks of others. Throws soci::soci_error or Error.
Session connect(const std::string& address, std::chrono::milliseconds patience);

/// What went wrong, as a sentence for the user.
[[noreturn]] void throw_error(const soci::soci_error& error,
                              const std::string& address,
                              std::chrono::milliseconds patience);

}  // namespace finview::internal
