#include "finview/cli/command.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/server/server.h"

#include <cstdio>

#include <fmt/format.h>

namespace finview {

int run_serve(std::span<const std::string> arguments) {
  ServeOptions options;
  std::string folder = ".";
  CommandLine command("serve",
                      "Serves a project to the web app and to other programs, and does its tasks,\n"
                      "until it is interrupted. Without users only this machine is served.",
                      "finview serve --project dolphins --listen 127.0.0.1:8080");
  command.field("project", folder, "The project's folder");
  options.visit(command);
  if (!command.parse(arguments)) return 0;
  check_options(options);
  Project project(folder);
  serve(
      project,
      options,
      FINVIEW_VERSION,
      [&](const std::string& address) {
        fmt::print("{}: {}\n", project.name(), address);
        std::fflush(stdout);
      },
      interrupted());
  return 0;
}

}  // namespace finview
