#include "finview/base/files.h"
#include "finview/photo/exif.h"
#include "finview/photo/file_kind.h"
#include "finview/photo/photo_name.h"
#include "finview/pipeline/relative_path.h"

#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace finview;
  const std::string name(test::text_of(data, size));
  read_niwa_name(name);
  read_folder_name(name);
  internal::kind_of_name(name);
  internal::extension_of(name);
  internal::is_hidden_name(name);
  internal::parse_exif_time(name);
  // What is printable already stays.
  const std::string printable = internal::printable_name(name);
  if (internal::printable_name(printable) != printable) std::abort();
  test::answer([&] {
    for (const std::string& part : relative_parts(name)) {
      if (part.empty() || part == "." || part == ".." || part.find('/') != std::string::npos) {
        std::abort();
      }
    }
  });
  return 0;
}
