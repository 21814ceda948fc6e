#include "finview/base/error.h"
#include "finview/base/threads.h"
#include "finview/cli/command.h"
#include "finview/cli/commands.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

using finview::Command;

constexpr int kBug = 1;
constexpr int kInterrupted = 130;  // what a shell gives for SIGINT

/// Commands of one group ("project"), or all for an empty one.
std::vector<Command> commands_of(const std::string& group) {
  std::vector<Command> commands;
  for (const Command& command : finview::kCommands) {
    if (group.empty() || std::string(command.name).starts_with(group + " ")) {
      commands.push_back(command);
    }
  }
  return commands;
}

void print_help(const std::string& group) {
  fmt::print(
      "FinView finds dorsal fins in photos and says which individual each one is.\n\n"
      "Usage: finview COMMAND [ARGUMENTS]\n\n");
  for (const Command& command : commands_of(group)) {
    fmt::print("  {:<18} {}\n", command.name, command.summary);
  }
  fmt::print("\nfinview COMMAND --help explains a command and shows an example.\n");
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments[0] == "--help" || arguments[0] == "help") {
    print_help("");
    return 0;
  }
  if (arguments[0] == "--version") {
    fmt::print("finview {}\n", FINVIEW_VERSION);
    return 0;
  }
  const std::string two_words =
      arguments.size() > 1 ? arguments[0] + " " + arguments[1] : std::string();
  for (const Command& command : finview::kCommands) {
    const bool one = arguments[0] == command.name;
    if (!one && two_words != command.name) continue;
    const int code = command.run(std::span(arguments).subspan(one ? 1 : 2));
    // A server is asked to stop; every other command was stopped before its end.
    const bool stopped = finview::interrupted().cancelled() && command.run != finview::run_serve;
    return stopped ? kInterrupted : code;
  }
  const bool group = !commands_of(arguments[0]).empty();
  if (group && (arguments.size() == 1 || arguments[1] == "--help")) {
    print_help(arguments[0]);
    return 0;
  }
  throw finview::Error(finview::ErrorKind::kBadOptions,
                       fmt::format("There is no command \"{}\"; finview {}--help lists them.",
                                   group ? two_words : arguments[0],
                                   group ? arguments[0] + " " : ""));
}

}  // namespace

int main(int argc, char** argv) {
  finview::keep_large_allocations();
  finview::keep_blas_on_one_thread();
  finview::watch_interrupts();
  try {
    return run({argv + 1, argv + argc});
  } catch (const finview::Error& error) {
    fmt::print(stderr, "finview: {}\n", error.what());
    return finview::interrupted().cancelled() ? kInterrupted : finview::exit_code(error.kind());
  } catch (const std::exception& error) {
    fmt::print(stderr, "finview: unexpected error: {}\n", error.what());
    return kBug;
  }
}
