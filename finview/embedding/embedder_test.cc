#include "finview/embedding/embedder.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/embedding/mobilenet_v2_torch.h"
#include "finview/embedding/model_file_torch.h"

#include <cstdlib>
#include <filesystem>
#include <numeric>

#include <gtest/gtest.h>
#include <opencv2/imgproc.hpp>
#include <torch/torch.h>

namespace finview {
namespace {

class EmbedderTest : public testing::Test {
 protected:
  EmbedderTest()
      : folder_(std::filesystem::path(testing::TempDir()) /
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::create_directories(folder_);
  }
  ~EmbedderTest() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path write_model(const EmbedderContract& contract) {
    torch::manual_seed(1);
    const MobileNetV2Embedder network(contract);
    // Untrained layers shrink what they are given; without this only the biases would be left.
    for (auto& [name, tensor] : named_tensors(network)) {
      if (name.ends_with("running_var")) tensor.fill_(0.2);
    }
    write_model_file(folder_ / "m.fvm", {"embedder", contract.to_json(), named_tensors(network)});
    return folder_ / "m.fvm";
  }

  static ShapedCrop noise_crop(int width, int height, int seed) {
    cv::Mat picture(height, width, CV_8UC3);
    cv::RNG(static_cast<std::uint64_t>(seed)).fill(picture, cv::RNG::UNIFORM, 0, 256);
    cv::GaussianBlur(picture, picture, {}, 3);
    return {{picture, {}, 0, 0, 1}, {}, {}};
  }

  static double dot(const Embedding& a, const Embedding& b) {
    return std::inner_product(a.values.begin(), a.values.end(), b.values.begin(), 0.0);
  }

  std::filesystem::path folder_;
};

EmbedderContract small_contract() {
  EmbedderContract contract;
  contract.width_px = contract.height_px = 64;
  contract.num_dims = 8;
  return contract;
}

TEST_F(EmbedderTest, GivesUnitVectorsThatDoNotDependOnTheBatch) {
  const Embedder embedder(write_model(small_contract()));
  std::vector<ShapedCrop> crops;
  for (int i = 0; i < 20; ++i) crops.push_back(noise_crop(50 + 7 * i, 90, i));
  const std::vector<Embedding> together = embedder.embed(crops);
  ASSERT_EQ(together.size(), crops.size());
  for (std::size_t i = 0; i < crops.size(); ++i) {
    EXPECT_NEAR(dot(together[i], together[i]), 1, 1e-5);
    EXPECT_EQ(together[i].model_id, embedder.model_id());
    const Embedding alone = embedder.embed(std::span(&crops[i], 1))[0];
    EXPECT_NEAR(dot(alone, together[i]), 1, 1e-5);
  }
  EXPECT_LT(dot(together[0], together[1]), 0.99999) << "different pictures look the same";
}

TEST_F(EmbedderTest, MirrorImageIsTheSameWhereTheContractAsksForIt) {
  EmbedderContract contract = small_contract();
  contract.add_mirrored = true;
  const Embedder embedder(write_model(contract));
  const ShapedCrop crop = noise_crop(64, 64, 3);
  ShapedCrop mirrored = crop;
  mirrored.crop.bgr = cv::Mat();
  cv::flip(crop.crop.bgr, mirrored.crop.bgr, 1);
  const std::vector<Embedding> both = embedder.embed(std::vector{crop, mirrored});
  EXPECT_NEAR(dot(both[0], both[1]), 1, 1e-5);
}

TEST_F(EmbedderTest, RefusesDamagedAndForeignFiles) {
  const std::filesystem::path path = write_model(small_contract());
  std::vector<std::uint8_t> bytes = read_file(path);
  const auto kind_of = [&](const std::filesystem::path& file) {
    try {
      const Embedder embedder(file);
    } catch (const Error& error) {
      return error.kind();
    }
    return ErrorKind::kUnavailable;
  };
  EXPECT_EQ(kind_of(folder_ / "none.fvm"), ErrorKind::kNotFound);
  write_file(folder_ / "cut.fvm", std::span(bytes).first(bytes.size() / 2));
  EXPECT_EQ(kind_of(folder_ / "cut.fvm"), ErrorKind::kBadModel);
  write_file(folder_ / "text.fvm", std::string_view("hello"));
  EXPECT_EQ(kind_of(folder_ / "text.fvm"), ErrorKind::kBadModel);
  ModelFile model = read_model_file(path, "embedder");
  model.tensors.erase("head.bias");
  write_model_file(folder_ / "missing.fvm", model);
  EXPECT_EQ(kind_of(folder_ / "missing.fvm"), ErrorKind::kBadModel);
  model.kind = "detector";
  write_model_file(folder_ / "kind.fvm", model);
  EXPECT_EQ(kind_of(folder_ / "kind.fvm"), ErrorKind::kBadModel);
}

TEST_F(EmbedderTest, SameModelGivesTheSameFile) {
  const std::vector<std::uint8_t> first = read_file(write_model(small_contract()));
  EXPECT_EQ(sha256_hex(first), sha256_hex(read_file(write_model(small_contract()))));
}

TEST(MobileNetV2, HasTorchvisionsNamesAndTheSizeOfThePaper) {
  MobileNetV2 network;
  const auto tensors = named_tensors(network);
  EXPECT_EQ(tensors.at("features.0.0.weight").sizes(), (std::vector<std::int64_t>{32, 3, 3, 3}));
  EXPECT_EQ(tensors.at("features.1.conv.0.0.weight").size(0), 32);
  EXPECT_EQ(tensors.at("features.1.conv.1.weight").size(0), 16);
  EXPECT_EQ(tensors.at("features.17.conv.3.running_var").size(0), 320);
  EXPECT_EQ(tensors.at("features.18.1.bias").size(0), 1280);
  std::int64_t count = 0;
  for (const auto& parameter : network.parameters()) count += parameter.numel();
  EXPECT_EQ(count, 2'223'872);  // 3.5 M of the paper less the classifier's 1.28 M
}

TEST(MobileNetV2, PublishedWeightsLoadCompletely) {
  const char* data = std::getenv("FINVIEW_SHARED_DATA");
  if (data == nullptr) GTEST_SKIP() << "FINVIEW_SHARED_DATA names no folder with weights";
  const auto tensors =
      read_tensor_dictionary(std::filesystem::path(data) / "weights" / "mobilenet_v2-imagenet.pt");
  MobileNetV2 network;
  EXPECT_NO_THROW(load_tensors(network, tensors));
}

}  // namespace
}  // namespace finview
