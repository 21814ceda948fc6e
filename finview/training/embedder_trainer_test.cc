#include "finview/training/embedder_trainer.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/embedding/mobilenet_v2_torch.h"
#include "finview/embedding/model_file_torch.h"
#include "finview/training/embedder_backbone.h"
#include "finview/training/random_draw.h"

#include <filesystem>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr int kSide = 32;
constexpr std::size_t kPictureBytes = kSide * kSide * 3;

class EmbedderTrainerTest : public testing::Test {
 protected:
  EmbedderTrainerTest()
      : folder_(std::filesystem::path(testing::TempDir()) /
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::create_directories(folder_);
    torch::manual_seed(1);
    const MobileNetV2 network;
    c10::Dict<std::string, torch::Tensor> tensors;
    for (auto& [name, tensor] : named_tensors(network)) {
      // Untrained layers shrink what they are given; without this only the biases would be left.
      if (name.ends_with("running_var")) tensor.fill_(0.2);
      tensors.insert(name, tensor.detach());
    }
    const std::vector<char> bytes = torch::pickle_save(tensors);
    write_file(weights(), std::string_view(bytes.data(), bytes.size()));
  }
  ~EmbedderTrainerTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path weights() const { return folder_ / "start.pt"; }

  static EmbedderContract contract() {
    EmbedderContract contract;
    contract.input_px = kSide;
    contract.num_dims = 16;
    contract.grid_channels = 8;
    return contract;
  }

  static EmbedderTrainerOptions options(std::int64_t num_steps) {
    EmbedderTrainerOptions options;
    options.num_steps = num_steps;
    options.frozen_stages = 14;
    options.learning_rate = 2e-3;
    return options;
  }

  /// Two noisy pictures of each of four random checkerboards.
  static std::vector<std::uint8_t> boards(std::uint64_t seed) {
    RandomDraw noise(seed);
    std::vector<std::uint8_t> bytes;
    for (int i = 0; i < 8; ++i) {
      RandomDraw board(static_cast<std::uint64_t>(i / 2) + 100);
      std::vector<double> cells(16 * 3);
      for (double& cell : cells) cell = board.uniform(40, 215);
      for (int p = 0; p < kSide * kSide; ++p) {
        const int cell = (p / kSide / 8) * 4 + p % kSide / 8;
        for (int c = 0; c < 3; ++c) {
          const double value = cells[static_cast<std::size_t>(cell * 3 + c)];
          bytes.push_back(static_cast<std::uint8_t>(value + noise.uniform(-30, 30)));
        }
      }
    }
    return bytes;
  }

  std::filesystem::path folder_;
};

const std::vector<std::int64_t> kPairs = {0, 0, 1, 1, 2, 2, 3, 3};

TEST_F(EmbedderTrainerTest, LearnsToTellPicturesApart) {
  EmbedderTrainer trainer(weights(), contract(), options(40));
  const EmbedderStep first = trainer.step(boards(0), kPairs);
  EXPECT_NEAR(first.chance_loss, std::log(7.0), 1e-9);
  EmbedderStep last;
  for (std::uint64_t i = 1; i < 40; ++i) last = trainer.step(boards(i), kPairs);
  EXPECT_LT(last.loss, 0.5 * first.loss);
  EXPECT_LT(last.mean_cosine, 0.5);
}

TEST_F(EmbedderTrainerTest, SameSeedGivesTheSameModel) {
  std::vector<std::string> hashes;
  for (const char* name : {"one.fvm", "other.fvm"}) {
    EmbedderTrainer trainer(weights(), contract(), options(3));
    for (std::uint64_t i = 0; i < 3; ++i) trainer.step(boards(i), kPairs);
    trainer.write(folder_ / name, contract());
    hashes.push_back(sha256_hex(read_file(folder_ / name)));
  }
  EXPECT_EQ(hashes[0], hashes[1]);
}

TEST_F(EmbedderTrainerTest, FrozenStagesKeepTheirWeights) {
  EmbedderTrainer trainer(weights(), contract(), options(5));
  for (std::uint64_t i = 0; i < 5; ++i) trainer.step(boards(i), kPairs);
  trainer.write(folder_ / "m.fvm", contract());
  const auto before = read_tensor_dictionary(weights());
  const auto after = read_model_file(folder_ / "m.fvm", "embedder").tensors;
  const auto change = [&](const std::string& name) {
    return (before.at(name) - after.at("backbone." + name)).abs().max().item<double>();
  };
  EXPECT_LT(change("features.13.conv.1.0.weight"), 1e-3) << "only rounded to half precision";
  EXPECT_GT(change("features.18.0.weight"), 2e-3);
  EXPECT_LT(change("features.18.1.running_mean"), 1e-3) << "batch norm stays as it was";
}

TEST_F(EmbedderTrainerTest, StopsWhenTheNetworkSaysTheSameOfEverything) {
  EmbedderTrainer trainer(weights(), contract(), options(60));
  const std::vector<std::uint8_t> gray(8 * kPictureBytes, 128);
  try {
    for (int i = 0; i < 60; ++i) trainer.step(gray, kPairs);
    FAIL() << "equal pictures were learned from";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUnavailable);
    EXPECT_NE(std::string(error.what()).find("collapsed"), std::string::npos) << error.what();
    EXPECT_NE(std::string(error.what()).find("step 50"), std::string::npos) << error.what();
  }
}

TEST_F(EmbedderTrainerTest, RefusesBatchesThatTeachNothing) {
  EmbedderTrainer trainer(weights(), contract(), options(5));
  const auto kind_of = [&](const std::vector<std::int64_t>& classes, std::size_t num_bytes) {
    try {
      trainer.step(std::vector<std::uint8_t>(num_bytes, 7), classes);
    } catch (const Error& error) {
      return error.kind();
    }
    return ErrorKind::kUnavailable;
  };
  EXPECT_EQ(kind_of({1, 1, 1}, 3 * kPictureBytes), ErrorKind::kBadInput) << "one class";
  EXPECT_EQ(kind_of({1, 2, 3}, 3 * kPictureBytes), ErrorKind::kBadInput) << "no pair";
  EXPECT_EQ(kind_of({1, 1, 2}, 2 * kPictureBytes), ErrorKind::kBadInput) << "too few bytes";
}

TEST_F(EmbedderTrainerTest, BackboneWithHeadGivesTheHeadsEmbeddings) {
  const EmbedderBackbone backbone(weights(), 3);
  const std::vector<std::uint8_t> pictures = boards(1);
  const std::vector<float> features = backbone.features(pictures, kSide);
  ASSERT_EQ(features.size(), 8 * EmbedderBackbone::kNumFeatures);
  HeadOptions head_options;
  head_options.num_dims = 2;
  const LinearHead head =
      fit_discriminant_head(features, EmbedderBackbone::kNumFeatures, kPairs, head_options);
  const std::vector<float> expected = apply_head(head, features);

  EmbedderContract pooled;
  pooled.input_px = kSide;
  pooled.num_dims = 2;
  pooled.pooling_power = 3;
  backbone.write_embedder(folder_ / "m.fvm", pooled.to_json(), head);
  MobileNetV2Embedder network(pooled);
  load_tensors(network, read_model_file(folder_ / "m.fvm", "embedder").tensors);
  network.eval();
  const torch::NoGradGuard no_grad;
  const torch::Tensor input = torch::tensor(pictures, torch::kByte)
                                  .view({8, kSide, kSide, 3})
                                  .flip(3)
                                  .permute({0, 3, 1, 2})
                                  .to(torch::kFloat)
                                  .sub(127.5)
                                  .div(127.5);
  const torch::Tensor rows = network.forward(input).contiguous();
  for (std::int64_t i = 0; i < rows.numel(); ++i) {
    EXPECT_NEAR(rows.view(-1)[i].item<float>(), expected[static_cast<std::size_t>(i)], 0.02);
  }
  EXPECT_THROW(backbone.features(pictures, 33), Error);
}

}  // namespace
}  // namespace finview
