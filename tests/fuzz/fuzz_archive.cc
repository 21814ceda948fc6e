#include "finview/photo/file_kind.h"
#include "finview/photo/walk.h"

#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace finview;
  internal::starts_like_archive(test::text_of(data, std::min<std::size_t>(size, 512)));
  WalkOptions options;
  options.archives.max_members = 100;
  options.archives.max_member_bytes = 1'000'000;
  options.archives.max_total_bytes = 4'000'000;
  const auto file = test::as_file(data, size, ".zip");
  test::answer([&] {
    PhotoStream photos({file}, options);
    while (photos.next()) {
    }
  });
  return 0;
}
