#include "finview/cli/command.h"

#include <csignal>

namespace finview {
namespace {

CancelToken interrupt_token;

void on_signal(int signal) {
  interrupt_token.cancel();
  std::signal(signal, SIG_DFL);
}

}  // namespace

const CancelToken& interrupted() { return interrupt_token; }

void watch_interrupts() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

}  // namespace finview
