#include "finview/jobs/area_jobs.h"

#include "finview/base/error.h"
#include "finview/pipeline/area_work.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {

namespace {

const std::vector<std::string> kAreas{"images", "datasets", "outputs"};

struct TargetOptions {
  std::string to_area = "outputs";
  std::string to;

  void visit(OptionVisitor& visitor) {
    visitor.field("to-area", to_area, "The area of the result", kAreas);
    visitor.field("to", to, "Its path there; nothing may stand there");
  }
};

struct ArchiveOptions {
  TargetOptions target;
  std::string format = "zip";

  void visit(OptionVisitor& visitor) {
    target.visit(visitor);
    visitor.field("format", format, "Kind of archive", {"zip", "tar.gz"});
  }
};

struct SortOptions {
  TargetOptions target;
  std::string by = "class";

  void visit(OptionVisitor& visitor) {
    target.visit(visitor);
    visitor.field("by", by, "The column that names the folder of each picture");
  }
};

/// "images/trips/2012" in two.
std::pair<std::string, std::string> area_and_path(const std::string& file) {
  const std::size_t slash = file.find('/');
  if (slash == std::string::npos) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} must be an area and a path, as images/trips/2012.", file));
  }
  return {file.substr(0, slash), file.substr(slash + 1)};
}

/// The one file that these jobs work on.
std::pair<std::string, std::string> the_file(const JobContext& context) {
  const auto& files = context.wish().files;
  if (files.size() != 1 || !context.wish().uploads.empty()) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("A task of kind {} works on one file or folder.", context.wish().kind));
  }
  return area_and_path(files[0]);
}

std::string result_of(std::int64_t num_files) {
  return nlohmann::json{{"num_files", num_files}}.dump();
}

JobKind kind(const char* name, const char* help) {
  return {.name = name, .help = help, .takes_input = true};
}

std::string archive(Project& project, const ArchiveOptions& options, JobContext& context) {
  std::string area;
  std::vector<std::string> paths;
  for (const std::string& file : context.wish().files) {
    const auto [its_area, path] = area_and_path(file);
    if (!area.empty() && area != its_area) {
      throw Error(ErrorKind::kBadInput, "Files of one area are packed at a time.");
    }
    area = its_area;
    paths.push_back(path);
  }
  return result_of(archive_in_area(Area(project.folder(), area),
                                   paths,
                                   Area(project.folder(), options.target.to_area),
                                   options.target.to,
                                   options.format,
                                   context,
                                   context.cancel()));
}

}  // namespace

void add_area_jobs(JobKinds& kinds, Project& project) {
  kinds.add<TargetOptions>(kind("copy", "Copies a file or folder"),
                           [&project](const TargetOptions& options, JobContext& context) {
                             const auto [area, path] = the_file(context);
                             return result_of(copy_in_area(Area(project.folder(), area),
                                                           path,
                                                           Area(project.folder(), options.to_area),
                                                           options.to,
                                                           context,
                                                           context.cancel()));
                           });
  kinds.add<ArchiveOptions>(kind("archive", "Packs files and folders"),
                            [&project](const ArchiveOptions& options, JobContext& context) {
                              return archive(project, options, context);
                            });
  kinds.add<TargetOptions>(
      kind("extract", "Unpacks an archive into a new folder"),
      [&project](const TargetOptions& options, JobContext& context) {
        const auto [area, path] = the_file(context);
        return result_of(extract_in_area(Area(project.folder(), area),
                                         path,
                                         Area(project.folder(), options.to_area),
                                         options.to,
                                         context,
                                         context.cancel()));
      });
  kinds.add<SortOptions>(
      kind("sort", "Copies the pictures of a table into one folder per class or individual"),
      [&project](const SortOptions& options, JobContext& context) {
        const auto [area, path] = the_file(context);
        return result_of(sort_in_area(Area(project.folder(), area),
                                      Area(project.folder(), "images"),
                                      path,
                                      options.by,
                                      Area(project.folder(), options.target.to_area),
                                      options.target.to,
                                      context,
                                      context.cancel()));
      });
}

}  // namespace finview
