#include "finview/catalogue/database.h"

#include "finview/catalogue/query.h"

#include <atomic>
#include <thread>

#include "tests/support/catalogue_test.h"

namespace finview {
namespace {

using internal::Query;
using test::expect_error;

class DatabaseTest : public test::CatalogueTest {};

TEST_P(DatabaseTest, KeepsSettings) {
  EXPECT_EQ(catalogue.database.setting("a"), "");
  catalogue.database.set_setting("a", "1");
  catalogue.database.set_setting("a", "Ωmega\n2");
  EXPECT_EQ(catalogue.database.setting("a"), "Ωmega\n2");
  EXPECT_EQ(catalogue.database.schema_version(), 3);
}

TEST_P(DatabaseTest, AFailedTransactionLeavesNothing) {
  EXPECT_THROW(catalogue.database.write([&](soci::session&) {
    add_individual("D001");
    add_photo("a.jpg");
    throw std::runtime_error("stop");
  }),
               std::runtime_error);
  EXPECT_EQ(catalogue.individuals.list({}).total, 0);
  EXPECT_EQ(catalogue.photos.list({}).total, 0);
  catalogue.database.write([&](soci::session&) {
    add_individual("D001");
    EXPECT_EQ(catalogue.individuals.list({}).total, 1);
  });
  EXPECT_EQ(catalogue.individuals.list({}).total, 1);
}

TEST_P(DatabaseTest, ReadersSeeOneStateAndMayNotWrite) {
  add_individual("D001");
  catalogue.database.read([&](soci::session&) {
    EXPECT_EQ(catalogue.individuals.list({}).total, 1);
    std::thread([&] { add_individual("D002"); }).join();
    EXPECT_EQ(catalogue.individuals.list({}).total, 1);
    EXPECT_THROW(add_individual("D003"), std::logic_error);
  });
  EXPECT_EQ(catalogue.individuals.list({}).total, 2);
}

TEST_P(DatabaseTest, ManyWritersLoseNothing) {
  constexpr int kThreads = 8;
  constexpr int kEach = 20;
  std::vector<std::thread> threads;
  std::atomic<int> read = 0;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        add_individual(std::to_string(t) + "-" + std::to_string(i));
        if (catalogue.individuals.find(std::to_string(t) + "-" + std::to_string(i))) ++read;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(catalogue.individuals.list({}).total, kThreads * kEach);
  EXPECT_EQ(read, kThreads * kEach);
}

TEST_P(DatabaseTest, TimeNeverRunsBackwards) {
  const FinId fin = add_fin("a.jpg");
  const DecisionRecord first = decide(DecisionKind::kUnsure, {fin});
  // As if the clock had been wrong then.
  catalogue.database.write([&](soci::session& session) {
    Query(session, "update decision set made = '2999-01-01T00:00:00' where id = ?", first.id).run();
  });
  EXPECT_EQ(decide(DecisionKind::kDiscard, {fin}).when, "2999-01-01T00:00:00");
  EXPECT_EQ(Database(address).now(), "2999-01-01T00:00:00");
  EXPECT_LT(catalogue.database.now(), "2999");  // of what is not history, the clock tells
}

FINVIEW_OVER_DATABASES(DatabaseTest);

}  // namespace
}  // namespace finview
