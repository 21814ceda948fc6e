#include "finview/detection/second_look.h"

#include <vector>

#include <gtest/gtest.h>

namespace finview {
namespace {

Detection box(float left, float top, float right, float bottom, float confidence) {
  return {left, top, right, bottom, confidence, 0};
}

TEST(SecondLookRegion, IsASquareAroundTheFindClippedToThePicture) {
  // Middle (300, 250), longer side 100, so 250 in the photo; the picture has half the scale.
  const Detection find = box(250, 210, 350, 290, 0.9F);
  EXPECT_EQ(second_look_region(find, {400, 300}, 0.5), cv::Rect(88, 63, 125, 125));
  EXPECT_EQ(second_look_region(find, {160, 300}, 0.5), cv::Rect(88, 63, 72, 125));
  EXPECT_TRUE(second_look_region(find, {80, 300}, 0.5).empty());
}

TEST(SecondLook, TakesTheBoxThatIsConfidentAndInPlace) {
  const Detection find = box(100, 100, 200, 200, 0.64F);
  const std::vector<Detection> seen{box(300, 100, 400, 200, 0.99F),  // another fin
                                    box(105, 102, 203, 199, 0.81F),
                                    box(100, 100, 200, 200, 0.10F)};
  const Detection result = second_look(find, seen);
  EXPECT_EQ(result.left_px, 105);
  EXPECT_EQ(result.bottom_px, 199);
  EXPECT_NEAR(result.confidence, 0.72, 1e-6);
}

TEST(SecondLook, DoubtsWhatIsNotSeenAgain) {
  const Detection find = box(100, 100, 200, 200, 0.9F);
  const Detection result = second_look(find, std::vector{box(300, 100, 400, 200, 0.99F)});
  EXPECT_EQ(result.left_px, 100);
  EXPECT_NEAR(result.confidence, 0.09, 1e-6);
}

}  // namespace
}  // namespace finview
