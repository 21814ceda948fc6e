#include "finview/server/server.h"

#include "finview/base/error.h"
#include "finview/jobs/project_jobs.h"
#include "finview/pipeline/match_pictures.h"
#include "finview/server/events.h"
#include "finview/server/http_server.h"
#include "finview/server/metrics.h"

#include <charconv>
#include <chrono>
#include <thread>

#include <fmt/format.h>

namespace finview {

namespace {

struct Address {
  std::string host;
  int port = 0;
  bool is_loopback = false;
};

Address read_address(const std::string& listen) {
  Address address;
  const std::size_t colon = listen.rfind(':');
  const char* end = listen.data() + listen.size();
  const auto read = colon == std::string::npos
                        ? std::from_chars_result{end, std::errc::invalid_argument}
                        : std::from_chars(listen.data() + colon + 1, end, address.port);
  if (read.ec != std::errc() || read.ptr != end || address.port < 0 || address.port > 65535) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("--listen is \"{}\"; it must be an address and a port, as "
                            "127.0.0.1:8080 or [::1]:8080.",
                            listen));
  }
  address.host = listen.substr(0, colon);
  if (address.host.starts_with('[') && address.host.ends_with(']')) {
    address.host = address.host.substr(1, address.host.size() - 2);
  }
  address.is_loopback =
      address.host == "localhost" || address.host == "::1" || address.host.starts_with("127.");
  return address;
}

Router make_router() {
  Router router;
  for (const auto& routes : {project_routes(),
                             access_routes(),
                             photo_routes(),
                             fin_routes(),
                             outline_routes(),
                             decision_routes(),
                             individual_routes(),
                             encounter_routes(),
                             upload_routes(),
                             task_routes(),
                             file_routes(),
                             result_routes(),
                             duplicate_routes(),
                             match_routes(),
                             machine_routes()}) {
    router.add(routes);
  }
  return router;
}

}  // namespace

void serve(Project& project,
           const ServeOptions& options,
           const std::string& version,
           const std::function<void(const std::string&)>& ready,
           const CancelToken& cancel) {
  const Address address = read_address(options.listen);
  Access access(project.catalogue());
  if (!address.is_loopback && !access.has_users()) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("{} can be reached by others, and the project has no users: make one "
                            "with `finview user add NAME --role admin`, or listen on 127.0.0.1.",
                            options.listen));
  }
  Queue queue(project.folder() / "jobs.db");
  Uploads uploads(project.folder() / "uploads");
  const JobKinds kinds = project_job_kinds(project, uploads);
  Events events(queue);
  Metrics metrics;
  Workers workers(queue, kinds);
  SharedNetworks networks(project);
  PictureMatcher matcher(project, networks);
  ServerContext context{
      project, queue, kinds, workers, uploads, access, events, metrics, networks, matcher, version};
  const Router router = make_router();
  const WebFiles web;
  HttpServer http(context, router, web);
  http.bind(address.host, address.port);
  std::thread thread([&] { http.run(); });
  const bool is_v6 = address.host.find(':') != std::string::npos;
  const std::string host = is_v6 ? "[" + address.host + "]" : address.host;
  ready(fmt::format("http://{}:{}", host, http.port()));
  while (!cancel.cancelled()) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  events.stop();
  http.stop();
  thread.join();
}

}  // namespace finview
