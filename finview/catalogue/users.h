#pragma once

#include "finview/catalogue/ids.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace finview {

class Database;

using UserId = Id<struct UserRecord>;
using ApiTokenId = Id<struct ApiTokenRecord>;

/// What a user may do; each may also do what those before may. The numbers are in the database.
enum class Role { kViewer, kEditor, kReviewer, kAdmin };

/// "viewer", "editor", "reviewer", "admin".
const char* to_string(Role role);
/// Throws Error{kBadInput} that lists the names.
Role role_named(const std::string& name);

struct UserRecord {
  UserId id;
  std::string name;           ///< unique but for case, accents and width
  std::string password_hash;  ///< as the hash function writes it, with its parameters
  Role role = Role::kViewer;
  bool disabled = false;
  std::string created;
};

/// A browser that is logged in.
struct LoginRecord {
  std::string token_hash;  ///< unique; the token itself is not stored
  UserId user;
  std::string csrf;
  std::string expires;  ///< UTC
};

/// A program that may act for a user.
struct ApiTokenRecord {
  ApiTokenId id;
  std::string token_hash;  ///< unique; the token itself is not stored
  UserId user;
  std::string name;
  std::string created;
  std::string last_used;  ///< to the minute; empty = never
};

struct AuditRecord {
  std::int64_t id = 0;
  std::string when;
  std::string who;
  std::string action;
  std::string target;
};

/// Who may use the catalogue. Hashes are made and compared by whoever calls.
class Users {
 public:
  explicit Users(Database& database) : database_(database) {}

  /// Throws Error{kConflict} if the name is taken, Error{kBadInput} if it is empty, has more than
  /// 100 characters or a control character.
  UserId add(const UserRecord& user);
  /// Throws as `add`, Error{kNotFound}, and Error{kConflict} where no enabled admin would be left.
  /// A new password or being disabled ends the user's logins.
  void change(const UserRecord& user);
  void remove(UserId id);  ///< Throws as `change`. Decisions and audit keep the name.
  UserRecord get(UserId id) const;
  std::optional<UserRecord> find(const std::string& name) const;
  std::vector<UserRecord> list() const;  ///< by name

  void add_login(const LoginRecord& login);
  /// Only of an enabled user, and only before it expires.
  std::optional<LoginRecord> find_login(const std::string& token_hash) const;
  void remove_login(const std::string& token_hash);
  void remove_expired_logins();

  ApiTokenId add_token(const ApiTokenRecord& token);
  /// Only of an enabled user. Notes the use, once a minute.
  std::optional<ApiTokenRecord> use_token(const std::string& token_hash);
  std::vector<ApiTokenRecord> tokens(UserId user) const;
  void remove_token(ApiTokenId id);  ///< Throws Error{kNotFound}.

  void add_audit(const std::string& who, const std::string& action, const std::string& target);
  /// Newest first.
  std::vector<AuditRecord> audit(std::int64_t offset, std::int64_t limit) const;

 private:
  Database& database_;
};

}  // namespace finview
