#include "finview/base/error.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/project_option.h"
#include "finview/pipeline/exports.h"
#include "finview/pipeline/project.h"

#include <fmt/format.h>

namespace finview {
namespace {

std::string help_of_formats() {
  std::string help = "Takes a project's catalogue away in a form that other programs read:\n";
  for (const ExportFormat& format : export_formats()) {
    help += fmt::format("  {:<12} {}\n", format.name, format.help);
  }
  help.pop_back();
  return help;
}

}  // namespace

int run_export(std::span<const std::string> arguments) {
  std::string format = "csv";
  std::string out;
  ProjectOption where;
  ExportOptions options;
  std::vector<std::string> names;
  for (const ExportFormat& known : export_formats()) names.emplace_back(known.name);
  CommandLine command("export",
                      help_of_formats(),
                      "finview export --format mark --session month --out dolphins.inp");
  command.field("format", format, "The form", names);
  command.field("out", out, "File to write; empty: the form's usual name, in this folder");
  where.visit(command);
  options.visit(command);
  if (!command.parse(arguments)) return 0;
  const ExportFormat& chosen = export_format_named(format);
  if (out.empty()) out = chosen.file_name;
  const Project project(where.project);
  chosen.write(project.catalogue(), options, out);
  fmt::print("Written: {}\n", out);
  return 0;
}

}  // namespace finview
