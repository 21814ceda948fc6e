#include "finview/base/error.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/embed_fins.h"

#include <fmt/format.h>

namespace finview {

int run_embed(std::span<const std::string> arguments) {
  std::vector<std::string> paths;
  std::string out = "embeddings.csv";
  std::string embedder;
  CommandLine command(
      "embed",
      "Writes the numbers an embedder sees in each fin picture of a folder: the nearer\n"
      "two rows (by cosine), the likelier they show one individual.",
      "finview embed crops/ --out embeddings.npy");
  command.positionals("FOLDER", paths, "Pictures of one fin each");
  command.field("out", out, "Table (.csv, .json) or matrix (.npy, with a table beside it)");
  command.field("embedder", embedder, "Embedding model (.fvm); empty: the one FinView ships");
  if (!command.parse(arguments)) return 0;
  require_paths(paths, "embed");
  if (paths.size() > 1) throw Error(ErrorKind::kBadOptions, "Name one FOLDER.");
  ConsoleProgress progress;
  const auto embedded = embed_fins(paths[0], embedder, out, progress, interrupted());
  if (!embedded) {
    fmt::print(stderr, "finview: interrupted.\n");
    return 1;
  }
  fmt::print("{}: {} fins, {} numbers each\n", out, embedded->num_fins, embedded->num_dims);
  return 0;
}

}  // namespace finview
