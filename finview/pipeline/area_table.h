#pragma once

#include "finview/pipeline/area.h"

#include <cstdint>
#include <string>
#include <vector>

namespace finview {

/// Which rows of a table, in what order.
struct TableWish {
  std::string text;  ///< in any field; empty = all rows
  std::string sort;  ///< a column; empty = as the file has them
  bool descending = false;
  std::int64_t offset = 0;
  std::int64_t limit = 100;
};

struct TablePage {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::int64_t total = 0;  ///< rows that have the text
};

/// A page of a file that is a table: CSV, a JSON array of objects, or labels as JSON (FinView's,
/// COCO, VIA), a row per fin.
///
/// Sorted numbers come by value, before texts; empty fields last in both directions. The table that
/// was read last is kept in memory (if its file has at most 50 MB) until the file changes, so that
/// pages are quick. Any number of threads may ask. Throws Error{kBadInput} for a file that is no
/// table or over 200 MB, or a column it does not have, and as `Area::open_file`.
TablePage table_page(const Area& area, const std::string& path, const TableWish& wish);

}  // namespace finview
