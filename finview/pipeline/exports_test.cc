#include "finview/pipeline/exports.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/catalogue_dataset.h"
#include "finview/pipeline/dataset_coco.h"
#include "finview/pipeline/dataset_csv.h"
#include "finview/pipeline/dataset_table.h"
#include "finview/pipeline/import_sightings.h"
#include "finview/pipeline/sighting_tables.h"
#include "finview/pipeline/wildbook.h"
#include "finview/pipeline/zip_file.h"

#include <clocale>
#include <map>

#include "tests/support/scratch_folder.h"
#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

// name -> bytes.
std::map<std::string, std::string> read_zip(const fs::path& path) {
  std::map<std::string, std::string> members;
  const std::string before = std::setlocale(LC_CTYPE, nullptr);
  std::setlocale(LC_CTYPE, "C.UTF-8");  // or libarchive holds no other letters than ASCII
  archive* zip = archive_read_new();
  archive_read_support_format_zip(zip);
  EXPECT_EQ(archive_read_open_filename(zip, path.c_str(), 65536), ARCHIVE_OK);
  archive_entry* entry = nullptr;
  while (archive_read_next_header(zip, &entry) == ARCHIVE_OK) {
    std::string bytes(static_cast<std::size_t>(archive_entry_size(entry)), '\0');
    EXPECT_EQ(archive_read_data(zip, bytes.data(), bytes.size()),
              static_cast<la_ssize_t>(bytes.size()));
    members[archive_entry_pathname_utf8(entry)] = bytes;
  }
  archive_read_free(zip);
  std::setlocale(LC_CTYPE, before.c_str());
  return members;
}

PhotoRecord photo_record(const std::string& name, const std::string& taken) {
  PhotoRecord photo;
  photo.sha256 = sha256_hex(name + taken);
  photo.name = name;
  photo.size_bytes = 1;
  photo.width_px = 1000;
  photo.height_px = 500;
  photo.taken = taken;
  return photo;
}

NewFin new_fin(float left_px) {
  NewFin fin;
  fin.box = {left_px, 100, left_px + 100, 150.5F, 0.875F, 0};
  fin.made_by = "detector:test";
  fin.side = "left";
  fin.quality = 0.75;
  fin.outline = R"({"contour":[[10.5,20.0],[30.0,20.0],[20.0,40.25]]})";
  return fin;
}

// An encounter with an awkward code, and its survey.
EncounterId add_encounter(Catalogue& catalogue) {
  SurveyRecord survey;
  survey.code = "S-2012";
  survey.effort = "6 h";
  EncounterRecord encounter;
  encounter.code = "E, \"1\"";
  encounter.began = "2012-03-07T14:05:09";
  encounter.place = "Tīkapa Moana";
  encounter.position = GpsPosition{-36.5, 175.25, std::nullopt};
  encounter.survey = catalogue.encounters.add_survey(survey);
  return catalogue.encounters.add(encounter);
}

// Two individuals with awkward names over three days, one photo without fins, one fin unknown.
class ExportsTest : public testing::Test {
 protected:
  ExportsTest() {
    const EncounterId first = add_encounter(catalogue);
    const PhotoId a = add("/trip/a, \"é\" <1>.jpg", "2012-03-07T14:05:09", first);
    const PhotoId b = add("b.jpg", "2012-03-08", {});
    const PhotoId c = add("b.jpg", "2012-04-01", {});  // another photo of the same name
    add("empty.png", "2012-05-01", {});
    const std::vector<FinId> of_a = find(a, {100, 300});
    const std::vector<FinId> of_b = find(b, {100});
    const std::vector<FinId> of_c = find(c, {100, 300, 500});
    IndividualRecord zoe;
    zoe.code = "Zoë */ & \"海豚\"";
    zoe.name = "Ζωή";
    zoe.sex = "female";
    zoe.age_class = "adult";
    const IndividualId z = catalogue.individuals.add(zoe);
    decide(DecisionKind::kConfirm, {of_a[0], of_b[0]}, z);
    decide(DecisionKind::kNew, {of_a[1]}, {});
    decide(DecisionKind::kConfirm, {of_c[0]}, catalogue.fins.get(of_a[1]).individual);
    decide(DecisionKind::kUnsure, {of_c[1]}, {});
  }

  PhotoId add(const std::string& name, const std::string& taken, EncounterId encounter) {
    const PhotoId id = catalogue.photos.add(photo_record(name, taken));
    if (encounter) catalogue.photos.set_encounter(std::vector{id}, encounter);
    return id;
  }

  std::vector<FinId> find(PhotoId photo, const std::vector<float>& lefts) {
    std::vector<NewFin> fins;
    for (const float left : lefts) fins.push_back(new_fin(left));
    return catalogue.fins.add_found(photo, fins);
  }

  void decide(DecisionKind kind, std::vector<FinId> fins, IndividualId individual) {
    NewDecision wish;
    wish.kind = kind;
    wish.fins = std::move(fins);
    wish.individual = individual;
    wish.code = kind == DecisionKind::kNew ? "D1" : "";
    wish.who = "Ana Ō";
    catalogue.decisions.decide(wish);
  }

  std::string exported(const std::string& format, const Catalogue& from) {
    const fs::path out = folder / ("out-" + format);
    export_format_named(format).write(from, options, out);
    return read_text_file(out);
  }
  std::string exported(const std::string& format) { return exported(format, catalogue); }

  // What a catalogue exports that has the same photos and took the labels in.
  std::string again(const std::string& format, const Dataset& labels) {
    Catalogue other((folder / ("again-" + format + ".db")).string());
    catalogue.photos.each(
        [&](const PhotoRecord& photo) { other.photos.add(photo_record(photo.name, photo.taken)); });
    NoProgress progress;
    const LabelsReport report = import_labels(other, labels, "Bo", progress);
    EXPECT_EQ(report.num_fins, 6);
    EXPECT_EQ(report.num_decided, 5);
    EXPECT_EQ(report.num_failed, 0);
    return exported(format, other);
  }

  test::ScratchFolder folder;
  Catalogue catalogue{(folder / "catalogue.db").string()};
  ExportOptions options;
};

TEST_F(ExportsTest, CsvOutAndInAgainIsTheSame) {
  const std::string text = exported("csv");
  EXPECT_THAT(text, HasSubstr("Tīkapa Moana"));
  EXPECT_EQ(again("csv", read_dataset_csv(parse_csv(text, "out"), "out")), text);
}

TEST_F(ExportsTest, JsonOutAndInAgainIsTheSame) {
  const std::string text = exported("json");
  EXPECT_EQ(again("json", parse_dataset_json(text, "out")), text);
}

TEST_F(ExportsTest, CocoOutAndInAgainIsTheSame) {
  const std::string text = exported("coco");
  EXPECT_EQ(again("coco", parse_coco(text, "out")), text);
}

TEST_F(ExportsTest, LabelsOfPhotosThatAreNotThereAreToldOneByOne) {
  struct Notes : NoProgress {
    void note(const std::string& line) override { lines.push_back(line); }
    std::vector<std::string> lines;
  } progress;
  const Dataset labels = parse_dataset_json(exported("json"), "out");
  Catalogue empty((folder / "empty.db").string());
  const LabelsReport report = import_labels(empty, labels, "Bo", progress);
  EXPECT_EQ(report.num_failed, 4);
  EXPECT_EQ(progress.lines.size(), 4U);
  EXPECT_THAT(progress.lines[0], HasSubstr("import it first"));
  const LabelsReport twice = import_labels(catalogue, labels, "Bo", progress);
  EXPECT_EQ(twice.num_fins, 0);
  EXPECT_THAT(progress.lines.back(), HasSubstr("has fins already"));
}

TEST_F(ExportsTest, WildbookOutAndInAgainIsTheSame) {
  EXPECT_THROW(exported("wildbook"), Error);
  options.scientific_name = "Delphinus delphis";
  const std::string text = exported("wildbook");
  const std::vector<SightingRow> rows = parse_wildbook(parse_csv(text, "out"), "out");
  EXPECT_EQ(wildbook_text(rows), text);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].sighting, "E, \"1\"");
  EXPECT_EQ(rows[0].individual, "Zoë */ & \"海豚\"");
  EXPECT_EQ(rows[0].date, "2012-03-07T14:05");
  EXPECT_EQ(rows[0].latitude_deg, -36.5);
  EXPECT_EQ(rows[0].genus, "Delphinus");
  EXPECT_EQ(rows[0].submitter, "Ana Ō");
  EXPECT_EQ(rows[0].state, "approved");
  EXPECT_EQ(rows[2].date, "2012-03-08");
  EXPECT_THAT(rows[0].photos, ElementsAre("trip/a, \"é\" <1>.jpg"));
  EXPECT_THROW(
      parse_wildbook(parse_csv("Encounter.mediaAsset0,Encounter.year\na,20x2\n", "t"), "t"), Error);
}

TEST_F(ExportsTest, MarkHasAHistoryPerIndividual) {
  EXPECT_EQ(exported("mark"),
            "/* occasions: 2012-03-07 2012-03-08 2012-04-01 2012-05-01 */\n"
            "/* Zoë *  & \"海豚\" */ 1100 1;\n/* D1 */ 1010 1;\n");
  options.session = "month";
  EXPECT_THAT(exported("mark"), HasSubstr("*/ 100 1;\n/* D1 */ 110 1;"));
  options.session = "survey";
  EXPECT_THAT(exported("mark"), HasSubstr("occasions: S-2012 */"));
  options.session = "encounter";
  EXPECT_THAT(exported("mark"), HasSubstr("occasions: E, \"1\" */"));
  options.session = "week";
  EXPECT_THROW(exported("mark"), Error);
}

TEST_F(ExportsTest, RmarkAndSocprogAreTables) {
  const CsvTable histories = parse_csv(exported("rmark"), "out");
  EXPECT_THAT(histories.header, ElementsAre("ch", "freq", "id", "sex"));
  EXPECT_THAT(histories.rows[0], ElementsAre("1100", "1", "Zoë */ & \"海豚\"", "female"));
  const CsvTable sightings = parse_csv(exported("socprog"), "out");
  ASSERT_EQ(sightings.rows.size(), 4U);
  EXPECT_THAT(sightings.rows[0],
              ElementsAre("2012-03-07 14:05:09", "2012-03-07", "D1", "E, \"1\"", ""));
}

/// Catalogues of the same photos and fins, of which the second learns from the first's export who
/// they are.
class SightingsTest : public testing::Test {
 protected:
  static void fill(Catalogue& catalogue) {
    for (const char* name : {"trip/a, é.jpg", "trip/b.jpg", "c.jpg", "d.jpg", "empty.jpg"}) {
      const PhotoId id = catalogue.photos.add(photo_record(name, ""));
      if (std::string(name) != "empty.jpg") {
        catalogue.fins.add_found(id, std::vector{new_fin(100)});
      }
    }
  }

  void decide_in_first() {
    const EncounterId id = add_encounter(first);
    first.photos.set_encounter(std::vector{PhotoId{1}, PhotoId{2}}, id);
    for (std::int64_t photo = 1; photo <= 5; ++photo) {
      first.photos.set_taken(PhotoId{photo}, photo < 3 ? "2012-03-07T14:05:09" : "2012-03-08");
    }
    IndividualRecord zoe;
    zoe.code = "Zoë */ & \"海豚\"";
    zoe.name = "Ζωή";
    zoe.sex = "female";
    zoe.age_class = "juvenile";
    const IndividualId z = first.individuals.add(zoe);
    confirm({FinId{1}, FinId{3}}, z);
    IndividualRecord other;
    other.code = "D1";
    confirm({FinId{2}}, first.individuals.add(other));
  }

  void confirm(std::vector<FinId> fins, IndividualId individual) {
    NewDecision wish;
    wish.fins = std::move(fins);
    wish.individual = individual;
    wish.who = "Ana";
    first.decisions.decide(wish);
  }

  /// Of the export's table `member`, these columns of both catalogues.
  void expect_same(const std::string& form,
                   const std::string& member,
                   const std::vector<std::string>& columns) {
    const auto exported = [&](const Catalogue& catalogue) {
      export_format_named(form).write(catalogue, {}, folder / "out.zip");
      const std::string text = read_zip(folder / "out.zip").at(member);
      const CsvTable table = parse_csv(text, member);
      std::vector<std::vector<std::string>> rows;
      for (const auto& row : table.rows) {
        auto& kept = rows.emplace_back();
        for (const std::string& column : columns) kept.push_back(row[table.column(column)]);
      }
      return rows;
    };
    const auto before = exported(first);
    const auto rows = read_sightings((folder / "out.zip").string(), "auto");
    ASSERT_TRUE(rows);
    NoProgress progress;
    import_sightings(second, *rows, "Bo", progress);
    EXPECT_EQ(exported(second), before);
    EXPECT_GE(before.size(), 2U);
  }

  test::ScratchFolder folder;
  Catalogue first{(folder / "first.db").string()};
  Catalogue second{(folder / "second.db").string()};
};

TEST_F(SightingsTest, DarwinCoreOutAndInAgainIsTheSame) {
  fill(first);
  fill(second);
  decide_in_first();
  expect_same("darwin-core",
              "occurrence.csv",
              {"occurrenceID",
               "organismID",
               "organismName",
               "associatedMedia",
               "sex",
               "lifeStage",
               "eventID",
               "parentEventID",
               "eventDate",
               "decimalLatitude",
               "decimalLongitude",
               "locality"});
}

TEST_F(SightingsTest, CamtrapOutAndInAgainIsTheSame) {
  fill(first);
  fill(second);
  decide_in_first();
  expect_same("camtrap-dp",
              "observations.csv",
              {"observationID",
               "deploymentID",
               "mediaID",
               "eventID",
               "lifeStage",
               "sex",
               "individualID",
               "bboxX",
               "classificationMethod"});
  expect_same("camtrap-dp",
              "deployments.csv",
              {"deploymentID", "locationName", "latitude", "longitude", "deploymentGroups"});
  expect_same("camtrap-dp", "media.csv", {"mediaID", "deploymentID", "filePath"});
}

TEST_F(SightingsTest, TablesThatCannotBeAreRefused) {
  const auto error_of = [&](const std::string& name, const std::string& text, const char* form) {
    write_file(folder / name, text);
    try {
      read_sightings((folder / name).string(), form);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_THAT(error_of("a.csv", "organismID,decimalLatitude\nD1,far\n", "auto"),
              HasSubstr("row 1: decimalLatitude \"far\""));
  EXPECT_THAT(error_of("b.csv", "name\nD1\n", "darwin-core"), HasSubstr("organismID"));
  EXPECT_THAT(error_of("c.zip", "no archive", "auto"), HasSubstr("c.zip"));
  ZipFile zip(folder / "d.zip");
  zip.add("media.csv", "mediaID\n");
  zip.commit();
  try {
    read_sightings((folder / "d.zip").string(), "auto");
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("holds no deployments.csv"));
  }
  write_file(folder / "e.csv", "file,individual\na.jpg,D1\n");
  EXPECT_FALSE(read_sightings((folder / "e.csv").string(), "auto"));
}

TEST(CamtrapTablesTest, WhatAMachineSaidIsNotTakenUp) {
  const std::vector<SightingRow> rows =
      parse_camtrap({parse_csv("deploymentID,deploymentStart\nN1,2020-01-02T03:04:05+01:00\n", "d"),
                     parse_csv("mediaID,deploymentID,filePath\nm,N1,a.jpg\n", "m"),
                     parse_csv("mediaID,individualID,classificationMethod,eventID,lifeStage\n"
                               "m,D1,machine,,\nm,D2,human,dive,subadult\nx,D3,human,,\n",
                               "o")},
                    "test");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].individual, "");
  EXPECT_EQ(rows[0].sighting, "N1");
  EXPECT_EQ(rows[0].date, "2020-01-02T03:04:05");
  EXPECT_EQ(rows[1].individual, "D2");
  EXPECT_EQ(rows[1].sighting, "dive");
  EXPECT_EQ(rows[1].life_stage, "juvenile");
}

TEST(CamtrapTablesTest, ATableThatSaysNothingIsRefused) {
  const CsvTable deployments = parse_csv("deploymentID\nN1\n", "d");
  const CsvTable media = parse_csv("mediaID,deploymentID,filePath\nm,N1,a.jpg\n", "m");
  const CsvTable observations = parse_csv("mediaID,individual\nm,D1\n", "o");
  EXPECT_THROW(parse_camtrap({deployments, media, observations}, "test"), Error);
  EXPECT_THROW(parse_camtrap({deployments, deployments, media}, "test"), Error);
}

TEST_F(ExportsTest, DarwinCoreNamesEveryTermOfItsTable) {
  options.license = "CC-BY 4.0";
  exported("darwin-core");
  const auto members = read_zip(folder / "out-darwin-core");
  ASSERT_EQ(members.size(), 3U);
  const CsvTable table = parse_csv(members.at("occurrence.csv"), "out");
  ASSERT_EQ(table.rows.size(), 4U);
  for (std::size_t i = 0; i < table.header.size(); ++i) {
    EXPECT_THAT(members.at("meta.xml"), HasSubstr("index=\"" + std::to_string(i) + "\" term"));
    EXPECT_THAT(members.at("meta.xml"), HasSubstr("/" + table.header[i] + "\""));
  }
  const auto field = [&](std::size_t row, const char* name) {
    return table.rows[row][table.column(name)];
  };
  EXPECT_EQ(field(0, "organismName"), "Ζωή");
  EXPECT_EQ(field(0, "parentEventID"), "S-2012");
  EXPECT_EQ(field(0, "eventDate"), "2012-03-07T14:05:09");
  EXPECT_EQ(field(0, "decimalLatitude"), "-36.5");
  EXPECT_EQ(field(0, "taxonRank"), "family");
  EXPECT_EQ(field(0, "identifiedBy"), "Ana Ō");
  EXPECT_EQ(field(0, "license"), "CC-BY 4.0");
  EXPECT_EQ(field(2, "eventID"), "2012-03-08");
  EXPECT_EQ(nlohmann::json::parse(field(0, "dynamicProperties"))["fins"], 1);
}

TEST_F(ExportsTest, CamtrapObservationsPointToMediaAndDeployments) {
  exported("camtrap-dp");
  const auto members = read_zip(folder / "out-camtrap-dp");
  const CsvTable deployments = parse_csv(members.at("deployments.csv"), "out");
  const CsvTable media = parse_csv(members.at("media.csv"), "out");
  const CsvTable observations = parse_csv(members.at("observations.csv"), "out");
  EXPECT_EQ(deployments.rows.size(), 2U);
  EXPECT_EQ(media.rows.size(), 4U);
  ASSERT_EQ(observations.rows.size(), 6U);
  const auto column = [](const CsvTable& table, const char* name) {
    std::set<std::string> values;
    for (const auto& row : table.rows) values.insert(row[table.column(name)]);
    return values;
  };
  for (const std::string& id : column(observations, "mediaID")) {
    EXPECT_TRUE(column(media, "mediaID").contains(id)) << id;
  }
  for (const std::string& id : column(observations, "deploymentID")) {
    EXPECT_TRUE(column(deployments, "deploymentID").contains(id)) << id;
  }
  const auto& first = observations.rows[0];
  EXPECT_EQ(first[observations.column("bboxX")], "0.1");
  EXPECT_EQ(first[observations.column("bboxY")], "0.2");
  EXPECT_EQ(first[observations.column("bboxHeight")], "0.101");
  EXPECT_EQ(first[observations.column("classificationMethod")], "human");
  EXPECT_EQ(observations.rows[5][observations.column("classificationMethod")], "machine");
  const auto package = nlohmann::json::parse(members.at("datapackage.json"));
  EXPECT_EQ(package["resources"].size(), 3U);
  EXPECT_EQ(package["temporal"]["end"], "2012-05-01");
}

TEST_F(ExportsTest, XmpHasARegionPerFin) {
  exported("xmp");
  const auto members = read_zip(folder / "out-xmp");
  ASSERT_EQ(members.size(), 3U);  // none for the photo without fins
  const std::string& text = members.at("trip/a, \"é\" <1>.jpg.xmp");
  EXPECT_THAT(text, HasSubstr("<mwg-rs:Name>Zoë */ &amp; \"海豚\"</mwg-rs:Name>"));
  EXPECT_THAT(text, HasSubstr("stArea:x=\"0.150000\" stArea:y=\"0.250500\""));
  EXPECT_THAT(text, HasSubstr("<rdf:li>D1</rdf:li>"));
  EXPECT_TRUE(members.contains("b.jpg.xmp"));
}

TEST_F(ExportsTest, FormatsAreKnownByName) {
  EXPECT_EQ(export_formats().size(), 10U);
  try {
    export_format_named("docx");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("docx"));
    EXPECT_THAT(error.what(), HasSubstr("camtrap-dp"));
  }
}

}  // namespace
}  // namespace finview
