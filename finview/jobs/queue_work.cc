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
  Query update(sql,
               "UPDATE jobs SET state = ?, worker = '', asked = 0, rate = 0, version = ?, "
               "attempts = 0, reason = ?, result = ?, failed = (SELECT count(*) FROM failures "
               "WHERE job = jobs.id), ended = ",
               state,
               version,
               outcome.reason,
               outcome.result);
  if (is_over(state)) {
    update.add("max(?, started, created)", Queue::now());
  } else {
    update.add("''");
  }
  update.add(" WHERE id = ?", id).run();
  write_line(sql,
             id,
             {Queue::now(),
              outcome.reason.empty() ? to_string(state)
                                     : fmt::format("{}: {}", to_string(state), outcome.reason)});
}

JobWish asked(soci::session& sql, JobId id) {
  JobWish wish = JobWish::kGoOn;
  Query(sql, "SELECT asked FROM jobs WHERE id = ?", id).into(wish).next();
  return wish;
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
    Query(sql, "INSERT INTO workers VALUES (?, ?)", name, now()).run();
  });
  return name;
}

std::optional<JobRecord> Queue::take(const std::string& worker,
                                     const std::vector<std::string>& kinds) {
  // Kinds are names out of the program, never text from outside.
  const std::string waiting =
      fmt::format("{} WHERE state = 0 AND kind IN ('{}') ORDER BY priority DESC, id LIMIT 1",
                  kSelectJobs,
                  fmt::join(kinds, "', '"));
  std::optional<JobRecord> taken;
  impl_->database.write([&](soci::session& sql) {
    Query query(sql, waiting);
    auto jobs = read_jobs(query);
    if (jobs.empty()) return;
    JobRecord& job = jobs.front();
    job.worker = worker;
    job.state = JobState::kRunning;
    job.version = next_version(sql);
    Query(sql,
          "UPDATE jobs SET state = 1, worker = ?, attempts = attempts + 1, asked = 0, step = '', "
          "done = 0, total = 0, version = ?, started = CASE WHEN started = '' THEN max(?, created) "
          "ELSE started END WHERE id = ?",
          worker,
          job.version,
          now(),
          job.id)
        .run();
    write_line(sql, job.id, {now(), fmt::format("running: {}", worker)});
    taken = std::move(job);
  });
  return taken;
}

std::vector<std::string> Queue::items_to_retry(JobId id) const {
  std::vector<std::string> items;
  impl_->database.read([&](soci::session& sql) {
    std::string item;
    Query query(sql, "SELECT item FROM failures WHERE job = ? AND again = 1 ORDER BY number", id);
    query.into(item);
    while (query.next()) items.push_back(item);
  });
  return items;
}

JobWish Queue::wish(JobId id) const {
  JobWish wish = JobWish::kGoOn;
  impl_->database.read([&](soci::session& sql) { wish = asked(sql, id); });
  return wish;
}

JobWish Queue::report(const JobRecord& progress, const JobNews& news) {
  JobWish wish = JobWish::kGoOn;
  impl_->database.write([&](soci::session& sql) {
    const std::int64_t version = next_version(sql);
    for (const ItemFailure& failure : news.failures) {
      Query(sql,
            "INSERT OR REPLACE INTO failures (job, item, reason) VALUES (?, ?, ?)",
            progress.id,
            failure.item,
            failure.reason)
          .run();
    }
    for (const JobLine& line : news.lines) write_line(sql, progress.id, line);
    Query(sql,
          "UPDATE jobs SET step = ?, done = ?, total = ?, rate = ?, failed = (SELECT count(*) FROM "
          "failures WHERE job = jobs.id AND again = 0), version = ? WHERE id = ?",
          progress.step,
          progress.done,
          progress.total,
          progress.rate_per_s,
          version,
          progress.id)
        .run();
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
      Query(sql, "DELETE FROM failures WHERE job = ? AND again = 1", job.id).run();
    } else if (is_over(state)) {
      Query(sql, "UPDATE failures SET again = 0 WHERE job = ?", job.id).run();
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
    Query running(sql, fmt::format("{} WHERE state = 1", kSelectJobs));
    for (const JobRecord& job : read_jobs(running)) {
      if (impl_->locks.is_alive(job.worker)) continue;
      ++count;
      JobState state = state_after_stop(asked(sql, job.id));
      int attempts = 0;
      Query(sql, "SELECT attempts FROM jobs WHERE id = ?", job.id).into(attempts).next();
      write_line(sql, job.id, {now(), fmt::format("{} ended while it did this", job.worker)});
      Outcome outcome;
      if (state == JobState::kWaiting && attempts >= kMaxAttempts) {
        state = JobState::kFailed;
        outcome.reason = fmt::format(
            "FinView ended {} times while it did this. Retry it, and look at the log.", attempts);
      }
      set_state(sql, job.id, state, outcome);
      if (state != JobState::kWaiting) continue;
      Query(sql, "UPDATE jobs SET attempts = ? WHERE id = ?", attempts, job.id).run();
    }
    std::string name;
    std::vector<std::string> dead;
    Query workers(sql, "SELECT name FROM workers");
    workers.into(name);
    while (workers.next()) {
      if (!impl_->locks.is_alive(name)) dead.push_back(name);
    }
    for (const std::string& gone : dead) {
      Query(sql, "DELETE FROM workers WHERE name = ?", gone).run();
      impl_->locks.forget(gone);
    }
  });
  return count;
}

}  // namespace finview
