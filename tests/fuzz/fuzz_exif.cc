#include "finview/photo/decode.h"
#include "finview/photo/exif.h"

#include <vector>

#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace finview;
  internal::read_exif({data, size});
  test::answer([&] { read_photo_info({"fuzz.jpg", {data, data + size}}); });
  return 0;
}
