#include "finview/server/metrics.h"

#include <fmt/format.h>

namespace finview {

void Metrics::count(const std::string& method,
                    const std::string& route,
                    int status,
                    double seconds) {
  const std::string labels =
      fmt::format("method=\"{}\",route=\"{}\",status=\"{}\"", method, route, status);
  const std::lock_guard lock(mutex_);
  Sum& sum = sums_[labels];
  ++sum.number;
  sum.seconds += seconds;
}

std::string Metrics::text() const {
  const std::lock_guard lock(mutex_);
  std::string text =
      "# HELP finview_http_requests_total Requests answered.\n"
      "# TYPE finview_http_requests_total counter\n";
  for (const auto& [labels, sum] : sums_) {
    text += fmt::format("finview_http_requests_total{{{}}} {}\n", labels, sum.number);
  }
  text +=
      "# HELP finview_http_request_seconds_total Time spent on them.\n"
      "# TYPE finview_http_request_seconds_total counter\n";
  for (const auto& [labels, sum] : sums_) {
    text += fmt::format("finview_http_request_seconds_total{{{}}} {:.6f}\n", labels, sum.seconds);
  }
  return text;
}

}  // namespace finview
