#include "finview/catalogue/users.h"

#include "tests/support/catalogue_test.h"

namespace finview {
namespace {

using test::expect_error;

class UsersTest : public test::CatalogueTest {
 protected:
  UserId add_user(const std::string& name, Role role = Role::kViewer) {
    UserRecord user;
    user.name = name;
    user.password_hash = "hash of " + name;
    user.role = role;
    return catalogue.users.add(user);
  }
  void log_in(UserId user, const std::string& token_hash, const std::string& expires = "9") {
    LoginRecord login;
    login.token_hash = token_hash;
    login.user = user;
    login.csrf = "csrf";
    login.expires = expires;
    catalogue.users.add_login(login);
  }
};

TEST_P(UsersTest, KeepsEveryField) {
  const UserId ana = add_user("Ana Ōkura", Role::kReviewer);
  add_user("bo", Role::kAdmin);
  const UserRecord kept = catalogue.users.get(ana);
  EXPECT_EQ(kept.name, "Ana Ōkura");
  EXPECT_EQ(kept.password_hash, "hash of Ana Ōkura");
  EXPECT_EQ(kept.role, Role::kReviewer);
  EXPECT_FALSE(kept.disabled);
  EXPECT_EQ(kept.created.size(), 19U);
  EXPECT_EQ(catalogue.users.find("ANA OKURA")->id, ana);
  EXPECT_FALSE(catalogue.users.find("nobody"));
  EXPECT_EQ(catalogue.users.list().size(), 2U);
  expect_error(ErrorKind::kConflict, {"Ana Ōkura"}, [&] { add_user("ana okura"); });
  expect_error(ErrorKind::kBadInput, {"101", "100"}, [&] { add_user(std::string(101, 'a')); });
  expect_error(ErrorKind::kBadInput, {"empty"}, [&] { add_user(" "); });
  expect_error(ErrorKind::kNotFound, {"77"}, [&] { catalogue.users.get(UserId{77}); });
}

TEST_P(UsersTest, AnAdminIsAlwaysLeft) {
  const UserId ana = add_user("Ana", Role::kAdmin);
  UserRecord row = catalogue.users.get(ana);
  row.role = Role::kViewer;
  expect_error(ErrorKind::kConflict, {"admin"}, [&] { catalogue.users.change(row); });
  row.role = Role::kAdmin;
  row.disabled = true;
  expect_error(ErrorKind::kConflict, {"admin"}, [&] { catalogue.users.change(row); });
  expect_error(ErrorKind::kConflict, {"admin"}, [&] { catalogue.users.remove(ana); });
  EXPECT_FALSE(catalogue.users.get(ana).disabled);
  add_user("Bo", Role::kAdmin);
  catalogue.users.remove(ana);
  EXPECT_FALSE(catalogue.users.find("Ana"));
}

TEST_P(UsersTest, LoginsEndByTimePasswordAndDisabling) {
  const UserId ana = add_user("Ana");
  log_in(ana, "t1");
  log_in(ana, "t2", "2001-01-01T00:00:00");
  ASSERT_TRUE(catalogue.users.find_login("t1"));
  EXPECT_EQ(catalogue.users.find_login("t1")->user, ana);
  EXPECT_EQ(catalogue.users.find_login("t1")->csrf, "csrf");
  EXPECT_FALSE(catalogue.users.find_login("t2"));
  EXPECT_FALSE(catalogue.users.find_login("t3"));
  catalogue.users.remove_expired_logins();
  UserRecord row = catalogue.users.get(ana);
  row.role = Role::kEditor;
  catalogue.users.change(row);
  EXPECT_TRUE(catalogue.users.find_login("t1"));
  row.password_hash = "another";
  catalogue.users.change(row);
  EXPECT_FALSE(catalogue.users.find_login("t1"));
  log_in(ana, "t4");
  catalogue.users.remove_login("t4");
  EXPECT_FALSE(catalogue.users.find_login("t4"));
  log_in(ana, "t5");
  row.disabled = true;
  catalogue.users.change(row);
  row.disabled = false;
  catalogue.users.change(row);
  EXPECT_FALSE(catalogue.users.find_login("t5"));
}

TEST_P(UsersTest, TokensActForAnEnabledUser) {
  const UserId ana = add_user("Ana");
  ApiTokenRecord token;
  token.token_hash = "hash";
  token.user = ana;
  token.name = "field laptop";
  const ApiTokenId id = catalogue.users.add_token(token);
  ASSERT_EQ(catalogue.users.tokens(ana).size(), 1U);
  EXPECT_EQ(catalogue.users.tokens(ana)[0].name, "field laptop");
  EXPECT_EQ(catalogue.users.tokens(ana)[0].last_used, "");
  EXPECT_EQ(catalogue.users.use_token("hash")->user, ana);
  EXPECT_EQ(catalogue.users.tokens(ana)[0].last_used.size(), 16U);
  UserRecord row = catalogue.users.get(ana);
  row.disabled = true;
  catalogue.users.change(row);
  EXPECT_FALSE(catalogue.users.use_token("hash"));
  catalogue.users.remove_token(id);
  expect_error(ErrorKind::kNotFound, {"token"}, [&] { catalogue.users.remove_token(id); });
}

TEST_P(UsersTest, TheAuditIsReadNewestFirst) {
  catalogue.users.add_audit("Ana", "login", "");
  catalogue.users.add_audit("Ana", "purge", "photo 5");
  const std::vector<AuditRecord> rows = catalogue.users.audit(0, 10);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].action, "purge");
  EXPECT_EQ(rows[0].target, "photo 5");
  EXPECT_EQ(rows[1].who, "Ana");
  EXPECT_EQ(catalogue.users.audit(1, 10).size(), 1U);
}

TEST_P(UsersTest, RolesHaveNames) {
  EXPECT_EQ(role_named("reviewer"), Role::kReviewer);
  EXPECT_STREQ(to_string(Role::kAdmin), "admin");
  expect_error(ErrorKind::kBadInput, {"king", "viewer"}, [] { role_named("king"); });
}

FINVIEW_OVER_DATABASES(UsersTest);

}  // namespace
}  // namespace finview
