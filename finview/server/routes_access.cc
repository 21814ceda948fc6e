#include "finview/server/access.h"
#include "finview/server/inputs.h"
#include "finview/server/router.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {

using nlohmann::json;

namespace {

const std::vector<std::string> kRoles{"viewer", "editor", "reviewer", "admin"};

json me_json(const ServerContext& context, const Caller& caller) {
  const bool with_csrf = !caller.csrf_token.empty();
  return {{"name", caller.name},
          {"role", caller.role ? json(to_string(*caller.role)) : json(nullptr)},
          {"login_needed", context.access.has_users() && !caller.role},
          {"csrf_token", with_csrf ? json(caller.csrf_token) : json(nullptr)}};
}

HttpAnswer get_me(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  return json_answer(me_json(context, request.caller));
}

HttpAnswer log_in(ServerContext& context, const HttpRequest& request) {
  Body body(request);
  std::string name, password;
  body.require("name");
  body.require("password");
  body.text("name", name, 100, 1);
  body.text("password", password, 1000, 1);
  body.done();
  const std::string cookie = context.access.log_in(request, name, password);
  HttpRequest again = request;
  again.header = [&](const char* header) {
    const std::string wanted = header;
    if (wanted == "Cookie") return cookie;
    return wanted == "Authorization" ? std::string() : request.header(header);
  };
  HttpAnswer answer = json_answer(me_json(context, context.access.caller(again)));
  answer.headers.emplace_back("Set-Cookie", cookie);
  return answer;
}

HttpAnswer log_out(ServerContext& context, const HttpRequest& request) {
  HttpAnswer answer = no_content();
  answer.headers.emplace_back("Set-Cookie", context.access.log_out(request));
  return answer;
}

json to_json(const UserRecord& user) {
  return {{"name", user.name}, {"role", to_string(user.role)}, {"created", user.created}};
}

HttpAnswer list_users(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  json rows = json::array();
  for (const UserRecord& user : context.project.catalogue().users.list()) {
    rows.push_back(to_json(user));
  }
  const auto total = rows.size();
  return json_answer({{"rows", std::move(rows)}, {"total", total}});
}

HttpAnswer add_user(ServerContext& context, const HttpRequest& request) {
  Body body(request);
  std::string password, role;
  UserRecord user;
  body.require("name");
  body.require("password");
  body.require("role");
  body.text("name", user.name, 100, 1);
  body.text("password", password, 1000, 10);
  body.choice("role", role, kRoles);
  body.done();
  user.role = role_named(role);
  Users& users = context.project.catalogue().users;
  if (users.list().empty() && user.role != Role::kAdmin) {
    throw Error(ErrorKind::kBadInput, "The first user must be an admin.");
  }
  user.password_hash = hash_password(password);
  const UserId id = users.add(user);
  context.access.look_again();
  return json_answer(to_json(users.get(id)), 201);
}

UserRecord user_of(ServerContext& context, const HttpRequest& request) {
  const std::string& name = request.ids.at(0);
  const auto user =
      is_clean_text(name) ? context.project.catalogue().users.find(name) : std::nullopt;
  if (!user) throw Error(ErrorKind::kNotFound, "There is no user of this name.");
  return *user;
}

HttpAnswer change_user(ServerContext& context, const HttpRequest& request) {
  const bool admin = *request.caller.role == Role::kAdmin;
  if (!admin && request.ids.at(0) != request.caller.name) {
    throw Problem(403, "forbidden", "Only an admin may change other users.");
  }
  UserRecord user = user_of(context, request);
  Body body(request);
  std::string password;
  std::string role = to_string(user.role);
  body.text("password", password, 1000, 10);
  body.choice("role", role, kRoles);
  if (!body.has("password") && !body.has("role")) {
    body.fault("There is nothing to change: give password or role.");
  }
  body.done();
  if (!admin && role_named(role) != user.role) {
    throw Problem(403, "forbidden", "Only an admin may give roles.");
  }
  user.role = role_named(role);
  if (!password.empty()) user.password_hash = hash_password(password);
  context.project.catalogue().users.change(user);
  return json_answer(to_json(context.project.catalogue().users.get(user.id)));
}

HttpAnswer remove_user(ServerContext& context, const HttpRequest& request) {
  context.project.catalogue().users.remove(user_of(context, request).id);
  context.access.look_again();
  return no_content();
}

json to_json(const ApiTokenRecord& token) {
  return {{"id", token.id.value},
          {"name", token.name},
          {"created", token.created},
          {"last_used", token.last_used}};
}

std::vector<ApiTokenRecord> own_tokens(ServerContext& context, const HttpRequest& request) {
  Users& users = context.project.catalogue().users;
  const auto user = users.find(request.caller.name);
  return user ? users.tokens(user->id) : std::vector<ApiTokenRecord>();
}

HttpAnswer list_tokens(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  json rows = json::array();
  for (const ApiTokenRecord& token : own_tokens(context, request)) rows.push_back(to_json(token));
  const auto total = rows.size();
  return json_answer({{"rows", std::move(rows)}, {"total", total}});
}

HttpAnswer add_token(ServerContext& context, const HttpRequest& request) {
  Body body(request);
  std::string name;
  body.require("name");
  body.text("name", name, 100, 1);
  body.done();
  const auto [id, secret] = context.access.add_token(request.caller, name);
  for (const ApiTokenRecord& token : own_tokens(context, request)) {
    if (token.id != id) continue;
    json made = to_json(token);
    made["token"] = secret;
    return json_answer(made, 201);
  }
  throw Error(ErrorKind::kUnavailable, "The token was removed at once.");
}

HttpAnswer remove_token(ServerContext& context, const HttpRequest& request) {
  const ApiTokenId id{id_of(request)};
  for (const ApiTokenRecord& token : own_tokens(context, request)) {
    if (token.id != id) continue;
    context.project.catalogue().users.remove_token(id);
    return no_content();
  }
  throw Error(ErrorKind::kNotFound, fmt::format("You have no token {}.", id.value));
}

}  // namespace

std::vector<Route> access_routes() {
  return {{"GET", "/api/me", std::nullopt, get_me},
          {"POST", "/api/login", std::nullopt, log_in},
          {"POST", "/api/logout", Role::kViewer, log_out},
          {"GET", "/api/users", Role::kAdmin, list_users},
          {"POST", "/api/users", Role::kAdmin, add_user},
          {"PATCH", "/api/users/{name}", Role::kViewer, change_user},
          {"DELETE", "/api/users/{name}", Role::kAdmin, remove_user},
          {"GET", "/api/tokens", Role::kViewer, list_tokens},
          {"POST", "/api/tokens", Role::kViewer, add_token},
          {"DELETE", "/api/tokens/{id}", Role::kViewer, remove_token}};
}

}  // namespace finview
