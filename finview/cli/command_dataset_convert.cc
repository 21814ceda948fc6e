#include "finview/base/error.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/report.h"
#include "finview/pipeline/dataset_convert.h"

#include <fmt/format.h>

namespace finview {

int run_dataset_convert(std::span<const std::string> arguments) {
  DatasetSource source;
  std::string to = "yolo";
  std::string out;
  CommandLine command(
      "dataset convert",
      "Turns labels from one form into another: VIA, COCO, YOLO, CSV.",
      "finview dataset convert --labels ABOVE_LABELS.json --photos ndd20/ --to yolo --out labels/");
  source.visit(command);
  command.field("to", to, "Form to write", {"via", "coco", "yolo", "csv"});
  command.field("out", out, "File to write; for YOLO, the folder");
  command.require("labels");
  command.require("out");
  if (!command.parse(arguments)) return 0;

  ConsoleProgress progress;
  const Dataset dataset = convert_dataset(source, to, out, progress, interrupted());
  print_dataset_faults(dataset);
  std::size_t num_fins = 0;
  std::size_t num_empty = 0;
  for (const DatasetPhoto& photo : dataset.photos) {
    num_fins += photo.fins.size();
    num_empty += photo.fins.empty() ? 1 : 0;
  }
  fmt::print("{}: {} photos, {} fins, {} photos without a fin; {} things left out.\n",
             out,
             dataset.photos.size(),
             num_fins,
             num_empty,
             dataset.faults.size());
  return 0;
}

}  // namespace finview
