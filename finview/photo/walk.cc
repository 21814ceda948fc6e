#include "finview/photo/walk.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/photo/archive_reader.h"
#include "finview/photo/file_kind.h"

#include <algorithm>
#include <fstream>
#include <set>

namespace finview {

namespace fs = std::filesystem;

namespace {

using internal::FileKind;

constexpr std::uint64_t kMaxPhotoFileBytes = 2'000'000'000;

std::string read_start(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string start(512, '\0');
  stream.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(stream.gcount()));
  return start;
}

std::string unreadable_reason(const std::string& extension) {
  return "." + extension + " files cannot be read; save the photo as JPEG, PNG, TIFF, WebP or BMP";
}

// Everything below a folder, hidden names left out. A folder reached twice (a link, a loop) is
// listed once.
class FolderList {
 public:
  explicit FolderList(bool recursive) : recursive_(recursive) {}

  void add(const fs::path& folder) {
    std::error_code error;
    const fs::path real = fs::canonical(folder, error);
    if (error || !visited_.insert(real).second) return;
    fs::directory_iterator entries(folder, error);
    if (error) {
      unreadable.emplace_back(folder, error.message());
      return;
    }
    for (; !error && entries != fs::directory_iterator(); entries.increment(error)) {
      const fs::directory_entry& entry = *entries;
      std::error_code status_error;
      if (internal::is_hidden_name(entry.path().filename().native())) continue;
      if (entry.is_directory(status_error)) {
        if (recursive_) add(entry.path());
      } else if (entry.is_regular_file(status_error) || entry.is_symlink(status_error)) {
        files.push_back(entry.path());
      }
    }
    if (error) unreadable.emplace_back(folder, error.message());
  }

  std::vector<fs::path> files;
  std::vector<std::pair<fs::path, std::string>> unreadable;

 private:
  bool recursive_;
  std::set<fs::path> visited_;
};

}  // namespace

void ArchiveLimits::visit(OptionVisitor& visitor) {
  constexpr std::int64_t kMost = std::int64_t{1} << 50;
  visitor.field("archive-max-members", max_members, "files an archive may hold", 1, kMost);
  visitor.field("archive-max-member-bytes",
                max_member_bytes,
                "unpacked bytes one file of an archive may have",
                1,
                std::int64_t{4'000'000'000});
  visitor.field("archive-max-total-bytes",
                max_total_bytes,
                "unpacked bytes an archive may have in all",
                1,
                kMost);
  visitor.field("archive-max-ratio",
                max_ratio,
                "unpacked bytes per packed byte an archive may have",
                1,
                std::int64_t{1'000'000});
}

void WalkOptions::visit(OptionVisitor& visitor) {
  visitor.field("recursive", recursive, "also read the folders inside the given folders");
  archives.visit(visitor);
}

PhotoStream::PhotoStream(const std::vector<fs::path>& inputs, WalkOptions options)
    : options_(options) {
  Faults missing;
  for (const fs::path& input : inputs) {
    std::error_code error;
    if (!fs::exists(input, error)) {
      missing.add(input.string() + ": there is no such file or folder");
    }
  }
  missing.throw_if_any(ErrorKind::kNotFound);
  for (const fs::path& input : inputs) {
    std::error_code error;
    if (fs::is_directory(input, error)) {
      add_folder(input);
    } else {
      add_file(input);
    }
  }
}

PhotoStream::~PhotoStream() = default;

void PhotoStream::add_file(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) {
    ++num_files_;
    sources_.push_back({path, false, "this is neither a file nor a folder"});
    return;
  }
  const bool is_archive = internal::kind_of_name(path.native()) == FileKind::kArchive ||
                          internal::starts_like_archive(read_start(path));
  ++(is_archive ? num_archives_ : num_files_);
  sources_.push_back({path, is_archive, {}});
}

void PhotoStream::add_folder(const fs::path& folder) {
  FolderList list(options_.recursive);
  list.add(folder);
  for (const auto& [path, reason] : list.unreadable) {
    ++num_files_;
    sources_.push_back({path, false, "the folder cannot be read: " + reason});
  }
  std::sort(list.files.begin(), list.files.end());
  add_found(list.files);
}

void PhotoStream::add_found(const std::vector<fs::path>& found) {
  std::set<fs::path> readable_stems;
  for (const fs::path& path : found) {
    if (internal::kind_of_name(path.native()) == FileKind::kPhoto) {
      readable_stems.insert(path.parent_path() / path.stem());
    }
  }
  for (const fs::path& path : found) {
    const std::string extension = internal::extension_of(path.native());
    const FileKind kind = internal::kind_of_name(path.native());
    const bool has_twin = kind == FileKind::kUnreadablePhoto &&
                          readable_stems.contains(path.parent_path() / path.stem());
    if (kind == FileKind::kOther || has_twin) {
      ++skipped_[extension];
      continue;
    }
    ++(kind == FileKind::kArchive ? num_archives_ : num_files_);
    std::string failure;
    if (kind == FileKind::kUnreadablePhoto) failure = unreadable_reason(extension);
    if (kind == FileKind::kUnreadableArchive) {
      failure = "archives are read from zip, tar, tar.gz and tar.xz";
    }
    sources_.push_back({path, kind == FileKind::kArchive, failure});
  }
}

std::optional<PhotoItem> PhotoStream::open(const Source& source) {
  const std::string name = internal::printable_name(source.path.native());
  if (!source.failure.empty()) return PhotoFailure{name, source.failure};
  if (source.is_archive) {
    archive_ =
        std::make_unique<internal::ArchiveReader>(source.path, name, options_.archives, skipped_);
    return {};
  }
  try {
    return PhotoFile{name, read_file(source.path, kMaxPhotoFileBytes)};
  } catch (const Error& error) {
    return PhotoFailure{name, error.what()};
  }
}

std::optional<PhotoItem> PhotoStream::next() {
  while (true) {
    if (archive_) {
      if (auto item = archive_->next()) return item;
      archive_.reset();
    }
    if (next_source_ == sources_.size()) return {};
    if (auto item = open(sources_[next_source_++])) return item;
  }
}

}  // namespace finview
