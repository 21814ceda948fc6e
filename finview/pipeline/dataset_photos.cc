#include "finview/pipeline/dataset_photos.h"

#include "finview/base/error.h"
#include "finview/base/threads.h"
#include "finview/photo/decode.h"
#include "finview/photo/walk.h"

#include <algorithm>

namespace finview {
namespace {

/// Longest side of what is sketched; the sketch itself has 32.
constexpr int kSketchPx = 128;

DatasetPhotoFile inspect(const PhotoItem& item,
                         const std::filesystem::path& folder,
                         bool with_sketch) {
  DatasetPhotoFile photo;
  const auto* file = std::get_if<PhotoFile>(&item);
  photo.path = file != nullptr ? file->name : std::get<PhotoFailure>(item).name;
  photo.file = photo.path.lexically_relative(folder).generic_string();
  if (file == nullptr) {
    photo.failure = std::get<PhotoFailure>(item).reason;
    return photo;
  }
  try {
    photo.info = read_photo_info(*file);
    if (with_sketch) {
      photo.sketch = sketch_picture(decode_reduced(*file, photo.info, kSketchPx).bgr);
    }
  } catch (const Error& error) {
    const std::string start = file->name + ": ";
    const std::string_view reason = error.what();
    photo.failure = reason.starts_with(start) ? reason.substr(start.size()) : reason;
  }
  return photo;
}

}  // namespace

std::vector<DatasetPhotoFile> scan_photos(const std::filesystem::path& folder,
                                          bool recursive,
                                          bool sketches,
                                          Progress& progress,
                                          const CancelToken& cancel) {
  WalkOptions walk;
  walk.recursive = recursive;
  PhotoStream stream({folder}, walk);
  std::vector<DatasetPhotoFile> photos;
  while (!cancel.cancelled()) {
    std::vector<PhotoItem> items;
    while (items.size() < 2 * static_cast<std::size_t>(num_cores())) {
      auto item = stream.next();
      if (!item) break;
      items.push_back(std::move(*item));
    }
    if (items.empty()) break;
    const std::size_t first = photos.size();
    photos.resize(first + items.size());
    parallel_for(items.size(), num_cores(), [&](std::size_t i) {
      photos[first + i] = inspect(items[i], folder, sketches);
    });
    progress.update("Photos", static_cast<std::int64_t>(photos.size()), stream.num_files());
  }
  progress.finish();
  std::sort(
      photos.begin(), photos.end(), [](const auto& a, const auto& b) { return a.file < b.file; });
  return photos;
}

}  // namespace finview
