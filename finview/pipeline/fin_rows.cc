#include "finview/pipeline/fin_rows.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/embedding/embedder.h"
#include "finview/outline/fin_masker.h"
#include "finview/photo/photo_name.h"
#include "finview/photo/walk.h"
#include "finview/pipeline/fin_finder.h"
#include "finview/pipeline/fin_signer.h"
#include "finview/pipeline/models.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <map>

#include <fmt/format.h>

namespace finview {
namespace {

namespace fs = std::filesystem;

/// The text between `key` and the end of its value in a .npy header.
std::string header_value(const std::string& header, const std::string& key) {
  const std::size_t begin = header.find("'" + key + "':");
  if (begin == std::string::npos) return "";
  const std::size_t value = header.find_first_not_of(' ', begin + key.size() + 3);
  const char last = header[value] == '(' ? ')' : ',';
  return header.substr(value, header.find(last, value) - value);
}

/// numpy.lib.format, versions 1 to 3.
void read_npy(const fs::path& path, FinRows& rows) {
  const std::vector<std::uint8_t> file = read_file(path);
  const auto refuse = [&](const std::string& why) {
    throw Error(
        ErrorKind::kBadInput,
        fmt::format("{} {}; an array of n rows and d columns, float32 or float64 in C order, "
                    "is needed.",
                    path.string(),
                    why));
  };
  if (file.size() < 12 || std::memcmp(file.data(), "\x93NUMPY", 6) != 0) refuse("is no .npy file");
  const std::size_t prefix = file[6] == 1 ? 10 : 12;
  std::size_t length = file[8] + 256U * file[9];
  if (prefix == 12) length += 65536U * file[10] + 16777216U * file[11];
  if (prefix + length > file.size()) refuse("ends in its header");
  const std::string header(file.begin() + static_cast<std::ptrdiff_t>(prefix),
                           file.begin() + static_cast<std::ptrdiff_t>(prefix + length));
  const std::string type = header_value(header, "descr");
  const std::string shape = header_value(header, "shape");
  unsigned long long num_rows = 0;
  unsigned long long num_columns = 0;
  if (type != "'<f4'" && type != "'<f8'") refuse("holds " + type);
  if (header_value(header, "fortran_order") != "False") refuse("is in Fortran order");
  if (std::sscanf(shape.c_str(), "(%llu, %llu", &num_rows, &num_columns) != 2) {
    refuse("has the shape " + shape + ")");
  }
  const std::size_t size = type == "'<f4'" ? 4 : 8;
  const std::size_t bytes = file.size() - prefix - length;
  if (num_columns == 0 || bytes / size / num_columns != num_rows ||
      num_rows * num_columns * size != bytes) {
    refuse("does not hold the numbers its header tells");
  }
  rows.num_dims = num_columns;
  rows.values.resize(num_rows * num_columns);
  const std::uint8_t* values = file.data() + prefix + length;
  for (std::size_t i = 0; i < rows.values.size(); ++i) {
    double wide = 0;
    if (size == 4) {
      std::memcpy(&rows.values[i], values + i * 4, 4);
    } else {
      std::memcpy(&wide, values + i * 8, 8);
      rows.values[i] = static_cast<float>(wide);
    }
  }
}

std::optional<float> number_in(const std::string& text) {
  float value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return {};
  return value;
}

/// Takes the numbers out of a table's extra columns.
void take_numbers(FinTable& table, FinRows& rows, const std::string& source) {
  std::vector<bool> is_number(table.extra_columns.size(), !table.rows.empty());
  for (const FinRow& row : table.rows) {
    for (std::size_t c = 0; c < is_number.size(); ++c) {
      is_number[c] = is_number[c] && number_in(row.extras[c]).has_value();
    }
  }
  rows.num_dims = static_cast<std::size_t>(std::count(is_number.begin(), is_number.end(), true));
  if (rows.num_dims == 0) {
    throw Error(ErrorKind::kBadInput,
                source + " has neither places (x, y) nor a column that holds only numbers.");
  }
  std::vector<std::string> columns;
  for (std::size_t c = 0; c < is_number.size(); ++c) {
    if (!is_number[c]) columns.push_back(table.extra_columns[c]);
  }
  for (FinRow& row : table.rows) {
    std::vector<std::string> extras;
    for (std::size_t c = 0; c < is_number.size(); ++c) {
      if (is_number[c]) {
        rows.values.push_back(*number_in(row.extras[c]));
      } else {
        extras.push_back(row.extras[c]);
      }
    }
    row.extras = std::move(extras);
  }
  table.extra_columns = std::move(columns);
}

void take_table(FinTable table, FinRows& rows, const std::string& source) {
  const auto is_placed = [](const FinRow& row) { return row.x && row.y; };
  const bool has_places = std::any_of(table.rows.begin(), table.rows.end(), is_placed);
  const auto lost = std::find_if_not(table.rows.begin(), table.rows.end(), is_placed);
  if (has_places && lost != table.rows.end()) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{}, row {} (counted from 1) has no place (x, y), others do; leave it "
                            "out or complete it.",
                            source,
                            lost - table.rows.begin() + 1));
  }
  if (has_places) {
    rows.num_dims = 2;
    for (const FinRow& row : table.rows) {
      rows.values.push_back(static_cast<float>(*row.x));
      rows.values.push_back(static_cast<float>(*row.y));
    }
  } else {
    take_numbers(table, rows, source);
  }
  rows.table = std::move(table);
}

/// What labels.csv, or the folder a picture lies in, says of it.
void label_row(const fs::path& folder, const std::optional<LabelTable>& labels, FinRow& row) {
  const std::string inside = fs::relative(row.file, folder).string();
  const PhotoLabel label =
      labels ? labels->find(inside).value_or(PhotoLabel{}) : read_folder_name(inside).label;
  row.individual = label.individual;
  row.encounter = label.encounter;
  if (label.date) row.date = to_string(*label.date);
}

bool embed_folder(const fs::path& folder,
                  const std::string& model,
                  FinRows& rows,
                  Progress& progress,
                  const CancelToken& cancel) {
  ModelOptions models;
  models.embedder = model;
  models = with_shipped_models(models);
  const Embedder embedder(models.embedder);
  const FinMasker masker(models.outline);
  const FinFinder finder(nullptr);
  std::optional<LabelTable> labels;
  if (fs::exists(folder / "labels.csv")) labels = LabelTable::read(folder / "labels.csv");
  PhotoStream photos({folder}, {.recursive = true, .archives = {}});
  rows.num_dims = static_cast<std::size_t>(embedder.num_dims());
  std::int64_t done = 0;
  while (const std::optional<PhotoItem> item = photos.next()) {
    if (cancel.cancelled()) return false;
    progress.update("Embedding", ++done, photos.num_files());
    const auto* file = std::get_if<PhotoFile>(&*item);
    if (file == nullptr) {
      const auto& failure = std::get<PhotoFailure>(*item);
      progress.note(fmt::format("Left out: {}: {}", failure.name, failure.reason));
      continue;
    }
    try {
      const Crop crop = std::move(finder.find(*file).fins.at(0).crop);
      const ShapedCrop fin =
          embedder.needs_shape() ? shape_crop(crop, masker) : ShapedCrop{crop, {}, {}};
      const Embedding embedding = embedder.embed(std::span(&fin, 1))[0];
      rows.values.insert(rows.values.end(), embedding.values.begin(), embedding.values.end());
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kBadInput) throw;
      progress.note(fmt::format("Left out: {}", error.what()));
      continue;
    }
    FinRow row;
    row.index = static_cast<std::int64_t>(rows.table.rows.size());
    row.file = file->name;
    row.name = fs::path(file->name).stem().string();
    label_row(folder, labels, row);
    rows.table.rows.push_back(std::move(row));
  }
  progress.finish();
  if (rows.table.rows.empty()) {
    throw Error(
        ErrorKind::kBadInput,
        fmt::format(
            "{} holds no picture of a fin that can be read ({} tried).", folder.string(), done));
  }
  return true;
}

/// Names the rows of a .npy file.
void name_rows(const std::string& path, const std::string& table, FinRows& rows) {
  const std::size_t num_rows = rows.values.size() / rows.num_dims;
  if (!table.empty()) {
    rows.table = read_fin_table(table);
    if (rows.table.rows.size() == num_rows) return;
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} has {} rows and {} has {}; there must be one for each.",
                            table,
                            rows.table.rows.size(),
                            path,
                            num_rows));
  }
  for (std::size_t i = 0; i < num_rows; ++i) {
    FinRow row;
    row.index = static_cast<std::int64_t>(i);
    row.name = fmt::to_string(i);
    rows.table.rows.push_back(std::move(row));
  }
}

}  // namespace

std::optional<FinRows> read_fin_rows(const std::string& path,
                                     const FinRowOptions& options,
                                     Progress& progress,
                                     const CancelToken& cancel) {
  if (!fs::exists(path)) {
    throw Error(ErrorKind::kNotFound, fmt::format("There is no file or folder {}.", path));
  }
  FinRows rows;
  if (fs::is_directory(path)) {
    if (!embed_folder(path, options.embedder, rows, progress, cancel)) return {};
  } else if (fs::path(path).extension() == ".npy") {
    read_npy(path, rows);
    name_rows(path, options.table, rows);
  } else {
    take_table(read_fin_table(path), rows, path);
  }
  return rows;
}

std::vector<std::int32_t> individual_labels(const FinTable& table) {
  std::map<std::string, std::int32_t> numbers;
  std::vector<std::int32_t> labels;
  for (const FinRow& row : table.rows) {
    if (row.individual.empty()) {
      labels.push_back(-1);
      continue;
    }
    const auto next = static_cast<std::int32_t>(numbers.size());
    labels.push_back(numbers.try_emplace(row.individual, next).first->second);
  }
  return labels;
}

}  // namespace finview
