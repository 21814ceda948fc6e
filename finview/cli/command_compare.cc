#include "finview/base/error.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/pipeline/compare_fins.h"

#include <fmt/format.h>

namespace finview {

int run_compare(std::span<const std::string> arguments) {
  std::vector<std::string> paths;
  ModelOptions models;
  std::string out;
  CommandLine command(
      "compare",
      "Says what each witness makes of two fin pictures, and draws why: edges with\n"
      "the notches that meet, marks that match, a heat map of the skin.",
      "finview compare a.jpg b.jpg --out why.png");
  command.positionals("PICTURE", paths, "Two pictures of one fin each");
  command.field("out", out, "Picture to write, .png or .jpg");
  models.visit(command);
  if (!command.parse(arguments)) return 0;
  if (paths.size() != 2) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("compare takes two pictures; {} were given.", paths.size()));
  }
  if (!out.empty() && !out.ends_with(".png") && !out.ends_with(".jpg")) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("--out is \"{}\"; it must end in .png or .jpg.", out));
  }

  const FinComparison found = compare_fins(paths[0], paths[1], models, out);
  for (std::size_t w = 0; w < kNumWitnesses; ++w) {
    const std::optional<double>& value = found.similarities[w];
    fmt::print(
        "{:<13} {}\n", to_string(kWitnesses[w]), value ? fmt::format("{:.3f}", *value) : "silent");
  }
  fmt::print("edge quality  {:.2f} and {:.2f}\nmarks matched {}\n",
             found.edge_quality_a,
             found.edge_quality_b,
             found.num_matched_marks);
  if (!out.empty()) fmt::print("Picture: {}\n", out);
  return 0;
}

}  // namespace finview
