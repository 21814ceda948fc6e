#include "finview/pipeline/catalogue_dataset.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/photo/file_kind.h"
#include "finview/pipeline/dataset_coco.h"
#include "finview/pipeline/dataset_csv.h"
#include "finview/pipeline/dataset_table.h"
#include "finview/pipeline/exports.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

using internal::ExportRows;

void set(DatasetFin& fin, const char* name, const std::string& value) {
  if (!value.empty()) fin.attributes[name] = value;
}

void set(DatasetFin& fin, const char* name, double value) {
  fin.attributes[name] = fmt::format("{}", value);
}

std::vector<DatasetPoint> contour_of(const std::string& outline) {
  std::vector<DatasetPoint> contour;
  const auto json = nlohmann::json::parse(outline, nullptr, false);
  if (!json.is_object() || !json.contains("contour") || !json["contour"].is_array()) return contour;
  for (const auto& point : json["contour"]) {
    if (!point.is_array() || point.size() != 2 || !point[0].is_number()) return {};
    contour.push_back({point[0].get<double>(), point[1].get<double>()});
  }
  return contour;
}

DatasetFin label_of(const ExportRows& rows, const PhotoRecord& photo, const FinRecord& fin) {
  DatasetFin label;
  label.left_px = fin.box.left_px;
  label.top_px = fin.box.top_px;
  label.right_px = fin.box.right_px;
  label.bottom_px = fin.box.bottom_px;
  label.polygon = contour_of(fin.outline);
  const IndividualRecord& individual = rows.individual(fin.individual);
  label.individual = individual.code;
  set(label, "confidence", double{fin.box.confidence});
  set(label, "made_by", fin.made_by);
  set(label, "side", fin.side);
  set(label, "quality", fin.quality);
  set(label, "review", internal::to_string(fin.review));
  set(label, "outlined_by", fin.outlined_by);
  set(label, "photo_sha256", photo.sha256);
  set(label, "name", individual.name);
  set(label, "sex", individual.sex);
  set(label, "age_class", individual.age_class);
  const EncounterRecord& encounter = rows.encounter(photo.encounter);
  set(label, "place", encounter.place);
  set(label, "survey", rows.survey_of(encounter).code);
  if (encounter.position) {
    set(label, "latitude_deg", encounter.position->latitude_deg);
    set(label, "longitude_deg", encounter.position->longitude_deg);
    if (encounter.position->altitude_m) set(label, "altitude_m", *encounter.position->altitude_m);
  }
  return label;
}

std::string said(const DatasetFin& fin, const char* name) {
  const auto found = fin.attributes.find(name);
  return found == fin.attributes.end() ? std::string() : found->second;
}

std::optional<double> number_said(const DatasetFin& fin, const char* name) {
  const std::string text = said(fin, name);
  if (text.empty()) return std::nullopt;
  try {
    return std::stod(text);
  } catch (const std::exception&) {
    throw Error(ErrorKind::kBadInput, fmt::format("{} \"{}\" is no number.", name, text));
  }
}

// Takes the labels of one photo into the catalogue.
class PhotoLabeller {
 public:
  PhotoLabeller(Catalogue& catalogue, const std::string& who, LabelsReport& report)
      : catalogue_(catalogue), who_(who), report_(report) {}

  void take(const DatasetPhoto& labels, const std::map<std::string, PhotoId>& by_name) {
    const PhotoRecord photo = find_photo(labels, by_name);
    if (photo.num_fins > 0) {
      throw Error(ErrorKind::kConflict, "The photo has fins already; nothing was changed.");
    }
    add_encounter(labels, photo.id);
    std::vector<NewFin> fins;
    for (const DatasetFin& label : labels.fins) fins.push_back(new_fin(label));
    const std::vector<FinId> ids = catalogue_.fins.add_found(photo.id, fins);
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const std::string by = said(labels.fins[i], "outlined_by");
      if (!by.empty()) {
        FinRecord outlined = catalogue_.fins.get(ids[i]);
        outlined.outlined_by = by;
        catalogue_.fins.change(outlined);
      }
      decide(ids[i], labels.fins[i]);
    }
    report_.num_fins += static_cast<std::int64_t>(ids.size());
  }

 private:
  PhotoRecord find_photo(const DatasetPhoto& labels,
                         const std::map<std::string, PhotoId>& by_name) {
    for (const DatasetFin& fin : labels.fins) {
      if (const auto photo = catalogue_.photos.find(said(fin, "photo_sha256"))) return *photo;
    }
    const auto found = by_name.find(labels.file);
    if (found != by_name.end()) return catalogue_.photos.get(found->second);
    throw Error(ErrorKind::kNotFound, "The photo is not in the catalogue; import it first.");
  }

  void add_encounter(const DatasetPhoto& labels, PhotoId photo) {
    if (!labels.date.empty()) catalogue_.photos.set_taken(photo, labels.date);
    if (labels.encounter.empty()) return;
    EncounterRecord encounter;
    encounter.code = labels.encounter;
    if (!labels.fins.empty()) {
      const DatasetFin& fin = labels.fins.front();
      encounter.place = said(fin, "place");
      const auto latitude = number_said(fin, "latitude_deg");
      const auto longitude = number_said(fin, "longitude_deg");
      if (latitude && longitude) {
        encounter.position = GpsPosition{*latitude, *longitude, number_said(fin, "altitude_m")};
      }
      if (const std::string code = said(fin, "survey"); !code.empty()) {
        SurveyRecord survey;
        survey.code = code;
        encounter.survey = catalogue_.encounters.add_survey(survey);
      }
    }
    catalogue_.photos.set_encounter({&photo, 1}, catalogue_.encounters.add(encounter));
  }

  NewFin new_fin(const DatasetFin& label) {
    NewFin fin;
    fin.box.left_px = static_cast<float>(label.left_px);
    fin.box.top_px = static_cast<float>(label.top_px);
    fin.box.right_px = static_cast<float>(label.right_px);
    fin.box.bottom_px = static_cast<float>(label.bottom_px);
    fin.box.confidence = static_cast<float>(number_said(label, "confidence").value_or(1));
    fin.made_by = said(label, "made_by");
    if (fin.made_by.empty()) fin.made_by = who_;
    fin.side = said(label, "side");
    fin.quality = number_said(label, "quality").value_or(0);
    if (!label.polygon.empty()) {
      nlohmann::json contour = nlohmann::json::array();
      for (const DatasetPoint& point : label.polygon) contour.push_back({point.x_px, point.y_px});
      fin.outline = nlohmann::json{{"contour", contour}}.dump();
    }
    return fin;
  }

  void decide(FinId fin, const DatasetFin& label) {
    NewDecision wish;
    wish.fins = {fin};
    wish.who = who_;
    wish.why = "imported";
    const std::string review = said(label, "review");
    switch (review.empty() ? Review::kConfirmed : internal::review_named(review)) {
      case Review::kWaiting:
        return;
      case Review::kConfirmed:
      case Review::kProvisional:
        if (label.individual.empty()) return;
        wish.individual = individual_of(label);
        break;
      case Review::kUnsure:
        wish.kind = DecisionKind::kUnsure;
        break;
      case Review::kDiscarded:
        wish.kind = DecisionKind::kDiscard;
        break;
    }
    catalogue_.decisions.decide(wish);
    ++report_.num_decided;
  }

  IndividualId individual_of(const DatasetFin& label) {
    if (const auto known = catalogue_.individuals.find(label.individual)) return *known;
    IndividualRecord individual;
    individual.code = label.individual;
    individual.name = said(label, "name");
    individual.sex = said(label, "sex");
    individual.age_class = said(label, "age_class");
    return catalogue_.individuals.add(individual);
  }

  Catalogue& catalogue_;
  const std::string& who_;
  LabelsReport& report_;
};

}  // namespace

Dataset catalogue_dataset(const ExportRows& rows) {
  Dataset dataset;
  dataset.class_names = {"fin"};
  std::set<std::string> names;
  for (const auto& [id, photo] : rows.photos) {
    DatasetPhoto labelled;
    // Photos of one name are told apart; when they are read again, their hash finds them.
    labelled.file = internal::printable_name(photo.name);
    if (!names.insert(labelled.file).second) labelled.file = photo.sha256 + "/" + labelled.file;
    labelled.width_px = photo.width_px;
    labelled.height_px = photo.height_px;
    labelled.encounter = rows.encounter(photo.encounter).code;
    labelled.date = photo.taken;
    const auto fins = rows.fins.find(id);
    if (fins != rows.fins.end()) {
      for (const FinRecord& fin : fins->second) {
        labelled.fins.push_back(label_of(rows, photo, fin));
      }
    }
    dataset.photos.push_back(std::move(labelled));
  }
  tidy(dataset);
  return dataset;
}

LabelsReport import_labels(Catalogue& catalogue,
                           const Dataset& labels,
                           const std::string& who,
                           Progress& progress) {
  LabelsReport report;
  std::map<std::string, PhotoId> by_name;
  catalogue.photos.each([&](const PhotoRecord& photo) {
    by_name.emplace(internal::printable_name(photo.name), photo.id);
  });
  for (const DatasetFault& fault : labels.faults) progress.item_failed(fault.file, fault.reason);
  std::int64_t done = 0;
  for (const DatasetPhoto& photo : labels.photos) {
    LabelsReport after = report;
    try {
      catalogue.database.write(
          [&](soci::session&) { PhotoLabeller(catalogue, who, after).take(photo, by_name); });
      report = after;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kUnavailable) throw;
      ++report.num_failed;
      progress.item_failed(photo.file, error.what());
    }
    progress.update("labels", ++done, static_cast<std::int64_t>(labels.photos.size()));
  }
  progress.finish();
  return report;
}

void export_csv(const Catalogue& catalogue,
                const ExportOptions&,
                const std::filesystem::path& out) {
  write_file(out, dataset_csv_text(catalogue_dataset(ExportRows(catalogue))));
}

void export_coco(const Catalogue& catalogue,
                 const ExportOptions&,
                 const std::filesystem::path& out) {
  write_file(out, coco_text(catalogue_dataset(ExportRows(catalogue))));
}

void export_json(const Catalogue& catalogue,
                 const ExportOptions&,
                 const std::filesystem::path& out) {
  write_file(out, dataset_json_text(catalogue_dataset(ExportRows(catalogue))));
}

}  // namespace finview
