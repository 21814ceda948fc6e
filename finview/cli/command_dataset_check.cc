#include "finview/base/files.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/dataset_check.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

namespace finview {

int run_dataset_check(std::span<const std::string> arguments) {
  constexpr std::size_t kMaxLines = 40;
  DatasetSource source;
  std::string out;
  CommandLine command("dataset check",
                      "Lists what is wrong with labelled photos: missing and empty labels, boxes "
                      "outside the photo, photos that are nearly the same.",
                      "finview dataset check --photos photos/ --labels photos/labels/");
  source.visit(command);
  command.field("out", out, "CSV file for the whole list");
  command.require("photos");
  command.require("labels");
  if (!command.parse(arguments)) return 0;

  ConsoleProgress progress;
  const auto photos =
      scan_photos(source.photos, source.recursive, /*sketches=*/true, progress, interrupted());
  if (interrupted().cancelled()) return 130;
  const auto problems = dataset_problems(read_dataset(source, photos), photos);
  std::map<ProblemKind, std::size_t> counts;
  bool only_notes = true;
  for (std::size_t i = 0; i < problems.size(); ++i) {
    ++counts[problems[i].kind];
    only_notes = only_notes && is_note(problems[i].kind);
    if (i >= kMaxLines) continue;
    fmt::print(
        "{:<15} {}: {}\n", to_string(problems[i].kind), problems[i].file, problems[i].detail);
  }
  if (problems.size() > kMaxLines) fmt::print("... and {} more\n", problems.size() - kMaxLines);
  fmt::print("\n{} photos.", photos.size());
  for (const auto& [kind, count] : counts) fmt::print(" {}: {}.", to_string(kind), count);
  fmt::print("{}\n", problems.empty() ? " Nothing to report." : "");
  if (!out.empty()) write_file(out, problems_csv(problems));
  return only_notes ? 0 : 2;
}

}  // namespace finview
