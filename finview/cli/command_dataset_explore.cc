#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/dataset_page.h"

#include <fmt/format.h>

namespace finview {

int run_dataset_explore(std::span<const std::string> arguments) {
  DatasetSource source;
  std::string out;
  std::int64_t num_examples = 48;
  std::int64_t seed = 1;
  CommandLine command("dataset explore",
                      "Shows a data set on one page: counts, sizes, examples, problems.",
                      "finview dataset explore --photos photos/ --labels photos/labels/ --out "
                      "photos.html");
  source.visit(command);
  command.field("examples", num_examples, "Fins to show", 0, 2000);
  command.field("seed", seed, "Draws the fins to show", 0, 2'000'000'000);
  command.field("out", out, "Page to write");
  command.require("photos");
  command.require("labels");
  command.require("out");
  if (!command.parse(arguments)) return 0;

  ConsoleProgress progress;
  const auto photos =
      scan_photos(source.photos, source.recursive, /*sketches=*/true, progress, interrupted());
  if (interrupted().cancelled()) return 130;
  write_dataset_page(out,
                     read_dataset(source, photos),
                     photos,
                     static_cast<std::size_t>(num_examples),
                     seed,
                     progress,
                     interrupted());
  fmt::print("{}\n", out);
  return 0;
}

}  // namespace finview
