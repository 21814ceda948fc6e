#include "finview/jobs/project_jobs.h"

#include "finview/base/error.h"
#include "finview/jobs/area_jobs.h"
#include "finview/jobs/teaching_jobs.h"
#include "finview/pipeline/area.h"
#include "finview/pipeline/evaluate_gallery.h"
#include "finview/pipeline/evaluation_page.h"
#include "finview/pipeline/exports.h"
#include "finview/pipeline/find_project_fins.h"
#include "finview/pipeline/identify_project.h"
#include "finview/pipeline/import_photos.h"
#include "finview/pipeline/known_fins.h"
#include "finview/pipeline/map_project.h"
#include "finview/pipeline/project_duplicates.h"
#include "finview/pipeline/project_settings.h"
#include "finview/pipeline/relative_path.h"
#include "finview/pipeline/staged_uploads.h"

#include <algorithm>
#include <memory>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {

using nlohmann::json;

namespace {

struct ExportJobOptions {
  std::string format = "csv";
  std::string to;
  ExportOptions options;

  void visit(OptionVisitor& visitor) {
    std::vector<std::string> names;
    for (const ExportFormat& known : export_formats()) names.emplace_back(known.name);
    visitor.field("format", format, "The form of the file", names);
    visitor.field(
        "to", to, "Its path in the outputs; empty: its usual name and the number of the task");
    options.visit(visitor);
  }
};

struct EvaluateJobOptions {
  MatchOptions match;
  EvaluationSplit split;

  void visit(OptionVisitor& visitor) {
    match.visit(visitor);
    split.visit(visitor);
  }
};

/// What the job kinds of one project share.
class ProjectWork {
 public:
  ProjectWork(Project& project, Uploads& uploads)
      : project_(project), uploads_(uploads), networks_(project) {}

  std::string import(const ImportOptions& options, JobContext& context);
  std::string find(JobContext& context);
  std::string identify(const MatchOptions& options, JobContext& context);
  std::string map(const ProjectMapOptions& options, JobContext& context);
  std::string evaluate(const EvaluateJobOptions& options, JobContext& context);
  std::string duplicates(const DuplicatesOptions& options, JobContext& context);
  std::string write_export(const ExportJobOptions& options, JobContext& context);

 private:
  std::string recipe() {
    std::string recipe;
    networks_.use([&](const Networks& networks) { recipe = networks.signer.recipe(); });
    return recipe;
  }
  /// "images/trips/2012" as a path on the disk. Throws Error{kBadInput}, Error{kNotFound}.
  std::string area_path(const std::string& file) const;

  Project& project_;
  Uploads& uploads_;
  SharedNetworks networks_;
};

std::string ProjectWork::area_path(const std::string& file) const {
  const auto parts = relative_parts(file);
  if (parts[0] != "images" && parts[0] != "datasets" && parts[0] != "outputs") {
    throw Error(
        ErrorKind::kBadInput,
        fmt::format("{} lies in no area: paths begin with images/, datasets/ or outputs/.", file));
  }
  return (project_.folder() / "areas" / file).string();
}

std::string ProjectWork::import(const ImportOptions& asked, JobContext& context) {
  ImportOptions options = asked;
  if (options.who == ImportOptions().who) options.who = context.wish().who;
  StagedUploads staged(uploads_,
                       project_.folder() / "uploads" / fmt::format("task-{}", context.id().value),
                       context.wish().uploads);
  std::vector<std::string> inputs = staged.entries();
  for (const std::string& file : context.wish().files) inputs.push_back(area_path(file));
  if (inputs.empty()) {
    for (const std::string& item : context.only()) {
      context.item_failed(item, "Its upload is gone; send the file again.");
    }
  }
  const ImportReport report = import_photos(project_, inputs, options, context, context.cancel());
  if (!report.interrupted) staged.remove();
  return json{{"num_added", report.num_added},
              {"num_known", report.num_known},
              {"num_failed", report.num_failed}}
      .dump();
}

std::string ProjectWork::find(JobContext& context) {
  // What failed is searched again if that was asked for.
  if (!context.only().empty()) {
    const auto& only = context.only();
    Photos& photos = project_.catalogue().photos;
    for (const PhotoId id : photos.in_state(PhotoState::kFailed)) {
      const std::string name = photos.get(id).name;
      if (std::find(only.begin(), only.end(), name) != only.end()) photos.set_waiting(id);
    }
  }
  FindReport report;
  networks_.use([&](const Networks& networks) {
    report = find_project_fins(project_, networks, context, context.cancel());
  });
  return json{{"num_photos", report.num_photos},
              {"num_fins", report.num_fins},
              {"num_signed", report.num_signed},
              {"num_failed", report.num_failed}}
      .dump();
}

std::string ProjectWork::identify(const MatchOptions& options, JobContext& context) {
  // Fins that the networks of now have not signed could not be asked.
  networks_.use([&](const Networks& networks) {
    sign_project_fins(project_, networks, context, context.cancel());
  });
  if (context.cancel().cancelled()) return "{}";
  const ProjectAnswers answers =
      identify_project(project_, recipe(), options, context, context.cancel());
  return json{{"num_known_fins", answers.num_known_fins},
              {"num_individuals", answers.num_individuals},
              {"num_certain", answers.num_by_tier[1]},
              {"num_likely", answers.num_by_tier[2]},
              {"num_unsure", answers.num_by_tier[3]},
              {"num_nobody", answers.num_by_tier[4]},
              {"calibrated_here", answers.calibrated_here}}
      .dump();
}

std::string ProjectWork::map(const ProjectMapOptions& options, JobContext& context) {
  const auto made = map_project(project_, recipe(), options, context, context.cancel());
  return json{{"num_fins", made ? made->fins.size() : 0}}.dump();
}

std::string ProjectWork::evaluate(const EvaluateJobOptions& options, JobContext& context) {
  const KnownFins known = known_fins(project_.catalogue(), recipe());
  const IdentifyEvaluation found =
      evaluate_gallery(known.gallery, known.photo_names, options.match, options.split, context);
  const auto work = project_.folder() / "cache" / fmt::format("evaluate-{}", context.id().value);
  const std::string html = (work / "page").string();
  const std::string json_file = (work / "numbers").string();
  write_evaluation(project_.name(), found, html, json_file);
  const Area outputs(project_.folder(), "outputs");
  const std::string to = fmt::format("evaluation-{}", context.id().value);
  outputs.take(html, to + ".html");
  outputs.take(json_file, to + ".json");
  std::error_code ignored;
  std::filesystem::remove_all(work, ignored);
  const WitnessesEvaluation& all = found.by_witnesses.back();
  return json{{"num_fins", found.num_photos},
              {"num_individuals", found.num_individuals},
              {"rank_1", all.ranking.rank_1.value},
              {"rank_5", all.ranking.rank_5.value},
              {"stranger_auroc", all.stranger_auroc.value},
              {"calibration_error", found.calibration_error},
              {"file", "outputs/" + to + ".html"}}
      .dump();
}

std::string ProjectWork::duplicates(const DuplicatesOptions& options, JobContext& context) {
  const auto found =
      find_project_duplicates(project_, recipe(), options, context, context.cancel());
  if (!found) return "{}";
  return json{{"num_pairs", found->pairs.size()}, {"num_misfiled", found->misfiled.size()}}.dump();
}

std::string ProjectWork::write_export(const ExportJobOptions& options, JobContext& context) {
  const ExportFormat& format = export_format_named(options.format);
  const std::filesystem::path usual = format.file_name;
  const std::string to =
      !options.to.empty()
          ? options.to
          : fmt::format(
                "{}-{}{}", usual.stem().string(), context.id().value, usual.extension().string());
  const Area outputs(project_.folder(), "outputs");
  const auto file =
      project_.folder() / "cache" / fmt::format("export-{}", context.id().value) / "file";
  format.write(project_.catalogue(), options.options, file);
  outputs.take(file, to);
  std::error_code ignored;
  std::filesystem::remove_all(file.parent_path(), ignored);
  return json{{"file", "outputs/" + to}}.dump();
}

}  // namespace

JobKinds project_job_kinds(Project& project, Uploads& uploads) {
  const auto work = std::make_shared<ProjectWork>(project, uploads);
  JobKinds kinds;
  kinds.add<ImportOptions>({.name = "import",
                            .help = "Takes photos, folders and archives into the project",
                            .takes_input = true,
                            .is_heavy = true},
                           [work](const ImportOptions& options, JobContext& context) {
                             return work->import(options, context);
                           });
  kinds.add<NoOptions>(
      {.name = "find",
       .help = "Finds, outlines and signs the fins of photos that wait for it",
       .is_heavy = true},
      [work](const NoOptions&, JobContext& context) { return work->find(context); });
  kinds.add<MatchOptions>(
      {.name = "identify",
       .help = "Says whom the fins show that nobody has decided on; fins that other "
               "networks signed, or none, are signed first",
       .is_heavy = true},
      [work](const MatchOptions& options, JobContext& context) {
        return work->identify(options, context);
      });
  kinds.add<ProjectMapOptions>(
      {.name = "map", .help = "Lays the fins out so that like ones lie near", .is_heavy = true},
      [work](const ProjectMapOptions& options, JobContext& context) {
        return work->map(options, context);
      });
  kinds.add<EvaluateJobOptions>(
      {.name = "evaluate",
       .help = "Says how well the confirmed fins find each other, and how well strangers are told",
       .is_heavy = true},
      [work](const EvaluateJobOptions& options, JobContext& context) {
        return work->evaluate(options, context);
      });
  kinds.add<DuplicatesOptions>(
      {.name = "duplicates",
       .help = "Lists individuals that may be one, and confirmed fins that may be another's",
       .is_heavy = true},
      [work](const DuplicatesOptions& options, JobContext& context) {
        return work->duplicates(options, context);
      });
  kinds.add<ExportJobOptions>({.name = "export", .help = "Writes the catalogue into the outputs"},
                              [work](const ExportJobOptions& options, JobContext& context) {
                                return work->write_export(options, context);
                              });
  add_teaching_jobs(kinds, project);
  add_area_jobs(kinds, project);
  return kinds;
}

}  // namespace finview
