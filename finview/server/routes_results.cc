#include "finview/base/csv.h"
#include "finview/pipeline/area.h"
#include "finview/pipeline/exports.h"
#include "finview/pipeline/map_project.h"
#include "finview/server/inputs.h"
#include "finview/server/json_out.h"
#include "finview/server/router.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <filesystem>
#include <unordered_map>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace finview {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr std::size_t kMaxTableBytes = 200'000'000;

/// Every fin that is not in the trash, by id.
std::unordered_map<std::int64_t, FinRecord> fins_by_id(const Catalogue& catalogue) {
  std::unordered_map<std::int64_t, FinRecord> fins;
  FinFilter filter;
  filter.limit = 1000;
  for (;; filter.offset += filter.limit) {
    auto page = catalogue.fins.list(filter);
    for (FinRecord& fin : page.rows) {
      fin.outline.clear();
      fins.emplace(fin.id.value, std::move(fin));
    }
    if (static_cast<std::int64_t>(page.rows.size()) < filter.limit) return fins;
  }
}

HttpAnswer get_map(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  const auto map = read_project_map(context.project);
  if (!map) {
    throw Error(ErrorKind::kNotFound, "There is no map yet: start a task of kind map.");
  }
  const auto fins = fins_by_id(context.project.catalogue());
  json columns{{"made", map->made}, {"recipe", map->recipe}};
  for (const char* name : {"fin",
                           "x",
                           "y",
                           "individual",
                           "encounter",
                           "review",
                           "tier",
                           "quality",
                           "cluster",
                           "outlier"}) {
    columns[name] = json::array();
  }
  for (const MappedFin& place : map->fins) {
    const auto found = fins.find(place.fin.value);
    if (found == fins.end()) continue;
    const FinRecord& fin = found->second;
    columns["fin"].push_back(place.fin.value);
    columns["x"].push_back(place.x);
    columns["y"].push_back(place.y);
    columns["individual"].push_back(id_json(fin.individual.value));
    columns["encounter"].push_back(id_json(fin.encounter.value));
    columns["review"].push_back(review_names().at(static_cast<std::size_t>(fin.review)));
    columns["tier"].push_back(tier_names().at(static_cast<std::size_t>(fin.tier)));
    columns["quality"].push_back(fin.quality);
    columns["cluster"].push_back(place.cluster);
    columns["outlier"].push_back(place.outlier);
  }
  return json_answer(columns);
}

std::string read_all(const Descriptor& file, const std::string& path) {
  std::string text;
  std::array<char, 65536> buffer{};
  for (ssize_t size = 1; size > 0;) {
    size = read(file.get(), buffer.data(), buffer.size());
    if (size > 0) text.append(buffer.data(), static_cast<std::size_t>(size));
    if (text.size() > kMaxTableBytes) {
      throw Error(
          ErrorKind::kBadInput,
          fmt::format("{} has more than {} bytes; load it down to see it.", path, kMaxTableBytes));
    }
  }
  return text;
}

/// An array of objects (or an object of it) as a table; the columns in the order they appear.
CsvTable parse_json_table(const std::string& text, const std::string& path) {
  const auto rows = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!rows.is_array()) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} is no table: it must be a JSON array of objects.", path));
  }
  CsvTable table;
  for (const auto& row : rows) {
    if (!row.is_object()) throw Error(ErrorKind::kBadInput, path + " is no array of objects.");
    for (const auto& [name, value] : row.items()) {
      if (std::find(table.header.begin(), table.header.end(), name) == table.header.end()) {
        table.header.push_back(name);
      }
    }
  }
  for (const auto& row : rows) {
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

/// Numbers by value, before texts.
bool comes_before(const std::string& a, const std::string& b) {
  double x = 0;
  double y = 0;
  const auto read = [](const std::string& text, double& value) {
    const char* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, value);
    return result.ec == std::errc() && result.ptr == end && value == value;
  };
  const bool a_number = read(a, x);
  const bool b_number = read(b, y);
  if (a_number != b_number) return a_number;
  return a_number ? x < y : a < b;
}

HttpAnswer get_table(ServerContext& context, const HttpRequest& request) {
  Query query(request);
  query.require("path");
  const std::string path = query.text("path", 4000);
  const std::string text = query.text("text");
  const std::string sort = query.text("sort", 100);
  const bool descending = query.flag("descending");
  const auto offset = query.number("offset", 0, 0, kMaxOffset);
  const auto limit = query.number("limit", 100, 1, 1000);
  query.done();
  const Area datasets(context.project.folder(), "datasets");
  const std::string content = read_all(datasets.open_file(path), path);
  CsvTable table =
      path.ends_with(".json") ? parse_json_table(content, path) : parse_csv(content, path);
  std::erase_if(table.rows, [&](const std::vector<std::string>& row) {
    return std::none_of(row.begin(), row.end(), [&](const std::string& field) {
      return field.find(text) != std::string::npos;
    });
  });
  if (!sort.empty()) {
    const std::size_t column = table.column(sort);
    std::stable_sort(table.rows.begin(), table.rows.end(), [&](const auto& a, const auto& b) {
      return descending ? comes_before(b[column], a[column]) : comes_before(a[column], b[column]);
    });
  }
  json rows = json::array();
  const auto total = static_cast<std::int64_t>(table.rows.size());
  for (std::int64_t i = offset; i < std::min(total, offset + limit); ++i) {
    rows.push_back(table.rows[static_cast<std::size_t>(i)]);
  }
  return json_answer({{"columns", table.header}, {"rows", std::move(rows)}, {"total", total}});
}

HttpAnswer list_exports(ServerContext&, const HttpRequest& request) {
  Query(request).done();
  json rows = json::array();
  for (const ExportFormat& format : export_formats()) {
    rows.push_back(
        {{"format", format.name}, {"help", format.help}, {"file_name", format.file_name}});
  }
  const auto total = rows.size();
  return json_answer({{"rows", std::move(rows)}, {"total", total}});
}

const ExportFormat& format_of(const HttpRequest& request) {
  for (const ExportFormat& format : export_formats()) {
    if (request.ids.at(0) == format.name) return format;
  }
  throw Error(ErrorKind::kNotFound, "There is no such form; GET /api/exports lists them.");
}

HttpAnswer get_export(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  const ExportFormat& format = format_of(request);
  static std::atomic<int> count{0};
  const fs::path file = context.project.folder() / "cache" /
                        fmt::format("export-{}-{}", getpid(), ++count) / format.file_name;
  format.write(context.project.catalogue(), ExportOptions(), file);
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  std::error_code ignored;  // what is open stays readable
  fs::remove_all(file.parent_path(), ignored);
  if (descriptor < 0) throw Error(ErrorKind::kUnavailable, "The export is gone again.");
  HttpAnswer answer = file_answer(request, std::make_shared<OpenFile>(descriptor), "");
  answer.headers = {
      {"Cache-Control", "no-store"},
      {"Content-Disposition", fmt::format("attachment; filename=\"{}\"", format.file_name)}};
  return answer;
}

}  // namespace

std::vector<Route> result_routes() {
  return {{"GET", "/api/map", Role::kViewer, get_map},
          {"GET", "/api/datasets/table", Role::kViewer, get_table},
          {"GET", "/api/exports", Role::kViewer, list_exports},
          {"GET", "/api/exports/{format}", Role::kViewer, get_export}};
}

}  // namespace finview
