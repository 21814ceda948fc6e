#include "finview/pipeline/dataset_source.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/dataset_csv.h"
#include "finview/pipeline/dataset_file.h"
#include "finview/pipeline/dataset_table.h"
#include "finview/pipeline/dataset_yolo.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <map>

#include <fmt/format.h>

namespace finview {
namespace {

namespace fs = std::filesystem;

fs::path without_slash(const std::string& text) {
  const fs::path path(text);
  return path.has_filename() ? path : path.parent_path();
}

std::string form_of(const DatasetSource& source) {
  if (source.form != "auto") return source.form;
  const fs::path path = without_slash(source.labels);
  if (fs::is_directory(path)) return "yolo";
  if (!fs::exists(path)) {
    throw Error(ErrorKind::kNotFound, source.labels + ": there is no such file or folder");
  }
  if (path.extension() == ".csv") return "csv";
  return form_of_labels(read_text_file(path), source.labels);
}

/// Photos by their file name without folders.
std::multimap<std::string, const DatasetPhotoFile*> by_name(
    const std::vector<DatasetPhotoFile>& photos) {
  std::multimap<std::string, const DatasetPhotoFile*> names;
  for (const DatasetPhotoFile& photo : photos) {
    names.emplace(fs::path(photo.file).filename().string(), &photo);
  }
  return names;
}

/// Gives each photo the path it has in the folder, and what only the photo itself knows.
void join_photos(Dataset& dataset, const std::vector<DatasetPhotoFile>& photos) {
  const auto names = by_name(photos);
  for (DatasetPhoto& photo : dataset.photos) {
    const DatasetPhotoFile* file = find_photo(photos, photo.file);
    if (file == nullptr) {
      const std::string name = fs::path(photo.file).filename().string();
      if (names.count(name) == 1) file = names.find(name)->second;
    }
    if (file == nullptr) continue;
    photo.file = file->file;
    if (!file->failure.empty()) continue;
    if (photo.width_px == 0 || photo.height_px == 0) {
      photo.width_px = file->info.width_px;
      photo.height_px = file->info.height_px;
    }
    if (photo.date.empty() && file->info.taken) photo.date = to_string(*file->info.taken);
  }
  tidy(dataset);
}

/// One row of `source.table`.
struct TableRow {
  std::string file;
  std::string box;
  std::string individual;
  std::string encounter;
  std::string date;
};

std::vector<TableRow> read_table(const std::string& path) {
  const CsvTable table = read_csv(path);
  const std::size_t file = table.column("file");
  const auto cell = [&](const std::vector<std::string>& row, const char* name) -> std::string {
    const auto found = std::find(table.header.begin(), table.header.end(), name);
    return found == table.header.end()
               ? ""
               : row[static_cast<std::size_t>(found - table.header.begin())];
  };
  std::vector<TableRow> rows;
  for (const auto& row : table.rows) {
    rows.push_back({row[file],
                    cell(row, "box"),
                    cell(row, "individual"),
                    cell(row, "encounter"),
                    cell(row, "date")});
  }
  return rows;
}

void join_row(const TableRow& row, const std::string& source, DatasetPhoto& photo) {
  if (!row.encounter.empty()) photo.encounter = row.encounter;
  if (!row.date.empty()) photo.date = row.date;
  if (row.individual.empty()) return;
  if (row.box.empty()) {
    for (DatasetFin& fin : photo.fins) fin.individual = row.individual;
    return;
  }
  std::size_t box = photo.fins.size();
  const char* const end = row.box.data() + row.box.size();
  const auto [stop, error] = std::from_chars(row.box.data(), end, box);
  if (error != std::errc() || stop != end || box >= photo.fins.size()) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{}: box \"{}\" of {} does not exist; it has {}, counted from 0",
                            source,
                            row.box,
                            row.file,
                            photo.fins.size()));
  }
  photo.fins[box].individual = row.individual;
}

}  // namespace

void DatasetSource::visit(OptionVisitor& visitor) {
  visitor.field("photos", photos, "Folder of the photos");
  visitor.field(
      "labels", labels, "Labels: a file of VIA, COCO, CSV or FinView's JSON, or YOLO's folder");
  visitor.field("form", form, "Form of the labels", {"auto", "via", "coco", "yolo", "csv", "json"});
  visitor.field("table",
                table,
                "CSV with file and any of encounter, date, individual (box: of that fin alone)");
  visitor.field("recursive", recursive, "Look for photos in folders inside the folder too");
}

Dataset read_dataset(const DatasetSource& source, const std::vector<DatasetPhotoFile>& photos) {
  check_options(source);
  const std::string form = form_of(source);
  const fs::path path = without_slash(source.labels);
  Dataset dataset;
  if (form == "yolo") {
    if (source.photos.empty()) {
      throw Error(
          ErrorKind::kBadOptions,
          "YOLO's labels name no photos and their boxes are relative to them; give --photos "
          "the folder of the photos.");
    }
    dataset = read_yolo_dataset(path, photos);
  } else if (form == "csv") {
    dataset = read_dataset_csv(read_csv(path), source.labels);
  } else {
    dataset = parse_labels(form, read_text_file(path), source.labels);
  }
  join_photos(dataset, photos);
  if (!source.table.empty()) join_table(dataset, source.table);
  return dataset;
}

void join_table(Dataset& dataset, const std::string& csv) {
  std::multimap<std::string, DatasetPhoto*> by_name;
  std::map<std::string, DatasetPhoto*> by_path;
  for (DatasetPhoto& photo : dataset.photos) {
    by_path[photo.file] = &photo;
    by_name.emplace(fs::path(photo.file).filename().string(), &photo);
  }
  for (const TableRow& row : read_table(csv)) {
    if (const auto exact = by_path.find(row.file); exact != by_path.end()) {
      join_row(row, csv, *exact->second);
    } else if (by_name.count(row.file) == 1) {
      join_row(row, csv, *by_name.find(row.file)->second);
    }
  }
}

const DatasetPhotoFile* find_photo(const std::vector<DatasetPhotoFile>& photos,
                                   const std::string& file) {
  const auto found = std::lower_bound(
      photos.begin(),
      photos.end(),
      file,
      [](const DatasetPhotoFile& photo, const std::string& name) { return photo.file < name; });
  return found != photos.end() && found->file == file ? &*found : nullptr;
}

}  // namespace finview
