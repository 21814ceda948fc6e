#include "finview/jobs/workers.h"

#include "finview/base/error.h"

#include <atomic>
#include <chrono>
#include <thread>

#include "tests/support/scratch_folder.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

using test::ScratchFolder;
using testing::HasSubstr;

struct CountOptions {
  std::int64_t items = 10;
  void visit(OptionVisitor& visitor) { visitor.field("items", items, "How many", 0, 1000000); }
};

/// Waits at most ten seconds for what must come.
bool comes(const std::function<bool()>& what) {
  for (int i = 0; i < 1000; ++i) {
    if (what()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

class WorkersTest : public testing::Test {
 protected:
  WorkersTest() {
    // Counts items; the odd ones fail the first time. Goes on where it stopped.
    kinds.add<CountOptions>(
        {.name = "count", .help = "Counts"},
        [this](const CountOptions& options, JobContext& context) -> std::string {
          if (!context.only().empty()) {
            num_retried += static_cast<int>(context.only().size());
            return R"({"again":true})";
          }
          while (next < options.items && !context.cancel().cancelled()) {
            if (next % 2 == 1) context.item_failed(std::to_string(next), "odd");
            ++next;
            context.update("counting", next, options.items);
            if (slow) std::this_thread::sleep_for(std::chrono::milliseconds(5));
          }
          return R"({"again":false})";
        });
    kinds.add<NoOptions>({.name = "break", .help = "Fails", .is_heavy = true},
                         [](const NoOptions&, JobContext&) -> std::string {
                           throw Error(ErrorKind::kBadModel, "The model is broken.");
                         });
  }

  JobId add(const std::string& kind, const std::string& options = "{}") {
    NewJob job;
    job.kind = kind;
    job.options = options;
    kinds.check(job);
    return queue.add(job);
  }
  bool reaches(JobId id, JobState state) {
    return comes([&] { return queue.get(id).state == state; });
  }

  ScratchFolder folder;
  Queue queue{folder / "jobs.db"};
  JobKinds kinds;
  std::atomic<std::int64_t> next{0};
  std::atomic<int> num_retried{0};
  std::atomic<bool> slow{false};
};

TEST_F(WorkersTest, DoTellAndRetry) {
  Workers workers(queue, kinds);
  const JobId id = add("count", R"({"items": 20})");
  workers.wake();
  ASSERT_TRUE(reaches(id, JobState::kDone));
  const JobRecord job = queue.get(id);
  EXPECT_EQ(job.done, 20);
  EXPECT_EQ(job.total, 20);
  EXPECT_EQ(job.failed, 10);
  EXPECT_EQ(job.step, "counting");
  EXPECT_EQ(job.result, R"({"again":false})");
  EXPECT_LE(job.started, job.ended);
  queue.retry(id);
  ASSERT_TRUE(comes([&] { return queue.get(id).result == R"({"again":true})"; }));
  EXPECT_EQ(num_retried, 10);
  EXPECT_EQ(queue.get(id).failed, 0);
}

TEST_F(WorkersTest, FailureOfAWholeJobIsKept) {
  Workers workers(queue, kinds);
  const JobId id = add("break");
  ASSERT_TRUE(reaches(id, JobState::kFailed));
  EXPECT_EQ(queue.get(id).reason, "The model is broken.");
}

TEST_F(WorkersTest, StopAtTheNextItemAndGoOn) {
  slow = true;
  JobId id;
  {
    Workers workers(queue, kinds);
    id = add("count", R"({"items": 1000000})");
    ASSERT_TRUE(reaches(id, JobState::kRunning));
    ASSERT_TRUE(comes([&] { return queue.get(id).rate_per_s > 0; }));
    EXPECT_TRUE(seconds_left(queue.get(id)));
    queue.pause(id);
    ASSERT_TRUE(reaches(id, JobState::kPaused));
    const auto paused_at = next.load();
    EXPECT_GT(paused_at, 0);
    queue.resume(id);
    ASSERT_TRUE(comes([&] { return next > paused_at; }));
  }
  EXPECT_EQ(queue.get(id).state, JobState::kWaiting);  // the program ended, not the job
  const auto stopped_at = next.load();
  Workers workers(queue, kinds);
  ASSERT_TRUE(comes([&] { return next > stopped_at; }));
  queue.cancel(id);
  ASSERT_TRUE(reaches(id, JobState::kCancelled));
}

TEST_F(WorkersTest, RefuseJobsWithoutAKind) {
  NewJob job;
  job.kind = "dance";
  queue.add(job);
  try {
    Workers workers(queue, kinds);
    FAIL() << "started";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUnavailable);
    EXPECT_THAT(error.what(), HasSubstr("\"dance\""));
  }
}

TEST_F(WorkersTest, EveryFaultOfAWishIsTold) {
  NewJob job;
  job.kind = "count";
  job.files = {"images/a"};
  job.options = R"({"items": -1})";
  job.then = {"dance"};
  job.priority = 101;
  try {
    kinds.check(job);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadOptions);
    for (const char* part : {"takes no uploads", "items", "\"dance\"", "101"}) {
      EXPECT_THAT(error.what(), HasSubstr(part));
    }
  }
  for (const char* options : {R"({"itmes": 1})",
                              R"({"items": "1"})",
                              R"({"items": 1.5})",
                              "[]",
                              "{",
                              R"({"items": 1e300})"}) {
    EXPECT_THROW(add("count", options), Error) << options;
  }
}

TEST_F(WorkersTest, KindsDescribeTheirOptions) {
  nlohmann::json fields = nlohmann::json::array();
  nlohmann::json values = nlohmann::json::object();
  kinds.get("count").describe(fields, values);
  EXPECT_EQ(values, nlohmann::json({{"items", 10}}));
  EXPECT_EQ(fields.at(0).at("type"), "integer");
  EXPECT_EQ(fields.at(0).at("max"), 1000000);
}

TEST_F(WorkersTest, ThousandsInAMoment) {
  std::vector<NewJob> jobs(3000);
  for (NewJob& job : jobs) {
    job.kind = "count";
    job.options = R"({"items": 0})";
  }
  queue.add(jobs);
  Workers workers(queue, kinds);
  ASSERT_TRUE(
      comes([&] { return queue.list({.states = {JobState::kDone}, .kind = ""}).total == 3000; }));
}

}  // namespace
}  // namespace finview
