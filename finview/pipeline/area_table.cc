#include "finview/pipeline/area_table.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/pipeline/dataset_csv.h"
#include "finview/pipeline/dataset_file.h"
#include "finview/pipeline/dataset_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <mutex>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace finview {
namespace {

using Json = nlohmann::ordered_json;

constexpr off_t kMaxBytes = 200'000'000;
constexpr off_t kMaxKeptBytes = 50'000'000;

std::string read_all(const Descriptor& file, const std::string& path) {
  std::string text;
  std::array<char, 65536> buffer{};
  for (ssize_t size = 1; size > 0;) {
    size = read(file.get(), buffer.data(), buffer.size());
    if (size > 0) text.append(buffer.data(), static_cast<std::size_t>(size));
    if (static_cast<off_t>(text.size()) > kMaxBytes) {
      throw Error(
          ErrorKind::kBadInput,
          fmt::format("{} has more than {} bytes; load it down to see it.", path, kMaxBytes));
    }
  }
  return text;
}

/// An array of objects as a table; the columns in the order they appear.
CsvTable table_of(const Json& objects, const std::string& path) {
  CsvTable table;
  for (const auto& row : objects) {
    if (!row.is_object()) throw Error(ErrorKind::kBadInput, path + " is no array of objects.");
    for (const auto& [name, value] : row.items()) {
      if (std::find(table.header.begin(), table.header.end(), name) == table.header.end()) {
        table.header.push_back(name);
      }
    }
  }
  for (const auto& row : objects) {
    std::vector<std::string> texts;
    for (const std::string& name : table.header) {
      const auto value = row.find(name);
      texts.push_back(value == row.end()   ? std::string()
                      : value->is_string() ? value->template get<std::string>()
                                           : value->dump());
    }
    table.rows.push_back(std::move(texts));
  }
  return table;
}

CsvTable parse_table(const std::string& text, const std::string& path) {
  if (!path.ends_with(".json")) return parse_csv(text, path);
  const Json root = internal::parse_json(text, path);
  if (root.is_array()) return table_of(root, path);
  const Dataset labels = parse_labels(form_of_labels(text, path), text, path);
  return parse_csv(dataset_csv_text(labels), path);
}

/// The table that was read last.
struct KeptTable {
  std::mutex mutex;
  std::string tag;  ///< names the content
  std::shared_ptr<const CsvTable> table;
};

std::shared_ptr<const CsvTable> read_table(const Area& area, const std::string& path) {
  static KeptTable kept;
  const Descriptor file = area.open_file(path);
  struct stat info = {};
  fstat(file.get(), &info);
  const std::string tag = fmt::format("{} {} {} {}.{}",
                                      info.st_dev,
                                      info.st_ino,
                                      info.st_size,
                                      info.st_mtim.tv_sec,
                                      info.st_mtim.tv_nsec);
  {
    const std::lock_guard lock(kept.mutex);
    if (kept.tag == tag) return kept.table;
  }
  auto table = std::make_shared<const CsvTable>(parse_table(read_all(file, path), path));
  if (info.st_size <= kMaxKeptBytes) {
    const std::lock_guard lock(kept.mutex);
    kept.tag = tag;
    kept.table = table;
  }
  return table;
}

std::optional<double> number_of(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  const bool whole = result.ec == std::errc() && result.ptr == end;
  return whole && value == value ? std::optional(value) : std::nullopt;
}

/// A field that is sorted by.
struct SortedRow {
  const std::vector<std::string>* row;
  std::string text;
  std::optional<double> number;
};

bool comes_before(const SortedRow& a, const SortedRow& b, bool descending) {
  if (a.text.empty() != b.text.empty()) return b.text.empty();
  const SortedRow& first = descending ? b : a;
  const SortedRow& second = descending ? a : b;
  if (first.number.has_value() != second.number.has_value()) return first.number.has_value();
  return first.number ? *first.number < *second.number : first.text < second.text;
}

void sort_by(std::vector<const std::vector<std::string>*>& rows,
             std::size_t column,
             bool descending) {
  std::vector<SortedRow> sorted;
  for (const auto* row : rows) {
    const std::string& text = (*row)[column];
    sorted.push_back({row, text, number_of(text)});
  }
  std::stable_sort(sorted.begin(), sorted.end(), [&](const SortedRow& a, const SortedRow& b) {
    return comes_before(a, b, descending);
  });
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = sorted[i].row;
}

}  // namespace

TablePage table_page(const Area& area, const std::string& path, const TableWish& wish) {
  const std::shared_ptr<const CsvTable> table = read_table(area, path);
  std::vector<const std::vector<std::string>*> rows;
  for (const auto& row : table->rows) {
    const bool fits =
        wish.text.empty() || std::any_of(row.begin(), row.end(), [&](const std::string& field) {
          return field.find(wish.text) != std::string::npos;
        });
    if (fits) rows.push_back(&row);
  }
  if (!wish.sort.empty()) sort_by(rows, table->column(wish.sort), wish.descending);
  TablePage page{table->header, {}, static_cast<std::int64_t>(rows.size())};
  for (auto i = wish.offset; i < std::min(page.total, wish.offset + wish.limit); ++i) {
    page.rows.push_back(*rows[static_cast<std::size_t>(i)]);
  }
  return page;
}

}  // namespace finview
