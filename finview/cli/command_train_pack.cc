#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/pack_detection_data.h"

#include <fmt/format.h>

namespace finview {

int run_train_pack(std::span<const std::string> arguments) {
  DetectionData data;
  std::string train_pack;
  std::string held_out_pack = "held-out.pack";
  CommandLine command("train pack",
                      "Decodes labelled photos into one file that a detector is trained from.",
                      "finview train pack --labelled photos/ --out train.pack");
  command.list("labelled", data.labelled_folders, "Folder of photos, boxes in its labels/*.txt");
  command.list("fin-free-photos", data.fin_free_folders, "Folder of photos without a fin");
  data.visit(command);
  command.field("out", train_pack, "Training pack to write");
  command.field("held-out-out", held_out_pack, "Pack of the photos named by --held-out");
  command.require("out");
  if (!command.parse(arguments)) return 0;

  ConsoleProgress progress;
  const DetectionDataCounts counts = pack_detection_data(data, train_pack, held_out_pack, progress);
  fmt::print(
      "{}: {} photos with fins, {} without, {} wrong finds, {} close-ups ({} with a mask); {} "
      "held out.\n",
      train_pack,
      counts.num_photos,
      counts.num_fin_free,
      counts.num_wrong_finds,
      counts.num_cutouts,
      counts.num_masks,
      counts.num_held_out);
  return 0;
}

}  // namespace finview
