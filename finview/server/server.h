#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/pipeline/project.h"

#include <functional>
#include <string>

namespace finview {

struct ServeOptions {
  std::string listen = "127.0.0.1:8080";

  void visit(OptionVisitor& visitor) {
    visitor.field("listen",
                  listen,
                  "Address and port; an address that others can reach needs users (finview user "
                  "add). Port 0: any");
  }
};

/// Serves a project over HTTP (api/openapi.yaml) and does its jobs, until cancelled.
///
/// `ready` is told the address, e.g. "http://127.0.0.1:8080". Throws Error{kBadOptions} for an
/// address that is none, or that others can reach while the project has no users;
/// Error{kUnavailable} if it is taken; and as Queue and Workers do.
void serve(Project& project,
           const ServeOptions& options,
           const std::string& version,
           const std::function<void(const std::string&)>& ready,
           const CancelToken& cancel);

}  // namespace finview
