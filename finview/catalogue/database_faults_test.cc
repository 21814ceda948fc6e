#include "finview/base/files.h"
#include "finview/catalogue/database.h"
#include "finview/catalogue/query.h"
#include "finview/synthetic/file_size_limit_testing.h"

#include <csignal>
#include <fstream>
#include <future>
#include <thread>

#include "tests/support/catalogue_test.h"
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace finview {
namespace {

namespace fs = std::filesystem;
using internal::Query;
using std::chrono::milliseconds;
using test::expect_error;

class DatabaseFaults : public test::CatalogueTest {
 protected:
  void sql(const std::string& statement) {
    catalogue.database.write([&](soci::session& session) { Query(session, statement).run(); });
  }
  bool sqlite() const { return GetParam() == "sqlite"; }
};

TEST_P(DatabaseFaults, ALockedCatalogueSaysSo) {
  Database other(address, milliseconds(50));
  catalogue.database.write([&](soci::session&) {
    std::thread([&] {
      expect_error(
          ErrorKind::kUnavailable, {"locked", "0.05 s"}, [&] { other.set_setting("a", "1"); });
    }).join();
  });
  other.set_setting("a", "2");
  EXPECT_EQ(catalogue.database.setting("a"), "2");
}

TEST_P(DatabaseFaults, ANewerSchemaIsNotTouched) {
  sql("insert into finview_schema values (99, '2040-01-01T00:00:00')");
  expect_error(ErrorKind::kBadInput, {"newer FinView", "version 99", "up to 3"}, [&] {
    Database newer(address);
  });
}

TEST_P(DatabaseFaults, ADatabaseOfAnotherProgramIsNotTouched) {
  const test::ScratchFolder others;
  const std::string theirs = new_address(others);
  {
    const Database made(theirs);
    made.read([](soci::session&) {});
  }
  Database ours(theirs);
  ours.write([](soci::session& session) {
    Query(session, "alter table finview_schema rename to recipes").run();
  });
  expect_error(
      ErrorKind::kBadInput, {"not a catalogue of FinView"}, [&] { Database again(theirs); });
}

TEST_P(DatabaseFaults, AProgramKilledInATransactionLeavesNothingOfIt) {
  const IndividualId d1 = add_individual("D001");
  const pid_t child = fork();
  if (child == 0) {
    Catalogue own(address);
    own.database.write([&](soci::session&) {
      for (int i = 0; i < 500; ++i) {
        IndividualRecord row;
        row.code = "K" + std::to_string(i);
        own.individuals.add(row);
      }
      raise(SIGKILL);
    });
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  Catalogue after(address);
  EXPECT_EQ(after.individuals.list({}).total, 1);
  EXPECT_EQ(after.individuals.find("D001"), d1);
  EXPECT_EQ(after.database.check(), std::vector<std::string>{});
  add_individual("K1");
}

TEST_P(DatabaseFaults, OfTwoWhoDecideAtOnceOneGetsAConflict) {
  const FinId fin = add_fin("a.jpg");
  const IndividualId d1 = add_individual("D001");
  const IndividualId d2 = add_individual("D002");
  std::vector<std::future<bool>> won;
  for (const IndividualId individual : {d1, d2}) {
    won.push_back(std::async(std::launch::async, [&, individual] {
      Catalogue own(address);
      NewDecision wish;
      wish.fins = {fin};
      wish.individual = individual;
      wish.who = "Ana";
      wish.seen = {DecisionId{}};
      try {
        own.decisions.decide(wish);
        return true;
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::kConflict) << error.what();
        return false;
      }
    }));
  }
  const bool first = won[0].get();
  const bool second = won[1].get();
  EXPECT_NE(first, second);
  EXPECT_EQ(catalogue.fins.get(fin).individual, first ? d1 : d2);
  EXPECT_EQ(catalogue.decisions.list({}, {}, 0, 10).size(), 1U);
}

TEST_P(DatabaseFaults, CheckFindsAndRepairSetsRight) {
  const FinId fin = add_fin("a.jpg");
  const FinId other = add_fin("b.jpg");
  const IndividualId d1 = add_individual("D001");
  const IndividualId d2 = add_individual("D002");
  const IndividualId d3 = add_individual("D003");
  decide(DecisionKind::kConfirm, {fin}, d1);
  decide(DecisionKind::kReject, {other}, d1);
  merge(d1, d2);
  EXPECT_EQ(catalogue.database.check(), std::vector<std::string>{});
  EXPECT_EQ(catalogue.database.repair(), std::vector<std::string>{});
  sql("update fin set individual_id = null, review = 0 where id = " + std::to_string(fin.value));
  sql("delete from rejection");
  sql("update individual set merged_into_id = null where code = 'D002'");
  sql("update individual set merged_into_id = 1, num_fins = 7, folded = 'x', best_left_id = 99 "
      "where code = 'D003'");
  sql("update photo set num_fins = 5, encounter_id = null, taken = '1999' where name = 'b.jpg'");
  sql("update photo_tally set num_photos = num_photos + 1");
  const std::vector<std::string> faults = catalogue.database.check();
  std::string all;
  for (const std::string& fault : faults) all += fault + "\n";
  const std::string id = std::to_string(fin.value);
  EXPECT_NE(all.find("fin " + id + ": who it shows is not what"), std::string::npos) << all;
  EXPECT_NE(all.find("whom it does not show"), std::string::npos) << all;
  EXPECT_NE(all.find("individuals 2, 3: whether it is there"), std::string::npos) << all;
  EXPECT_NE(all.find("individual 3: the text"), std::string::npos) << all;
  EXPECT_NE(all.find("individual 3: its best fin"), std::string::npos) << all;
  EXPECT_NE(all.find("photo 2: miscounted"), std::string::npos) << all;
  EXPECT_NE(all.find("fins 1, 2: what it repeats"), std::string::npos) << all;
  EXPECT_NE(all.find("The fins are miscounted"), std::string::npos) << all;
  EXPECT_NE(all.find("The photos are miscounted"), std::string::npos) << all;
  EXPECT_GE(catalogue.database.repair().size(), 9U);
  EXPECT_EQ(catalogue.database.check(), std::vector<std::string>{});
  EXPECT_EQ(catalogue.fins.get(fin).individual, d1);
  EXPECT_EQ(catalogue.decisions.rejected(other), std::vector{d1});
  EXPECT_EQ(catalogue.individuals.get(d2).merged_into, d1);
  EXPECT_EQ(catalogue.individuals.get(d3).merged_into, IndividualId{});
  EXPECT_EQ(catalogue.individuals.find("d003"), d3);
}

TEST_P(DatabaseFaults, ABackupIsTheStateOfOneMoment) {
  for (int i = 0; i < 50; ++i) add_individual("D" + std::to_string(i));
  const fs::path file = folder / "backup \"é\" = 1.db";
  if (!sqlite()) {
    expect_error(ErrorKind::kBadOptions, {"pg_dump"}, [&] { catalogue.database.back_up(file); });
    return;
  }
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 1000; !stop; ++i) decide(DecisionKind::kNew, {add_fin(std::to_string(i))});
  });
  catalogue.database.back_up(file);
  stop = true;
  writer.join();
  Catalogue restored(file.string());
  EXPECT_GE(restored.individuals.list({}).total, 50);
  EXPECT_TRUE(restored.individuals.find("D49"));
  EXPECT_EQ(restored.database.check(), std::vector<std::string>{});
  expect_error(ErrorKind::kUnavailable, {"backup", "nowhere"}, [&] {
    catalogue.database.back_up(folder / "nowhere" / "backup.db");
  });
}

FINVIEW_OVER_DATABASES(DatabaseFaults);

TEST(PostgresFaults, ACatalogueThatIsNotReachedOrReadOnlySaysSo) {
  expect_error(ErrorKind::kUnavailable, {"ana@localhost:1/none"}, [] {
    Database unreachable("postgresql://ana:secret@localhost:1/none");
  });
  const std::string address = test::PostgresServer::shared().new_database();
  Database catalogue(address);
  Database read_only(address + "?options=-cdefault_transaction_read_only%3Don");
  expect_error(ErrorKind::kUnavailable, {"read-only"}, [&] { read_only.set_setting("a", "1"); });
}

TEST(PostgresFaults, ABrokenConnectionIsReplaced) {
  const std::string address = test::PostgresServer::shared().new_database();
  Database catalogue(address);
  Database other(address);
  other.set_setting("a", "1");
  other.write([](soci::session& session) {
    Query(session,
          "select pg_terminate_backend(pid) from pg_stat_activity "
          "where datname = current_database() and pid <> pg_backend_pid()")
        .run();
  });
  expect_error(ErrorKind::kUnavailable, {"cannot be"}, [&] { catalogue.setting("a"); });
  EXPECT_EQ(catalogue.setting("a"), "1");
}

class SqliteFaults : public testing::Test {
 protected:
  test::ScratchFolder folder;
  std::string path = (folder / "it's \"a\" = é%20.db").string();
};

TEST_F(SqliteFaults, AnyPathWillDo) {
  Database(path).set_setting("a", "1");
  EXPECT_TRUE(fs::exists(path));
  EXPECT_EQ(Database(path).setting("a"), "1");
  expect_error(ErrorKind::kUnavailable, {"nowhere", "folder"}, [&] {
    Database missing((folder / "nowhere/catalogue.db").string());
  });
}

TEST_F(SqliteFaults, AFileThatIsNoDatabaseIsNotTouched) {
  const std::string text(5000, 'x');
  write_file(path, text);
  expect_error(ErrorKind::kBadInput, {"no SQLite database"}, [&] { Database other(path); });
  EXPECT_EQ(read_text_file(path), text);
}

TEST_F(SqliteFaults, AReadOnlyFileSaysSo) {
  Database(path).set_setting("a", "1");
  fs::permissions(folder.path(), fs::perms(0555));
  fs::permissions(path, fs::perms(0444));
  const auto open = [&] {
    if (geteuid() == 0 && setuid(65534) != 0) _exit(1);
    try {
      Database read_only(path);
      _exit(0);
    } catch (const Error& error) {
      fprintf(stderr, "%s\n", error.what());
      _exit(exit_code(error.kind()));
    }
  };
  EXPECT_EXIT(open(), testing::ExitedWithCode(6), "read-only");
  fs::permissions(folder.path(), fs::perms(0755));
}

TEST_F(SqliteFaults, ADamagedPageIsNamedByTheCheck) {
  {
    Catalogue catalogue(path);
    catalogue.database.write([&](soci::session&) {
      for (int i = 0; i < 3000; ++i) {
        PhotoRecord photo;
        photo.sha256 = std::to_string(i) + std::string(60, 'f');
        photo.name = std::to_string(i) + ".jpg";
        catalogue.photos.add(photo);
      }
    });
  }
  ASSERT_FALSE(fs::exists(path + "-wal"));
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  const auto middle = static_cast<std::streamoff>(fs::file_size(path) / 2 / 4096 * 4096);
  file.seekp(middle);
  file << std::string(3 * 4096, '\x5A');
  file.close();
  Catalogue catalogue(path);
  const std::vector<std::string> faults = catalogue.database.check();
  ASSERT_FALSE(faults.empty());
  EXPECT_NE(faults.front().find("damaged"), std::string::npos) << faults.front();
}

TEST_F(SqliteFaults, AFullDiskLosesOnlyTheChangeThatDidNotFit) {
  Catalogue catalogue(path);
  IndividualRecord row;
  row.code = "D001";
  catalogue.individuals.add(row);
  {
    const synthetic::FileSizeLimit limit(400'000);
    expect_error(ErrorKind::kUnavailable, {"disk is full", path}, [&] {
      catalogue.database.write([&](soci::session&) {
        row.notes = std::string(5000, 'n');
        for (int i = 0; i < 500; ++i) {
          row.code = "F" + std::to_string(i);
          catalogue.individuals.add(row);
        }
      });
    });
  }
  EXPECT_EQ(catalogue.individuals.list({}).total, 1);
  EXPECT_EQ(catalogue.database.check(), std::vector<std::string>{});
  row.code = "D002";
  row.notes = "";
  catalogue.individuals.add(row);
  EXPECT_EQ(Catalogue(path).individuals.list({}).total, 2);
}

}  // namespace
}  // namespace finview
