#include "finview/jobs/queue.h"

#include "finview/base/error.h"

#include <fstream>

#include "tests/support/scratch_folder.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

namespace finview {
namespace {

using test::ScratchFolder;
using testing::ElementsAre;

NewJob wish(const std::string& kind, int priority = 0) {
  NewJob job;
  job.kind = kind;
  job.who = "Ana";
  job.priority = priority;
  return job;
}

ErrorKind kind_of_error(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error.kind();
  }
  ADD_FAILURE() << "nothing was thrown";
  return ErrorKind::kBadInput;
}

std::vector<std::string> texts_of(const Queue& queue, JobId id) {
  std::vector<std::string> texts;
  for (const JobLine& line : queue.log(id, 0, 100).rows) texts.insert(texts.begin(), line.text);
  return texts;
}

class QueueTest : public testing::Test {
 protected:
  ScratchFolder folder;
  Queue queue{folder / "jobs of \xc3\x84nne's.db"};
  const std::vector<std::string> kinds{"find", "map"};
};

TEST_F(QueueTest, KeepsWhatWasAskedFor) {
  NewJob job = wish("find", 7);
  job.name = "Autumn; DROP TABLE jobs --'\"";
  job.uploads = {"a", "b"};
  job.files = {"images/\xe6\xb5\xb7"};
  job.options = R"({"x":1})";
  job.then = {"map"};
  const JobId id = queue.add(job);
  const JobRecord kept = queue.get(id);
  EXPECT_EQ(kept.wish.name, job.name);
  EXPECT_EQ(kept.wish.uploads, job.uploads);
  EXPECT_EQ(kept.wish.files, job.files);
  EXPECT_EQ(kept.wish.options, job.options);
  EXPECT_EQ(kept.wish.then, job.then);
  EXPECT_EQ(kept.wish.priority, 7);
  EXPECT_EQ(kept.wish.who, "Ana");
  EXPECT_EQ(kept.state, JobState::kWaiting);
  EXPECT_EQ(kind_of_error([&] { queue.get(JobId{99}); }), ErrorKind::kNotFound);
}

TEST_F(QueueTest, UrgentFirstThenInOrder) {
  const auto ids =
      queue.add(std::vector{wish("find"), wish("find", 5), wish("train", 50), wish("map", 5)});
  const std::string worker = queue.enlist("light");
  EXPECT_EQ(queue.take(worker, kinds)->id, ids[1]);
  EXPECT_EQ(queue.take(worker, kinds)->id, ids[3]);
  EXPECT_EQ(queue.take(worker, kinds)->id, ids[0]);
  EXPECT_FALSE(queue.take(worker, kinds));  // train is not among its kinds
  queue.set_priority(ids[2], 3);
  EXPECT_EQ(queue.get(ids[2]).wish.priority, 3);
  EXPECT_THAT(queue.open_kinds(), ElementsAre("find", "map", "train"));
}

TEST_F(QueueTest, FailedItemsAreDoneAgainAndNoOthers) {
  const JobId id = queue.add(wish("find"));
  const std::string worker = queue.enlist("heavy");
  JobRecord job = *queue.take(worker, kinds);
  job.step = "finding";
  job.done = 3;
  job.total = 3;
  queue.report(job, {{{"a.jpg", "broken"}, {"b.jpg", "empty"}}, {}});
  EXPECT_EQ(kind_of_error([&] { queue.retry(id); }), ErrorKind::kConflict);
  queue.end(job, JobEnd::kDone);
  EXPECT_EQ(queue.get(id).failed, 2);
  EXPECT_EQ(queue.failures(id, 1, 10).at(0).item, "b.jpg");

  queue.retry(id);
  job = *queue.take(worker, kinds);
  EXPECT_THAT(queue.items_to_retry(id), ElementsAre("a.jpg", "b.jpg"));
  queue.report(job, {{{"b.jpg", "still empty"}}, {}});
  queue.end(job, JobEnd::kDone);
  const auto left = queue.failures(id, 0, 10);
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left[0].reason, "still empty");
  EXPECT_EQ(queue.get(id).failed, 1);

  queue.retry(id);
  queue.end(*queue.take(worker, kinds), JobEnd::kDone);
  EXPECT_EQ(queue.get(id).failed, 0);
  EXPECT_EQ(kind_of_error([&] { queue.retry(id); }), ErrorKind::kConflict);
}

TEST_F(QueueTest, PausedCancelledResumed) {
  const JobId id = queue.add(wish("find"));
  queue.pause(id);
  const std::string worker = queue.enlist("heavy");
  EXPECT_FALSE(queue.take(worker, kinds));
  queue.resume(id);
  JobRecord job = *queue.take(worker, kinds);
  EXPECT_EQ(queue.wish(id), JobWish::kGoOn);
  queue.pause(id);
  EXPECT_EQ(queue.report(job, {}), JobWish::kPause);
  queue.end(job, JobEnd::kStopped);
  EXPECT_EQ(queue.get(id).state, JobState::kPaused);
  queue.resume(id);
  job = *queue.take(worker, kinds);
  queue.cancel(id);
  EXPECT_EQ(queue.get(id).state, JobState::kRunning);  // until its next item
  EXPECT_EQ(kind_of_error([&] { queue.remove(id); }), ErrorKind::kConflict);
  queue.end(job, JobEnd::kStopped);
  EXPECT_EQ(queue.get(id).state, JobState::kCancelled);
  EXPECT_EQ(kind_of_error([&] { queue.cancel(id); }), ErrorKind::kConflict);
  EXPECT_EQ(kind_of_error([&] { queue.resume(id); }), ErrorKind::kConflict);
  queue.retry(id);  // does what was left
  EXPECT_EQ(queue.get(id).state, JobState::kWaiting);
  EXPECT_TRUE(queue.items_to_retry(id).empty());
}

TEST_F(QueueTest, WhatFollowsIsAddedWhenDone) {
  NewJob job = wish("import", 4);
  job.then = {"find", "identify"};
  queue.add(job);
  const std::string worker = queue.enlist("light");
  queue.end(*queue.take(worker, {"import"}), JobEnd::kDone);
  const JobRecord next = queue.list({}).rows.at(0);
  EXPECT_EQ(next.wish.kind, "find");
  EXPECT_THAT(next.wish.then, ElementsAre("identify"));
  EXPECT_EQ(next.wish.who, "Ana");
  EXPECT_EQ(next.wish.priority, 4);
  queue.end(*queue.take(worker, {"find"}), JobEnd::kFailed);
  EXPECT_EQ(queue.list({}).total, 2);  // nothing follows what failed
}

TEST_F(QueueTest, ListsFiltersAndForgets) {
  for (int i = 0; i < 5; ++i) queue.add(wish(i % 2 == 0 ? "find" : "map"));
  queue.cancel(JobId{1});
  EXPECT_EQ(queue.list({.states = {JobState::kCancelled}, .kind = ""}).total, 1);
  EXPECT_EQ(queue.list({.states = {}, .kind = "map"}).total, 2);
  const JobPage page = queue.list({.states = {}, .kind = "", .offset = 1, .limit = 2});
  EXPECT_EQ(page.total, 5);
  ASSERT_EQ(page.rows.size(), 2U);
  EXPECT_EQ(page.rows[0].id, JobId{4});
  EXPECT_EQ(queue.forget_ended_before("2000-01-01"), 0);
  EXPECT_EQ(queue.forget_ended_before("2999-01-01"), 1);
  EXPECT_EQ(queue.list({}).total, 4);
}

TEST_F(QueueTest, ChangesAreNumbered) {
  const auto before = queue.version();
  const auto ids = queue.add(std::vector{wish("find"), wish("map")});
  EXPECT_EQ(queue.changed_since(before).size(), 2U);
  const auto between = queue.version();
  queue.cancel(ids[0]);
  const auto changed = queue.changed_since(between);
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(changed[0].id, ids[0]);
}

TEST_F(QueueTest, TellsWhatHappened) {
  const JobId id = queue.add(wish("find"));
  const JobId other = queue.add(wish("map"));
  const std::string worker = queue.enlist("heavy");
  JobRecord job = *queue.take(worker, {"find"});
  queue.pause(id);
  queue.report(job, {{{"a.jpg", "broken"}}, {{"2026-05-01T10:00:00", "a.jpg: broken"}}});
  queue.end(job, JobEnd::kStopped);
  queue.resume(id);
  job = *queue.take(worker, {"find"});
  job.reason = "the disk is full";
  queue.end(job, JobEnd::kFailed);
  queue.retry(id);
  queue.set_priority(id, 5);
  EXPECT_THAT(texts_of(queue, id),
              ElementsAre("asked for by Ana",
                          "running: " + worker,
                          "to be paused at its next item",
                          "a.jpg: broken",
                          "paused",
                          "waiting",
                          "running: " + worker,
                          "failed: the disk is full",
                          "to do what was left",
                          "waiting",
                          "priority 5"));
  const JobLog page = queue.log(id, 7, 2);
  EXPECT_EQ(page.total, 11);
  ASSERT_EQ(page.rows.size(), 2U);
  EXPECT_EQ(page.rows[0].text, "a.jpg: broken");
  EXPECT_EQ(page.rows[0].time, "2026-05-01T10:00:00");
  EXPECT_THAT(texts_of(queue, other), ElementsAre("asked for by Ana"));
  queue.cancel(id);
  queue.remove(id);
  EXPECT_EQ(kind_of_error([&] { queue.log(id, 0, 1); }), ErrorKind::kNotFound);
}

/// A process that takes the next job of the file and dies with it.
void take_and_die(const std::filesystem::path& file) {
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    Queue queue(file);
    const bool taken = queue.take(queue.enlist("heavy"), {"find"}).has_value();
    kill(getpid(), taken ? SIGKILL : SIGTERM);
    _exit(0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "it found no job";
}

TEST(QueueProcess, JobsOfTheDeadAreTakenBack) {
  const ScratchFolder folder;
  const auto file = folder / "jobs.db";
  JobId id;
  {
    Queue queue(file);
    id = queue.add(wish("find"));
  }
  for (int i = 1; i <= 3; ++i) {
    take_and_die(file);
    Queue queue(file);
    EXPECT_EQ(queue.get(id).state, JobState::kRunning);
    EXPECT_EQ(queue.take_back(), 1);
    EXPECT_TRUE(queue.workers().empty());
    EXPECT_EQ(queue.get(id).state, i < 3 ? JobState::kWaiting : JobState::kFailed);
  }
  Queue queue(file);
  EXPECT_THAT(queue.get(id).reason, testing::HasSubstr("ended 3 times"));
  EXPECT_THAT(texts_of(queue, id),
              testing::Contains(testing::HasSubstr("ended while it did this")).Times(3));
  EXPECT_TRUE(std::filesystem::is_empty(file.string() + "-workers"));
}

TEST(QueueProcess, JobsOfTheLivingAreNot) {
  const ScratchFolder folder;
  Queue one(folder / "jobs.db");
  Queue other(folder / "jobs.db");
  one.add(wish("find"));
  const JobRecord job = *one.take(one.enlist("heavy"), {"find"});
  EXPECT_EQ(other.take_back(), 0);
  ASSERT_EQ(other.workers().size(), 1U);
  EXPECT_EQ(other.workers()[0].job, job.id);
  EXPECT_FALSE(other.take(other.enlist("heavy"), {"find"}));
}

/// What `sqlite3 jobs.db .dump` gave of a queue that FinView had made before queues kept a log.
constexpr const char* kQueueOfVersion1 = R"(
  CREATE TABLE jobs (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, name TEXT NOT NULL,
    who TEXT NOT NULL, uploads TEXT NOT NULL, files TEXT NOT NULL, options TEXT NOT NULL,
    priority INTEGER NOT NULL, next TEXT NOT NULL, state INTEGER NOT NULL, created TEXT NOT NULL,
    started TEXT NOT NULL DEFAULT '', ended TEXT NOT NULL DEFAULT '',
    step TEXT NOT NULL DEFAULT '', done BIGINT NOT NULL DEFAULT 0,
    failed BIGINT NOT NULL DEFAULT 0, total BIGINT NOT NULL DEFAULT 0,
    rate REAL NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '',
    result TEXT NOT NULL DEFAULT '{}', worker TEXT NOT NULL DEFAULT '',
    asked INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0,
    version BIGINT NOT NULL);
  INSERT INTO jobs VALUES (4, 'find', 'find', 'Ana', '[]', '[]', '{}', 0, '[]', 0,
    '2026-05-01T10:00:00', '', '', '', 0, 0, 0, 0.0, '', '{}', '', 0, 0, 9);
  CREATE INDEX jobs_by_urgency ON jobs (state, priority DESC, id);
  CREATE TABLE failures (number INTEGER PRIMARY KEY AUTOINCREMENT,
    job INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE, item TEXT NOT NULL,
    reason TEXT NOT NULL, again INTEGER NOT NULL DEFAULT 0, UNIQUE (job, item));
  CREATE TABLE workers (name TEXT PRIMARY KEY, since TEXT NOT NULL);
  CREATE TABLE counter (version BIGINT NOT NULL);
  INSERT INTO counter VALUES (9);
  PRAGMA application_id = 1182157423;
  PRAGMA user_version = 1;)";

TEST(QueueFile, OfAnOlderVersionIsKept) {
  const ScratchFolder folder;
  sqlite3* file = nullptr;
  ASSERT_EQ(sqlite3_open((folder / "jobs.db").c_str(), &file), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(file, kQueueOfVersion1, nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(file);
  Queue queue(folder / "jobs.db");
  EXPECT_EQ(queue.version(), 9);
  EXPECT_EQ(queue.take(queue.enlist("heavy"), {"find"})->id, JobId{4});
  EXPECT_EQ(queue.log(JobId{4}, 0, 10).total, 1);
  Queue again(folder / "jobs.db");
  EXPECT_EQ(again.get(JobId{4}).state, JobState::kRunning);
}

TEST(QueueFile, OfANewerVersionIsRefused) {
  const ScratchFolder folder;
  { Queue queue(folder / "jobs.db"); }
  sqlite3* file = nullptr;
  ASSERT_EQ(sqlite3_open((folder / "jobs.db").c_str(), &file), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(file, "PRAGMA user_version = 99", nullptr, nullptr, nullptr), SQLITE_OK);
  sqlite3_close(file);
  EXPECT_EQ(kind_of_error([&] { Queue queue(folder / "jobs.db"); }), ErrorKind::kBadInput);
}

TEST(QueueFile, ThatIsNoneIsRefused) {
  const ScratchFolder folder;
  std::ofstream(folder / "text.db") << std::string(5000, 'x');
  EXPECT_EQ(kind_of_error([&] { Queue queue(folder / "text.db"); }), ErrorKind::kUnavailable);
  EXPECT_EQ(kind_of_error([&] { Queue queue(folder / "no folder" / "jobs.db"); }),
            ErrorKind::kUnavailable);
}

}  // namespace
}  // namespace finview
