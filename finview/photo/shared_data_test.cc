#include "finview/base/error.h"
#include "finview/photo/decode.h"
#include "finview/photo/walk.h"

#include <cstdlib>

#include <gtest/gtest.h>
#include <opencv2/core.hpp>

namespace finview {
namespace {

TEST(SharedPhotos, AllDecodeAndRegionsAreExact) {
  const char* shared = std::getenv("FINVIEW_SHARED_DATA");
  if (!shared) GTEST_SKIP() << "FINVIEW_SHARED_DATA does not name the folder of real photos";
  std::vector<std::filesystem::path> folders;
  for (const char* name : {"survey", "sharks", "stock", "demo", "survey-fins", "negatives"}) {
    folders.push_back(std::filesystem::path(shared) / name);
  }
  WalkOptions recursive;
  recursive.recursive = true;
  PhotoStream stream(folders, recursive);
  int num_photos = 0;
  while (const auto item = stream.next()) {
    const auto* failure = std::get_if<PhotoFailure>(&*item);
    ASSERT_FALSE(failure) << failure->name << ": " << failure->reason;
    const PhotoFile& file = std::get<PhotoFile>(*item);
    const PhotoInfo info = read_photo_info(file);
    const Picture whole = decode_photo(file, info);
    const cv::Rect region(
        info.width_px / 3, info.height_px / 5, info.width_px / 4, 1 + info.height_px / 3);
    const Picture part = decode_region(file, info, region);
    EXPECT_EQ(cv::norm(part.bgr, whole.bgr(region), cv::NORM_INF), 0) << file.name;
    ++num_photos;
  }
  EXPECT_GT(num_photos, 0);
}

}  // namespace
}  // namespace finview
