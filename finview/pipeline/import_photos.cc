#include "finview/pipeline/import_photos.h"

#include "finview/base/atomic_file.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/photo/decode.h"
#include "finview/photo/photo_name.h"
#include "finview/photo/walk.h"
#include "finview/pipeline/catalogue_dataset.h"
#include "finview/pipeline/dataset_source.h"
#include "finview/pipeline/import_sightings.h"
#include "finview/pipeline/photo_labels.h"
#include "finview/pipeline/sighting_tables.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace finview {
namespace {

namespace fs = std::filesystem;

/// One of the things to import.
struct Source {
  fs::path path;
  std::unique_ptr<PhotoStream> photos;
  std::optional<PhotoLabels> labels;

  /// "survey/day1/a.jpg" of the folder "/home/me/survey": what a person recognizes.
  std::string shown_name(const std::string& name) const {
    const fs::path parent = path.parent_path();
    return parent.empty() ? name : fs::path(name).lexically_relative(parent).string();
  }
  /// "day1/a.jpg" of the same.
  std::string inner_name(const std::string& name) const {
    const std::string inner = fs::path(name).lexically_relative(path).string();
    return inner == "." ? path.filename().string() : inner;
  }
};

std::vector<Source> open_sources(const std::vector<std::string>& inputs,
                                 const ImportOptions& options) {
  std::vector<Source> sources;
  Faults faults;
  for (const std::string& input : inputs) {
    if (!fs::exists(input)) faults.add(input + ": there is no such file or folder.");
  }
  faults.throw_if_any(ErrorKind::kNotFound);
  for (const std::string& input : inputs) {
    Source source;
    source.path = fs::absolute(input).lexically_normal();
    if (source.path.filename().empty()) source.path = source.path.parent_path();
    WalkOptions walk;
    walk.recursive = true;
    source.photos = std::make_unique<PhotoStream>(std::vector{source.path}, walk);
    if (options.individuals != "none") {
      // An archive's labels are its folders.
      const bool folder = fs::is_directory(source.path);
      source.labels.emplace(
          source.path, folder || options.individuals == "niwa" ? options.individuals : "folder");
    }
    sources.push_back(std::move(source));
  }
  return sources;
}

std::string date_of(const std::string& taken) { return taken.substr(0, 10); }

class Importer {
 public:
  Importer(Project& project, const ImportOptions& options) : project_(project), options_(options) {}

  /// Whether the photo is new to the project. Throws Error{kBadInput}.
  bool take(const PhotoFile& file, const Source& source) {
    const std::optional<PhotoLabel> label = label_of(file, source);
    PhotoRecord photo = record_of(file, source, label);
    Photos& photos = project_.catalogue().photos;
    const bool is_new = !photos.find(photo.sha256);
    // The bytes first: a row without its file would be a loss, a file without a row is only waste.
    project_.keep(photo.sha256, file.bytes);
    if (is_new) {
      photo.encounter = encounter_of(photo, file, source, label);
      if (label && !photo.is_crop) {
        photo.labelled = individual(label->individual);
        photo.labelled_by = options_.who;
      }
    }
    const PhotoId id = photos.add(photo);
    if (photo.is_crop) confirm(id, photo, label);
    return is_new;
  }

 private:
  std::optional<PhotoLabel> label_of(const PhotoFile& file, const Source& source) const {
    if (source.labels) return source.labels->find(source.inner_name(file.name));
    return std::nullopt;
  }

  PhotoRecord record_of(const PhotoFile& file,
                        const Source& source,
                        const std::optional<PhotoLabel>& label) const {
    const PhotoInfo info = read_photo_info(file);
    PhotoRecord photo;
    photo.sha256 = sha256_hex(file.bytes);
    photo.name = source.shown_name(file.name);
    photo.size_bytes = static_cast<std::int64_t>(file.bytes.size());
    photo.width_px = info.width_px;
    photo.height_px = info.height_px;
    photo.position = info.position;
    photo.camera = info.camera;
    if (info.taken) {
      photo.taken = to_string(*info.taken);
    } else if (const auto date = label && label->date ? label->date : niwa_date(file.name)) {
      photo.taken = to_string(*date);
    }
    photo.is_crop = options_.form == "crops" || (options_.form == "auto" && source.labels);
    if (photo.is_crop) photo.state = PhotoState::kSearched;
    return photo;
  }

  static std::optional<CaptureTime> niwa_date(const std::string& name) {
    return read_niwa_name(name).label.date;
  }

  EncounterId encounter_of(const PhotoRecord& photo,
                           const PhotoFile& file,
                           const Source& source,
                           const std::optional<PhotoLabel>& label) {
    std::string code;
    const std::string folder = fs::path(source.inner_name(file.name)).parent_path().string();
    const bool by_folder = options_.encounters == "folder" ||
                           (options_.encounters == "auto" && !label && !folder.empty());
    if (by_folder) {
      code = folder;
    } else if (options_.encounters != "none") {
      code = date_of(photo.taken);
      if (label && !label->encounter.empty()) code += "/" + label->encounter;
    }
    if (code.empty()) return {};
    const auto [known, is_new] = encounters_.try_emplace(code);
    if (is_new) known->second = add_encounter(code, photo);
    return known->second;
  }

  EncounterId add_encounter(const std::string& code, const PhotoRecord& photo) {
    EncounterRecord encounter;
    encounter.code = code;
    encounter.began = date_of(photo.taken);
    encounter.position = photo.position;
    return project_.catalogue().encounters.add(encounter);
  }

  /// The fin of a photo that shows one, and whom the label says it shows. A part that an
  /// interrupted import has done is not done again.
  void confirm(PhotoId id, const PhotoRecord& photo, const std::optional<PhotoLabel>& label) {
    Catalogue& catalogue = project_.catalogue();
    FinFilter filter;
    filter.photo = id;
    const Page<FinRecord> fins = catalogue.fins.list(filter);
    FinId fin;
    if (fins.rows.empty()) {
      NewFin whole;
      whole.box = {
          0, 0, static_cast<float>(photo.width_px), static_cast<float>(photo.height_px), 1};
      whole.made_by = options_.who;
      fin = catalogue.fins.add(id, whole);
    } else if (fins.rows[0].last_decision) {
      return;
    } else {
      fin = fins.rows[0].id;
    }
    if (!label) return;
    NewDecision decision;
    decision.kind = DecisionKind::kConfirm;
    decision.fins = {fin};
    decision.individual = individual(label->individual);
    decision.who = options_.who;
    decision.why = "imported as " + photo.name;
    catalogue.decisions.decide(decision);
  }

  IndividualId individual(const std::string& code) {
    const auto [known, is_new] = individuals_.try_emplace(code);
    if (!is_new) return known->second;
    Individuals& individuals = project_.catalogue().individuals;
    if (const auto found = individuals.find(code)) {
      known->second = *found;
    } else {
      IndividualRecord record;
      record.code = code;
      known->second = individuals.add(record);
    }
    return known->second;
  }

  Project& project_;
  const ImportOptions& options_;
  std::map<std::string, EncounterId> encounters_;
  std::map<std::string, IndividualId> individuals_;
};

/// Tells why an item failed; errors of the machine end the import.
void take(const PhotoItem& item,
          const Source& source,
          Importer& importer,
          ImportReport& report,
          Progress& progress) {
  if (const auto* failure = std::get_if<PhotoFailure>(&item)) {
    ++report.num_failed;
    progress.item_failed(source.shown_name(failure->name), failure->reason);
    return;
  }
  const auto& file = std::get<PhotoFile>(item);
  try {
    ++(importer.take(file, source) ? report.num_added : report.num_known);
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::kUnavailable) throw;
    ++report.num_failed;
    const std::string reason = error.what();
    const std::string start = file.name + ": ";
    progress.item_failed(source.shown_name(file.name),
                         reason.starts_with(start) ? reason.substr(start.size()) : reason);
  }
}

/// The labels of the photos of one folder, under the names the photos have in the project.
Dataset read_labels(const std::vector<Source>& sources,
                    const ImportOptions& options,
                    Progress& progress,
                    const CancelToken& cancel) {
  if (sources.size() != 1 || !fs::is_directory(sources[0].path)) {
    throw Error(ErrorKind::kBadOptions,
                "--labels speaks of the photos of one folder; name one folder.");
  }
  const fs::path& folder = sources[0].path;
  const std::string name = folder.filename().string();
  DatasetSource source;
  source.photos = folder.string();
  source.labels = options.labels;
  source.form = options.labels_form;
  source.recursive = true;
  const std::vector<DatasetPhotoFile> photos = scan_photos(folder, true, false, progress, cancel);
  Dataset labels = read_dataset(source, photos);
  for (DatasetPhoto& photo : labels.photos) {
    // Exported labels have the names that photos have in a project; others are relative.
    if (find_photo(photos, photo.file) != nullptr) photo.file = name + "/" + photo.file;
  }
  return labels;
}

/// Takes the labels in; their photos need no search.
void take_labels(Project& project,
                 const Dataset& labels,
                 const std::string& who,
                 ImportReport& report,
                 Progress& progress) {
  Catalogue& catalogue = project.catalogue();
  std::set<std::string> named;
  for (const DatasetPhoto& photo : labels.photos) named.insert(photo.file);
  for (const PhotoId id : catalogue.photos.in_state(PhotoState::kWaiting)) {
    if (named.contains(catalogue.photos.get(id).name)) catalogue.fins.add_found(id, {});
  }
  for (const DatasetFault& fault : labels.faults) progress.item_failed(fault.file, fault.reason);
  const LabelsReport taken = import_labels(catalogue, labels, who, progress);
  report.num_labelled_fins = taken.num_fins;
  report.num_failed += taken.num_failed;
}

}  // namespace

ImportReport import_photos(Project& project,
                           const std::vector<std::string>& inputs,
                           const ImportOptions& options,
                           Progress& progress,
                           const CancelToken& cancel) {
  std::vector<Source> sources = open_sources(inputs, options);
  std::optional<std::vector<SightingRow>> sightings;
  if (!options.labels.empty()) sightings = read_sightings(options.labels, options.labels_form);
  std::optional<Dataset> labels;
  if (!options.labels.empty() && !sightings) {
    labels = read_labels(sources, options, progress, cancel);
  }
  remove_unfinished(project.folder() / "files");
  std::int64_t total = 0;
  bool is_known = true;  // what archives hold is known only by reading them
  for (const Source& source : sources) {
    total += source.photos->num_files();
    is_known = is_known && source.photos->num_archives() == 0;
  }
  Importer importer(project, options);
  ImportReport report;
  std::int64_t done = 0;
  for (const Source& source : sources) {
    while (!cancel.cancelled()) {
      const std::optional<PhotoItem> item = source.photos->next();
      if (!item) break;
      take(*item, source, importer, report, progress);
      progress.update("Importing", ++done, is_known ? total : 0);
    }
  }
  progress.finish();
  report.interrupted = cancel.cancelled();
  if (report.interrupted) return report;
  if (labels) take_labels(project, *labels, options.who, report, progress);
  if (sightings) {
    report.num_labelled_photos =
        import_sightings(project.catalogue(), *sightings, options.who, progress);
  }
  return report;
}

}  // namespace finview
