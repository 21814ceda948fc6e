#include "finview/pipeline/fin_views.h"

#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

cv::Mat disc() {
  cv::Mat picture(90, 120, CV_8UC3, cv::Scalar(180, 120, 60));
  cv::circle(picture, {60, 45}, 30, cv::Scalar(50, 50, 50), cv::FILLED);
  return picture;
}

cv::Mat changed(const ViewOptions& options, std::uint64_t seed) {
  cv::Mat picture = disc();
  change_photo(picture, options, seed);
  return picture;
}

TEST(ChangePhoto, DependsOnTheSeedAlone) {
  const cv::Mat one = changed({}, 7);
  EXPECT_EQ(one.size(), disc().size());
  EXPECT_EQ(cv::norm(one, changed({}, 7), cv::NORM_L1), 0);
  EXPECT_GT(cv::norm(one, changed({}, 8), cv::NORM_L1), 0);
}

TEST(ChangePhoto, WithoutChangesIsThePhoto) {
  EXPECT_EQ(cv::norm(changed({0, 0}, 3), disc(), cv::NORM_L1), 0);
}

}  // namespace
}  // namespace finview
