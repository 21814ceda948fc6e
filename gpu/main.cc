// `finview train detector` and `finview train embedder` alone, for a machine with a GPU. They learn
// from packs made elsewhere.

#include "finview/base/error.h"
#include "finview/cli/command.h"
#include "finview/cli/command_line.h"
#include "finview/cli/command_train_detector.h"
#include "finview/training/train_embedder.h"

#include <cstdio>
#include <exception>
#include <span>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace {

constexpr int kBug = 1;
constexpr int kInterrupted = 130;

int train_an_embedder(std::span<const std::string> arguments) {
  finview::TrainEmbedderOptions options;
  finview::CommandLine command("train embedder",
                               "Teaches a network which fins are the same individual.",
                               "finview train embedder --pack catalogue.pack --start "
                               "fin-embedder.fvm --out mine.fvm --device cuda");
  options.visit(command);
  command.require("pack");
  command.require("out");
  if (!command.parse(arguments)) return 0;
  finview::ConsoleProgress progress;
  const auto result = finview::train_embedder(options, progress, finview::interrupted());
  fmt::print("{}: step {}, mean average precision on held-out individuals {:.3f}\n",
             options.out,
             result.best_step,
             result.best_score);
  return finview::interrupted().cancelled() ? kInterrupted : 0;
}

int run(const std::vector<std::string>& arguments) {
  const auto is_train = [&](const char* what) {
    return arguments.size() > 1 && arguments[0] == "train" && arguments[1] == what;
  };
  if (is_train("detector")) return finview::run_train_detector(std::span(arguments).subspan(2));
  if (is_train("embedder")) return train_an_embedder(std::span(arguments).subspan(2));
  fmt::print(stderr,
             "This finview can train only: finview train detector, finview train embedder; --help "
             "explains them.\n");
  return finview::exit_code(finview::ErrorKind::kBadOptions);
}

}  // namespace

int main(int argc, char** argv) {
  finview::watch_interrupts();
  try {
    return run({argv + 1, argv + argc});
  } catch (const finview::Error& error) {
    fmt::print(stderr, "finview: {}\n", error.what());
    return finview::exit_code(error.kind());
  } catch (const std::exception& error) {
    fmt::print(stderr, "finview: unexpected error: {}\n", error.what());
    return kBug;
  }
}
