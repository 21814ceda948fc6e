#include "finview/base/csv.h"
#include "finview/photo/photo_name.h"
#include "finview/pipeline/dataset_csv.h"

#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace finview;
  test::answer([&] {
    const CsvTable table = parse_csv(test::text_of(data, size), "fuzz.csv");
    std::string again = csv_line(table.header);
    for (const auto& row : table.rows) again += csv_line(row);
    const CsvTable same = parse_csv(again, "again.csv");
    if (same.header != table.header || same.rows != table.rows) std::abort();
    read_dataset_csv(table, "fuzz.csv");
  });
  test::answer([&] { LabelTable::read(test::as_file(data, size, ".csv")).find("a/b.jpg"); });
  return 0;
}
