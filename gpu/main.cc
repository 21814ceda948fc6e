// finview_train: `finview train detector` and `finview train embedder` for a machine with a GPU
// that only has LibTorch. They learn from packs made elsewhere.

#include "finview/base/error.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
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
  finview::CommandLine command("embedder",
                               "Teaches a network which fins are the same individual.",
                               "finview_train embedder --pack catalogue.pack --start "
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
  const std::string name = arguments.empty() ? "" : arguments[0];
  if (name == "detector") return finview::run_train_detector(std::span(arguments).subspan(1));
  if (name == "embedder") return train_an_embedder(std::span(arguments).subspan(1));
  fmt::print(stderr, "Usage: finview_train detector|embedder [OPTIONS]; --help explains them.\n");
  return finview::exit_code(finview::ErrorKind::kBadOptions);
}

}  // namespace

int main(int argc, char** argv) {
  finview::watch_interrupts();
  try {
    return run({argv + 1, argv + argc});
  } catch (const finview::Error& error) {
    fmt::print(stderr, "finview_train: {}\n", error.what());
    return finview::exit_code(error.kind());
  } catch (const std::exception& error) {
    fmt::print(stderr, "finview_train: unexpected error: {}\n", error.what());
    return kBug;
  }
}
