#pragma once

#include "finview/catalogue/connection.h"
#include "finview/catalogue/query.h"
#include "finview/jobs/job.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace finview::internal {

/// The SQLite file under a Queue: schema, transactions, rows. Any number of threads may use it.
class QueueDatabase {
 public:
  /// Throws as Queue does.
  explicit QueueDatabase(const std::filesystem::path& file);

  /// Runs `work` in one transaction: all of it or nothing.
  void write(const std::function<void(soci::session&)>& work);
  void read(const std::function<void(soci::session&)>& work) const;

 private:
  void make_schema();

  std::filesystem::path file_;
  mutable std::mutex mutex_;
  Session session_;
};

/// The columns that read_jobs takes; conditions and order follow.
inline constexpr const char* kSelectJobs =
    "SELECT id, kind, name, who, uploads, files, options, next, created, started, ended, step, "
    "reason, result, worker, priority, state, done, failed, total, version, rate FROM jobs";

/// The rows of a query that begins with kSelectJobs.
std::vector<JobRecord> read_jobs(Query& query);

/// Throws Error{kNotFound}.
JobRecord read_job(soci::session& sql, JobId id);

/// Adds rows; their versions are the new ones.
std::vector<JobId> insert_jobs(soci::session& sql,
                               const std::vector<NewJob>& jobs,
                               const std::string& now);

/// Adds to the job's log.
void write_line(soci::session& sql, JobId id, const JobLine& line);

/// The next version, which all changes of one transaction may share.
std::int64_t next_version(soci::session& sql);

}  // namespace finview::internal
