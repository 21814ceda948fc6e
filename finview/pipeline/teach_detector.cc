#include "finview/pipeline/teach_detector.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/dataset_split.h"
#include "finview/pipeline/dataset_yolo.h"
#include "finview/pipeline/pack_detection_data.h"
#include "finview/pipeline/project_settings.h"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

namespace finview {
namespace {

namespace fs = std::filesystem;

/// Fewer would leave next to nothing to measure by.
constexpr std::size_t kFewestPhotos = 10;

/// Photos to learn from, under the names they get in the data set.
struct Lessons {
  Dataset dataset;
  std::map<std::string, PhotoRecord> photos;

  std::size_t num_fins() const {
    std::size_t count = 0;
    for (const DatasetPhoto& photo : dataset.photos) count += photo.fins.size();
    return count;
  }
};

DatasetFin label_of(const FinRecord& fin) {
  DatasetFin label;
  label.left_px = fin.box.left_px;
  label.top_px = fin.box.top_px;
  label.right_px = fin.box.right_px;
  label.bottom_px = fin.box.bottom_px;
  return label;
}

/// A person drew it, or decided on it.
bool is_sure(const FinRecord& fin) {
  return fin.review != Review::kWaiting || !fin.made_by.starts_with("detector:");
}

Lessons lessons(const Catalogue& catalogue) {
  std::map<PhotoId, std::vector<FinRecord>> fins;
  catalogue.fins.each([&](const FinRecord& fin) { fins[fin.photo].push_back(fin); });
  Lessons lessons;
  std::size_t num_with_fins = 0;
  for (const auto& [id, of_photo] : fins) {
    const PhotoRecord photo = catalogue.photos.get(id);
    if (photo.is_crop || !std::all_of(of_photo.begin(), of_photo.end(), is_sure)) continue;
    DatasetPhoto labelled;
    labelled.file = fmt::format("{}{}", id.value, fs::path(photo.name).extension().string());
    labelled.width_px = photo.width_px;
    labelled.height_px = photo.height_px;
    labelled.date = photo.taken;
    if (photo.encounter) labelled.encounter = std::to_string(photo.encounter.value);
    for (const FinRecord& fin : of_photo) {
      if (fin.review != Review::kDiscarded) labelled.fins.push_back(label_of(fin));
    }
    num_with_fins += labelled.fins.empty() ? 0 : 1;
    lessons.photos[labelled.file] = photo;
    lessons.dataset.photos.push_back(std::move(labelled));
  }
  if (num_with_fins < kFewestPhotos) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} photos have fins that were all drawn or decided on by a person; a "
                            "detector needs {} to learn from and to be measured by. Review more.",
                            num_with_fins,
                            kFewestPhotos));
  }
  tidy(lessons.dataset);
  return lessons;
}

/// Copies the photos to the folder; those that cannot be read are told to `progress` and taken out
/// of the lessons.
void collect_photos(const Project& project,
                    const fs::path& folder,
                    Lessons& lessons,
                    Progress& progress,
                    const CancelToken& cancel) {
  const auto total = static_cast<std::int64_t>(lessons.dataset.photos.size());
  std::int64_t done = 0;
  std::erase_if(lessons.dataset.photos, [&](const DatasetPhoto& labelled) {
    if (cancel.cancelled()) return false;
    const PhotoRecord& photo = lessons.photos.at(labelled.file);
    progress.update("Collecting photos", ++done, total);
    std::vector<std::uint8_t> bytes;
    try {
      bytes = project.read(photo).bytes;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kUnavailable) throw;
      progress.item_failed(photo.name, error.what());
      return true;
    }
    write_file(folder / labelled.file, std::span<const std::uint8_t>(bytes));
    return false;
  });
}

/// Writes photos, labels, and what is held out; then the packs.
void write_packs(const Project& project,
                 Lessons& lessons,
                 const TeachDetectorOptions& options,
                 const fs::path& work,
                 Progress& progress,
                 const CancelToken& cancel) {
  const fs::path photos = work / "photos";
  fs::remove_all(work);
  fs::create_directories(photos);
  collect_photos(project, photos, lessons, progress, cancel);
  if (cancel.cancelled()) return;
  write_yolo_dataset(lessons.dataset, photos / "labels");
  SplitOptions split;
  split.test_share = options.held_out_share;
  split.seed = options.seed;
  write_split(
      lessons.dataset,
      split_dataset(lessons.dataset, scan_photos(photos, false, true, progress, cancel), split),
      photos.string(),
      (work / "split").string());
  DetectionData data;
  data.labelled_folders = {photos.string()};
  data.held_out = (work / "split" / "test.txt").string();
  pack_detection_data(data, work / "train.pack", work / "held-out.pack", progress);
}

DetectorTrainingOptions training_options(const TeachDetectorOptions& asked) {
  DetectorTrainingOptions options;  // those of docs/detector.md, section 2
  options.num_steps = asked.num_steps;
  options.seed = asked.seed;
  options.num_backbone_layers = 61;
  options.num_frozen_layers = 20;
  options.box_weight = 3;
  return options;
}

}  // namespace

TaughtDetector teach_detector(Project& project,
                              const DetectorFiles& start,
                              const std::string& name,
                              const TeachDetectorOptions& options,
                              Progress& progress,
                              const CancelToken& cancel) {
  check_options(options);
  Lessons learned = lessons(project.catalogue());
  TaughtDetector taught;
  const fs::path work = project.folder() / "cache" / ("teach-" + name);
  DetectorTrainingJob job;
  job.config = start.cfg;
  job.initial_weights = start.weights;
  job.train_pack = work / "train.pack";
  job.held_out_pack = work / "held-out.pack";
  job.output_folder = work / "run";
  if (!fs::exists(job.held_out_pack)) {
    write_packs(project, learned, options, work, progress, cancel);
  }
  const DetectorTrainingOptions training = training_options(options);
  taught.num_photos = learned.dataset.photos.size();
  taught.num_fins = learned.num_fins();
  if (!cancel.cancelled()) train_detector(job, training, {}, progress, cancel);
  taught.interrupted = cancel.cancelled();
  if (taught.interrupted) return taught;
  const DetectorFiles best{start.cfg, fs::path(job.output_folder) / "best.weights"};
  taught.before = held_out_figures(start.cfg, start.weights, job.held_out_pack, training.device);
  taught.after = held_out_figures(best.cfg, best.weights, job.held_out_pack, training.device);
  taught.num_held_out = taught.after.num_photos;
  taught.files = taught_detector(project, name);
  fs::create_directories(taught.files.cfg.parent_path());
  const auto copy = [](const fs::path& from, const fs::path& to) {
    write_file(to, std::span<const std::uint8_t>(read_file(from)));
  };
  copy(best.cfg, taught.files.cfg);
  copy(fs::path(job.output_folder) / "curves.html", taught.files.weights.string() + ".html");
  copy(best.weights, taught.files.weights);
  fs::remove_all(work);
  return taught;
}

}  // namespace finview
