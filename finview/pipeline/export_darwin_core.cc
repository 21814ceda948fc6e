#include "finview/base/csv.h"
#include "finview/pipeline/export_rows.h"
#include "finview/pipeline/exports.h"
#include "finview/pipeline/zip_file.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

using internal::ExportRows;
using internal::Sighting;

constexpr const char* kDarwinCore = "http://rs.tdwg.org/dwc/terms/";
constexpr const char* kDublinCore = "http://purl.org/dc/terms/";

constexpr std::array kTerms = {"occurrenceID",      "basisOfRecord",
                               "organismID",        "organismName",
                               "organismScope",     "associatedMedia",
                               "individualCount",   "sex",
                               "lifeStage",         "occurrenceStatus",
                               "eventID",           "parentEventID",
                               "eventDate",         "samplingProtocol",
                               "samplingEffort",    "decimalLatitude",
                               "decimalLongitude",  "geodeticDatum",
                               "locality",          "identifiedBy",
                               "dateIdentified",    "identificationVerificationStatus",
                               "scientificName",    "taxonRank",
                               "dynamicProperties", "license",
                               "rightsHolder"};

std::string escaped_xml(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string rank_of(const std::string& name) {
  if (name.find(' ') != std::string::npos) return "species";
  return name.ends_with("idae") ? "family" : "genus";
}

std::string meta_xml() {
  std::string fields;
  for (std::size_t i = 0; i < kTerms.size(); ++i) {
    const std::string term = kTerms[i];
    const char* space = term == "license" || term == "rightsHolder" ? kDublinCore : kDarwinCore;
    fields += fmt::format("    <field index=\"{}\" term=\"{}{}\"/>\n", i, space, term);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<archive xmlns=\"http://rs.tdwg.org/dwc/text/\" metadata=\"eml.xml\">\n"
      "  <core encoding=\"UTF-8\" fieldsTerminatedBy=\",\" linesTerminatedBy=\"\\n\" "
      "fieldsEnclosedBy='\"' ignoreHeaderLines=\"1\" rowType=\"{}Occurrence\">\n"
      "    <files><location>occurrence.csv</location></files>\n"
      "    <id index=\"0\"/>\n{}  </core>\n</archive>\n",
      kDarwinCore,
      fields);
}

std::string eml_xml(const ExportOptions& options) {
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<eml:eml xmlns:eml=\"https://eml.ecoinformatics.org/eml-2.2.0\" packageId=\"finview\" "
      "system=\"FinView\">\n  <dataset>\n    <title>Sightings of individuals by "
      "photo-identification"
      "</title>\n    <creator><organizationName>{}</organizationName></creator>\n"
      "    <contact><organizationName>{}</organizationName></contact>\n"
      "    <intellectualRights><para>{}</para></intellectualRights>\n  </dataset>\n</eml:eml>\n",
      escaped_xml(options.rights_holder.empty() ? "not stated" : options.rights_holder),
      escaped_xml(options.rights_holder.empty() ? "not stated" : options.rights_holder),
      escaped_xml(options.license.empty() ? "not stated" : options.license));
}

// What the program said of the sighting's fins: candidates that the person did not choose, too.
std::string machine_words(const Catalogue& catalogue, const Sighting& sighting) {
  nlohmann::ordered_json words{{"fins", sighting.fins.size()}};
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const StoredCandidate& candidate : catalogue.fins.candidates(sighting.fins.front()->id)) {
    all.push_back(
        {{"organismID", candidate.individual_code}, {"probability", candidate.probability}});
  }
  if (!all.empty()) words["candidates"] = all;
  return words.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<std::string> occurrence(const Catalogue& catalogue,
                                    const ExportRows& rows,
                                    const ExportOptions& options,
                                    const std::map<PhotoId, std::string>& names,
                                    const Sighting& sighting) {
  const IndividualRecord& individual = rows.individual(sighting.individual);
  const EncounterRecord& encounter = rows.encounter(sighting.encounter);
  const SurveyRecord& survey = rows.survey_of(encounter);
  std::string media;
  bool confirmed = false;
  const FinRecord* last = sighting.fins.front();
  std::optional<GpsPosition> position = encounter.position;
  std::set<PhotoId> photos;
  for (const FinRecord* fin : sighting.fins) {
    if (photos.insert(fin->photo).second)
      media += (media.empty() ? "" : " | ") + names.at(fin->photo);
    confirmed = confirmed || fin->review == Review::kConfirmed;
    if (fin->last_decision > last->last_decision) last = fin;
    if (!position) position = rows.photos.at(fin->photo).position;
  }
  const auto decided = rows.decided.find(last->last_decision);
  const bool known = decided != rows.decided.end();
  const std::string event = encounter.code.empty() ? sighting.day : encounter.code;
  return {event + ":" + individual.code,
          "HumanObservation",
          individual.code,
          individual.name,
          "individual",
          media,
          "1",
          individual.sex,
          individual.age_class,
          "present",
          event,
          survey.code,
          encounter.began.empty() ? sighting.day : encounter.began,
          "photo-identification",
          survey.effort,
          position ? fmt::format("{}", position->latitude_deg) : "",
          position ? fmt::format("{}", position->longitude_deg) : "",
          position ? "EPSG:4326" : "",
          encounter.place,
          known ? decided->second.first : "",
          known ? decided->second.second + "Z" : "",
          confirmed ? "verified" : "unverified",
          options.scientific_name,
          rank_of(options.scientific_name),
          machine_words(catalogue, sighting),
          options.license,
          options.rights_holder};
}

}  // namespace

void export_darwin_core(const Catalogue& catalogue,
                        const ExportOptions& options,
                        const std::filesystem::path& out) {
  check_options(options);
  const ExportRows rows(catalogue);
  const auto names = internal::archive_names(rows);
  std::string text = csv_line({kTerms.begin(), kTerms.end()});
  for (const Sighting& sighting : internal::sightings(rows, true)) {
    text += csv_line(occurrence(catalogue, rows, options, names, sighting));
  }
  ZipFile zip(out);
  zip.add("meta.xml", meta_xml());
  zip.add("eml.xml", eml_xml(options));
  zip.add("occurrence.csv", text);
  zip.commit();
}

}  // namespace finview
