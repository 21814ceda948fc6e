#include "finview/base/error.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/project_option.h"
#include "finview/pipeline/check_project.h"

#include <fmt/format.h>

namespace finview {
namespace {

void require_folders(const std::vector<std::string>& folders,
                     std::size_t count,
                     const std::string& command,
                     const std::string& what) {
  if (folders.size() == count) return;
  throw Error(ErrorKind::kBadOptions,
              fmt::format("{} wants {}; {} were given. finview {} --help explains it.",
                          command,
                          what,
                          folders.size(),
                          command));
}

}  // namespace

int run_project_init(std::span<const std::string> arguments) {
  std::vector<std::string> folders;
  ProjectOptions options;
  CommandLine command("project init",
                      "Makes a project: a folder with a catalogue of individuals, their photos\n"
                      "and every decision about them.",
                      "finview project init hauraki --name \"Hauraki Gulf\"");
  command.positionals("FOLDER", folders, "A new folder, or an empty one");
  options.visit(command);
  if (!command.parse(arguments)) return 0;
  require_folders(folders, 1, "project init", "one FOLDER");
  Project::init(folders[0], options);
  fmt::print(
      "Project {0} made. Go on with:\n"
      "  finview import CATALOGUE --individuals auto --project {0}\n"
      "  finview import PHOTOS --project {0}\n"
      "  finview project update --project {0}\n",
      folders[0]);
  return 0;
}

int run_project_check(std::span<const std::string> arguments) {
  ProjectOption where;
  bool deep = false;
  bool repair = false;
  CommandLine command("project check",
                      "Finds what is wrong with a project: damaged pages, photos whose file is\n"
                      "gone or was changed, files that no photo needs. Exit code 2 if anything is\n"
                      "left.",
                      "finview project check --project hauraki --deep");
  where.visit(command);
  command.field("deep", deep, "Read every photo's file, not only its size");
  command.field("repair", repair, "Repair what can be repaired; nothing else may use the project");
  if (!command.parse(arguments)) return 0;
  Project project(where.project);
  ConsoleProgress progress;
  const ProjectFaults faults = check_project(project, deep, repair, progress);
  for (const std::string& fault : faults.repaired) fmt::print("Repaired: {}\n", fault);
  for (const std::string& fault : faults.open) fmt::print("{}\n", fault);
  if (!faults.open.empty()) return 2;
  fmt::print("Nothing is wrong with the project {}.\n", project.name());
  return 0;
}

int run_project_backup(std::span<const std::string> arguments) {
  ProjectOption where;
  std::vector<std::string> folders;
  CommandLine command(
      "project backup",
      "Copies a project while it is in use. Into a backup made before only what is\n"
      "new is copied.",
      "finview project backup /media/disk/hauraki --project hauraki");
  command.positionals("BACKUP", folders, "Folder for the backup");
  where.visit(command);
  if (!command.parse(arguments)) return 0;
  require_folders(folders, 1, "project backup", "one BACKUP folder");
  back_up_project(Project(where.project), folders[0]);
  fmt::print("Backup: {}\n", folders[0]);
  return 0;
}

int run_project_restore(std::span<const std::string> arguments) {
  std::vector<std::string> folders;
  CommandLine command("project restore",
                      "Makes a project again from its backup.",
                      "finview project restore /media/disk/hauraki hauraki");
  command.positionals("BACKUP FOLDER", folders, "The backup, and a new folder for the project");
  if (!command.parse(arguments)) return 0;
  require_folders(folders, 2, "project restore", "BACKUP and FOLDER");
  restore_project(folders[0], folders[1]);
  fmt::print("Project: {}\n", folders[1]);
  return 0;
}

}  // namespace finview
