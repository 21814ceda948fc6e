#pragma once

#include "finview/jobs/job.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace soci {
class session;
}

namespace finview::internal {

/// The SQLite file under a Queue: schema, transactions, rows. Any number of threads may use it.
class QueueDatabase {
 public:
  /// Throws as Queue does.
  explicit QueueDatabase(const std::filesystem::path& file);
  ~QueueDatabase();

  /// Runs `work` in one transaction: all of it or nothing.
  void write(const std::function<void(soci::session&)>& work);
  void read(const std::function<void(soci::session&)>& work) const;

 private:
  void make_schema();

  std::filesystem::path file_;
  mutable std::mutex mutex_;
  std::unique_ptr<soci::session> session_;
};

/// Rows of `jobs` that fit the rest of a SELECT ("WHERE ... ORDER BY ..."), in which :text stands
/// for `text` if it is not null.
std::vector<JobRecord> read_jobs(soci::session& sql,
                                 const std::string& rest,
                                 const std::string* text = nullptr);

/// Throws Error{kNotFound}.
JobRecord read_job(soci::session& sql, JobId id);

/// Adds rows; their versions are the new ones.
std::vector<JobId> insert_jobs(soci::session& sql,
                               const std::vector<NewJob>& jobs,
                               const std::string& now);

/// The next version, which all changes of one transaction may share.
std::int64_t next_version(soci::session& sql);

}  // namespace finview::internal
