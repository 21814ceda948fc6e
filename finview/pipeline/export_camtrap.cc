#include "finview/base/csv.h"
#include "finview/photo/file_kind.h"
#include "finview/pipeline/export_rows.h"
#include "finview/pipeline/exports.h"
#include "finview/pipeline/zip_file.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

using internal::ExportRows;

const std::vector<std::string> kDeployments = {
    "deploymentID",     "locationID",        "locationName",
    "latitude",         "longitude",         "coordinateUncertainty",
    "deploymentStart",  "deploymentEnd",     "setupBy",
    "cameraID",         "cameraModel",       "cameraDelay",
    "cameraHeight",     "cameraDepth",       "cameraTilt",
    "cameraHeading",    "detectionDistance", "timestampIssues",
    "baitUse",          "featureType",       "habitat",
    "deploymentGroups", "deploymentTags",    "deploymentComments"};
const std::vector<std::string> kMedia = {"mediaID",
                                         "deploymentID",
                                         "captureMethod",
                                         "timestamp",
                                         "filePath",
                                         "filePublic",
                                         "fileName",
                                         "fileMediatype",
                                         "exifData",
                                         "favorite",
                                         "mediaComments"};
const std::vector<std::string> kObservations = {"observationID",
                                                "deploymentID",
                                                "mediaID",
                                                "eventID",
                                                "eventStart",
                                                "eventEnd",
                                                "observationLevel",
                                                "observationType",
                                                "cameraSetupType",
                                                "scientificName",
                                                "count",
                                                "lifeStage",
                                                "sex",
                                                "behavior",
                                                "individualID",
                                                "individualPositionRadius",
                                                "individualPositionAngle",
                                                "individualSpeed",
                                                "bboxX",
                                                "bboxY",
                                                "bboxWidth",
                                                "bboxHeight",
                                                "classificationMethod",
                                                "classifiedBy",
                                                "classificationTimestamp",
                                                "classificationProbability",
                                                "observationTags",
                                                "observationComments"};

// Camera Trap DP wants a zone; the camera's clock has none, which `timestampIssues` says.
std::string timestamp(const std::string& time) {
  if (time.empty()) return {};
  return (time.size() == 10 ? time + "T00:00:00" : time) + "Z";
}

std::string media_type(const std::string& name) {
  const std::string extension = internal::extension_of(name);
  if (extension == "png" || extension == "webp" || extension == "bmp") return "image/" + extension;
  return extension == "tif" || extension == "tiff" ? "image/tiff" : "image/jpeg";
}

std::string number(double value) { return fmt::format("{:.9g}", value); }

// One deployment per encounter, and one for the photos of none.
class CamtrapTables {
 public:
  CamtrapTables(const ExportRows& rows, const ExportOptions& options)
      : rows_(rows), options_(options), names_(internal::archive_names(rows)) {
    for (const auto& [id, photo] : rows.photos) {
      note_time(photo);
      add_photo(photo);
      const auto fins = rows.fins.find(id);
      if (fins == rows.fins.end()) continue;
      for (const FinRecord& fin : fins->second) add_fin(photo, fin);
    }
    for (const auto& [encounter, span] : spans_) add_deployment(encounter, span);
  }

  std::string deployments = csv_line(kDeployments);
  std::string media = csv_line(kMedia);
  std::string observations = csv_line(kObservations);

 private:
  struct Span {
    std::string first;
    std::string last;
    std::optional<GpsPosition> position;
  };

  std::string deployment_id(EncounterId encounter) const {
    const std::string& code = rows_.encounter(encounter).code;
    return code.empty() ? "none" : code;
  }

  void note_time(const PhotoRecord& photo) {
    Span& span = spans_[photo.encounter];
    const std::string time = timestamp(photo.taken);
    if (!time.empty() && (span.first.empty() || time < span.first)) span.first = time;
    span.last = std::max(span.last, time);
    if (!span.position) span.position = photo.position;
  }

  void add_deployment(EncounterId id, const Span& span) {
    const EncounterRecord& encounter = rows_.encounter(id);
    const auto position = encounter.position ? encounter.position : span.position;
    const std::string began = timestamp(encounter.began);
    const std::string ended = timestamp(encounter.ended);
    std::vector<std::string> row(kDeployments.size());
    row[0] = deployment_id(id);
    row[2] = encounter.place;
    row[3] = position ? number(position->latitude_deg) : "";
    row[4] = position ? number(position->longitude_deg) : "";
    row[6] = began.empty() ? span.first : began;
    row[7] = ended.empty() ? span.last : ended;
    row[17] = "true";
    row[21] = rows_.survey_of(encounter).code;
    row[23] = "a meeting with a group of animals; times are the camera's clock";
    deployments += csv_line(row);
  }

  void add_photo(const PhotoRecord& photo) {
    const std::string& name = names_.at(photo.id);
    media += csv_line({photo.sha256,
                       deployment_id(photo.encounter),
                       "activityDetection",
                       timestamp(photo.taken),
                       name,
                       "false",
                       std::filesystem::path(name).filename().string(),
                       media_type(name),
                       "",
                       "",
                       ""});
  }

  void add_fin(const PhotoRecord& photo, const FinRecord& fin) {
    const bool human = fin.last_decision && fin.individual;
    const bool machine =
        !human && fin.first_candidate && (fin.tier == Tier::kCertain || fin.tier == Tier::kLikely);
    const IndividualRecord& individual = rows_.individual(human     ? fin.individual
                                                          : machine ? fin.first_candidate
                                                                    : IndividualId{});
    std::vector<std::string> row(kObservations.size());
    row[0] = "fin-" + std::to_string(fin.id.value);
    row[1] = deployment_id(photo.encounter);
    row[2] = photo.sha256;
    row[3] = rows_.encounter(photo.encounter).code;
    row[4] = row[5] = timestamp(photo.taken);
    row[6] = "media";
    row[7] = "animal";
    row[9] = options_.scientific_name;
    row[10] = "1";
    row[11] = individual.age_class == "juvenile" ? "subadult"
              : individual.age_class == "calf"   ? "juvenile"
                                                 : individual.age_class;
    row[12] = individual.sex;
    row[14] = individual.code;
    put_box(photo, fin, row);
    row[22] = human ? "human" : "machine";
    if (human) {
      const auto decided = rows_.decided.find(fin.last_decision);
      if (decided != rows_.decided.end()) {
        row[23] = decided->second.first;
        row[24] = decided->second.second + "Z";
      }
    } else {
      row[23] = machine ? "FinView" : fin.made_by;
      row[25] = number(machine ? fin.probability : double{fin.box.confidence});
    }
    if (!fin.side.empty()) row[26] = "side:" + fin.side;
    observations += csv_line(row);
  }

  static void put_box(const PhotoRecord& photo,
                      const FinRecord& fin,
                      std::vector<std::string>& row) {
    if (photo.width_px <= 0 || photo.height_px <= 0) return;
    const auto share = [](double value, int size) { return std::clamp(value / size, 0.0, 1.0); };
    const double left = share(fin.box.left_px, photo.width_px);
    const double top = share(fin.box.top_px, photo.height_px);
    row[18] = number(left);
    row[19] = number(top);
    row[20] = number(share(fin.box.right_px, photo.width_px) - left);
    row[21] = number(share(fin.box.bottom_px, photo.height_px) - top);
  }

  const ExportRows& rows_;
  const ExportOptions& options_;
  std::map<PhotoId, std::string> names_;
  std::map<EncounterId, Span> spans_;
};

std::string package_json(const Catalogue& catalogue,
                         const ExportRows& rows,
                         const ExportOptions& options) {
  constexpr const char* kSchemas = "https://raw.githubusercontent.com/tdwg/camtrap-dp/1.0.2/";
  nlohmann::ordered_json resources = nlohmann::ordered_json::array();
  for (const char* table : {"deployments", "media", "observations"}) {
    resources.push_back({{"name", table},
                         {"path", std::string(table) + ".csv"},
                         {"profile", "tabular-data-resource"},
                         {"format", "csv"},
                         {"mediatype", "text/csv"},
                         {"encoding", "utf-8"},
                         {"schema", std::string(kSchemas) + table + "-table-schema.json"}});
  }
  std::string first, last;
  for (const auto& [id, photo] : rows.photos) {
    const std::string day = photo.taken.substr(0, 10);
    if (!day.empty() && (first.empty() || day < first)) first = day;
    last = std::max(last, day);
  }
  nlohmann::ordered_json root{
      {"profile", std::string(kSchemas) + "camtrap-dp-profile.json"},
      {"created", catalogue.database.now() + "Z"},
      {"contributors",
       {{{"title", options.rights_holder.empty() ? "not stated" : options.rights_holder},
         {"role", "rightsHolder"}}}},
      {"project",
       {{"title", "Photo-identification"},
        {"samplingDesign", "opportunistic"},
        {"captureMethod", {"activityDetection"}},
        {"individualAnimals", true},
        {"observationLevel", {"media"}}}},
      {"spatial", {{"type", "Point"}, {"coordinates", nlohmann::ordered_json::array()}}},
      {"temporal", {{"start", first}, {"end", last}}},
      {"taxonomic", {{{"scientificName", options.scientific_name}}}},
      {"resources", resources}};
  if (!options.license.empty()) {
    root["licenses"] = {{{"name", options.license}, {"scope", "data"}}};
  }
  for (const auto& [id, encounter] : rows.encounters) {
    if (!encounter.position) continue;
    root["spatial"]["coordinates"] = {encounter.position->longitude_deg,
                                      encounter.position->latitude_deg};
    break;
  }
  return root.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace

void export_camtrap(const Catalogue& catalogue,
                    const ExportOptions& options,
                    const std::filesystem::path& out) {
  check_options(options);
  const ExportRows rows(catalogue);
  const CamtrapTables tables(rows, options);
  ZipFile zip(out);
  zip.add("datapackage.json", package_json(catalogue, rows, options));
  zip.add("deployments.csv", tables.deployments);
  zip.add("media.csv", tables.media);
  zip.add("observations.csv", tables.observations);
  zip.commit();
}

}  // namespace finview
