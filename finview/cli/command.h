#pragma once

#include "finview/base/cancel.h"

#include <span>
#include <string>

namespace finview {

/// One row of the program's table of commands.
struct Command {
  const char* name;  ///< one or two words, as typed
  const char* summary;
  /// Returns the exit code; throws Error.
  int (*run)(std::span<const std::string> arguments);
};

/// Cancelled by Ctrl-C and SIGTERM. A second Ctrl-C ends the program at once.
const CancelToken& interrupted();

/// Makes Ctrl-C and SIGTERM cancel `interrupted()`. Called once by `main`.
void watch_interrupts();

}  // namespace finview
