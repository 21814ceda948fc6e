#include "finview/pipeline/map_page.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/html.h"
#include "finview/pipeline/map_page_text.h"
#include "finview/pipeline/output_pictures.h"

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace finview {
namespace {

using nlohmann::json;

constexpr int kPicturePx = 128;

json to_json(const FinRow& row) {
  json object = {{"index", row.index},
                 {"name", row.name},
                 {"x", *row.x},
                 {"y", *row.y},
                 {"file", row.file},
                 {"class", row.label},
                 {"probability", row.probability ? json(*row.probability) : json()},
                 {"outlier", row.outlier != 0},
                 {"individual", row.individual},
                 {"encounter", row.encounter},
                 {"date", row.date}};
  return object;
}

/// So that no text of a file name can end the script element.
std::string safe_in_script(std::string text) {
  for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at)) {
    text.replace(at, 1, "\\u003c");
  }
  return text;
}

}  // namespace

std::size_t write_map_page(const std::filesystem::path& path,
                           const FinTable& table,
                           Progress& progress,
                           const CancelToken& cancel) {
  std::size_t num_pictures = 0;
  json fins = json::array();
  std::int64_t done = 0;
  for (const FinRow& row : table.rows) {
    progress.update("Pictures", ++done, static_cast<std::int64_t>(table.rows.size()));
    if (!row.x || !row.y) continue;
    json fin = to_json(row);
    if (!row.file.empty() && !cancel.cancelled()) {
      const std::vector<std::uint8_t> picture = small_picture(row.file, kPicturePx);
      if (!picture.empty()) {
        fin["picture"] = "data:image/jpeg;base64," + base64(picture);
        ++num_pictures;
      }
    }
    fins.push_back(std::move(fin));
  }
  progress.finish();
  constexpr std::string_view kMark = "@DATA@";
  std::string page = internal::kMapPage;
  const std::string data = fins.dump(-1, ' ', false, json::error_handler_t::replace);
  page.replace(page.find(kMark), kMark.size(), safe_in_script(data));
  write_file(path, page);
  return num_pictures;
}

}  // namespace finview
