#include "finview/server/multipart.h"

#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace finview;
  const std::string_view text = test::text_of(data, size);
  test::answer([&] {
    for (const FormPart& part : parse_form(text, "multipart/form-data; boundary=x")) {
      const auto at = part.data.data() - text.data();
      if (at < 0 || static_cast<std::size_t>(at) + part.data.size() > size) std::abort();
    }
  });
  // The first line as the header.
  const std::size_t line = std::min(text.find('\n'), size);
  test::answer([&] { parse_form(text.substr(line), text.substr(0, line)); });
  return 0;
}
