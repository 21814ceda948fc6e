#include "finview/base/error.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/print_evaluation.h"
#include "finview/pipeline/evaluate_identify.h"

namespace finview {
int run_evaluate_identify(std::span<const std::string> arguments) {
  std::vector<std::string> folders;
  EvaluateIdentifyOptions options;
  CommandLine command(
      "evaluate identify",
      "Says how well a catalogue's own photos find their individual, and how well\n"
      "strangers are told apart: each photo asks the rest without its own encounter,\n"
      "and again without its individual. Intervals are 95 %, over individuals.",
      "finview evaluate identify catalogue/ --html evaluation.html");
  command.positionals("DIR", folders, "Folder with one folder of pictures for each individual");
  options.visit(command);
  if (!command.parse(arguments)) return 0;
  require_paths(folders, "evaluate identify");
  if (folders.size() != 1) {
    throw Error(ErrorKind::kBadOptions, "evaluate identify takes one catalogue at a time.");
  }

  ConsoleProgress progress;
  const IdentifyEvaluation found =
      evaluate_identify(folders.front(), options, progress, interrupted());
  print_evaluation(folders.front(), found);
  return 0;
}

}  // namespace finview
