#include "finview/training/mask_trainer.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/embedding/model_file_torch.h"
#include "finview/outline/mask_network_torch.h"
#include "finview/training/random_draw.h"

#include <cmath>
#include <filesystem>

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr int kCoarsePx = 64;
constexpr int kFinePx = 192;
constexpr int kPatch = MaskTrainer::kPatchPx;

class MaskTrainerTest : public testing::Test {
 protected:
  MaskTrainerTest()
      : folder_(std::filesystem::path(testing::TempDir()) /
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::create_directories(folder_);
    torch::manual_seed(1);
    const MobileNetV2 network;
    c10::Dict<std::string, torch::Tensor> tensors;
    for (auto& [name, tensor] : named_tensors(network)) {
      if (name.ends_with("running_var")) tensor.fill_(0.2);
      tensors.insert(name, tensor.detach());
    }
    const std::vector<char> bytes = torch::pickle_save(tensors);
    write_file(folder_ / "start.pt", std::string_view(bytes.data(), bytes.size()));
    contract_.coarse_px = kCoarsePx;
    contract_.fine_px = kFinePx;
  }
  ~MaskTrainerTest() override { std::filesystem::remove_all(folder_); }

  MaskTrainer trainer(std::int64_t num_steps) const {
    MaskTrainerOptions options;
    options.num_steps = num_steps;
    options.learning_rate = 4e-3;
    return {folder_ / "start.pt", contract_.to_json(), options};
  }

  /// Dark discs before light noise, each somewhere else.
  static MaskBatch discs(std::int64_t count, std::uint64_t seed) {
    RandomDraw random(seed);
    MaskBatch batch;
    batch.num_views = count;
    for (std::int64_t i = 0; i < count; ++i) {
      const double x = random.uniform(0.35, 0.65);
      const double y = random.uniform(0.35, 0.65);
      const double radius = random.uniform(0.15, 0.3);
      const auto inside = [&](double u, double v) { return std::hypot(u - x, v - y) < radius; };
      const auto pixels = [&](int side, double left, double top, double px) {
        std::vector<std::uint8_t> fin;
        std::vector<std::uint8_t> bgr;
        for (int p = 0; p < side * side; ++p) {
          const bool is_fin = inside(left + (p % side + 0.5) / px, top + (p / side + 0.5) / px);
          fin.push_back(is_fin ? 255 : 0);
          for (int c = 0; c < 3; ++c) {
            bgr.push_back(static_cast<std::uint8_t>((is_fin ? 60 : 170) + random.uniform(-40, 40)));
          }
        }
        return std::pair{fin, bgr};
      };
      const auto append = [](std::vector<std::uint8_t>& to, const std::vector<std::uint8_t>& from) {
        to.insert(to.end(), from.begin(), from.end());
      };
      constexpr int kHalf = kCoarsePx / 2;
      append(batch.coarse_bgr, pixels(kCoarsePx, 0, 0, kCoarsePx).second);
      append(batch.coarse_truth, pixels(kHalf, 0, 0, kHalf).first);
      batch.coarse_truth.insert(batch.coarse_truth.end(), kHalf * kHalf, 0);  // no others
      batch.coarse_truth.insert(batch.coarse_truth.end(), 2 * kHalf * kHalf, 255);
      const double corner = random.uniform(0, 1 - static_cast<double>(kPatch) / kFinePx);
      batch.patch_corners.insert(batch.patch_corners.end(), 2, static_cast<float>(corner));
      const auto [fin, bgr] = pixels(kPatch, corner, corner, kFinePx);
      append(batch.fine_bgr, bgr);
      append(batch.fine_truth, fin);
      batch.fine_truth.insert(batch.fine_truth.end(), kPatch * kPatch, 255);
    }
    return batch;
  }

  std::filesystem::path folder_;
  MaskContract contract_;
};

TEST_F(MaskTrainerTest, LearnsToFindAndToPlaceTheBorder) {
  MaskTrainer learner = trainer(30);
  const MaskStep first = learner.step(discs(4, 1));
  MaskStep last;
  for (std::uint64_t i = 2; i <= 30; ++i) last = learner.step(discs(4, i));
  EXPECT_LT(last.coarse_loss, 0.5 * first.coarse_loss);
  EXPECT_LT(last.fine_loss, 0.7 * first.fine_loss);
}

TEST_F(MaskTrainerTest, WritesWhatTheNetworksRead) {
  MaskTrainer learner = trainer(2);
  learner.step(discs(2, 1));
  learner.write(folder_ / "model.fvm", contract_.to_json());
  const ModelFile file = read_model_file(folder_ / "model.fvm", "fin-outline");
  EXPECT_EQ(MaskContract::from_json(file.contract_json).fine_px, kFinePx);
  MaskNetworks networks;
  load_tensors(networks, file.tensors);
}

TEST_F(MaskTrainerTest, IsTheSameForTheSameSeed) {
  MaskTrainer a = trainer(3);
  const double first = a.step(discs(2, 1)).coarse_loss;
  MaskTrainer b = trainer(3);
  EXPECT_EQ(b.step(discs(2, 1)).coarse_loss, first);
}

TEST_F(MaskTrainerTest, LearnsNothingFromWhatIsUnknown) {
  MaskTrainer learner = trainer(3);
  MaskBatch batch = discs(2, 1);
  MaskBatch other = batch;
  constexpr int kPlane = (kCoarsePx / 2) * (kCoarsePx / 2);
  for (MaskBatch* one : {&batch, &other}) {
    for (int view = 0; view < 2; ++view) {
      const auto start = one->coarse_truth.begin() + view * 4 * kPlane;
      std::fill(start + 2 * kPlane, start + 4 * kPlane, 0);
      std::fill(one->fine_truth.begin() + (2 * view + 1) * kPatch * kPatch,
                one->fine_truth.begin() + (2 * view + 2) * kPatch * kPatch,
                0);
    }
  }
  for (std::uint8_t& value : other.fine_truth) value = value == 255 ? 0 : value;
  const MaskStep step = learner.step(batch);
  EXPECT_EQ(step.fine_loss, 0);
  EXPECT_EQ(learner.step(other).fine_loss, 0);
}

TEST_F(MaskTrainerTest, RefusesABatchOfAnotherSize) {
  MaskTrainer learner = trainer(2);
  MaskBatch batch = discs(2, 1);
  batch.coarse_bgr.pop_back();
  EXPECT_THROW(learner.step(batch), Error);
}

}  // namespace
}  // namespace finview
