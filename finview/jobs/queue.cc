#include "finview/jobs/queue.h"

#include "finview/base/error.h"
#include "finview/jobs/queue_impl.h"

#include <chrono>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <soci/soci.h>

namespace finview {

using namespace internal;

namespace {

/// For "state IN (...)": numbers only.
std::string numbers(const std::vector<JobState>& states) {
  std::vector<int> values;
  for (const JobState state : states) values.push_back(static_cast<int>(state));
  return fmt::format("{}", fmt::join(values, ", "));
}

[[noreturn]] void refuse(const JobRecord& job, const std::string& reason) {
  throw Error(ErrorKind::kConflict,
              fmt::format("Task {} is {}: {}", job.id.value, to_string(job.state), reason));
}

void ask(soci::session& sql, JobId id, JobWish wish) {
  const std::int64_t version = next_version(sql);
  Query(sql, "UPDATE jobs SET asked = ?, version = ? WHERE id = ?", wish, version, id).run();
  const char* text = wish == JobWish::kCancel  ? "to be cancelled at its next item"
                     : wish == JobWish::kPause ? "to be paused at its next item"
                                               : "to go on";
  write_line(sql, id, {Queue::now(), text});
}

std::int64_t num_failures(soci::session& sql, JobId id) {
  std::int64_t count = 0;
  Query(sql, "SELECT count(*) FROM failures WHERE job = ?", id).into(count).next();
  return count;
}

}  // namespace

Queue::Queue(const std::filesystem::path& file) : impl_(std::make_unique<Impl>(file)) {}
Queue::~Queue() = default;

std::string Queue::now() {
  return fmt::format(
      "{:%Y-%m-%dT%H:%M:%S}",
      fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
}

JobId Queue::add(const NewJob& job) { return add(std::vector<NewJob>{job}).front(); }

std::vector<JobId> Queue::add(const std::vector<NewJob>& jobs) {
  std::vector<JobId> ids;
  impl_->database.write([&](soci::session& sql) { ids = insert_jobs(sql, jobs, now()); });
  return ids;
}

JobRecord Queue::get(JobId id) const {
  JobRecord job;
  impl_->database.read([&](soci::session& sql) { job = read_job(sql, id); });
  return job;
}

JobPage Queue::list(const JobFilter& filter) const {
  JobPage page;
  const auto add_conditions = [&](Query& query) {
    query.add(" WHERE 1");
    if (!filter.states.empty())
      query.add(fmt::format(" AND state IN ({})", numbers(filter.states)));
    if (!filter.kind.empty()) query.add(" AND kind = ?", filter.kind);
  };
  impl_->database.read([&](soci::session& sql) {
    Query count(sql, "SELECT count(*) FROM jobs");
    add_conditions(count);
    count.into(page.total).next();
    Query query(sql, kSelectJobs);
    add_conditions(query);
    query.add(" ORDER BY id DESC LIMIT ? OFFSET ?", filter.limit, filter.offset);
    page.rows = read_jobs(query);
  });
  return page;
}

std::vector<ItemFailure> Queue::failures(JobId id, std::int64_t offset, std::int64_t limit) const {
  std::vector<ItemFailure> all;
  impl_->database.read([&](soci::session& sql) {
    read_job(sql, id);
    ItemFailure failure;
    Query query(sql,
                "SELECT item, reason FROM failures WHERE job = ? ORDER BY number LIMIT ? OFFSET ?",
                id,
                limit,
                offset);
    query.into(failure.item, failure.reason);
    while (query.next()) all.push_back(failure);
  });
  return all;
}

JobLog Queue::log(JobId id, std::int64_t offset, std::int64_t limit) const {
  JobLog log;
  impl_->database.read([&](soci::session& sql) {
    read_job(sql, id);
    Query(sql, "SELECT count(*) FROM log WHERE job = ?", id).into(log.total).next();
    JobLine line;
    Query query(sql,
                "SELECT time, text FROM log WHERE job = ? ORDER BY number DESC LIMIT ? OFFSET ?",
                id,
                limit,
                offset);
    query.into(line.time, line.text);
    while (query.next()) log.rows.push_back(line);
  });
  return log;
}

std::vector<WorkerRecord> Queue::workers() const {
  std::vector<WorkerRecord> alive;
  impl_->database.read([&](soci::session& sql) {
    WorkerRecord worker;
    Query query(sql,
                "SELECT name, since, (SELECT id FROM jobs WHERE worker = workers.name AND state = "
                "1) FROM workers ORDER BY name");
    query.into(worker.name, worker.since, worker.job);
    while (query.next()) {
      if (impl_->locks.is_alive(worker.name)) alive.push_back(worker);
    }
  });
  return alive;
}

std::vector<JobRecord> Queue::changed_since(std::int64_t version) const {
  std::vector<JobRecord> jobs;
  impl_->database.read([&](soci::session& sql) {
    Query query(sql,
                fmt::format("{} WHERE version > ? ORDER BY version, id LIMIT 1000", kSelectJobs),
                version);
    jobs = read_jobs(query);
  });
  return jobs;
}

std::int64_t Queue::version() const {
  std::int64_t version = 0;
  impl_->database.read(
      [&](soci::session& sql) { Query(sql, "SELECT version FROM counter").into(version).next(); });
  return version;
}

std::vector<std::string> Queue::open_kinds() const {
  std::vector<std::string> kinds;
  impl_->database.read([&](soci::session& sql) {
    std::string kind;
    Query query(sql, "SELECT DISTINCT kind FROM jobs WHERE state IN (0, 1, 2) ORDER BY kind");
    query.into(kind);
    while (query.next()) kinds.push_back(kind);
  });
  return kinds;
}

void Queue::cancel(JobId id) {
  impl_->database.write([&](soci::session& sql) {
    const JobRecord job = read_job(sql, id);
    if (is_over(job.state)) refuse(job, "there is nothing to cancel.");
    if (job.state == JobState::kRunning) return ask(sql, id, JobWish::kCancel);
    set_state(sql, id, JobState::kCancelled);
  });
}

void Queue::pause(JobId id) {
  impl_->database.write([&](soci::session& sql) {
    const JobRecord job = read_job(sql, id);
    if (is_over(job.state)) refuse(job, "there is nothing to pause.");
    if (job.state == JobState::kRunning) {
      if (asked(sql, id) == JobWish::kCancel) refuse(job, "it is being cancelled.");
      return ask(sql, id, JobWish::kPause);
    }
    set_state(sql, id, JobState::kPaused);
  });
}

void Queue::resume(JobId id) {
  impl_->database.write([&](soci::session& sql) {
    const JobRecord job = read_job(sql, id);
    if (job.state == JobState::kPaused) return set_state(sql, id, JobState::kWaiting);
    if (job.state != JobState::kRunning || asked(sql, id) != JobWish::kPause) {
      refuse(job, "only a paused task can be resumed.");
    }
    ask(sql, id, JobWish::kGoOn);
  });
}

void Queue::retry(JobId id) {
  impl_->database.write([&](soci::session& sql) {
    const JobRecord job = read_job(sql, id);
    if (!is_over(job.state)) refuse(job, "wait until it is over, or cancel it.");
    if (job.state == JobState::kDone) {
      if (num_failures(sql, id) == 0) refuse(job, "no item of it failed.");
      Query(sql, "UPDATE failures SET again = 1 WHERE job = ?", id).run();
    }
    write_line(
        sql,
        id,
        {now(),
         job.state == JobState::kDone ? fmt::format("to do its {} failed items again", job.failed)
                                      : "to do what was left"});
    Query(sql, "UPDATE jobs SET started = '', step = '', done = 0, total = 0 WHERE id = ?", id)
        .run();
    set_state(sql, id, JobState::kWaiting);
  });
}

void Queue::set_priority(JobId id, int priority) {
  impl_->database.write([&](soci::session& sql) {
    read_job(sql, id);
    const std::int64_t version = next_version(sql);
    Query(sql, "UPDATE jobs SET priority = ?, version = ? WHERE id = ?", priority, version, id)
        .run();
    write_line(sql, id, {now(), fmt::format("priority {}", priority)});
  });
}

void Queue::remove(JobId id) {
  impl_->database.write([&](soci::session& sql) {
    const JobRecord job = read_job(sql, id);
    if (!is_over(job.state)) refuse(job, "cancel it first.");
    Query(sql, "DELETE FROM jobs WHERE id = ?", id).run();
  });
}

std::int64_t Queue::forget_ended_before(const std::string& time) {
  std::int64_t count = 0;
  impl_->database.write([&](soci::session& sql) {
    count = Query(sql, "DELETE FROM jobs WHERE state IN (3, 4, 5) AND ended < ?", time).run();
  });
  return count;
}

}  // namespace finview
