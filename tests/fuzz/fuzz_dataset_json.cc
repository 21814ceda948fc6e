#include "finview/pipeline/dataset_csv.h"
#include "finview/pipeline/dataset_file.h"

#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace finview;
  const std::string text(test::text_of(data, size));
  test::answer([&] { form_of_labels(text, "fuzz.json"); });
  for (const char* form : {"coco", "json", "via"}) {
    test::answer([&] { dataset_csv_text(parse_labels(form, text, "fuzz.json")); });
  }
  return 0;
}
