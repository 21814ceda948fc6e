#include "finview/pipeline/dataset_csv.h"

#include "finview/base/error.h"
#include "finview/pipeline/dataset_json.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace finview {
namespace {

constexpr std::array kColumns{"photo",
                              "photo_width_px",
                              "photo_height_px",
                              "left_px",
                              "top_px",
                              "width_px",
                              "height_px",
                              "class",
                              "individual",
                              "encounter",
                              "date",
                              "polygon"};

/// Before the name of an attribute that a column above has already.
constexpr std::string_view kAttribute = "attribute_";

bool is_column(const std::string& name) {
  return std::find(kColumns.begin(), kColumns.end(), name) != kColumns.end();
}

std::optional<double> as_number(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

/// Numbers between blanks; nothing if they are not pairs of numbers, three or more.
std::optional<std::vector<DatasetPoint>> as_polygon(const std::string& text) {
  std::vector<double> numbers;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const auto number = as_number(text.substr(at, end - at));
    if (!number) return std::nullopt;
    numbers.push_back(*number);
    at = end + 1;
  }
  if (numbers.size() < 6 || numbers.size() % 2 != 0) return std::nullopt;
  std::vector<DatasetPoint> polygon;
  for (std::size_t i = 0; i < numbers.size(); i += 2) {
    polygon.push_back({numbers[i], numbers[i + 1]});
  }
  return polygon;
}

class CsvReader {
 public:
  CsvReader(const CsvTable& table, const std::string& source) : table_(table) {
    table.column("photo");
    for (const char* side : {"left_px", "top_px", "width_px", "height_px"}) table.column(side);
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      row_ = &table.rows[i];
      where_ = fmt::format("row {} of {}", i + 2, source);
      add_row();
    }
    tidy(dataset);
  }

  Dataset dataset;

 private:
  const std::string& cell(const char* name) const {
    static const std::string kEmpty;
    const auto found = std::find(table_.header.begin(), table_.header.end(), name);
    if (found == table_.header.end()) return kEmpty;
    return (*row_)[static_cast<std::size_t>(found - table_.header.begin())];
  }

  void add_row() {
    DatasetPhoto photo;
    photo.file = internal::with_slashes(cell("photo"));
    if (photo.file.empty()) {
      dataset.faults.push_back({where_, "names no photo."});
      return;
    }
    photo.width_px = static_cast<int>(as_number(cell("photo_width_px")).value_or(0));
    photo.height_px = static_cast<int>(as_number(cell("photo_height_px")).value_or(0));
    photo.encounter = cell("encounter");
    photo.date = cell("date");
    const bool has_box = !cell("left_px").empty() || !cell("top_px").empty() ||
                         !cell("width_px").empty() || !cell("height_px").empty();
    if (has_box) {
      if (auto fin = read_fin()) {
        photo.fins.push_back(std::move(*fin));
      } else {
        dataset.faults.push_back(
            {photo.file, where_ + " has no box of four numbers with an area."});
      }
    }
    dataset.photos.push_back(std::move(photo));
  }

  std::optional<DatasetFin> read_fin() {
    const auto left = as_number(cell("left_px"));
    const auto top = as_number(cell("top_px"));
    const auto width = as_number(cell("width_px"));
    const auto height = as_number(cell("height_px"));
    if (!left || !top || !width || !height || *width <= 0 || *height <= 0) return std::nullopt;
    DatasetFin fin;
    fin.left_px = *left;
    fin.top_px = *top;
    fin.right_px = *left + *width;
    fin.bottom_px = *top + *height;
    if (!cell("class").empty()) fin.class_name = cell("class");
    fin.individual = cell("individual");
    if (!cell("polygon").empty()) {
      if (auto polygon = as_polygon(cell("polygon"))) {
        fin.polygon = std::move(*polygon);
      } else {
        dataset.faults.push_back(
            {cell("photo"), where_ + " has a polygon that is not three points or more."});
      }
    }
    for (std::size_t i = 0; i < table_.header.size(); ++i) {
      std::string name = table_.header[i];
      if (is_column(name) || (*row_)[i].empty()) continue;
      if (name.starts_with(kAttribute)) name.erase(0, kAttribute.size());
      fin.attributes[name] = (*row_)[i];
    }
    return fin;
  }

  const CsvTable& table_;
  const std::vector<std::string>* row_ = nullptr;
  std::string where_;
};

std::string polygon_text(const std::vector<DatasetPoint>& polygon) {
  std::string text;
  for (const DatasetPoint& point : polygon) {
    text += fmt::format("{}{} {}", text.empty() ? "" : " ", point.x_px, point.y_px);
  }
  return text;
}

}  // namespace

Dataset read_dataset_csv(const CsvTable& table, const std::string& source) {
  return CsvReader(table, source).dataset;
}

std::string dataset_csv_text(const Dataset& dataset) {
  std::set<std::string> attributes;
  for (const DatasetPhoto& photo : dataset.photos) {
    for (const DatasetFin& fin : photo.fins) {
      for (const auto& [name, value] : fin.attributes) attributes.insert(name);
    }
  }
  std::vector<std::string> header(kColumns.begin(), kColumns.end());
  for (const std::string& name : attributes) {
    header.push_back(is_column(name) ? std::string(kAttribute) + name : name);
  }
  std::string text = csv_line(header);
  const auto size_text = [](int size_px) { return size_px > 0 ? fmt::to_string(size_px) : ""; };
  for (const DatasetPhoto& photo : dataset.photos) {
    const std::vector<std::string> start{
        photo.file, size_text(photo.width_px), size_text(photo.height_px)};
    if (photo.fins.empty()) {
      std::vector<std::string> row = start;
      row.insert(row.end(), {"", "", "", "", "", "", photo.encounter, photo.date, ""});
      row.resize(header.size());
      text += csv_line(row);
    }
    for (const DatasetFin& fin : photo.fins) {
      std::vector<std::string> row = start;
      for (const double side : {fin.left_px, fin.top_px, fin.width_px(), fin.height_px()}) {
        row.push_back(fmt::to_string(side));
      }
      row.insert(
          row.end(),
          {fin.class_name, fin.individual, photo.encounter, photo.date, polygon_text(fin.polygon)});
      for (const std::string& name : attributes) {
        const auto said = fin.attributes.find(name);
        row.push_back(said == fin.attributes.end() ? "" : said->second);
      }
      text += csv_line(row);
    }
  }
  return text;
}

}  // namespace finview
