#include "finview/base/error.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/edit_outline.h"

#include <fmt/format.h>

namespace finview {

int run_outline_edit(std::span<const std::string> arguments) {
  std::vector<std::string> pictures;
  EditOutlineOptions options;
  CommandLine command(
      "outline edit",
      "Corrects the outline of a fin: extreme points, strokes, a drawn outline or\n"
      "stretch, or the manual filter, one after the other, with undo.",
      "finview outline edit 0042.jpg --edits edits/0042.jpg.json --out outline.json "
      "--debug steps/");
  command.positionals("PICTURE", pictures, "Picture of one fin");
  options.visit(command);
  command.require("edits");
  if (!command.parse(arguments)) return 0;
  if (pictures.size() != 1) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("outline edit works on one picture; {} are given.", pictures.size()));
  }
  const EditedPicture edited = edit_outline(pictures.front(), options);
  const FinOutline& outline = edited.found.outline;
  fmt::print("{}: {} of {} edits done; mask {}{}.\n",
             edited.found.photo,
             edited.history.num_done,
             edited.history.edits.size(),
             to_string(outline.mask_source),
             outline.edited_by.empty()
                 ? ""
                 : fmt::format(", by {} at {}", outline.edited_by, outline.edited_at));
  if (edited.found.parts) {
    fmt::print("{} notches, distinctiveness {:.2f}, quality {} ({:.2f}).\n",
               edited.found.parts->notches.size(),
               edited.found.parts->distinctiveness,
               to_string(quality_class(outline.quality)),
               outline.quality.overall);
  }
  return 0;
}

}  // namespace finview
