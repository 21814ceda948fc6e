#include "finview/pipeline/staged_uploads.h"

#include "finview/base/error.h"

#include <algorithm>

#include <fmt/format.h>

namespace finview {

namespace fs = std::filesystem;

namespace {

/// "a (2).jpg" where another "a.jpg" stands. Nothing if these bytes stand there already.
void link_beside(const fs::path& from, const fs::path& to) {
  fs::create_directories(to.parent_path());
  fs::path place = to;
  for (int i = 2; fs::exists(place); ++i) {
    if (fs::equivalent(from, place)) return;
    place =
        to.parent_path() / fmt::format("{} ({}){}", to.stem().string(), i, to.extension().string());
  }
  fs::create_hard_link(from, place);
}

}  // namespace

StagedUploads::StagedUploads(Uploads& uploads,
                             const fs::path& folder,
                             const std::vector<std::string>& ids)
    : uploads_(uploads), folder_(folder), ids_(ids) {
  try {
    fs::create_directories(folder_);
    for (const std::string& id : ids_) {
      try {
        link_beside(uploads_.file(id), folder_ / uploads_.get(id).name);
      } catch (const Error& error) {
        if (error.kind() != ErrorKind::kNotFound) throw;
      }
    }
  } catch (const fs::filesystem_error& error) {
    throw Error(ErrorKind::kUnavailable,
                fmt::format("The uploads cannot be taken: {}.", error.what()));
  }
}

std::vector<std::string> StagedUploads::entries() const {
  std::vector<std::string> entries;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    entries.push_back(entry.path().string());
  }
  std::sort(entries.begin(), entries.end());
  return entries;
}

void StagedUploads::remove() {
  for (const std::string& id : ids_) {
    try {
      uploads_.remove(id);
    } catch (const Error&) {  // gone already
    }
  }
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

}  // namespace finview
