#include "finview/pipeline/uploads.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/relative_path.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <random>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace finview {

namespace fs = std::filesystem;

namespace {

constexpr const char* kAnnounced = "announced.json";
constexpr const char* kData = "data";

std::string new_id() {
  std::random_device random;
  return fmt::format("{:08x}{:08x}{:08x}{:08x}", random(), random(), random(), random());
}

bool is_id(const std::string& id) {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return id.size() == 32 && std::all_of(id.begin(), id.end(), is_digit);
}

[[noreturn]] void not_found(const std::string& id) {
  throw Error(
      ErrorKind::kNotFound,
      fmt::format("There is no upload {}; start a new one.", is_id(id) ? id : "of that id"));
}

[[noreturn]] void disk_fault(const std::string& what) {
  throw Error(ErrorKind::kUnavailable,
              fmt::format("{} cannot be written: {}.", what, std::strerror(errno)));
}

/// Writes all of it.
void write_all(int descriptor, std::span<const char> bytes, const std::string& what) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) disk_fault(what);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

}  // namespace

Uploads::Uploads(const fs::path& folder) : folder_(folder) { fs::create_directories(folder); }

fs::path Uploads::folder_of(const std::string& id) const {
  if (!is_id(id)) not_found(id);
  return folder_ / id;
}

UploadRecord Uploads::start(const std::string& name, std::int64_t size) {
  relative_parts(name);
  std::error_code ignored;
  const auto space = fs::space(folder_, ignored);
  if (!ignored && static_cast<std::uint64_t>(size) > space.available) {
    throw Error(
        ErrorKind::kBadInput,
        fmt::format("The disk has room for {} bytes, the upload needs {}.", space.available, size));
  }
  const std::string id = new_id();
  const fs::path folder = folder_of(id);
  write_file(folder / kData, std::string_view());
  const nlohmann::json announced{{"name", name}, {"size", size}};
  write_file(folder / kAnnounced, announced.dump());
  return {id, name, size, 0};
}

UploadRecord Uploads::get(const std::string& id) const {
  const fs::path folder = folder_of(id);
  if (!fs::exists(folder / kAnnounced)) not_found(id);
  const auto announced = nlohmann::json::parse(read_text_file(folder / kAnnounced), nullptr, false);
  std::error_code fault;
  const auto offset = fs::file_size(folder / kData, fault);
  if (fault || !announced.is_object()) not_found(id);
  return {id, announced.at("name"), announced.at("size"), static_cast<std::int64_t>(offset)};
}

std::vector<UploadRecord> Uploads::list() const {
  std::vector<UploadRecord> uploads;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    const std::string id = entry.path().filename().string();
    if (!is_id(id)) continue;
    try {
      uploads.push_back(get(id));
    } catch (const Error&) {  // half made when the server ended, or removed at this moment
    }
  }
  std::sort(
      uploads.begin(), uploads.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return uploads;
}

void Uploads::remove(const std::string& id) {
  if (!fs::exists(folder_of(id) / kAnnounced)) not_found(id);
  fs::remove_all(folder_of(id));
}

UploadRecord Uploads::append(
    const std::string& id,
    std::int64_t offset,
    const std::function<bool(const std::function<bool(std::span<const char>)>&)>& read) {
  struct Turn {
    Uploads& uploads;
    const std::string& id;
    Turn(Uploads& uploads, const std::string& id) : uploads(uploads), id(id) {
      const std::lock_guard lock(uploads.mutex_);
      if (!uploads.sending_.insert(id).second) {
        throw Error(ErrorKind::kConflict, "Somebody else is sending this upload.");
      }
    }
    ~Turn() {
      const std::lock_guard lock(uploads.mutex_);
      uploads.sending_.erase(id);
    }
  };
  const UploadRecord upload = get(id);
  const Turn turn(*this, id);
  if (get(id).offset != offset) {
    throw Error(
        ErrorKind::kConflict,
        fmt::format(
            "The upload stands at byte {}, not at {}: go on from there.", get(id).offset, offset));
  }
  const fs::path file = folder_of(id) / kData;
  const int descriptor = open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) disk_fault("The upload");
  std::int64_t at = offset;
  bool too_many = false;
  try {
    read([&](std::span<const char> piece) {
      too_many = at + static_cast<std::int64_t>(piece.size()) > upload.size;
      if (too_many) return false;
      write_all(descriptor, piece, "The upload");
      at += static_cast<std::int64_t>(piece.size());
      return true;
    });
    if (at == upload.size && fdatasync(descriptor) != 0) disk_fault("The upload");
  } catch (...) {
    close(descriptor);
    throw;
  }
  close(descriptor);
  if (too_many) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("More bytes came than the {} that were announced.", upload.size));
  }
  return get(id);
}

fs::path Uploads::file(const std::string& id) const {
  const UploadRecord upload = get(id);
  if (!upload.finished()) {
    throw Error(ErrorKind::kConflict,
                fmt::format("The upload {} is not finished: {} of {} bytes are here.",
                            id,
                            upload.offset,
                            upload.size));
  }
  return folder_of(id) / kData;
}

}  // namespace finview
