#include "finview/jobs/teaching_jobs.h"

#include "finview/pipeline/project_settings.h"
#include "finview/pipeline/teach_detector.h"
#include "finview/pipeline/teach_project.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {

using nlohmann::json;

namespace {

struct TrainJobOptions {
  TeachOptions teach;
  bool use_if_better = false;

  void visit(OptionVisitor& visitor) {
    teach.visit(visitor);
    visitor.field("use-if-better",
                  use_if_better,
                  "Use it from now on if it finds the individuals kept from training more often "
                  "than the network before; then find and identify anew");
  }
};

struct TrainDetectorJobOptions {
  TeachDetectorOptions teach;
  bool use_if_better = false;

  void visit(OptionVisitor& visitor) {
    teach.visit(visitor);
    visitor.field("use-if-better",
                  use_if_better,
                  "Use it from now on if it finds the fins of the photos kept from training better "
                  "than the network before (mean of AP at 0.5 and 0.75)");
  }
};

std::string train(Project& project, const TrainJobOptions& options, JobContext& context) {
  const TaughtNetwork taught =
      teach_project(project,
                    with_shipped_models(project_models(project, {})).embedder,
                    fmt::format("look-{}", context.id().value),
                    options.teach,
                    context,
                    context.cancel());
  if (taught.training.interrupted) return "{}";
  const auto score = [](const std::optional<HeldOutScore>& held_out) {
    return held_out ? held_out->rank_1 : 0.0;
  };
  const double before = score(taught.training.known_before);
  double after = 0;
  for (const TrainingPoint& point : taught.training.curve) {
    if (point.step == taught.training.best_step) after = score(point.known);
  }
  const std::string file = taught.file.filename().string();
  const bool used = options.use_if_better && after > before;
  if (used) {
    ProjectSettings settings = read_settings(project);
    settings.look_network = file;
    write_settings(project, settings);
  }
  return json{{"num_fins", taught.num_fins},
              {"num_individuals", taught.num_individuals},
              {"held_out_rank_1_before", before},
              {"held_out_rank_1", after},
              {"network", file},
              {"used", used}}
      .dump();
}

std::string train_detector(Project& project,
                           const TrainDetectorJobOptions& options,
                           JobContext& context) {
  const TaughtDetector taught =
      teach_detector(project,
                     detector_files(with_shipped_models(project_models(project, {}))),
                     fmt::format("detector-{}", context.id().value),
                     options.teach,
                     context,
                     context.cancel());
  if (taught.interrupted) return "{}";
  const std::string file = taught.files.weights.filename().string();
  const bool used = options.use_if_better && taught.is_better();
  if (used) {
    ProjectSettings settings = read_settings(project);
    settings.detector = file;
    write_settings(project, settings);
  }
  return json{{"num_photos", taught.num_photos},
              {"num_fins", taught.num_fins},
              {"num_held_out", taught.num_held_out},
              {"held_out_ap50_before", taught.before.ap50},
              {"held_out_ap50", taught.after.ap50},
              {"held_out_ap75_before", taught.before.ap75},
              {"held_out_ap75", taught.after.ap75},
              {"network", file},
              {"used", used}}
      .dump();
}

}  // namespace

void add_teaching_jobs(JobKinds& kinds, Project& project) {
  kinds.add<TrainJobOptions>(
      {.name = "train",
       .help = "Teaches a copy of the look network whom the confirmed fins show",
       .is_heavy = true},
      [&project](const TrainJobOptions& options, JobContext& context) {
        return train(project, options, context);
      });
  kinds.add<TrainDetectorJobOptions>(
      {.name = "train-detector",
       .help = "Teaches a copy of the detector where the fins are, from photos whose every find "
               "was decided on; what was discarded is no fin",
       .is_heavy = true},
      [&project](const TrainDetectorJobOptions& options, JobContext& context) {
        return train_detector(project, options, context);
      });
}

}  // namespace finview
