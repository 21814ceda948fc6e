#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/dataset_coco.h"
#include "finview/pipeline/dataset_convert.h"
#include "finview/pipeline/dataset_csv.h"
#include "finview/pipeline/dataset_via.h"
#include "finview/pipeline/dataset_yolo.h"

#include "tests/support/photo_fixtures.h"
#include "tests/support/scratch_folder.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

using testing::HasSubstr;

const char* const kAwkwardNames[] = {"HG_101223_A62 (2), \"AII _A\".jpg",
                                     "Fin at Back [x] 100%.jpg",
                                     "día 1/Ångström_🐬.jpg",
                                     "día 1/two.dots.jpg",
                                     "{}.jpg"};

DatasetFin box(double left, double top, double right, double bottom) {
  DatasetFin fin;
  fin.left_px = left;
  fin.top_px = top;
  fin.right_px = right;
  fin.bottom_px = bottom;
  return fin;
}

/// Boxes, outlines, two classes, individuals, a fin-free photo, a box over the border.
Dataset awkward_dataset() {
  Dataset dataset;
  dataset.class_names = {"fin", "second, \"fin\""};
  for (const char* name : kAwkwardNames) {
    DatasetPhoto photo;
    photo.file = name;
    photo.width_px = 64;
    photo.height_px = 40;
    dataset.photos.push_back(photo);
  }
  dataset.photos[0].fins = {box(10, 11.25, 20.5, 30), box(-3, 5, 12, 44)};
  dataset.photos[0].fins[0].individual = "H0243, \"the\" <b>";
  dataset.photos[0].fins[1].class_name = "second, \"fin\"";
  dataset.photos[0].encounter = "E1";
  dataset.photos[0].date = "2010-12-23";
  DatasetFin outlined;
  outlined.polygon = {{3, 30}, {20, 5.5}, {33, 31}};
  fit_box(outlined);
  outlined.attributes = {{"species", "WBD"}, {"out of focus", "true"}, {"date", "Tuesday"}};
  dataset.photos[2].fins = {outlined};
  dataset.photos[3].fins = {box(0, 0, 64, 40)};
  tidy(dataset);
  return dataset;
}

void expect_same_boxes(const Dataset& actual, const Dataset& expected) {
  ASSERT_EQ(actual.photos.size(), expected.photos.size());
  for (std::size_t i = 0; i < actual.photos.size(); ++i) {
    const DatasetPhoto& a = actual.photos[i];
    const DatasetPhoto& b = expected.photos[i];
    EXPECT_EQ(a.file, b.file);
    ASSERT_EQ(a.fins.size(), b.fins.size()) << a.file;
    for (std::size_t k = 0; k < a.fins.size(); ++k) {
      EXPECT_NEAR(a.fins[k].left_px, b.fins[k].left_px, 1e-5);
      EXPECT_NEAR(a.fins[k].top_px, b.fins[k].top_px, 1e-5);
      EXPECT_NEAR(a.fins[k].right_px, b.fins[k].right_px, 1e-5);
      EXPECT_NEAR(a.fins[k].bottom_px, b.fins[k].bottom_px, 1e-5);
      EXPECT_EQ(a.fins[k].class_name, b.fins[k].class_name);
    }
  }
  EXPECT_TRUE(actual.faults.empty());
}

void expect_same_everything(const Dataset& actual, const Dataset& expected) {
  expect_same_boxes(actual, expected);
  for (std::size_t i = 0; i < expected.photos.size(); ++i) {
    const DatasetPhoto& a = actual.photos[i];
    const DatasetPhoto& b = expected.photos[i];
    EXPECT_EQ(a.encounter, b.encounter);
    EXPECT_EQ(a.date, b.date);
    for (std::size_t k = 0; k < b.fins.size(); ++k) {
      EXPECT_EQ(a.fins[k].individual, b.fins[k].individual);
      EXPECT_EQ(a.fins[k].attributes, b.fins[k].attributes);
      ASSERT_EQ(a.fins[k].polygon.size(), b.fins[k].polygon.size());
      for (std::size_t p = 0; p < b.fins[k].polygon.size(); ++p) {
        EXPECT_DOUBLE_EQ(a.fins[k].polygon[p].x_px, b.fins[k].polygon[p].x_px);
        EXPECT_DOUBLE_EQ(a.fins[k].polygon[p].y_px, b.fins[k].polygon[p].y_px);
      }
    }
  }
}

TEST(DatasetForms, CocoAndCsvKeepEverything) {
  const Dataset dataset = awkward_dataset();
  const Dataset coco = parse_coco(coco_text(dataset), "coco");
  expect_same_everything(coco, dataset);
  EXPECT_EQ(coco.class_names, dataset.class_names);
  EXPECT_EQ(coco.photos[0].width_px, 64);
  const Dataset csv = read_dataset_csv(parse_csv(dataset_csv_text(dataset), "csv"), "csv");
  expect_same_everything(csv, dataset);
  EXPECT_EQ(csv.photos[0].height_px, 40);
}

TEST(DatasetForms, ViaKeepsEverythingButSizes) {
  const Dataset dataset = awkward_dataset();
  const Dataset via = parse_via(via_text(dataset), "via");
  expect_same_everything(via, dataset);
  EXPECT_EQ(via.photos[0].width_px, 0);
}

class DatasetFolder : public testing::Test {
 protected:
  void write_photos(const Dataset& dataset) {
    for (const DatasetPhoto& photo : dataset.photos) {
      const auto bytes = test::make_jpeg(test::asymmetric_picture(photo.width_px, photo.height_px));
      write_file(scratch_ / "photos" / photo.file, std::span<const std::uint8_t>(bytes));
    }
  }

  Dataset convert(const std::string& labels, const std::string& to, const std::string& out) {
    DatasetSource source;
    source.photos = (scratch_ / "photos").string();
    source.labels = (scratch_ / labels).string();
    source.recursive = true;
    NoProgress silent;
    return convert_dataset(source, to, (scratch_ / out).string(), silent, {});
  }

  test::ScratchFolder scratch_;
};

TEST_F(DatasetFolder, EveryFormIsReachedFromEveryOther) {
  const Dataset dataset = awkward_dataset();
  write_photos(dataset);
  write_file(scratch_ / "a.json", coco_text(dataset));
  convert("a.json", "yolo", "labels");
  convert("labels", "csv", "b.csv");
  convert("b.csv", "via", "c.json");
  convert("c.json", "yolo", "labels2");
  convert("labels2", "coco", "d.json");
  expect_same_boxes(parse_coco(read_text_file(scratch_ / "d.json"), "d"), dataset);
  EXPECT_EQ(read_text_file(scratch_ / "labels" / "{}.txt"), "");  // no fin, but labelled
  EXPECT_EQ(read_text_file(scratch_ / "labels" / "día 1" / "two.dots.txt"),
            "0 0.50000000 0.50000000 1.00000000 1.00000000\n");
}

TEST_F(DatasetFolder, YoloRefusesWhatItCannotHold) {
  Dataset dataset;
  for (const char* name : {"a.jpg", "a.png", "../out.jpg", "sized.jpg"}) {
    DatasetPhoto photo;
    photo.file = name;
    photo.width_px = photo.height_px = 10;
    dataset.photos.push_back(photo);
  }
  dataset.photos[3].width_px = 0;
  try {
    write_yolo_dataset(dataset, scratch_ / "labels");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("a.jpg and a.png would share one label file"));
    EXPECT_THAT(error.what(), HasSubstr("../out.jpg: its labels would lie outside"));
    EXPECT_THAT(error.what(), HasSubstr("sized.jpg: its size is not known"));
  }
  EXPECT_FALSE(std::filesystem::exists(scratch_ / "labels"));
}

TEST_F(DatasetFolder, YoloReportsBadLinesAndLabelsOfNoPhoto) {
  Dataset one;
  one.photos = {DatasetPhoto{"a.jpg", 20, 10, "", "", {}}};
  write_photos(one);
  write_file(scratch_ / "labels/obj.names", std::string_view("dolphin\r\nother\r\n"));
  write_file(scratch_ / "labels/train.txt", std::string_view("photos/a.jpg\n"));
  write_file(scratch_ / "labels/gone.txt", std::string_view("0 0.5 0.5 0.1 0.1\n"));
  write_file(scratch_ / "labels/a.txt",
             std::string_view("1 0.5 0.5 0.1 0.2\r\n0 0.5 nan 0.1 0.1\n0 0.5\n\n"
                              "0 0.1 0.2 0.5 0.2 0.5 0.8\n0 0.5 0.5 0 0.1\n"));
  const Dataset dataset = convert("labels", "csv", "out.csv");
  ASSERT_EQ(dataset.photos.size(), 1U);
  ASSERT_EQ(dataset.photos[0].fins.size(), 2U);
  EXPECT_EQ(dataset.photos[0].fins[0].class_name, "other");
  EXPECT_DOUBLE_EQ(dataset.photos[0].fins[0].left_px, 9);
  EXPECT_EQ(dataset.photos[0].fins[1].polygon.size(), 3U);
  EXPECT_DOUBLE_EQ(dataset.photos[0].fins[1].bottom_px, 8);
  ASSERT_EQ(dataset.faults.size(), 4U);
  EXPECT_THAT(dataset.faults[0].reason, HasSubstr("line 2"));
  EXPECT_THAT(dataset.faults[1].reason, HasSubstr("line 3"));
  EXPECT_THAT(dataset.faults[2].reason, HasSubstr("line 6"));
  EXPECT_EQ(dataset.faults[3].file, "gone.txt");
}

TEST_F(DatasetFolder, LabelsAreNeverOverwritten) {
  write_file(scratch_ / "a.json", std::string_view("{}"));
  EXPECT_THROW(convert("a.json", "via", "a.json"), Error);
}

// As NDD20's ABOVE_LABELS.json: regions as an object, polygons of two points among them.
TEST(DatasetForms, ViaSkipsPolygonsOfTwoPointsAndSaysSo) {
  const Dataset dataset = parse_via(
      R"json({"0.jpg12345": {"filename": "0.jpg", "size": 12345, "file_attributes": {},
        "regions": {
          "0": {"shape_attributes": {"name": "polygon", "all_points_x": [10, 40, 30],
                                     "all_points_y": [50, 52, 20]},
                "region_attributes": {"id": "7", "species": "WBD", "out of focus": true}},
          "1": {"shape_attributes": {"name": "polygon", "all_points_x": [10, 40],
                                     "all_points_y": [50, 52]}, "region_attributes": {}},
          "2": {"shape_attributes": {"name": "point", "cx": 3, "cy": 4}, "region_attributes": {}},
          "3": {"shape_attributes": {"name": "circle", "cx": 30, "cy": 40, "r": 5}}}},
      "1.jpg1": {"filename": "1.jpg", "size": 1, "regions": {}}})json",
      "ABOVE_LABELS.json");
  ASSERT_EQ(dataset.photos.size(), 2U);
  const auto& fins = dataset.photos[0].fins;
  ASSERT_EQ(fins.size(), 2U);
  EXPECT_EQ(fins[0].left_px, 10);
  EXPECT_EQ(fins[0].top_px, 20);
  EXPECT_EQ(fins[0].right_px, 40);
  EXPECT_EQ(fins[0].bottom_px, 52);
  EXPECT_EQ(fins[0].individual, "7");
  EXPECT_EQ(fins[0].attributes.at("out of focus"), "true");
  EXPECT_EQ(fins[1].left_px, 25);
  EXPECT_EQ(fins[1].bottom_px, 45);
  ASSERT_EQ(dataset.faults.size(), 2U);
  EXPECT_EQ(dataset.faults[0].file, "0.jpg");
  EXPECT_THAT(dataset.faults[0].reason, HasSubstr("polygon of 2 points"));
  EXPECT_THAT(dataset.faults[1].reason, HasSubstr("point without an area"));
}

TEST(DatasetForms, CocoSaysWhatItLeavesOut) {
  const Dataset dataset = parse_coco(
      R"json({"images": [{"id": 5, "file_name": "day 1\\a.jpg", "width": 100, "height": 50}],
        "categories": [{"id": 9, "name": "dolphin"}],
        "annotations": [
          {"id": 1, "image_id": 5, "category_id": 9, "bbox": [1, 2, 30, 40],
           "segmentation": {"counts": "abc", "size": [50, 100]}, "attributes": {"identity": 12}},
          {"id": 2, "image_id": 6, "category_id": 9, "bbox": [1, 2, 30, 40]},
          {"id": 3, "image_id": 5, "category_id": 9, "bbox": [1, 2, 30, 40], "iscrowd": 1},
          {"id": 4, "image_id": 5, "category_id": 9, "bbox": [1, 2, 0, 40]}]})json",
      "labels.json");
  ASSERT_EQ(dataset.photos.size(), 1U);
  EXPECT_EQ(dataset.photos[0].file, "day 1/a.jpg");
  ASSERT_EQ(dataset.photos[0].fins.size(), 1U);
  EXPECT_EQ(dataset.photos[0].fins[0].right_px, 31);
  EXPECT_EQ(dataset.photos[0].fins[0].class_name, "dolphin");
  EXPECT_EQ(dataset.photos[0].fins[0].individual, "12");
  ASSERT_EQ(dataset.faults.size(), 4U);
  EXPECT_THAT(dataset.faults[0].reason, HasSubstr("run-length mask"));
  EXPECT_THAT(dataset.faults[1].reason, HasSubstr("no image"));
}

// The table of finview detect --out is one of labels.
TEST(DatasetForms, DetectedBoxesAreLabels) {
  const std::string text =
      "photo,fin,left_px,top_px,width_px,height_px,confidence\n"
      "trip/a.jpg,1,10.0,20.0,30.5,40.0,0.9123\ntrip/a.jpg,2,1.0,2.0,,4.0,0.5\n";
  const Dataset dataset = read_dataset_csv(parse_csv(text, "boxes.csv"), "boxes.csv");
  ASSERT_EQ(dataset.photos.size(), 1U);
  ASSERT_EQ(dataset.photos[0].fins.size(), 1U);
  EXPECT_EQ(dataset.photos[0].fins[0].right_px, 40.5);
  EXPECT_EQ(dataset.photos[0].fins[0].attributes.at("confidence"), "0.9123");
  ASSERT_EQ(dataset.faults.size(), 1U);
  EXPECT_THAT(dataset.faults[0].reason, HasSubstr("row 3 of boxes.csv"));
}

TEST(DatasetForms, WrongFilesAreRefusedWithTheirName) {
  for (const char* text : {"", "[1", "7", "{\"a\": 1}", "{\"images\": 3, \"categories\": []}"}) {
    for (const bool coco : {true, false}) {
      try {
        coco ? parse_coco(text, "labels.json") : parse_via(text, "labels.json");
        ADD_FAILURE() << text;
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::kBadInput);
        EXPECT_THAT(error.what(), HasSubstr("labels.json"));
      }
    }
  }
  EXPECT_THROW(read_dataset_csv(parse_csv("photo,left_px\n", "x.csv"), "x.csv"), Error);
}

TEST(DatasetForms, JsonRefusesNamesThatAreNotUtf8) {
  Dataset dataset = awkward_dataset();
  dataset.photos[0].file = "caf\xe9.jpg";
  EXPECT_THROW(coco_text(dataset), Error);
  EXPECT_THROW(via_text(dataset), Error);
}

}  // namespace
}  // namespace finview
