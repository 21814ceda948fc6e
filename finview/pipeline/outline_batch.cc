#include "finview/pipeline/outline_batch.h"

#include "finview/base/error.h"
#include "finview/base/threads.h"
#include "finview/pipeline/outline_edits.h"

#include <optional>
#include <utility>
#include <variant>

namespace finview {
namespace {

constexpr std::size_t kBatchSize = 32;

PictureOutline outline_item(const PhotoItem& item,
                            const FinMasker& masker,
                            const std::filesystem::path& edits) {
  PictureOutline outlined;
  if (const auto* failure = std::get_if<PhotoFailure>(&item)) {
    outlined.found.photo = failure->name;
    outlined.found.failure = failure->reason;
    return outlined;
  }
  const auto& file = std::get<PhotoFile>(item);
  try {
    return outline_picture(file, masker, find_edits(edits, file.name));
  } catch (const Error& error) {
    outlined.found.photo = file.name;
    outlined.found.failure = error.what();
    return outlined;
  }
}

}  // namespace

std::vector<PictureOutline> next_outlines(PhotoStream& photos,
                                          const FinMasker& masker,
                                          const std::filesystem::path& edits) {
  std::vector<PhotoItem> items;
  while (items.size() < kBatchSize) {
    std::optional<PhotoItem> item = photos.next();
    if (!item) break;
    items.push_back(std::move(*item));
  }
  std::vector<PictureOutline> outlined(items.size());
  parallel_for(items.size(), num_cores(), [&](std::size_t i) {
    outlined[i] = outline_item(items[i], masker, edits);
  });
  return outlined;
}

}  // namespace finview
