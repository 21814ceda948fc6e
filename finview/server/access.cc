#include "finview/server/access.h"

#include "finview/base/files.h"

#include <array>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sodium.h>

namespace finview {

namespace {

constexpr int kSessionSeconds = 12 * 3600;
constexpr int kMaxFailuresPerName = 10;
constexpr int kMaxFailuresPerAddress = 50;
constexpr auto kForgetFailures = std::chrono::minutes(15);
constexpr std::size_t kMaxTries = 10000;
constexpr const char* kCookie = "finview_session";

void start_sodium() {
  static const int started = sodium_init();
  if (started < 0) throw Error(ErrorKind::kUnavailable, "No random numbers can be had.");
}

std::string random_secret() {
  start_sodium();
  std::array<unsigned char, 32> bytes{};
  randombytes_buf(bytes.data(), bytes.size());
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

bool same(const std::string& a, const std::string& b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

/// Hashing takes 64 MB and a tenth of a second: one at a time.
std::mutex& hashing() {
  static std::mutex mutex;
  return mutex;
}

bool is_password(const std::string& hash, const std::string& password) {
  start_sodium();
  const std::lock_guard lock(hashing());
  return crypto_pwhash_str_verify(hash.c_str(), password.data(), password.size()) == 0;
}

std::string cookie_of(const HttpRequest& request) {
  const std::string cookies = request.header("Cookie");
  const std::string start = std::string(kCookie) + "=";
  for (std::size_t at = 0; at < cookies.size();) {
    std::size_t end = cookies.find(';', at);
    if (end == std::string::npos) end = cookies.size();
    while (at < end && cookies[at] == ' ') ++at;
    if (cookies.compare(at, start.size(), start) == 0) {
      return cookies.substr(at + start.size(), end - at - start.size());
    }
    at = end + 1;
  }
  return {};
}

std::string cookie(const HttpRequest& request, const std::string& token, int seconds) {
  const bool secure = request.header("X-Forwarded-Proto") == "https";
  return fmt::format("{}={}; Path=/; Max-Age={}; HttpOnly; SameSite=Strict{}",
                     kCookie,
                     token,
                     seconds,
                     secure ? "; Secure" : "");
}

std::string bearer_of(const HttpRequest& request) {
  const std::string header = request.header("Authorization");
  return header.starts_with("Bearer ") ? header.substr(7) : std::string();
}

/// Names under which a browser reaches this machine itself.
bool is_loopback_host(std::string host) {
  const std::size_t colon = host.rfind(':');
  if (colon != std::string::npos && host.find(']', colon) == std::string::npos) {
    host.resize(colon);
  }
  return host == "localhost" || host == "127.0.0.1" || host == "[::1]";
}

}  // namespace

std::string hash_password(const std::string& password) {
  if (password.size() < 10 || password.size() > 1000) {
    throw Error(ErrorKind::kBadInput, "A password has 10 to 1000 characters.");
  }
  start_sodium();
  const std::lock_guard lock(hashing());
  std::array<char, crypto_pwhash_STRBYTES> hash{};
  if (crypto_pwhash_str(hash.data(),
                        password.data(),
                        password.size(),
                        crypto_pwhash_OPSLIMIT_INTERACTIVE,
                        crypto_pwhash_MEMLIMIT_INTERACTIVE) != 0) {
    throw Error(ErrorKind::kUnavailable, "There is not enough memory to hash a password.");
  }
  return hash.data();
}

Access::Access(Catalogue& catalogue) : catalogue_(catalogue) { look_again(); }

void Access::look_again() { has_users_ = !catalogue_.users.list().empty(); }

Caller Access::caller(const HttpRequest& request) {
  if (!has_users_) return {"local", Role::kAdmin, "", false};
  Users& users = catalogue_.users;
  if (const std::string token = bearer_of(request); !token.empty()) {
    const auto found = users.use_token(sha256_hex(token));
    if (!found) throw Problem(401, "unauthorized", "This token is not good (any more).");
    const UserRecord user = users.get(found->user);
    return {user.name, user.role, "", true};
  }
  const std::string token = cookie_of(request);
  if (token.empty()) return {};
  const auto login = users.find_login(sha256_hex(token));
  if (!login) return {};
  const UserRecord user = users.get(login->user);
  return {user.name, user.role, login->csrf, false};
}

void Access::check(const HttpRequest& request,
                   const std::optional<Role>& least,
                   bool changes) const {
  const Caller& caller = request.caller;
  if (!has_users_ && !is_loopback_host(request.header("Host"))) {
    throw Problem(421, "forbidden", "Without users FinView answers to localhost only.");
  }
  if (least && !caller.role) throw Problem(401, "unauthorized", "Log in first.");
  if (least && *caller.role < *least) {
    throw Problem(
        403,
        "forbidden",
        fmt::format(
            "{} is {}; this needs {}.", caller.name, to_string(*caller.role), to_string(*least)));
  }
  if (!changes || !least || caller.by_token) return;
  if (!caller.csrf_token.empty()) {
    if (same(request.header("X-CSRF-Token"), caller.csrf_token)) return;
    throw Problem(403, "forbidden", "A change must carry the X-CSRF-Token of GET /api/me.");
  }
  if (request.header("X-Requested-With") == "finview") return;
  throw Problem(403, "forbidden", "A change must carry the header X-Requested-With: finview.");
}

void Access::check_tries(const std::string& key, int limit) {
  const std::lock_guard lock(mutex_);
  const auto found = tries_.find(key);
  if (found == tries_.end() || found->second.failures < limit) return;
  if (std::chrono::steady_clock::now() - found->second.since > kForgetFailures) {
    tries_.erase(found);
    return;
  }
  throw Problem(429, "too-many", "Too many wrong passwords; try again in 15 minutes.");
}

void Access::count_failure(const std::string& key) {
  const std::lock_guard lock(mutex_);
  if (tries_.size() > kMaxTries) tries_.clear();
  Tries& tries = tries_[key];
  const auto now = std::chrono::steady_clock::now();
  if (now - tries.since > kForgetFailures) tries = {0, now};
  ++tries.failures;
}

std::string Access::log_in(const HttpRequest& request,
                           const std::string& name,
                           const std::string& password) {
  // Somebody unknown takes as long as somebody known.
  static const std::string kNobody = hash_password("nobody has this one");
  const std::string by_name = "name " + name;
  const std::string by_address = "from " + request.remote;
  check_tries(by_name, kMaxFailuresPerName);
  check_tries(by_address, kMaxFailuresPerAddress);
  const auto user = catalogue_.users.find(name);
  const bool right = is_password(user ? user->password_hash : kNobody, password);
  if (!user || !right || user->disabled) {
    count_failure(by_name);
    count_failure(by_address);
    throw Problem(401, "unauthorized", "Name or password is wrong.");
  }
  {
    const std::lock_guard lock(mutex_);
    tries_.erase(by_name);
  }
  const std::string token = random_secret();
  const std::string expires =
      fmt::format("{:%Y-%m-%dT%H:%M:%S}", fmt::gmtime(std::time(nullptr) + kSessionSeconds));
  catalogue_.users.remove_expired_logins();
  catalogue_.users.add_login({sha256_hex(token), user->id, random_secret(), expires});
  return cookie(request, token, kSessionSeconds);
}

std::string Access::log_out(const HttpRequest& request) {
  const std::string token = cookie_of(request);
  if (!token.empty()) catalogue_.users.remove_login(sha256_hex(token));
  return cookie(request, "", 0);
}

std::pair<ApiTokenId, std::string> Access::add_token(const Caller& caller,
                                                     const std::string& name) {
  const auto user = catalogue_.users.find(caller.name);
  if (!user) throw Error(ErrorKind::kConflict, "Without users no tokens are needed.");
  const std::string token = "fv_" + random_secret();
  ApiTokenRecord record;
  record.token_hash = sha256_hex(token);
  record.user = user->id;
  record.name = name;
  return {catalogue_.users.add_token(record), token};
}

}  // namespace finview
