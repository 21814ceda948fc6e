#include "finview/pipeline/fin_collection.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/crop/cut.h"
#include "finview/photo/decode.h"
#include "finview/pipeline/yolo_labels.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace finview {
namespace {

namespace fs = std::filesystem;

constexpr int kLongestPx = 512;

/// A picture to be read and its label.
struct Listed {
  fs::path path;
  GalleryEntry label;
};

bool is_picture(const fs::path& path) {
  static const std::set<std::string> kExtensions = {
      ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".bmp"};
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return kExtensions.contains(extension);
}

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  if (!fs::is_directory(folder)) {
    throw Error(ErrorKind::kNotFound, fmt::format("There is no folder {}.", folder.string()));
  }
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<Listed> list_table(const fs::path& csv) {
  const CsvTable table = read_csv(csv);
  const auto optional_column = [&](const char* name) -> std::optional<std::size_t> {
    const auto found = std::find(table.header.begin(), table.header.end(), name);
    if (found == table.header.end()) return {};
    return static_cast<std::size_t>(found - table.header.begin());
  };
  const std::size_t file = table.column("file");
  const std::size_t individual = table.column("individual");
  auto group = optional_column("encounter");
  if (!group) group = optional_column("date");
  const auto role = optional_column("role");
  std::vector<Listed> listed;
  for (const auto& row : table.rows) {
    if (role && row[*role] == "ignore") continue;
    listed.push_back(
        {csv.parent_path() / row[file],
         {row[individual], group ? row[*group] : "", !role || row[*role] != "gallery"}});
  }
  return listed;
}

std::vector<Listed> list_folders(const fs::path& folder) {
  std::vector<Listed> listed;
  for (const fs::path& individual : sorted_entries(folder)) {
    if (!fs::is_directory(individual)) continue;
    for (const fs::path& path : sorted_entries(individual)) {
      if (is_picture(path)) listed.push_back({path, {individual.filename().string(), ""}});
    }
  }
  return listed;
}

/// The fins of one picture: those of its box file, or the whole.
std::vector<Crop> read_crops(const PhotoFile& file, bool with_boxes) {
  const fs::path path = file.name;
  const PhotoInfo info = read_photo_info(file);
  std::optional<std::vector<Detection>> boxes;
  if (with_boxes) {
    boxes = read_yolo_labels(
        yolo_label_path(path, path.parent_path() / "labels"), info.width_px, info.height_px);
  }
  std::vector<PixelRect> regions;
  if (!boxes) regions.push_back({0, 0, info.width_px, info.height_px});
  for (const Detection& box : boxes.value_or(std::vector<Detection>())) {
    regions.push_back(fin_region(box, kFinMargin, info.width_px, info.height_px));
  }
  std::vector<Crop> crops;
  for (const PixelRect& region : regions) {
    const cv::Rect rect(region.left_px, region.top_px, region.width_px, region.height_px);
    crops.push_back(make_crop(decode_region(file, info, rect), region, kLongestPx));
  }
  return crops;
}

std::vector<CollectedFin> read_all(const std::vector<Listed>& listed,
                                   const fs::path& source,
                                   bool with_boxes,
                                   Progress& progress) {
  std::vector<CollectedFin> fins;
  std::int64_t done = 0;
  for (const Listed& item : listed) {
    try {
      const PhotoFile file{item.path.string(), read_file(item.path)};
      const std::string sha256 = sha256_hex(file.bytes);
      for (Crop& crop : read_crops(file, with_boxes)) {
        fins.push_back({item.path.filename().string(), item.label, std::move(crop), sha256});
      }
    } catch (const Error& error) {
      progress.note(fmt::format("Left out: {}", error.what()));
    }
    progress.update("Reading fins", ++done, static_cast<std::int64_t>(listed.size()));
  }
  progress.finish();
  if (fins.empty()) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} holds no picture of a fin that can be read ({} tried).",
                            source.string(),
                            listed.size()));
  }
  return fins;
}

}  // namespace

std::vector<CollectedFin> read_labelled_fins(const fs::path& source, Progress& progress) {
  std::vector<Listed> listed;
  if (!fs::is_directory(source)) {
    listed = list_table(source);
  } else if (fs::exists(source / "labels.csv")) {
    listed = list_table(source / "labels.csv");
  } else {
    listed = list_folders(source);
  }
  return read_all(listed, source, false, progress);
}

std::vector<CollectedFin> read_unlabelled_fins(const fs::path& folder, Progress& progress) {
  std::vector<Listed> listed;
  for (const fs::path& path : sorted_entries(folder)) {
    if (is_picture(path)) listed.push_back({path, {}});
  }
  return read_all(listed, folder, true, progress);
}

}  // namespace finview
