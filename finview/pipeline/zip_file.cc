#include "finview/pipeline/zip_file.h"

#include "finview/base/atomic_file.h"
#include "finview/base/error.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

namespace finview {

struct ZipFile::Impl {
  explicit Impl(const std::filesystem::path& at) : path(at), file(at), zip(archive_write_new()) {
    archive_write_set_format_zip(zip);
    archive_write_set_options(zip, "hdrcharset=UTF-8");
    check(archive_write_open(zip, this, nullptr, &Impl::write, nullptr));
  }
  ~Impl() { archive_write_free(zip); }

  static la_ssize_t write(archive* zip, void* self, const void* bytes, std::size_t size) {
    try {
      static_cast<Impl*>(self)->file.write(std::string_view(static_cast<const char*>(bytes), size));
      return static_cast<la_ssize_t>(size);
    } catch (const Error& error) {
      archive_set_error(zip, EIO, "%s", error.what());
      return -1;
    }
  }

  void check(int status) {
    if (status == ARCHIVE_OK || status == ARCHIVE_WARN) return;
    const char* reason = archive_error_string(zip);
    throw Error(ErrorKind::kUnavailable,
                fmt::format("{} cannot be written: {}", path.string(), reason ? reason : "failed"));
  }

  std::filesystem::path path;
  AtomicFile file;
  archive* zip;
};

ZipFile::ZipFile(const std::filesystem::path& path) : impl_(std::make_unique<Impl>(path)) {}
ZipFile::~ZipFile() = default;

void ZipFile::add(const std::string& name, std::string_view bytes) {
  archive_entry* entry = archive_entry_new();
  archive_entry_set_pathname_utf8(entry, name.c_str());
  archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
  archive_entry_set_filetype(entry, AE_IFREG);
  archive_entry_set_perm(entry, 0644);
  archive_entry_set_mtime(entry, 315532800, 0);  // 1980, the first that a zip can say
  const int status = archive_write_header(impl_->zip, entry);
  archive_entry_free(entry);
  impl_->check(status);
  if (archive_write_data(impl_->zip, bytes.data(), bytes.size()) < 0) impl_->check(ARCHIVE_FATAL);
}

void ZipFile::commit() {
  impl_->check(archive_write_close(impl_->zip));
  impl_->file.commit();
}

std::map<std::string, std::string> read_members(const std::filesystem::path& path,
                                                const std::set<std::string>& names) {
  constexpr la_int64_t kLargestBytes = 1'000'000'000;
  const std::unique_ptr<archive, int (*)(archive*)> zip(archive_read_new(), archive_read_free);
  const auto fail = [&](const char* reason) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} cannot be read as an archive: {}", path.string(), reason));
  };
  archive_read_support_format_zip(zip.get());
  if (archive_read_open_filename(zip.get(), path.c_str(), 1 << 16) != ARCHIVE_OK) {
    fail(archive_error_string(zip.get()));
  }
  std::map<std::string, std::string> members;
  archive_entry* entry = nullptr;
  int status = ARCHIVE_OK;
  while ((status = archive_read_next_header(zip.get(), &entry)) == ARCHIVE_OK ||
         status == ARCHIVE_WARN) {
    const char* name = archive_entry_pathname(entry);
    if (name == nullptr || !names.contains(name)) continue;
    std::string& bytes = members[name];
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    while ((status = archive_read_data_block(zip.get(), &block, &size, &offset)) == ARCHIVE_OK) {
      if (offset + static_cast<la_int64_t>(size) > kLargestBytes) fail("a table is too large");
      bytes.resize(static_cast<std::size_t>(offset));
      bytes.append(static_cast<const char*>(block), size);
    }
    if (status != ARCHIVE_EOF) fail(archive_error_string(zip.get()));
  }
  if (status != ARCHIVE_EOF) fail(archive_error_string(zip.get()));
  return members;
}

}  // namespace finview
