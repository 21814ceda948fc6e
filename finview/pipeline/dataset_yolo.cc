#include "finview/pipeline/dataset_yolo.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/yolo_labels.h"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>

namespace finview {
namespace {

namespace fs = std::filesystem;

/// Text files that lie beside labels without being one.
const std::set<std::string> kNoLabels{
    "train.txt", "test.txt", "valid.txt", "val.txt", "classes.txt"};

fs::path find_names(const fs::path& folder) {
  for (const fs::path& place : {folder, folder.parent_path()}) {
    for (const char* name : {"obj.names", "classes.txt"}) {
      if (fs::is_regular_file(place / name)) return place / name;
    }
    std::set<fs::path> others;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator(place, ignored)) {
      if (entry.path().extension() == ".names") others.insert(entry.path());
    }
    if (!others.empty()) return *others.begin();
  }
  return {};
}

std::vector<std::string> read_class_names(const fs::path& folder) {
  std::vector<std::string> names;
  const fs::path path = find_names(folder);
  if (path.empty()) return names;
  std::istringstream text(read_text_file(path));
  for (std::string line; std::getline(text, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty()) names.push_back(line);
  }
  return names;
}

std::string class_name(const std::vector<std::string>& names, int index) {
  if (static_cast<std::size_t>(index) < names.size()) return names[static_cast<std::size_t>(index)];
  return index == 0 ? "fin" : fmt::format("class{}", index);
}

DatasetFin to_pixels(const YoloLine& line, const DatasetPhoto& photo) {
  DatasetFin fin;
  fin.left_px = line.left * photo.width_px;
  fin.right_px = line.right * photo.width_px;
  fin.top_px = line.top * photo.height_px;
  fin.bottom_px = line.bottom * photo.height_px;
  for (const auto& [x, y] : line.polygon) {
    fin.polygon.push_back({x * photo.width_px, y * photo.height_px});
  }
  return fin;
}

void read_label_file(const fs::path& path,
                     const std::vector<std::string>& names,
                     DatasetPhoto& photo,
                     Dataset& dataset) {
  std::istringstream text(read_text_file(path));
  std::string line;
  for (int number = 1; std::getline(text, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    const auto parsed = parse_yolo_line(line);
    if (!parsed || !(parsed->right > parsed->left) || !(parsed->bottom > parsed->top)) {
      dataset.faults.push_back(
          {photo.file,
           fmt::format("{} line {} is \"{}\", not class, center x, center y, width and height.",
                       path.filename().string(),
                       number,
                       line)});
      continue;
    }
    DatasetFin fin = to_pixels(*parsed, photo);
    fin.class_name = class_name(names, parsed->class_index);
    photo.fins.push_back(std::move(fin));
  }
}

/// Label files that no photo took.
void report_orphans(const fs::path& folder, const std::set<fs::path>& used, Dataset& dataset) {
  std::set<std::string> orphans;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const fs::path& path = entry.path();
    const bool label = entry.is_regular_file() && path.extension() == ".txt" &&
                       kNoLabels.count(path.filename().string()) == 0;
    if (label && used.count(path) == 0) {
      orphans.insert(path.lexically_relative(folder).generic_string());
    }
  }
  for (const std::string& orphan : orphans) {
    dataset.faults.push_back({orphan, "is a label file of no photo."});
  }
}

std::string label_text(const DatasetPhoto& photo, const std::vector<std::string>& class_names) {
  std::string text;
  for (const DatasetFin& fin : photo.fins) {
    const auto name = std::find(class_names.begin(), class_names.end(), fin.class_name);
    text += fmt::format("{} {:.8f} {:.8f} {:.8f} {:.8f}\n",
                        name - class_names.begin(),
                        (fin.left_px + fin.right_px) / 2 / photo.width_px,
                        (fin.top_px + fin.bottom_px) / 2 / photo.height_px,
                        fin.width_px() / photo.width_px,
                        fin.height_px() / photo.height_px);
  }
  return text;
}

void check_writable(const Dataset& dataset) {
  Faults faults;
  std::map<fs::path, std::string> owners;
  for (const DatasetPhoto& photo : dataset.photos) {
    if (photo.width_px <= 0 || photo.height_px <= 0) {
      faults.add(photo.file +
                 ": its size is not known, and YOLO's boxes are relative to it; give --photos the "
                 "folder it lies in.");
    }
    const fs::path name = yolo_label_name(photo.file).lexically_normal();
    if (name.is_absolute() || (!name.empty() && *name.begin() == "..")) {
      faults.add(photo.file +
                 ": its labels would lie outside the folder; give --photos the folder it lies in.");
    }
    const auto [owner, is_new] = owners.emplace(yolo_label_name(photo.file), photo.file);
    if (!is_new) {
      faults.add(fmt::format("{} and {} would share one label file, {}; rename one of them.",
                             owner->second,
                             photo.file,
                             owner->first.string()));
    }
  }
  faults.throw_if_any(ErrorKind::kBadInput);
}

}  // namespace

Dataset read_yolo_dataset(const fs::path& folder, const std::vector<DatasetPhotoFile>& photos) {
  if (!fs::is_directory(folder)) {
    throw Error(ErrorKind::kNotFound, folder.string() + ": there is no such folder of labels");
  }
  Dataset dataset;
  dataset.class_names = read_class_names(folder);
  const std::vector<std::string> names = dataset.class_names;
  std::set<fs::path> used;
  for (const DatasetPhotoFile& file : photos) {
    fs::path path = folder / yolo_label_name(file.file);
    if (!fs::is_regular_file(path)) path = yolo_label_path(file.file, folder);
    if (!fs::is_regular_file(path)) continue;
    used.insert(path);
    if (!file.failure.empty()) {
      dataset.faults.push_back({file.file, "its labels were left out: " + file.failure});
      continue;
    }
    DatasetPhoto photo;
    photo.file = file.file;
    photo.width_px = file.info.width_px;
    photo.height_px = file.info.height_px;
    read_label_file(path, names, photo, dataset);
    dataset.photos.push_back(std::move(photo));
  }
  report_orphans(folder, used, dataset);
  tidy(dataset);
  return dataset;
}

void write_yolo_dataset(const Dataset& dataset, const fs::path& folder) {
  check_writable(dataset);
  for (const DatasetPhoto& photo : dataset.photos) {
    write_file(folder / yolo_label_name(photo.file), label_text(photo, dataset.class_names));
  }
  write_file(folder / "obj.names", class_names_text(dataset));
}

fs::path yolo_label_name(const std::string& photo_file) {
  return fs::path(photo_file).replace_extension(".txt");
}

std::string class_names_text(const Dataset& dataset) {
  std::string text;
  for (const std::string& name : dataset.class_names) text += name + "\n";
  return text.empty() ? "fin\n" : text;
}

}  // namespace finview
