#include "finview/photo/archive_reader.h"

#include "finview/photo/file_kind.h"

#include <algorithm>

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <locale.h>

namespace finview::internal {

namespace {

constexpr std::size_t kBlockBytes = 1 << 16;
constexpr std::int64_t kRatioJudgedFromBytes = 64'000'000;

// libarchive converts member names to the thread's character set; UTF-8 loses nothing.
class Utf8Locale {
 public:
  Utf8Locale() : utf8_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (utf8_) before_ = uselocale(utf8_);
  }
  ~Utf8Locale() {
    if (!utf8_) return;
    uselocale(before_);
    freelocale(utf8_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  locale_t utf8_;
  locale_t before_ = nullptr;
};

// A path's parts, "." and empty ones left out. Windows archives use backslashes too.
std::vector<std::string> parts_of(const std::string& path) {
  std::vector<std::string> parts;
  std::string part;
  for (const char c : path + "/") {
    if (c != '/' && c != '\\') {
      part += c;
      continue;
    }
    if (!part.empty() && part != ".") parts.push_back(part);
    part.clear();
  }
  return parts;
}

bool is_absolute(const std::string& path) {
  const bool drive =
      path.size() >= 2 && path[1] == ':' && std::isalpha(static_cast<unsigned char>(path[0]));
  return path.starts_with('/') || path.starts_with('\\') || drive;
}

}  // namespace

void ArchiveReader::Closer::operator()(archive* handle) const { archive_read_free(handle); }

ArchiveReader::ArchiveReader(const std::filesystem::path& path,
                             std::string name,
                             const ArchiveLimits& limits,
                             std::map<std::string, std::int64_t>& skipped)
    : name_(std::move(name)), limits_(limits), skipped_(skipped), archive_(archive_read_new()) {
  archive* handle = archive_.get();
  archive_read_support_format_zip(handle);
  archive_read_support_format_tar(handle);
  archive_read_support_filter_gzip(handle);
  archive_read_support_filter_xz(handle);
  std::error_code error;
  packed_size_bytes_ = static_cast<std::int64_t>(std::filesystem::file_size(path, error));
  if (archive_read_open_filename(handle, path.c_str(), kBlockBytes) != ARCHIVE_OK) {
    open_failure_ = "the archive cannot be opened: " + complaint();
  }
}

ArchiveReader::~ArchiveReader() = default;

std::string ArchiveReader::complaint() const {
  const char* text = archive_error_string(archive_.get());
  return text ? text : "unknown reason";
}

PhotoItem ArchiveReader::end_with(const std::string& reason) {
  ended_ = true;
  return PhotoFailure{name_, reason};
}

std::optional<PhotoItem> ArchiveReader::next() {
  const Utf8Locale locale;
  if (ended_) return {};
  if (!open_failure_.empty()) return end_with(open_failure_);
  while (!ended_) {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(archive_.get(), &entry);
    if (status == ARCHIVE_EOF) break;
    if (status < ARCHIVE_WARN) {
      return end_with(fmt::format(
          "the archive is truncated or damaged after {} members: {}", num_members_, complaint()));
    }
    if (++num_members_ > limits_.max_members) {
      return end_with(fmt::format("the archive holds more than {} files", limits_.max_members));
    }
    if (auto item = read_member(entry)) return item;
  }
  ended_ = true;
  return {};
}

// Why a member must not be touched, whatever it holds.
std::optional<std::string> ArchiveReader::member_fault(archive_entry* entry,
                                                       const std::string& path) const {
  const std::vector<std::string> parts = parts_of(path);
  if (is_absolute(path)) return "the member has an absolute path";
  if (std::find(parts.begin(), parts.end(), "..") != parts.end()) {
    return "the member's path leaves the archive (..)";
  }
  if (archive_entry_hardlink(entry) || archive_entry_filetype(entry) == AE_IFLNK) {
    return "the member is a link";
  }
  const auto type = archive_entry_filetype(entry);
  if (type != AE_IFREG && type != AE_IFDIR && type != 0) return "the member is a device";
  return {};
}

std::optional<PhotoItem> ArchiveReader::read_member(archive_entry* entry) {
  const char* raw = archive_entry_pathname(entry);
  const std::string path = raw ? raw : fmt::format("member-{}", num_members_);
  if (const auto fault = member_fault(entry, path)) {
    return PhotoFailure{name_ + "/" + printable_name(path), *fault};
  }
  if (archive_entry_filetype(entry) == AE_IFDIR) return {};
  const std::vector<std::string> parts = parts_of(path);
  if (parts.empty()) return {};
  if (archive_entry_is_encrypted(entry)) {
    return end_with("the archive is encrypted; unpack it and give the folder");
  }
  const bool hidden = std::any_of(parts.begin(), parts.end(), is_hidden_name);
  const FileKind kind = hidden ? FileKind::kOther : kind_of_name(parts.back());
  const std::string member = fmt::format("{}", fmt::join(parts, "/"));
  if (kind == FileKind::kPhoto) return take_photo(member);

  std::string reason;
  if (copy_data(nullptr, reason) == Copy::kArchiveFailed) return end_with(reason);
  if (kind == FileKind::kOther) {
    ++skipped_[extension_of(parts.back())];
    return {};
  }
  reason = kind == FileKind::kUnreadablePhoto
               ? "." + extension_of(member) + " files cannot be read"
               : "archives inside archives are not opened; unpack it and give the folder";
  return PhotoFailure{name_ + "/" + unique_name(member), reason};
}

std::optional<PhotoItem> ArchiveReader::take_photo(const std::string& member) {
  PhotoFile file{name_ + "/" + unique_name(member), {}};
  std::string reason;
  switch (copy_data(&file.bytes, reason)) {
    case Copy::kDone:
      return file;
    case Copy::kMemberFailed:
      return PhotoFailure{file.name, reason};
    case Copy::kArchiveFailed:
      break;
  }
  return end_with(fmt::format("at {}: {}", printable_name(member), reason));
}

// Reads the member to its end, into `bytes` or into nothing: libarchive's own skipping would
// unpack without a limit.
ArchiveReader::Copy ArchiveReader::copy_data(std::vector<std::uint8_t>* bytes,
                                             std::string& reason) {
  Copy result = Copy::kDone;
  std::int64_t member_bytes = 0;
  while (true) {
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    const int status = archive_read_data_block(archive_.get(), &block, &size, &offset);
    if (status == ARCHIVE_EOF) return result;
    if (status == ARCHIVE_FATAL) {
      reason = "the archive is truncated or damaged: " + complaint();
      return Copy::kArchiveFailed;
    }
    if (status < ARCHIVE_OK) {
      reason = "the member is damaged: " + complaint();
      return Copy::kMemberFailed;
    }
    // Sparse files leave holes: the offset says where the block belongs.
    member_bytes = std::max(member_bytes, offset) + static_cast<std::int64_t>(size);
    total_bytes_ += static_cast<std::int64_t>(size);
    if (const auto fault = hostile()) {
      reason = *fault;
      return Copy::kArchiveFailed;
    }
    if (member_bytes > limits_.max_member_bytes) {
      reason = fmt::format("the member is larger than {} bytes", limits_.max_member_bytes);
      result = Copy::kMemberFailed;
      if (bytes) std::vector<std::uint8_t>().swap(*bytes);
      bytes = nullptr;
    }
    if (!bytes) continue;
    bytes->resize(static_cast<std::size_t>(member_bytes));
    std::copy_n(static_cast<const std::uint8_t*>(block), size, bytes->data() + offset);
  }
}

std::optional<std::string> ArchiveReader::hostile() {
  if (total_bytes_ > limits_.max_total_bytes) {
    return fmt::format("the archive unpacks to more than {} bytes; it is not read further",
                       limits_.max_total_bytes);
  }
  if (total_bytes_ < kRatioJudgedFromBytes) return {};
  // Members of a zip may share their packed bytes, so no more than the file's size counts.
  const std::int64_t packed =
      std::clamp<std::int64_t>(archive_filter_bytes(archive_.get(), -1), 1, packed_size_bytes_);
  if (total_bytes_ / packed <= limits_.max_ratio) return {};
  return fmt::format(
      "the archive unpacks to {} bytes from {}, more than {} times; it is not read further",
      total_bytes_,
      packed,
      limits_.max_ratio);
}

std::string ArchiveReader::unique_name(const std::string& member) {
  const std::string printable = printable_name(member);
  std::string name = printable;
  for (int copy = 2; !names_.insert(name).second; ++copy) {
    name = fmt::format("{}#{}", printable, copy);
  }
  return name;
}

}  // namespace finview::internal
