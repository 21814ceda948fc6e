#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace finview {

/// Counts requests per operation and status. Any number of threads may use it.
class Metrics {
 public:
  void count(const std::string& method, const std::string& route, int status, double seconds);
  /// In the text format of Prometheus.
  std::string text() const;

 private:
  struct Sum {
    std::int64_t number = 0;
    double seconds = 0;
  };
  mutable std::mutex mutex_;
  std::map<std::string, Sum> sums_;  ///< by labels
};

}  // namespace finview
