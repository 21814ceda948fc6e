#include "finview/pipeline/fin_table.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

using nlohmann::json;

constexpr std::array kColumns{"index",
                              "name",
                              "x",
                              "y",
                              "file",
                              "class",
                              "probability",
                              "outlier",
                              "individual",
                              "encounter",
                              "date",
                              "quality"};

std::string number_text(std::optional<double> value) {
  return value && std::isfinite(*value) ? fmt::format("{}", *value) : "";
}

/// The fields of a row in the order of kColumns.
std::vector<std::string> fields_of(const FinRow& row) {
  return {fmt::to_string(row.index),
          row.name,
          number_text(row.x),
          number_text(row.y),
          row.file,
          fmt::to_string(row.label),
          number_text(row.probability),
          fmt::to_string(row.outlier),
          row.individual,
          row.encounter,
          row.date,
          number_text(row.quality)};
}

/// Reads one row from texts by column.
class RowReader {
 public:
  RowReader(const std::string& source, std::size_t row) : source_(source), row_(row) {}

  std::optional<double> number(const std::string& column, const std::string& text) const {
    if (text.empty() || is_nan(text)) return {};
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) {
      throw Error(ErrorKind::kBadInput,
                  fmt::format("{}, row {} (counted from 1): {} is \"{}\"; a number is needed, or "
                              "nothing.",
                              source_,
                              row_,
                              column,
                              text));
    }
    if (!std::isfinite(value)) return {};
    return value;
  }

  std::int64_t integer(const std::string& column,
                       const std::string& text,
                       std::int64_t otherwise) const {
    const std::optional<double> value = number(column, text);
    if (!value) return otherwise;
    if (*value != std::floor(*value) || std::abs(*value) > 9e15) {
      throw Error(
          ErrorKind::kBadInput,
          fmt::format("{}, row {} (counted from 1): {} is \"{}\"; a whole number is needed.",
                      source_,
                      row_,
                      column,
                      text));
    }
    return static_cast<std::int64_t>(*value);
  }

  /// Sets what `column` says; false if it is none of ours.
  bool set(FinRow& row, const std::string& column, const std::string& text) const {
    if (column == "index") return row.index = integer(column, text, row.index), true;
    if (column == "name") return row.name = text, true;
    if (column == "x") return row.x = number(column, text), true;
    if (column == "y") return row.y = number(column, text), true;
    if (column == "file") return row.file = text, true;
    if (column == "class") return row.label = integer(column, text, -1), true;
    if (column == "probability") return row.probability = number(column, text), true;
    if (column == "outlier") return row.outlier = integer(column, text, 0), true;
    if (column == "individual") return row.individual = text, true;
    if (column == "encounter") return row.encounter = text, true;
    if (column == "date") return row.date = text, true;
    if (column == "quality") return row.quality = number(column, text), true;
    return false;
  }

 private:
  static bool is_nan(std::string text) {
    for (char& c : text) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text == "nan" || text == "-nan" || text == "null" || text == "none";
  }

  const std::string& source_;
  std::size_t row_;
};

bool is_ours(const std::string& column) {
  return std::find(kColumns.begin(), kColumns.end(), column) != kColumns.end();
}

void check_named(const std::vector<std::string>& columns, const std::string& source) {
  for (const char* name : {"name", "file"}) {
    if (std::find(columns.begin(), columns.end(), name) != columns.end()) return;
  }
  throw Error(ErrorKind::kBadInput,
              source + " has neither a column \"name\" nor \"file\"; it is no table of fins.");
}

/// A table whose rows are texts by column.
FinTable table_of(const std::vector<std::string>& columns,
                  const std::vector<std::vector<std::string>>& rows,
                  const std::string& source) {
  check_named(columns, source);
  FinTable table;
  for (const std::string& column : columns) {
    if (!is_ours(column)) table.extra_columns.push_back(column);
  }
  for (const std::vector<std::string>& fields : rows) {
    const RowReader reader(source, table.rows.size() + 1);
    FinRow row;
    row.index = static_cast<std::int64_t>(table.rows.size());
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (!reader.set(row, columns[c], fields[c])) row.extras.push_back(fields[c]);
    }
    if (row.name.empty()) row.name = std::filesystem::path(row.file).stem().string();
    table.rows.push_back(std::move(row));
  }
  return table;
}

json number_json(std::optional<double> value) {
  return value && std::isfinite(*value) ? json(*value) : json();
}

/// A number where the text is one as we write it, so that reading gives the same text back.
nlohmann::ordered_json extra_json(const std::string& text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (whole && std::isfinite(value) && number_text(value) == text) {
    return nlohmann::ordered_json::parse(text);
  }
  return text;
}

std::string text_of(const json& value) {
  if (value.is_null()) return "";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

}  // namespace

void FinTable::set_extra(const std::string& column, const std::vector<double>& values) {
  std::vector<std::string> texts;
  for (const double value : values) texts.push_back(number_text(value));
  set_extra(column, texts);
}

void FinTable::set_extra(const std::string& column, const std::vector<std::string>& texts) {
  const auto found = std::find(extra_columns.begin(), extra_columns.end(), column);
  const auto place = static_cast<std::size_t>(found - extra_columns.begin());
  if (found == extra_columns.end()) extra_columns.push_back(column);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].extras.resize(extra_columns.size());
    rows[i].extras[place] = texts[i];
  }
}

std::string fin_table_csv(const FinTable& table) {
  std::vector<std::string> header(kColumns.begin(), kColumns.end());
  header.insert(header.end(), table.extra_columns.begin(), table.extra_columns.end());
  std::string text = csv_line(header);
  for (const FinRow& row : table.rows) {
    std::vector<std::string> fields = fields_of(row);
    fields.insert(fields.end(), row.extras.begin(), row.extras.end());
    text += csv_line(fields);
  }
  return text;
}

std::string fin_table_json(const FinTable& table) {
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const FinRow& row : table.rows) {
    nlohmann::ordered_json object = {{"index", row.index},
                                     {"name", row.name},
                                     {"x", number_json(row.x)},
                                     {"y", number_json(row.y)},
                                     {"file", row.file},
                                     {"class", row.label},
                                     {"probability", number_json(row.probability)},
                                     {"outlier", row.outlier},
                                     {"individual", row.individual},
                                     {"encounter", row.encounter},
                                     {"date", row.date},
                                     {"quality", number_json(row.quality)}};
    for (std::size_t c = 0; c < table.extra_columns.size(); ++c) {
      object[table.extra_columns[c]] = extra_json(row.extras[c]);
    }
    all.push_back(std::move(object));
  }
  return all.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

FinTable parse_fin_table_csv(std::string_view text, const std::string& source) {
  const CsvTable table = parse_csv(text, source);
  return table_of(table.header, table.rows, source);
}

FinTable parse_fin_table_json(std::string_view text, const std::string& source) {
  nlohmann::ordered_json all;
  try {
    all = nlohmann::ordered_json::parse(text);
  } catch (const json::exception& error) {
    throw Error(ErrorKind::kBadInput, fmt::format("{} is no JSON: {}.", source, error.what()));
  }
  std::vector<std::string> columns;
  const auto add_columns = [&](const nlohmann::ordered_json& object) {
    if (!object.is_object()) {
      throw Error(ErrorKind::kBadInput, source + " must be an array of objects, one for each fin.");
    }
    for (const auto& [key, value] : object.items()) {
      if (std::find(columns.begin(), columns.end(), key) == columns.end()) columns.push_back(key);
    }
  };
  if (!all.is_array()) add_columns(json());
  for (const auto& object : all) add_columns(object);
  if (all.empty()) columns = {"name"};
  std::vector<std::vector<std::string>> rows;
  for (const auto& object : all) {
    std::vector<std::string>& fields = rows.emplace_back();
    for (const std::string& column : columns) {
      fields.push_back(object.contains(column) ? text_of(json(object.at(column))) : "");
    }
  }
  return table_of(columns, rows, source);
}

namespace {

bool is_json(const std::filesystem::path& path) {
  if (path.extension() == ".json") return true;
  if (path.extension() == ".csv") return false;
  throw Error(ErrorKind::kBadOptions,
              fmt::format("{} ends in neither .csv nor .json; name a table.", path.string()));
}

}  // namespace

void check_table_name(const std::filesystem::path& path) { is_json(path); }

FinTable read_fin_table(const std::filesystem::path& path) {
  const bool as_json = is_json(path);
  const std::string text = read_text_file(path);
  return as_json ? parse_fin_table_json(text, path.string())
                 : parse_fin_table_csv(text, path.string());
}

void write_fin_table(const std::filesystem::path& path, const FinTable& table) {
  write_file(path, is_json(path) ? fin_table_json(table) : fin_table_csv(table));
}

}  // namespace finview
