#pragma once

#include "finview/catalogue/catalogue.h"
#include "finview/server/http.h"

#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <string>

namespace finview {

/// argon2id, with its parameters. Throws Error{kBadInput} for a password under 10 characters or
/// over 1,000 bytes.
std::string hash_password(const std::string& password);

/// Who may do what. Without users everybody on this machine is "local", an admin. Any number of
/// threads may use it.
class Access {
 public:
  explicit Access(Catalogue& catalogue);

  bool has_users() const { return has_users_; }
  /// Users were added or removed.
  void look_again();

  /// By session cookie or bearer token. Throws Problem 401 for a token that is not good.
  Caller caller(const HttpRequest& request);
  /// Throws Problem 401 or 403 where the caller may not, 403 for a request that `changes` something
  /// and that another page may have forged, 421 for a host that only a forged name gives (DNS
  /// rebinding).
  void check(const HttpRequest& request, const std::optional<Role>& least, bool changes) const;

  /// The cookie of a new session. Throws Problem 401 for a wrong name or password, 429 after too
  /// many of them.
  std::string log_in(const HttpRequest& request,
                     const std::string& name,
                     const std::string& password);
  /// The cookie that ends the session.
  std::string log_out(const HttpRequest& request);

  /// A new API token for the caller; its secret is only here.
  std::pair<ApiTokenId, std::string> add_token(const Caller& caller, const std::string& name);

 private:
  struct Tries {
    int failures = 0;
    std::chrono::steady_clock::time_point since;
  };
  void check_tries(const std::string& key, int limit);
  void count_failure(const std::string& key);

  Catalogue& catalogue_;
  std::atomic<bool> has_users_{false};
  std::mutex mutex_;
  std::map<std::string, Tries> tries_;  ///< by "name ..." and "from ..."
};

}  // namespace finview
