#include "finview/base/error.h"
#include "finview/training/detection_augment_torch.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace finview {
namespace {

/// Black, with one white box for a fin.
DetectionSample white_fin(int width, int height, int left, int top, int right, int bottom) {
  DetectionSample sample;
  sample.width_px = width;
  sample.height_px = height;
  sample.rgb.assign(std::size_t(3 * width * height), 0);
  for (int channel = 0; channel < 3; ++channel) {
    for (int y = top; y < bottom; ++y) {
      for (int x = left; x < right; ++x) {
        sample.rgb[std::size_t((channel * height + y) * width + x)] = 255;
      }
    }
  }
  Detection box;
  box.left_px = static_cast<float>(left);
  box.top_px = static_cast<float>(top);
  box.right_px = static_cast<float>(right);
  box.bottom_px = static_cast<float>(bottom);
  sample.boxes = {box};
  return sample;
}

/// Nothing but scale, position and mirror.
AugmentOptions plain() {
  AugmentOptions options;
  options.mosaic = options.fin_free = options.paste = options.decoy = 0;
  options.hue = options.gray = options.blur = options.noise = 0;
  options.saturation = options.exposure = 1;
  return options;
}

TEST(DetectionAugmenter, BoxesStayOnTheFin) {
  const DetectionAugmenter augmenter({white_fin(200, 120, 30, 40, 90, 80)}, plain());
  const DetectorBatch batch = augmenter.batch(5, 24, 160, 96);
  ASSERT_GE(batch.targets.size(), 20U);
  for (const TargetBox& target : batch.targets) {
    const auto white = batch.images[target.image].mean(0) > 0.75;
    const auto places = torch::nonzero(white);
    const auto low = std::get<0>(places.min(0));
    const auto high = std::get<0>(places.max(0));
    EXPECT_NEAR(low[1].item<double>(), (target.center_x - target.width / 2) * 160, 1.6);
    EXPECT_NEAR(low[0].item<double>(), (target.center_y - target.height / 2) * 96, 1.6);
    EXPECT_NEAR(high[1].item<double>() + 1, (target.center_x + target.width / 2) * 160, 1.6);
    EXPECT_NEAR(high[0].item<double>() + 1, (target.center_y + target.height / 2) * 96, 1.6);
  }
}

TEST(DetectionAugmenter, OneSeedMakesOneBatch) {
  DetectionSample cutout = white_fin(60, 60, 10, 10, 50, 50);
  cutout.role = SampleRole::kCutout;
  cutout.mask.assign(3600, 255);
  const std::vector<DetectionSample> samples{white_fin(200, 120, 30, 40, 90, 80), cutout};
  const DetectionAugmenter augmenter(samples, {});
  const DetectorBatch a = augmenter.batch(11, 4, 128, 96);
  const DetectorBatch b = augmenter.batch(11, 4, 128, 96);
  const DetectorBatch c = augmenter.batch(12, 4, 128, 96);
  EXPECT_TRUE(torch::equal(a.images, b.images));
  EXPECT_EQ(a.targets.size(), b.targets.size());
  EXPECT_FALSE(torch::equal(a.images, c.images));
  EXPECT_GE(a.images.min().item<float>(), 0);
  EXPECT_LE(a.images.max().item<float>(), 1);
}

TEST(DetectionAugmenter, PastesFinsIntoFinFreePhotos) {
  DetectionSample sea = white_fin(200, 120, 0, 0, 1, 1);
  sea.boxes.clear();
  DetectionSample cutout = white_fin(60, 60, 10, 10, 50, 50);
  cutout.role = SampleRole::kCutout;
  AugmentOptions options = plain();
  options.paste = 1;
  const DetectionAugmenter augmenter({sea, cutout}, options);
  const DetectorBatch batch = augmenter.batch(1, 12, 160, 96);
  EXPECT_GE(batch.targets.size(), 10U);
  for (const TargetBox& target : batch.targets) {
    const auto x = static_cast<std::int64_t>(target.center_x * 160);
    const auto y = static_cast<std::int64_t>(target.center_y * 96);
    EXPECT_GT(batch.images[target.image][0][y][x].item<float>(), 0.5) << target.image;
  }
}

TEST(DetectionAugmenter, RefusesAPackWithoutFins) {
  DetectionSample sea = white_fin(20, 20, 0, 0, 1, 1);
  sea.boxes.clear();
  EXPECT_THROW(DetectionAugmenter({sea}, {}), Error);
}

}  // namespace
}  // namespace finview
