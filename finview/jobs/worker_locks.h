#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <string>

namespace finview::internal {

/// Proofs of life: one locked file per worker. The system takes the lock back when the process
/// dies, however it dies. Any number of threads may use it.
class WorkerLocks {
 public:
  explicit WorkerLocks(const std::filesystem::path& folder) : folder_(folder) {}
  ~WorkerLocks();

  /// A new name that is alive until this object or the process is gone.
  std::string make(const std::string& role);
  bool is_alive(const std::string& name) const;
  /// Removes the file of a dead worker.
  void forget(const std::string& name);

 private:
  std::filesystem::path folder_;
  mutable std::mutex mutex_;
  std::map<std::string, int> own_;  ///< descriptor per name
};

}  // namespace finview::internal
