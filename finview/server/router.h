#pragma once

#include "finview/server/context.h"
#include "finview/server/http.h"

#include <string>
#include <vector>

namespace finview {

using RouteHandler = HttpAnswer (*)(ServerContext& context, const HttpRequest& request);

/// One operation of api/openapi.yaml.
struct Route {
  const char* method;
  const char* pattern;       ///< "/api/photos/{id}/picture"
  std::optional<Role> role;  ///< the least that may ask; absent: strangers too
  RouteHandler handler;
  bool changes = true;  ///< false: also by POST nothing is changed
};

/// Which route answers a request. Written words count more than places held by {...}.
class Router {
 public:
  void add(const std::vector<Route>& routes);

  /// Fills in `ids`. Nothing if no route has this path. Throws Problem 405 if one has, but not by
  /// this method.
  const Route* find(const std::string& method,
                    const std::string& path,
                    std::vector<std::string>& ids) const;

 private:
  struct Entry {
    Route route;
    std::vector<std::string> parts;
  };
  std::vector<Entry> entries_;
};

// One function per resource: its operations.
std::vector<Route> project_routes();
std::vector<Route> access_routes();
std::vector<Route> photo_routes();
std::vector<Route> fin_routes();
std::vector<Route> outline_routes();
std::vector<Route> decision_routes();
std::vector<Route> individual_routes();
std::vector<Route> encounter_routes();
std::vector<Route> upload_routes();
std::vector<Route> task_routes();
std::vector<Route> file_routes();
std::vector<Route> result_routes();
std::vector<Route> duplicate_routes();
std::vector<Route> match_routes();
std::vector<Route> machine_routes();

}  // namespace finview
