#include "finview/crop/crop.h"
#include "finview/pipeline/outline_edits.h"
#include "finview/pipeline/stored_outline.h"

#include "tests/fuzz/fuzz.h"
#include <nlohmann/json.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace finview;
  const std::string text(test::text_of(data, size));
  const auto json = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!json.is_discarded()) {
    test::answer([&] {
      const auto written = to_json(parse_edits(json, "fuzz"));
      if (to_json(parse_edits(written, "again")) != written) std::abort();
    });
  }
  PhotoRecord photo;
  photo.width_px = 64;
  photo.height_px = 48;
  Crop crop;
  crop.bgr = cv::Mat(48, 64, CV_8UC3, cv::Scalar(90, 90, 90));
  test::answer([&] {
    check_outline(text, photo);
    shape_as_stored(crop, text);
  });
  return 0;
}
