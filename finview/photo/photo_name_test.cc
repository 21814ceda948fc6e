#include "finview/photo/photo_name.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"

#include <set>

#include "tests/support/scratch_folder.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace finview {
namespace {

using testing::HasSubstr;

std::filesystem::path testdata(const std::string& name) {
  return std::filesystem::path(FINVIEW_SOURCE_DIR) / "finview/photo/testdata" / name;
}

// The table was made independently of this reader; see testdata/README.md.
TEST(NiwaName, ReadsEveryNameOfTheCatalogueAsTheTableSays) {
  const CsvTable expected = read_csv(testdata("niwa-catalogue-expected.csv"));
  ASSERT_EQ(expected.rows.size(), 3746u);
  for (const std::vector<std::string>& row : expected.rows) {
    const NamedPhoto photo = read_niwa_name(row[expected.column("file")]);
    const std::string& file = row[0];
    EXPECT_EQ(photo.label.individual, row[expected.column("individual")]) << file;
    ASSERT_TRUE(photo.label.date) << file;
    EXPECT_EQ(to_string(*photo.label.date), row[expected.column("date")]) << file;
    EXPECT_EQ(photo.label.frame, row[expected.column("frame")]) << file;
    EXPECT_EQ(photo.label.encounter, row[expected.column("encounter")]) << file;
  }
}

// What a strict pattern does not read was listed by hand from the names: 51 departures from
// order, spelling and spacing, and the four frames 87, 88, A62 and R2.
TEST(NiwaName, ListsIrregularNamesWithTheReason) {
  const std::string names = read_text_file(testdata("niwa-catalogue-files.txt"));
  std::map<std::string, std::string> irregular;
  std::size_t start = 0;
  std::size_t count = 0;
  for (std::size_t end; (end = names.find('\n', start)) != std::string::npos; start = end + 1) {
    const std::string file = names.substr(start, end - start);
    const NamedPhoto photo = read_niwa_name(file);
    if (!photo.irregular.empty()) irregular[file] = photo.irregular;
    ++count;
  }
  EXPECT_EQ(count, 3746u);
  EXPECT_EQ(irregular.size(), 55u);
  EXPECT_EQ(irregular["0006/HG_120601_244_E3_B_HT.png"], "'HT' is out of order");
  EXPECT_EQ(irregular["0031/HG_111117_151_E1_mg.png"], "the mark 'mg' is not known");
  EXPECT_EQ(irregular["0148/HG_120602_083_E2__KR_N1.png"], "two underscores in a row");
  EXPECT_EQ(irregular["0074/H0243_HG_101224_0135_SG.png"],
            "the number H0243 stands before HG; the folder counts");
  EXPECT_EQ(irregular["0187/HG_130723_147_E3_CL_AII _A.png"], "a space in 'AII '");
  EXPECT_EQ(irregular["0207/HG_030622_A62_UK.png"], "the frame 'A62' is not 3 or 4 digits");
}

TEST(NiwaName, TellsThePartsApart) {
  const NamedPhoto photo = read_niwa_name("x.zip/cat/0277/HG_130212_1495_E6_KR_TE_AII_A_N65.png");
  EXPECT_EQ(photo.irregular, "");
  EXPECT_EQ(photo.label.individual, "0277");
  EXPECT_EQ(photo.label.photographer, "KR_TE");
  EXPECT_EQ(photo.label.rest, "AII_A_N65");
}

TEST(NiwaName, SaysWhatIsWrongWithNamesOfOtherKinds) {
  EXPECT_THAT(read_niwa_name("0002/DSC_0001.jpg").irregular, HasSubstr("HG_<yymmdd>_<frame>"));
  EXPECT_THAT(read_niwa_name("HG_130212_149.png").irregular, HasSubstr("no catalogue number"));
  EXPECT_THAT(read_niwa_name("0002/HG_130231_149.png").irregular, HasSubstr("is not a date"));
  for (const char* name :
       {"", "/", "_", "HG", "HG_", "HG__", "0001/HG_1_2_ _", "a/b/", "\\", "."}) {
    EXPECT_FALSE(read_niwa_name(name).irregular.empty()) << name;
  }
}

TEST(FolderName, IsTheFolderThePhotoLiesIn) {
  EXPECT_EQ(read_folder_name("survey/Scar fin/a.jpg").label.individual, "Scar fin");
  EXPECT_EQ(read_folder_name("trip.zip/007/a.jpg").label.individual, "007");
  EXPECT_EQ(read_folder_name("a.jpg").irregular, "the photo lies in no folder");
}

TEST(LabelTable, FindsTheLongestEndOfTheName) {
  const test::ScratchFolder folder;
  write_file(
      folder / "labels.csv",
      std::string("individual,file,date,encounter\n"
                  "Anna,b.jpg,,\n\"Bob, the 2nd\",a/b.jpg,2012-03-07,3\nCarl,day\\c.jpg,,\n"));
  const LabelTable table = LabelTable::read(folder / "labels.csv");
  EXPECT_EQ(table.size(), 3u);
  EXPECT_EQ(table.find("x/y/b.jpg")->individual, "Anna");
  const auto label = table.find("trip/a/b.jpg");
  ASSERT_TRUE(label);
  EXPECT_EQ(label->individual, "Bob, the 2nd");
  EXPECT_EQ(to_string(*label->date), "2012-03-07");
  EXPECT_EQ(label->encounter, "3");
  EXPECT_EQ(table.find("day/c.jpg")->individual, "Carl");
  EXPECT_FALSE(table.find("xb.jpg"));
}

TEST(LabelTable, ListsAllFaultsAtOnce) {
  const test::ScratchFolder folder;
  write_file(folder / "labels.csv",
             std::string("file,individual,date\na.jpg,Anna,2012-02-30\na.jpg,Bob,\n,Carl,\n"));
  try {
    LabelTable::read(folder / "labels.csv");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadInput);
    EXPECT_THAT(error.what(), HasSubstr("row 1: '2012-02-30' is not a date"));
    EXPECT_THAT(error.what(), HasSubstr("row 2: a.jpg is given to Anna and to Bob"));
    EXPECT_THAT(error.what(), HasSubstr("row 3: the column file is empty"));
  }
}

}  // namespace
}  // namespace finview
