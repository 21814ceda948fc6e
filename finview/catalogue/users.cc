#include "finview/catalogue/users.h"

#include "finview/base/error.h"
#include "finview/catalogue/database.h"
#include "finview/catalogue/fold_text.h"
#include "finview/catalogue/list_query.h"
#include "finview/catalogue/query.h"

#include <array>

#include <fmt/format.h>

namespace finview {
namespace {

using internal::Query;

constexpr std::size_t kMaxName = 100;
constexpr std::array kRoles = {Role::kViewer, Role::kEditor, Role::kReviewer, Role::kAdmin};

constexpr const char* kSelectUsers =
    "select id, name, password_hash, role, disabled, created from account";
constexpr const char* kSelectTokens =
    "select t.id, t.token_hash, t.account_id, t.name, t.created, t.last_used from api_token t";

std::vector<UserRecord> read_users(Query& query) {
  std::vector<UserRecord> users;
  UserRecord row;
  query.into(row.id, row.name, row.password_hash, row.role, row.disabled, row.created);
  while (query.next()) users.push_back(row);
  return users;
}

std::vector<ApiTokenRecord> read_tokens(Query& query) {
  std::vector<ApiTokenRecord> tokens;
  ApiTokenRecord row;
  query.into(row.id, row.token_hash, row.user, row.name, row.created, row.last_used);
  while (query.next()) tokens.push_back(row);
  return tokens;
}

UserRecord read_user(soci::session& session, UserId id) {
  Query query(session, kSelectUsers);
  const std::vector<UserRecord> found = read_users(query.add(" where id = ?", id));
  if (!found.empty()) return found.front();
  throw Error(ErrorKind::kNotFound, fmt::format("There is no user {}.", id.value));
}

void check_name(soci::session& session, const UserRecord& user) {
  if (internal::fold_text(user.name).empty()) {
    throw Error(ErrorKind::kBadInput, "The name of a user is empty.");
  }
  internal::check_text(user.name, kMaxName, "The name of a user", false);
  std::string other;
  Query query(session,
              "select name from account where folded = ? and id <> ?",
              internal::fold_text(user.name),
              user.id.value);
  if (!query.into(other).next()) return;
  throw Error(ErrorKind::kConflict,
              fmt::format("The name \"{}\" is taken by user \"{}\" (case, accents and width do not "
                          "count); choose another.",
                          user.name,
                          other));
}

// Called after a change: it is rolled back by the error.
void check_admin_left(soci::session& session) {
  Query admins(session, "select id from account where role = ? and disabled = 0", Role::kAdmin);
  if (admins.next()) return;
  throw Error(ErrorKind::kConflict,
              "No enabled admin would be left; make another user an admin first.");
}

}  // namespace

const char* to_string(Role role) {
  switch (role) {
    case Role::kViewer:
      return "viewer";
    case Role::kEditor:
      return "editor";
    case Role::kReviewer:
      return "reviewer";
    case Role::kAdmin:
      return "admin";
  }
  return "unknown";
}

Role role_named(const std::string& name) {
  for (const Role role : kRoles) {
    if (name == to_string(role)) return role;
  }
  throw Error(
      ErrorKind::kBadInput,
      fmt::format("The role \"{}\" is not known; it is viewer, editor, reviewer or admin.", name));
}

UserId Users::add(const UserRecord& user) {
  UserId id;
  database_.write([&](soci::session& session) {
    UserRecord added = user;
    added.id = {};
    check_name(session, added);
    Query insert(session,
                 "insert into account (name, folded, password_hash, role, disabled, created) "
                 "values (?, ?, ?, ?, ?, ?) returning id",
                 user.name,
                 internal::fold_text(user.name),
                 user.password_hash,
                 user.role,
                 user.disabled,
                 database_.now());
    insert.into(id).next();
  });
  return id;
}

void Users::change(const UserRecord& user) {
  database_.write([&](soci::session& session) {
    const UserRecord before = read_user(session, user.id);
    check_name(session, user);
    Query(session,
          "update account set name = ?, folded = ?, password_hash = ?, role = ?, disabled = ? "
          "where id = ?",
          user.name,
          internal::fold_text(user.name),
          user.password_hash,
          user.role,
          user.disabled,
          user.id)
        .run();
    if (before.role == Role::kAdmin && !before.disabled) check_admin_left(session);
    if (user.disabled || user.password_hash != before.password_hash) {
      Query(session, "delete from login where account_id = ?", user.id).run();
    }
  });
}

void Users::remove(UserId id) {
  database_.write([&](soci::session& session) {
    const UserRecord before = read_user(session, id);
    Query(session, "delete from account where id = ?", id).run();
    if (before.role == Role::kAdmin && !before.disabled) check_admin_left(session);
  });
}

UserRecord Users::get(UserId id) const {
  UserRecord user;
  database_.read([&](soci::session& session) { user = read_user(session, id); });
  return user;
}

std::optional<UserRecord> Users::find(const std::string& name) const {
  std::optional<UserRecord> user;
  database_.read([&](soci::session& session) {
    Query query(session, kSelectUsers);
    query.add(" where folded = ?", internal::fold_text(name));
    const std::vector<UserRecord> found = read_users(query);
    if (!found.empty()) user = found.front();
  });
  return user;
}

std::vector<UserRecord> Users::list() const {
  std::vector<UserRecord> users;
  database_.read([&](soci::session& session) {
    Query query(session, kSelectUsers);
    users = read_users(query.add(" order by folded"));
  });
  return users;
}

void Users::add_login(const LoginRecord& login) {
  database_.write([&](soci::session& session) {
    read_user(session, login.user);
    Query(session,
          "insert into login (token_hash, account_id, csrf, expires) values (?, ?, ?, ?)",
          login.token_hash,
          login.user,
          login.csrf,
          login.expires)
        .run();
  });
}

std::optional<LoginRecord> Users::find_login(const std::string& token_hash) const {
  std::optional<LoginRecord> login;
  database_.read([&](soci::session& session) {
    LoginRecord row;
    Query query(session,
                "select l.token_hash, l.account_id, l.csrf, l.expires from login l "
                "join account a on a.id = l.account_id and a.disabled = 0 "
                "where l.token_hash = ? and l.expires > ?",
                token_hash,
                database_.now());
    query.into(row.token_hash, row.user, row.csrf, row.expires);
    if (query.next()) login = row;
  });
  return login;
}

void Users::remove_login(const std::string& token_hash) {
  database_.write([&](soci::session& session) {
    Query(session, "delete from login where token_hash = ?", token_hash).run();
  });
}

void Users::remove_expired_logins() {
  database_.write([&](soci::session& session) {
    Query(session, "delete from login where expires <= ?", database_.now()).run();
  });
}

ApiTokenId Users::add_token(const ApiTokenRecord& token) {
  internal::check_text(token.name, kMaxName, "The name of a token", false);
  ApiTokenId id;
  database_.write([&](soci::session& session) {
    read_user(session, token.user);
    Query insert(session,
                 "insert into api_token (token_hash, account_id, name, created, last_used) "
                 "values (?, ?, ?, ?, '') returning id",
                 token.token_hash,
                 token.user,
                 token.name,
                 database_.now());
    insert.into(id).next();
  });
  return id;
}

std::optional<ApiTokenRecord> Users::use_token(const std::string& token_hash) {
  std::vector<ApiTokenRecord> found;
  database_.read([&](soci::session& session) {
    Query query(session, kSelectTokens);
    query.add(" join account a on a.id = t.account_id and a.disabled = 0 where t.token_hash = ?",
              token_hash);
    found = read_tokens(query);
  });
  if (found.empty()) return std::nullopt;
  ApiTokenRecord& token = found.front();
  const std::string minute = database_.now().substr(0, 16);
  if (token.last_used != minute) {
    database_.write([&](soci::session& session) {
      Query(session, "update api_token set last_used = ? where id = ?", minute, token.id).run();
    });
    token.last_used = minute;
  }
  return token;
}

std::vector<ApiTokenRecord> Users::tokens(UserId user) const {
  std::vector<ApiTokenRecord> tokens;
  database_.read([&](soci::session& session) {
    Query query(session, kSelectTokens);
    tokens = read_tokens(query.add(" where t.account_id = ? order by t.id", user));
  });
  return tokens;
}

void Users::remove_token(ApiTokenId id) {
  database_.write([&](soci::session& session) {
    if (Query(session, "delete from api_token where id = ?", id).run() > 0) return;
    throw Error(ErrorKind::kNotFound, fmt::format("There is no API token {}.", id.value));
  });
}

void Users::add_audit(const std::string& who,
                      const std::string& action,
                      const std::string& target) {
  database_.write([&](soci::session& session) {
    Query(session,
          "insert into audit (at, who, action, target) values (?, ?, ?, ?)",
          database_.now(),
          who,
          action,
          target)
        .run();
  });
}

std::vector<AuditRecord> Users::audit(std::int64_t offset, std::int64_t limit) const {
  internal::check_page(offset, limit);
  std::vector<AuditRecord> rows;
  database_.read([&](soci::session& session) {
    AuditRecord row;
    Query query(session,
                "select id, at, who, action, target from audit order by id desc limit ? offset ?",
                limit,
                offset);
    query.into(row.id, row.when, row.who, row.action, row.target);
    while (query.next()) rows.push_back(row);
  });
  return rows;
}

}  // namespace finview
