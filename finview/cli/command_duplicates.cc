#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/find_duplicates.h"

#include <fmt/format.h>

namespace finview {
namespace {

std::string table(const Duplicates& found) {
  std::string text = "kind,what,first,second,probability\n";
  for (const DuplicatePair& pair : found.pairs) {
    text +=
        csv_line({"pair", "", pair.first, pair.second, fmt::format("{:.4f}", pair.probability)});
  }
  for (const MisfiledPhoto& photo : found.misfiled) {
    text += csv_line({"photo",
                      photo.path,
                      photo.filed_under,
                      photo.looks_like,
                      fmt::format("{:.4f}", photo.probability)});
  }
  return text;
}

}  // namespace

int run_duplicates(std::span<const std::string> arguments) {
  std::vector<std::string> folders;
  IdentifyOptions options;
  double min_probability = 0.5;
  std::string out;
  CommandLine command("duplicates",
                      "Lists pairs of individuals of a catalogue that may be one animal, and\n"
                      "photos that may be filed under the wrong one.",
                      "finview duplicates catalogue/ --out duplicates.csv");
  command.positionals("DIR", folders, "Folder with one folder of pictures for each individual");
  command.field("min-probability", min_probability, "Less probable ones are not listed", 0.01, 1);
  command.field("out", out, "Table of both: a file that ends in .csv");
  options.match.visit(command);
  options.catalogue.visit(command);
  options.detector.visit(command);
  options.models.visit(command);
  if (!command.parse(arguments)) return 0;
  require_paths(folders, "duplicates");
  if (folders.size() != 1) {
    throw Error(ErrorKind::kBadOptions, "duplicates takes one catalogue at a time.");
  }

  ConsoleProgress progress;
  const Duplicates found =
      find_duplicates(folders.front(), options, min_probability, progress, interrupted());
  fmt::print("{} pairs of individuals may be one:\n", found.pairs.size());
  for (const DuplicatePair& pair : found.pairs) {
    fmt::print("  {:.2f}  {}  {}\n", pair.probability, pair.first, pair.second);
  }
  fmt::print("{} photos may be filed under the wrong individual:\n", found.misfiled.size());
  for (const MisfiledPhoto& photo : found.misfiled) {
    fmt::print("  {:.2f} {} (own {:.2f} {})  {}\n",
               photo.probability,
               photo.looks_like,
               photo.probability_own,
               photo.filed_under,
               photo.path);
  }
  if (!out.empty()) write_file(out, table(found));
  return 0;
}

}  // namespace finview
