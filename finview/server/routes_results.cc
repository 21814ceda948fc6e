#include "finview/pipeline/area_table.h"
#include "finview/pipeline/exports.h"
#include "finview/pipeline/map_project.h"
#include "finview/server/inputs.h"
#include "finview/server/json_out.h"
#include "finview/server/router.h"

#include <array>
#include <atomic>
#include <filesystem>
#include <unordered_map>

#include <fcntl.h>
#include <fmt/compile.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace finview {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// Fins with places on the map, as columns.
std::string map_text(const ProjectMap& map, const Catalogue& catalogue) {
  std::unordered_map<std::int64_t, const MappedFin*> places;
  places.reserve(map.fins.size());
  for (const MappedFin& place : map.fins) places.emplace(place.fin.value, &place);
  constexpr std::array kNames{"fin",
                              "x",
                              "y",
                              "individual",
                              "encounter",
                              "review",
                              "tier",
                              "quality",
                              "cluster",
                              "outlier"};
  std::array<fmt::memory_buffer, kNames.size()> columns;
  const auto id = [](fmt::memory_buffer& column, std::int64_t value) {
    if (value == 0) column.append(std::string_view("null,"));
    if (value != 0) fmt::format_to(fmt::appender(column), FMT_COMPILE("{},"), value);
  };
  catalogue.fins.each_brief([&](const FinBrief& fin) {
    const auto found = places.find(fin.id.value);
    if (found == places.end()) return;
    const MappedFin& place = *found->second;
    auto* column = columns.data();
    const auto add = [&](const auto& format, const auto& value) {
      fmt::format_to(fmt::appender(*column++), format, value);
    };
    add(FMT_COMPILE("{},"), fin.id.value);
    add(FMT_COMPILE("{:.4f},"), place.x);
    add(FMT_COMPILE("{:.4f},"), place.y);
    id(*column++, fin.individual.value);
    id(*column++, fin.encounter.value);
    add(FMT_COMPILE("\"{}\","), review_names().at(static_cast<std::size_t>(fin.review)));
    add(FMT_COMPILE("\"{}\","), tier_names().at(static_cast<std::size_t>(fin.tier)));
    add(FMT_COMPILE("{:.3f},"), fin.quality);
    add(FMT_COMPILE("{},"), place.cluster);
    add(FMT_COMPILE("{:.3f},"), place.outlier);
  });
  std::string text = json{{"made", map.made}, {"recipe", map.recipe}}.dump();
  text.pop_back();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const std::string_view values(columns[i].data(), columns[i].size());
    text += fmt::format(
        ",\"{}\":[{}]", kNames[i], values.substr(0, std::max<std::size_t>(1, values.size()) - 1));
  }
  return text + "}";
}

HttpAnswer get_map(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  // Whatever the catalogue or the map becomes, its answer has another tag.
  const std::string tag = project_map_tag(context.project);
  if (tag.empty()) {
    throw Error(ErrorKind::kNotFound, "There is no map yet: start a task of kind map.");
  }
  return tagged_answer(request, tag, "application/json", [&] {
    return map_text(*read_project_map(context.project), context.project.catalogue());
  });
}

HttpAnswer get_table(ServerContext& context, const HttpRequest& request) {
  Query query(request);
  query.require("path");
  const std::string path = query.text("path", 4000);
  TableWish wish;
  wish.text = query.text("text");
  wish.sort = query.text("sort", 100);
  wish.descending = query.flag("descending");
  wish.offset = query.number("offset", 0, 0, kMaxOffset);
  wish.limit = query.number("limit", 100, 1, 1000);
  query.done();
  const TablePage page = table_page(Area(context.project.folder(), "datasets"), path, wish);
  return json_answer({{"columns", page.columns}, {"rows", page.rows}, {"total", page.total}});
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
