#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/write_outlines.h"

#include <map>

#include <fmt/format.h>

namespace finview {

int run_outline(std::span<const std::string> arguments) {
  std::vector<std::string> paths;
  OutlineFilesOptions options;
  CommandLine command("outline",
                      "Finds the outline of the fin in each picture, and says which outlines a\n"
                      "person should look at and why.",
                      "finview outline catalogue/0042/ --out outlines.json --sheets sheets/");
  command.positionals("PATH", paths, "Pictures of one fin each, folders, zip or tar archives");
  options.visit(command);
  if (!command.parse(arguments)) return 0;
  require_paths(paths, "outline");

  ConsoleProgress progress;
  const std::vector<OutlinedPicture> pictures =
      write_outlines(paths, options, progress, interrupted());
  std::map<std::string, int> counts;
  for (const OutlinedPicture& one : pictures) {
    const std::string reason =
        one.failure.empty() ? to_string(one.outline.mask_doubt) : one.failure;
    if (!reason.empty()) fmt::print("{}: {}\n", one.photo, reason);
    ++counts[one.failure.empty() ? to_string(one.outline.mask_doubt) : "cannot be read"];
  }
  fmt::print("\n{} pictures, {} outlines without doubt.\n", pictures.size(), counts[""]);
  for (const auto& [reason, count] : counts) {
    if (!reason.empty()) fmt::print("  {:<20} {}\n", reason, count);
  }
  return 0;
}

}  // namespace finview
