#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/report.h"
#include "finview/pipeline/dataset_split.h"

#include <fmt/format.h>

namespace finview {

int run_dataset_split(std::span<const std::string> arguments) {
  DatasetSource source;
  SplitOptions options;
  std::string out;
  CommandLine command(
      "dataset split",
      "Divides labelled photos into training and test, whole encounters each.",
      "finview dataset split --photos photos/ --labels photos/labels/ --out split/");
  source.visit(command);
  options.visit(command);
  command.field("out", out, "Folder for train.txt, test.txt, obj.data, obj.names");
  command.require("photos");
  command.require("labels");
  command.require("out");
  if (!command.parse(arguments)) return 0;

  ConsoleProgress progress;
  const auto photos =
      scan_photos(source.photos, source.recursive, /*sketches=*/true, progress, interrupted());
  if (interrupted().cancelled()) return 130;
  const Dataset dataset = read_dataset(source, photos);
  print_dataset_faults(dataset);
  const DatasetSplit split = split_dataset(dataset, photos, options);
  write_split(dataset, split, source.photos, out);
  fmt::print(
      "{} photos in {} groups (the largest has {}): {} to train, {} to test ({:.1f} %, {} "
      "groups).\n"
      "{}/train.txt, test.txt, obj.data, obj.names\n",
      dataset.photos.size(),
      split.num_groups,
      split.largest_group,
      split.train.size(),
      split.test.size(),
      100.0 * static_cast<double>(split.test.size()) / static_cast<double>(dataset.photos.size()),
      split.num_test_groups,
      out);
  return 0;
}

}  // namespace finview
