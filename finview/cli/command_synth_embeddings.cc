#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/synthetic/embedding_survey.h"

#include <fmt/format.h>

namespace finview {

int run_synth_embeddings(std::span<const std::string> arguments) {
  synthetic::EmbeddingSurveyOptions options;
  std::string out;
  CommandLine command(
      "synth embeddings",
      "Writes embeddings of fins that do not exist, with their labels: a catalogue\n"
      "of any size to test searching and clustering with.",
      "finview synth embeddings --fins 1000000 --individuals 50000 --out scale/");
  command.field("out", out, "folder for embeddings.npy and fins.csv");
  options.visit(command);
  command.require("out");
  if (!command.parse(arguments)) return 0;

  ConsoleProgress progress;
  const synthetic::EmbeddingSurveySummary summary =
      synthetic::write_embedding_survey(options, out, progress, interrupted());
  if (summary.cancelled) {
    fmt::print("Stopped; nothing was written.\n");
    return 0;
  }
  fmt::print("{}: {} embeddings of {} individuals{}.\n",
             out,
             summary.num_fins,
             options.individuals,
             summary.kept ? " (kept)" : "");
  return 0;
}

}  // namespace finview
