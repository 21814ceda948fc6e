#include "finview/server/events.h"
#include "finview/server/inputs.h"
#include "finview/server/json_out.h"
#include "finview/server/metrics.h"
#include "finview/server/router.h"

#include <fmt/format.h>

namespace finview {

namespace {

HttpAnswer listen(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  context.events.check_room();
  HttpAnswer answer;
  answer.type = "text/event-stream";
  answer.headers.emplace_back("Cache-Control", "no-store");
  answer.stream = [&events = context.events](const std::function<bool(const std::string&)>& write) {
    events.serve(write);
  };
  return answer;
}

std::string gauge(const char* name, const char* help) {
  return fmt::format("# HELP {} {}\n# TYPE {} gauge\n", name, help, name);
}

HttpAnswer get_metrics(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  std::string text = context.metrics.text();
  text += gauge("finview_tasks", "Tasks by state.");
  for (std::size_t i = 0; i < job_state_names().size(); ++i) {
    JobFilter filter;
    filter.states = {static_cast<JobState>(i)};
    filter.limit = 1;
    text += fmt::format("finview_tasks{{state=\"{}\"}} {}\n",
                        job_state_names()[i],
                        context.queue.list(filter).total);
  }
  text += gauge("finview_workers", "Workers alive.");
  text += fmt::format("finview_workers {}\n", context.queue.workers().size());
  text += gauge("finview_listeners", "Programs that listen to events.");
  text += fmt::format("finview_listeners {}\n", context.events.num_listeners());
  const auto waiting = context.project.catalogue().fins.waiting_by_tier();
  text += gauge("finview_fins_waiting", "Fins that wait for a person, by tier.");
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    text += fmt::format("finview_fins_waiting{{tier=\"{}\"}} {}\n", tier_names()[i], waiting[i]);
  }
  HttpAnswer answer;
  answer.type = "text/plain; version=0.0.4; charset=utf-8";
  answer.body = std::move(text);
  return answer;
}

}  // namespace

std::vector<Route> machine_routes() {
  return {{"GET", "/api/events", Role::kViewer, listen},
          {"GET", "/metrics", Role::kViewer, get_metrics}};
}

}  // namespace finview
