#include "finview/base/files.h"
#include "finview/catalogue/connection.h"
#include "finview/catalogue/query.h"

#include "tests/support/catalogue_test.h"

namespace finview {
namespace {

using internal::Query;

/// A SQLite catalogue as that version of the schema wrote it.
void write_catalogue(const std::string& address, int version) {
  const std::string sql =
      read_text_file(std::filesystem::path(FINVIEW_SOURCE_DIR) / "finview/catalogue/testdata" /
                     ("catalogue_v" + std::to_string(version) + ".sql"));
  const auto session = internal::connect(address, std::chrono::seconds(1));
  Query(*session, "pragma foreign_keys = off").run();
  std::size_t from = 0;
  for (std::size_t end; (end = sql.find(";\n", from)) != std::string::npos; from = end + 1) {
    Query(*session, std::string_view(sql).substr(from, end - from)).run();
  }
}

TEST(Migration, AnOldCatalogueBecomesANewOneAndLosesNothing) {
  const test::ScratchFolder folder;
  const std::string address = (folder / "catalogue.db").string();
  write_catalogue(address, 1);
  Catalogue catalogue(address);
  EXPECT_EQ(catalogue.database.schema_version(), 3);
  EXPECT_EQ(catalogue.database.check(), std::vector<std::string>{});
  PhotoFilter filter;
  filter.text = "B É.png";
  const auto photos = catalogue.photos.list(filter);
  ASSERT_EQ(photos.total, 1);
  EXPECT_EQ(photos.rows[0].name, "in/b é.png");
  EXPECT_FALSE(photos.rows[0].labelled);
  FinFilter fins;
  fins.text = "d001";
  const auto confirmed = catalogue.fins.list(fins);
  ASSERT_EQ(confirmed.total, 1);
  EXPECT_EQ(confirmed.rows[0].individual_code, "D001");
  EXPECT_EQ(catalogue.decisions.list({}, {}, 0, 10).at(0).who, "ana");
}

TEST(Migration, AStaleIndexOfNamesIsFoundAndMadeAgain) {
  const test::ScratchFolder folder;
  const std::string address = (folder / "catalogue.db").string();
  write_catalogue(address, 1);
  Catalogue catalogue(address);
  catalogue.database.write([](soci::session& session) {
    Query(session,
          "insert into photo_text(photo_text, rowid, search) values ('delete', 2, 'in/b e.png')")
        .run();
  });
  PhotoFilter filter;
  filter.text = "in/b";
  EXPECT_EQ(catalogue.photos.list(filter).total, 0);
  const std::vector<std::string> faults = catalogue.database.check();
  ASSERT_EQ(faults.size(), 1U);
  EXPECT_NE(faults[0].find("index of photos' names"), std::string::npos) << faults[0];
  EXPECT_EQ(catalogue.database.repair().size(), 1U);
  EXPECT_EQ(catalogue.database.check(), std::vector<std::string>{});
  EXPECT_EQ(catalogue.photos.list(filter).total, 1);
}

}  // namespace
}  // namespace finview
