#include "finview/jobs/queue_database.h"

#include "finview/base/error.h"

#include <exception>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

namespace finview::internal {

namespace {

constexpr int kSchemaVersion = 2;
constexpr int kApplicationId = 0x46764a6f;  // "FvJo"

constexpr const char* kVersion1[] = {
    "CREATE TABLE jobs (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, name TEXT NOT "
    "NULL, who TEXT NOT NULL, uploads TEXT NOT NULL, files TEXT NOT NULL, options TEXT NOT NULL, "
    "priority INTEGER NOT NULL, next TEXT NOT NULL, state INTEGER NOT NULL, created TEXT NOT NULL, "
    "started TEXT NOT NULL DEFAULT '', ended TEXT NOT NULL DEFAULT '', step TEXT NOT NULL DEFAULT "
    "'', done BIGINT NOT NULL DEFAULT 0, failed BIGINT NOT NULL DEFAULT 0, total BIGINT NOT NULL "
    "DEFAULT 0, rate REAL NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '', result TEXT NOT "
    "NULL DEFAULT '{}', worker TEXT NOT NULL DEFAULT '', asked INTEGER NOT NULL DEFAULT 0, "
    "attempts INTEGER NOT NULL DEFAULT 0, version BIGINT NOT NULL)",
    "CREATE INDEX jobs_by_urgency ON jobs (state, priority DESC, id)",
    "CREATE TABLE failures (number INTEGER PRIMARY KEY AUTOINCREMENT, job INTEGER NOT NULL "
    "REFERENCES jobs (id) ON DELETE CASCADE, item TEXT NOT NULL, reason TEXT NOT NULL, "
    "again INTEGER NOT NULL DEFAULT 0, UNIQUE (job, item))",
    "CREATE TABLE workers (name TEXT PRIMARY KEY, since TEXT NOT NULL)",
    "CREATE TABLE counter (version BIGINT NOT NULL)",
    "INSERT INTO counter VALUES (0)",
};

constexpr const char* kVersion2[] = {
    "CREATE TABLE log (number INTEGER PRIMARY KEY AUTOINCREMENT, job INTEGER NOT NULL REFERENCES "
    "jobs (id) ON DELETE CASCADE, time TEXT NOT NULL, text TEXT NOT NULL)",
    "CREATE INDEX log_of_job ON log (job, number)",
};

/// SOCI reads "db=..." up to a blank unless it is quoted.
std::string connection_to(const std::filesystem::path& file) {
  return fmt::format("db=\"{}\" timeout=30", file.string());
}

[[noreturn]] void fail(const std::filesystem::path& file, const soci::soci_error& error) {
  throw Error(ErrorKind::kUnavailable,
              fmt::format("The queue {} cannot be used: {}. Check that the disk is not full, the "
                          "file may be written, and no other program holds it.",
                          file.string(),
                          error.what()));
}

int pragma(soci::session& sql, const std::string& name) {
  int value = 0;
  Query(sql, "PRAGMA " + name).into(value).next();
  return value;
}

std::vector<std::string> texts(const std::string& json) {
  return nlohmann::json::parse(json).get<std::vector<std::string>>();
}

}  // namespace

QueueDatabase::QueueDatabase(const std::filesystem::path& file) : file_(file) {
  try {
    session_.reset(new soci::session(soci::sqlite3, connection_to(file)));
    Query(*session_, "PRAGMA journal_mode = WAL").run();
    Query(*session_, "PRAGMA synchronous = NORMAL").run();
    Query(*session_, "PRAGMA foreign_keys = ON").run();
  } catch (const soci::soci_error& error) {
    fail(file, error);
  }
  make_schema();
}

void QueueDatabase::make_schema() {
  write([&](soci::session& sql) {
    const int application = pragma(sql, "application_id");
    const int version = pragma(sql, "user_version");
    if (application == kApplicationId && version == kSchemaVersion) return;
    int num_tables = 0;
    Query(sql, "SELECT count(*) FROM sqlite_master").into(num_tables).next();
    if (application != kApplicationId && num_tables > 0) {
      throw Error(ErrorKind::kBadInput,
                  fmt::format("{} is a database, but not a queue of FinView.", file_.string()));
    }
    if (version > kSchemaVersion) {
      throw Error(ErrorKind::kBadInput,
                  fmt::format("The queue {} is of a newer FinView: version {}, this one knows {}.",
                              file_.string(),
                              version,
                              kSchemaVersion));
    }
    if (version < 1) {
      for (const char* statement : kVersion1) Query(sql, statement).run();
    }
    for (const char* statement : kVersion2) Query(sql, statement).run();
    Query(sql, fmt::format("PRAGMA application_id = {}", kApplicationId)).run();
    Query(sql, fmt::format("PRAGMA user_version = {}", kSchemaVersion)).run();
  });
}

void QueueDatabase::write(const std::function<void(soci::session&)>& work) {
  const std::lock_guard lock(mutex_);
  try {
    Query(*session_, "BEGIN IMMEDIATE").run();
    try {
      work(*session_);
      Query(*session_, "COMMIT").run();
    } catch (...) {
      const std::exception_ptr first = std::current_exception();
      try {
        Query(*session_, "ROLLBACK").run();
      } catch (const soci::soci_error&) {  // SQLite may have rolled back by itself
      }
      std::rethrow_exception(first);
    }
  } catch (const soci::soci_error& error) {
    fail(file_, error);
  }
}

void QueueDatabase::read(const std::function<void(soci::session&)>& work) const {
  const std::lock_guard lock(mutex_);
  try {
    work(*session_);
  } catch (const soci::soci_error& error) {
    fail(file_, error);
  }
}

std::vector<JobRecord> read_jobs(Query& query) {
  std::vector<JobRecord> jobs;
  JobRecord job;
  std::string uploads, files, next;
  query.into(job.id,
             job.wish.kind,
             job.wish.name,
             job.wish.who,
             uploads,
             files,
             job.wish.options,
             next,
             job.created,
             job.started,
             job.ended,
             job.step,
             job.reason,
             job.result,
             job.worker,
             job.wish.priority,
             job.state,
             job.done,
             job.failed,
             job.total,
             job.version,
             job.rate_per_s);
  while (query.next()) {
    job.wish.uploads = texts(uploads);
    job.wish.files = texts(files);
    job.wish.then = texts(next);
    jobs.push_back(job);
  }
  return jobs;
}

JobRecord read_job(soci::session& sql, JobId id) {
  Query query(sql, fmt::format("{} WHERE id = ?", kSelectJobs), id);
  auto jobs = read_jobs(query);
  if (jobs.empty()) {
    throw Error(ErrorKind::kNotFound, fmt::format("There is no task {}.", id.value));
  }
  return std::move(jobs.front());
}

std::int64_t next_version(soci::session& sql) {
  std::int64_t version = 0;
  Query(sql, "UPDATE counter SET version = version + 1").run();
  Query(sql, "SELECT version FROM counter").into(version).next();
  return version;
}

std::vector<JobId> insert_jobs(soci::session& sql,
                               const std::vector<NewJob>& jobs,
                               const std::string& now) {
  const std::int64_t version = next_version(sql);
  std::vector<JobId> ids;
  for (const NewJob& job : jobs) {
    Query(sql,
          "INSERT INTO jobs (kind, name, who, uploads, files, options, priority, next, state, "
          "created, version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)",
          job.kind,
          job.name.empty() ? job.kind : job.name,
          job.who,
          nlohmann::json(job.uploads).dump(),
          nlohmann::json(job.files).dump(),
          job.options,
          job.priority,
          nlohmann::json(job.then).dump(),
          now,
          version)
        .run();
    long long id = 0;
    sql.get_last_insert_id("jobs", id);
    ids.push_back(JobId{id});
    write_line(sql,
               ids.back(),
               {now, job.who.empty() ? "asked for" : fmt::format("asked for by {}", job.who)});
  }
  return ids;
}

void write_line(soci::session& sql, JobId id, const JobLine& line) {
  Query(sql, "INSERT INTO log (job, time, text) VALUES (?, ?, ?)", id, line.time, line.text).run();
}

}  // namespace finview::internal
