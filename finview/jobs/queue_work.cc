#include "finview/jobs/queue_impl.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <soci/soci.h>

namespace finview {

using namespace internal;

namespace internal {

void set_state(soci::session& sql, JobId id, JobState state, const Outcome& outcome) {
  const std::int64_t version = next_version(sql);
  const int number = static_cast<int>(state);
  const std::string now = is_over(state) ? Queue::now() : std::string();
  sql << "UPDATE jobs SET state = :state, worker = '', asked = 0, rate = 0, version = :version, "
         "attempts = 0, reason = :reason, result = :result, failed = (SELECT count(*) FROM "
         "failures WHERE job = :id), ended = CASE WHEN :now = '' THEN '' ELSE "
         "max(:now, started, created) END WHERE id = :id",
      soci::use(number, "state"), soci::use(version, "version"),
      soci::use(outcome.reason, "reason"), soci::use(outcome.result, "result"),
      soci::use(now, "now"), soci::use(id.value, "id");
}

JobWish asked(soci::session& sql, JobId id) {
  int number = 0;
  sql << "SELECT asked FROM jobs WHERE id = :id", soci::into(number), soci::use(id.value);
  return static_cast<JobWish>(number);
}

}  // namespace internal

namespace {

constexpr int kMaxAttempts = 3;

/// What a job that stopped without being done becomes.
JobState state_after_stop(JobWish wish) {
  switch (wish) {
    case JobWish::kPause:
      return JobState::kPaused;
    case JobWish::kCancel:
      return JobState::kCancelled;
    case JobWish::kGoOn:
      break;
  }
  return JobState::kWaiting;
}

}  // namespace

std::string Queue::enlist(const std::string& role) {
  const std::string name = impl_->locks.make(role);
  impl_->database.write([&](soci::session& sql) {
    const std::string since = now();
    sql << "INSERT INTO workers VALUES (:name, :since)", soci::use(name), soci::use(since);
  });
  return name;
}

std::optional<JobRecord> Queue::take(const std::string& worker,
                                     const std::vector<std::string>& kinds) {
  // Kinds are names out of the program, never text from outside.
  const std::string waiting =
      fmt::format("WHERE state = 0 AND kind IN ('{}') ORDER BY priority DESC, id LIMIT 1",
                  fmt::join(kinds, "', '"));
  std::optional<JobRecord> taken;
  impl_->database.write([&](soci::session& sql) {
    auto jobs = read_jobs(sql, waiting);
    if (jobs.empty()) return;
    JobRecord& job = jobs.front();
    job.worker = worker;
    job.state = JobState::kRunning;
    job.version = next_version(sql);
    const std::string time = now();
    sql << "UPDATE jobs SET state = 1, worker = :worker, attempts = attempts + 1, asked = 0, step "
           "= '', done = 0, total = 0, version = :version, started = CASE WHEN started = '' THEN "
           "max(:now, created) ELSE started END WHERE id = :id",
        soci::use(worker, "worker"), soci::use(job.version, "version"), soci::use(time, "now"),
        soci::use(job.id.value, "id");
    taken = std::move(job);
  });
  return taken;
}

std::vector<std::string> Queue::items_to_retry(JobId id) const {
  std::vector<std::string> items;
  impl_->database.read([&](soci::session& sql) {
    std::string item;
    soci::statement statement =
        (sql.prepare << "SELECT item FROM failures WHERE job = :id AND again = 1 ORDER BY number",
         soci::into(item),
         soci::use(id.value));
    statement.execute();
    while (statement.fetch()) items.push_back(item);
  });
  return items;
}

JobWish Queue::wish(JobId id) const {
  JobWish wish = JobWish::kGoOn;
  impl_->database.read([&](soci::session& sql) { wish = asked(sql, id); });
  return wish;
}

JobWish Queue::report(const JobRecord& progress, const std::vector<ItemFailure>& failures) {
  JobWish wish = JobWish::kGoOn;
  impl_->database.write([&](soci::session& sql) {
    const std::int64_t version = next_version(sql);
    const std::int64_t id = progress.id.value;
    for (const ItemFailure& failure : failures) {
      sql << "INSERT OR REPLACE INTO failures (job, item, reason) VALUES (:job, :item, :reason)",
          soci::use(id), soci::use(failure.item), soci::use(failure.reason);
    }
    sql << "UPDATE jobs SET step = :step, done = :done, total = :total, rate = :rate, failed = "
           "(SELECT count(*) FROM failures WHERE job = :id AND again = 0), version = :version "
           "WHERE id = :id",
        soci::use(progress.step, "step"), soci::use(progress.done, "done"),
        soci::use(progress.total, "total"), soci::use(progress.rate_per_s, "rate"),
        soci::use(id, "id"), soci::use(version, "version");
    wish = asked(sql, progress.id);
  });
  return wish;
}

void Queue::end(const JobRecord& job, JobEnd end) {
  impl_->database.write([&](soci::session& sql) {
    JobState state = end == JobEnd::kDone ? JobState::kDone : JobState::kFailed;
    if (end == JobEnd::kStopped) state = state_after_stop(asked(sql, job.id));
    if (job.failed == 0) {  // before it was taken: nothing was to be retried
    } else if (state == JobState::kDone) {
      sql << "DELETE FROM failures WHERE job = :id AND again = 1", soci::use(job.id.value);
    } else if (is_over(state)) {
      sql << "UPDATE failures SET again = 0 WHERE job = :id", soci::use(job.id.value);
    }
    set_state(sql, job.id, state, {job.reason, job.result});
    if (state != JobState::kDone || job.wish.then.empty()) return;
    NewJob next;
    next.kind = job.wish.then.front();
    next.who = job.wish.who;
    next.priority = job.wish.priority;
    next.then.assign(job.wish.then.begin() + 1, job.wish.then.end());
    insert_jobs(sql, {next}, now());
  });
}

std::int64_t Queue::take_back() {
  std::int64_t count = 0;
  impl_->database.write([&](soci::session& sql) {
    for (const JobRecord& job : read_jobs(sql, "WHERE state = 1")) {
      if (impl_->locks.is_alive(job.worker)) continue;
      ++count;
      JobState state = state_after_stop(asked(sql, job.id));
      int attempts = 0;
      sql << "SELECT attempts FROM jobs WHERE id = :id", soci::into(attempts),
          soci::use(job.id.value);
      Outcome outcome;
      if (state == JobState::kWaiting && attempts >= kMaxAttempts) {
        state = JobState::kFailed;
        outcome.reason = fmt::format(
            "FinView ended {} times while it did this. Retry it, and look at the log.", attempts);
      }
      set_state(sql, job.id, state, outcome);
      if (state != JobState::kWaiting) continue;
      sql << "UPDATE jobs SET attempts = :attempts WHERE id = :id", soci::use(attempts),
          soci::use(job.id.value);
    }
    std::string name;
    std::vector<std::string> dead;
    soci::statement statement = (sql.prepare << "SELECT name FROM workers", soci::into(name));
    statement.execute();
    while (statement.fetch()) {
      if (!impl_->locks.is_alive(name)) dead.push_back(name);
    }
    for (const std::string& gone : dead) {
      sql << "DELETE FROM workers WHERE name = :name", soci::use(gone);
      impl_->locks.forget(gone);
    }
  });
  return count;
}

}  // namespace finview
