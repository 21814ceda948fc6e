#include "finview/photo/walk.h"

#include "finview/base/error.h"
#include "finview/base/files.h"

#include <algorithm>

#include "tests/support/scratch_folder.h"
#include <archive.h>
#include <archive_entry.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace finview {
namespace {

namespace fs = std::filesystem;
using test::ScratchFolder;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

struct Member {
  std::string name;
  std::string content = "photo";
  unsigned type = AE_IFREG;
};

enum class Pack { kZip, kTar, kTarGz, kTarXz };

void write_archive(const fs::path& path, Pack pack, const std::vector<Member>& members) {
  archive* out = archive_write_new();
  if (pack == Pack::kZip) {
    archive_write_set_format_zip(out);
  } else {
    archive_write_set_format_gnutar(out);
  }
  if (pack == Pack::kTarGz) archive_write_add_filter_gzip(out);
  if (pack == Pack::kTarXz) archive_write_add_filter_xz(out);
  ASSERT_EQ(archive_write_open_filename(out, path.c_str()), ARCHIVE_OK);
  for (const Member& member : members) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, member.name.c_str());
    archive_entry_set_filetype(entry, member.type);
    archive_entry_set_perm(entry, 0644);
    if (member.type == AE_IFLNK) archive_entry_set_symlink(entry, member.content.c_str());
    const bool has_data = member.type == AE_IFREG;
    archive_entry_set_size(entry, has_data ? static_cast<la_int64_t>(member.content.size()) : 0);
    archive_write_header(out, entry);
    if (has_data) archive_write_data(out, member.content.data(), member.content.size());
    archive_entry_free(entry);
  }
  archive_write_close(out);
  archive_write_free(out);
}

struct Walked {
  std::vector<std::string> photos;
  std::vector<std::string> contents;
  std::vector<PhotoFailure> failures;
};

Walked walk(PhotoStream& stream) {
  Walked walked;
  while (const auto item = stream.next()) {
    if (const auto* photo = std::get_if<PhotoFile>(&*item)) {
      walked.photos.push_back(photo->name);
      walked.contents.emplace_back(photo->bytes.begin(), photo->bytes.end());
    } else {
      walked.failures.push_back(std::get<PhotoFailure>(*item));
    }
  }
  return walked;
}

Walked walk(const std::vector<fs::path>& inputs, const WalkOptions& options = {}) {
  PhotoStream stream(inputs, options);
  return walk(stream);
}

std::vector<std::string> below(const ScratchFolder& folder, std::vector<std::string> names) {
  for (std::string& name : names) name = (folder / name).string();
  return names;
}

void touch(const fs::path& path) { write_file(path, std::string_view("photo")); }

TEST(Walk, FolderGivesItsPhotosSortedAndCountsTheRest) {
  const ScratchFolder folder;
  for (const char* name : {"b.JPG",
                           "a.png",
                           "c (1).tiff",
                           "notes.txt",
                           "Thumbs.db",
                           "clip.MP4",
                           "._b.JPG",
                           ".hidden/x.jpg",
                           "sub/d.webp",
                           "README"}) {
    touch(folder / name);
  }
  PhotoStream flat({folder.path()});
  EXPECT_EQ(flat.num_files(), 3);
  EXPECT_EQ(walk(flat).photos, below(folder, {"a.png", "b.JPG", "c (1).tiff"}));
  const std::map<std::string, std::int64_t> skipped = {{"txt", 1}, {"db", 1}, {"mp4", 1}, {"", 1}};
  EXPECT_EQ(flat.skipped(), skipped);

  WalkOptions recursive;
  recursive.recursive = true;
  EXPECT_EQ(walk({folder.path()}, recursive).photos,
            below(folder, {"a.png", "b.JPG", "c (1).tiff", "sub/d.webp"}));
}

TEST(Walk, NamedFilesAreAlwaysTriedInTheOrderGiven) {
  const ScratchFolder folder;
  touch(folder / "z.txt");
  touch(folder / "a.jpg");
  EXPECT_EQ(walk({folder / "z.txt", folder / "a.jpg"}).photos, below(folder, {"z.txt", "a.jpg"}));
}

TEST(Walk, ListsAllMissingInputsAtOnce) {
  const ScratchFolder folder;
  touch(folder / "a.jpg");
  try {
    const PhotoStream stream({folder / "no1.jpg", folder / "a.jpg", folder / "no2"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kNotFound);
    EXPECT_THAT(error.what(), HasSubstr("no1.jpg"));
    EXPECT_THAT(error.what(), HasSubstr("no2"));
    EXPECT_THAT(error.what(), testing::Not(HasSubstr("a.jpg")));
  }
}

TEST(Walk, FollowsLinksOnceAndSurvivesLoops) {
  const ScratchFolder folder;
  touch(folder / "a/x.jpg");
  fs::create_directory_symlink(folder.path(), folder / "a/loop");
  fs::create_directory_symlink(folder / "a", folder / "b");
  fs::create_symlink(folder / "gone.jpg", folder / "a/dangling.jpg");
  WalkOptions recursive;
  recursive.recursive = true;
  const Walked walked = walk({folder.path()}, recursive);
  EXPECT_THAT(walked.photos, SizeIs(1));
  EXPECT_THAT(walked.failures, SizeIs(1));
}

TEST(Walk, PhotosOfOtherFormatsAreFailuresUnlessTheyHaveATwin) {
  const ScratchFolder folder;
  for (const char* name : {"a.NEF", "a.jpg", "b.heic", "old.rar"}) touch(folder / name);
  const Walked walked = walk({folder.path()});
  EXPECT_EQ(walked.photos, below(folder, {"a.jpg"}));
  ASSERT_THAT(walked.failures, SizeIs(2));
  EXPECT_THAT(walked.failures[0].name, EndsWith("b.heic"));
  EXPECT_THAT(walked.failures[0].reason, HasSubstr(".heic files cannot be read"));
  EXPECT_THAT(walked.failures[1].reason, HasSubstr("zip, tar, tar.gz and tar.xz"));
}

TEST(Walk, ReadsEveryKindOfArchiveMemberByMember) {
  const ScratchFolder folder;
  const std::vector<Member> members = {{"day1/", "", AE_IFDIR},
                                       {"day1/a.jpg", "first"},
                                       {"day1/notes.txt"},
                                       {"__MACOSX/day1/._a.jpg"},
                                       {"./b.PNG", "second"}};
  const std::pair<Pack, std::string> kinds[] = {{Pack::kZip, "trip.zip"},
                                                {Pack::kTar, "trip.tar"},
                                                {Pack::kTarGz, "trip.tar.gz"},
                                                {Pack::kTarXz, "trip.tar.xz"},
                                                {Pack::kTarGz, "named-oddly.backup"}};
  for (const auto& [pack, name] : kinds) {
    write_archive(folder / name, pack, members);
    PhotoStream stream({folder / name});
    EXPECT_EQ(stream.num_archives(), 1);
    const Walked walked = walk(stream);
    EXPECT_EQ(walked.photos, below(folder, {name + "/day1/a.jpg", name + "/b.PNG"}));
    EXPECT_THAT(walked.contents, ElementsAre("first", "second"));
    EXPECT_THAT(walked.failures, IsEmpty());
    EXPECT_EQ(stream.skipped().at("txt"), 1);
  }
}

TEST(Walk, MembersThatLeaveTheArchiveAreOneFailureEach) {
  const ScratchFolder folder;
  write_archive(folder / "evil.tar",
                Pack::kTar,
                {{"../up.jpg"},
                 {"/etc/abs.jpg"},
                 {"a/../../b.jpg"},
                 {"link.jpg", "/etc/passwd", AE_IFLNK},
                 {"device.jpg", "", AE_IFCHR},
                 {"C:\\windows.jpg"},
                 {"good.jpg"}});
  const Walked walked = walk({folder / "evil.tar"});
  EXPECT_EQ(walked.photos, below(folder, {"evil.tar/good.jpg"}));
  ASSERT_THAT(walked.failures, SizeIs(6));
  EXPECT_THAT(walked.failures[0].reason, HasSubstr("leaves the archive"));
  EXPECT_THAT(walked.failures[1].reason, HasSubstr("absolute path"));
  EXPECT_THAT(walked.failures[3].reason, HasSubstr("a link"));
  EXPECT_THAT(walked.failures[4].reason, HasSubstr("a device"));
}

TEST(Walk, ArchiveBombsAreOneFailureAndTheRestGoesOn) {
  const ScratchFolder folder;
  touch(folder / "z.jpg");
  std::string zeros;
  zeros.resize(150'000'000);
  // In a photo, and in a file that nobody asked for.
  write_archive(folder / "a.zip", Pack::kZip, {{"ok.jpg"}, {"bomb.jpg", zeros}, {"late.jpg"}});
  write_archive(folder / "b.tar.gz", Pack::kTarGz, {{"ok.jpg"}, {"bomb.txt", zeros}, {"c.jpg"}});
  const Walked walked = walk({folder.path()});
  EXPECT_EQ(walked.photos, below(folder, {"a.zip/ok.jpg", "b.tar.gz/ok.jpg", "z.jpg"}));
  ASSERT_THAT(walked.failures, SizeIs(2));
  for (const PhotoFailure& failure : walked.failures) {
    EXPECT_THAT(failure.reason, HasSubstr("more than 200 times"));
  }
}

TEST(Walk, LimitsOfAnArchiveAreKept) {
  const ScratchFolder folder;
  const std::string large(5000, 'x');
  write_archive(folder / "a.tar", Pack::kTar, {{"1.jpg"}, {"2.jpg", large}, {"3.jpg"}, {"4.jpg"}});
  WalkOptions options;
  options.archives.max_member_bytes = 1000;
  Walked walked = walk({folder / "a.tar"}, options);
  EXPECT_THAT(walked.photos, SizeIs(3));
  ASSERT_THAT(walked.failures, SizeIs(1));
  EXPECT_THAT(walked.failures[0].reason, HasSubstr("larger than 1000 bytes"));

  options = {};
  options.archives.max_members = 2;
  walked = walk({folder / "a.tar"}, options);
  EXPECT_THAT(walked.photos, SizeIs(2));
  EXPECT_THAT(walked.failures, SizeIs(1));

  options = {};
  options.archives.max_total_bytes = 100;
  walked = walk({folder / "a.tar"}, options);
  EXPECT_THAT(walked.photos, SizeIs(1));
  EXPECT_THAT(walked.failures, SizeIs(1));
}

TEST(Walk, TruncatedArchiveGivesWhatIsWholeAndOneFailure) {
  const ScratchFolder folder;
  std::string noise(200'000, '\0');
  std::uint32_t state = 1;
  for (char& c : noise) c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  for (const Pack pack : {Pack::kZip, Pack::kTar, Pack::kTarGz, Pack::kTarXz}) {
    write_archive(folder / "whole", pack, {{"1.jpg"}, {"2.jpg", noise}, {"3.jpg"}});
    std::vector<std::uint8_t> bytes = read_file(folder / "whole");
    bytes.resize(bytes.size() / 2);
    write_file(folder / "cut", bytes);
    const Walked walked = walk({folder / "cut"});
    EXPECT_LE(walked.photos.size(), 1u);
    ASSERT_THAT(walked.failures, SizeIs(1));
    EXPECT_THAT(walked.failures[0].reason, HasSubstr("truncated"));
  }
}

TEST(Walk, NamesOfAnyEncodingStayPrintableAndUnique) {
  const ScratchFolder folder;
  write_archive(folder / "a.tar",
                Pack::kTar,
                {{"caf\xC3\xA9.jpg", "1"},
                 {"caf\xE9.jpg", "2"},
                 {"a\nb.jpg", "3"},
                 {"twice.jpg", "4"},
                 {"twice.jpg", "5"},
                 {"\xE6\xB5\xB7.jpg", "6"}});
  const Walked walked = walk({folder / "a.tar"});
  EXPECT_EQ(walked.photos,
            below(folder,
                  {"a.tar/caf\xC3\xA9.jpg",
                   "a.tar/caf\\xE9.jpg",
                   "a.tar/a\\x0Ab.jpg",
                   "a.tar/twice.jpg",
                   "a.tar/twice.jpg#2",
                   "a.tar/\xE6\xB5\xB7.jpg"}));
  EXPECT_THAT(walked.contents, ElementsAre("1", "2", "3", "4", "5", "6"));
}

TEST(Walk, ZipNamesMarkedAsUtf8AreReadInAnyLocale) {
  const ScratchFolder folder;
  // A stored member "é.jpg" with the UTF-8 flag (bit 11), as Windows and macOS write it.
  const std::string name = "\xC3\xA9.jpg";
  std::string local("PK\3\4\x14\0\0\x08\0\0\0\0\0\0", 14);
  local += std::string("\x43\xBE\xB7\xE8\1\0\0\0\1\0\0\0\x06\0\0\0", 16) + name + "a";
  std::string central("PK\1\2\x14\0\x14\0\0\x08\0\0\0\0\0\0", 16);
  central +=
      std::string("\x43\xBE\xB7\xE8\1\0\0\0\1\0\0\0\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 30);
  central += name;
  std::string end("PK\5\6\0\0\0\0\1\0\1\0", 12);
  end += static_cast<char>(central.size()) + std::string(3, '\0');
  end += static_cast<char>(local.size()) + std::string(5, '\0');
  write_file(folder / "a.zip", local + central + end);
  const Walked walked = walk({folder / "a.zip"});
  EXPECT_THAT(walked.failures, IsEmpty());
  EXPECT_EQ(walked.photos, below(folder, {"a.zip/" + name}));
}

TEST(Walk, EncryptedArchiveIsOneFailure) {
  const ScratchFolder folder;
  write_archive(folder / "a.zip", Pack::kZip, {{"1.jpg"}, {"2.jpg"}});
  std::vector<std::uint8_t> bytes = read_file(folder / "a.zip");
  for (std::size_t i = 0; i + 10 < bytes.size(); ++i) {
    if (bytes[i] != 'P' || bytes[i + 1] != 'K') continue;
    if (bytes[i + 2] == 3) bytes[i + 6] |= 1;
    if (bytes[i + 2] == 1) bytes[i + 8] |= 1;
  }
  write_file(folder / "a.zip", bytes);
  const Walked walked = walk({folder / "a.zip"});
  EXPECT_THAT(walked.photos, IsEmpty());
  ASSERT_THAT(walked.failures, SizeIs(1));
  EXPECT_THAT(walked.failures[0].reason, HasSubstr("encrypted"));
}

TEST(Walk, ArchiveThatIsNoneIsOneFailure) {
  const ScratchFolder folder;
  write_file(folder / "a.zip", std::string_view("this is no zip archive, it is a sentence"));
  write_file(folder / "b.tar.gz", std::string_view(""));
  touch(folder / "c.jpg");
  const Walked walked = walk({folder.path()});
  EXPECT_THAT(walked.photos, SizeIs(1));
  EXPECT_THAT(walked.failures, SizeIs(2));
}

}  // namespace
}  // namespace finview
