#include "finview/embedding/embedder.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/embedding/embedding_network_torch.h"
#include "finview/embedding/mobilenet_v2_torch.h"
#include "finview/embedding/model_file_torch.h"
#include "finview/embedding/resnet_50_torch.h"

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
    const EmbeddingNetwork network(contract);
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

std::int64_t num_parameters(const torch::nn::Module& module) {
  std::int64_t count = 0;
  for (const auto& parameter : module.parameters()) count += parameter.numel();
  return count;
}

TEST(MobileNetV2, HasTorchvisionsNamesAndTheSizeOfThePaper) {
  MobileNetV2 network;
  const auto tensors = named_tensors(network);
  EXPECT_EQ(tensors.at("features.0.0.weight").sizes(), (std::vector<std::int64_t>{32, 3, 3, 3}));
  EXPECT_EQ(tensors.at("features.1.conv.0.0.weight").size(0), 32);
  EXPECT_EQ(tensors.at("features.1.conv.1.weight").size(0), 16);
  EXPECT_EQ(tensors.at("features.17.conv.3.running_var").size(0), 320);
  EXPECT_EQ(tensors.at("features.18.1.bias").size(0), 1280);
  EXPECT_EQ(num_parameters(network), 2'223'872);  // 3.5 M of the paper less the classifier's 1.28 M
}

TEST(ResNet50, HasTorchvisionsNamesAndSize) {
  const ResNet50 network;
  const auto tensors = named_tensors(network);
  EXPECT_EQ(tensors.at("conv1.weight").sizes(), (std::vector<std::int64_t>{64, 3, 7, 7}));
  EXPECT_EQ(tensors.at("bn1.running_mean").size(0), 64);
  EXPECT_EQ(tensors.at("layer1.0.downsample.0.weight").size(0), 256);
  EXPECT_EQ(tensors.at("layer2.3.bn2.bias").size(0), 128);
  EXPECT_EQ(tensors.at("layer3.5.conv3.weight").size(0), 1024);
  EXPECT_EQ(tensors.at("layer4.0.downsample.1.num_batches_tracked").dim(), 0);
  EXPECT_EQ(tensors.at("layer4.2.conv2.weight").sizes(),
            (std::vector<std::int64_t>{512, 512, 3, 3}));
  EXPECT_EQ(tensors.count("layer4.3.conv1.weight"), 0U);
  EXPECT_EQ(tensors.count("layer4.1.downsample.0.weight"), 0U);
  // torchvision lists 320 tensors with the classifier's two.
  EXPECT_EQ(tensors.size(), 318U);
  EXPECT_EQ(num_parameters(network), 23'508'032);  // 25,557,032 less the classifier's 2,049,000
}

TEST(Nn4Small2, WithItsHeadHasTheSizeThatOpenFacePublishes) {
  EmbedderContract contract;
  contract.network = "nn4-small2";
  contract.num_stages = 9;
  contract.width_px = contract.height_px = 96;
  contract.num_dims = 128;
  EXPECT_EQ(num_parameters(EmbeddingNetwork(contract)), 3'733'968);
}

TEST(SimpleCnn, WithItsHeadHasTheSizeOfTheForerunners) {
  EmbedderContract contract;
  contract.network = "simple-cnn";
  contract.num_stages = 2;
  contract.num_dims = 256;
  contract.grid_channels = -1;
  EXPECT_EQ(num_parameters(EmbeddingNetwork(contract)), 25'699'424);  // "25.70 M" at 224 x 224
}

TEST(Backbone, StagesGiveWhatTheySay) {
  const torch::NoGradGuard no_grad;
  for (const NetworkKind& kind : kNetworks) {
    torch::manual_seed(1);
    const auto whole = make_backbone(kind.name, kind.num_stages);
    ASSERT_EQ(whole->num_stages(), kind.num_stages) << kind.name;
    whole->eval();
    const torch::Tensor input = torch::rand({2, 3, 64, 96}) * 2 - 1;
    const std::vector<torch::Tensor> stages = whole->forward_stages(input);
    for (int count = 1; count <= kind.num_stages; ++count) {
      const auto part = make_backbone(kind.name, count);
      ASSERT_EQ(part->num_stages(), count);
      load_tensors(*part, named_tensors(*whole));
      part->eval();
      const torch::Tensor output = part->forward(input);
      EXPECT_EQ(output.sizes(),
                (std::vector<std::int64_t>{
                    2, part->num_channels(), 64 / part->stride(), 96 / part->stride()}))
          << kind.name << " " << count;
      EXPECT_TRUE(torch::equal(output, stages[static_cast<std::size_t>(count - 1)]))
          << kind.name << " " << count;
    }
    const auto usual = make_backbone(kind.name, kind.usual_stages);
    EXPECT_EQ(usual->stride(), kind.num_stages == kind.usual_stages ? 4 : 16) << kind.name;
  }
}

TEST(Backbone, RandomWeightsNeitherShrinkNorBlowUpWhatTheyAreGiven) {
  const torch::NoGradGuard no_grad;
  for (const NetworkKind& kind : kNetworks) {
    torch::manual_seed(1);
    const auto network = make_backbone(kind.name, kind.num_stages);
    fill_at_random(*network);
    network->train();
    const double deviation =
        network->forward(torch::rand({8, 3, 64, 64}) * 2 - 1).std().item<double>();
    EXPECT_GT(deviation, 0.05) << kind.name;
    EXPECT_LT(deviation, 20) << kind.name;
  }
}

TEST(Backbone, FrozenStagesKeepTheirWeightsAndStatistics) {
  for (const NetworkKind& kind : kNetworks) {
    torch::manual_seed(1);
    const auto network = make_backbone(kind.name, kind.num_stages);
    network->train();
    const int num_frozen = kind.num_stages / 2;
    network->freeze(num_frozen);
    std::map<std::string, torch::Tensor> before;
    for (const auto& [name, tensor] : named_tensors(*network)) before[name] = tensor.clone();
    network->forward(torch::rand({4, 3, 64, 64})).sum().backward();
    const auto frozen = named_tensors(*make_backbone(kind.name, num_frozen));
    for (const auto& item : network->named_parameters()) {
      EXPECT_EQ(item.value().grad().defined(), frozen.count(item.key()) == 0U)
          << kind.name << " " << item.key();
    }
    for (const auto& item : network->named_buffers()) {
      EXPECT_EQ(torch::equal(item.value(), before.at(item.key())), frozen.count(item.key()) == 1U)
          << kind.name << " " << item.key();
    }
  }
}

TEST_F(EmbedderTest, EveryNetworkComesBackFromItsFile) {
  const ShapedCrop crop = noise_crop(80, 64, 3);
  for (const NetworkKind& kind : kNetworks) {
    EmbedderContract contract = small_contract();
    contract.network = kind.name;
    contract.num_stages = kind.usual_stages;
    for (const int grid_channels : {0, 4, -1}) {
      contract.grid_channels = grid_channels;
      const Embedder embedder(write_model(contract));
      EXPECT_EQ(embedder.contract().network, kind.name);
      EXPECT_EQ(embedder.num_dims(), 8);
      const Embedding found = embedder.embed(std::span(&crop, 1))[0];
      EmbeddingNetwork network(contract);
      load_tensors(network, read_model_file(folder_ / "m.fvm", "embedder").tensors);
      network.eval();
      const torch::NoGradGuard no_grad;
      cv::Mat input = embedder_input(crop, contract);
      const torch::Tensor expected =
          network.forward(torch::from_blob(input.data, {1, 64, 64, 3}, torch::kByte)
                                  .permute({0, 3, 1, 2})
                                  .flip(1)
                                  .to(torch::kFloat) /
                              127.5 -
                          1);
      for (int i = 0; i < 8; ++i) {
        EXPECT_NEAR(found.values[static_cast<std::size_t>(i)], expected[0][i].item<float>(), 1e-4)
            << kind.name;
      }
    }
  }
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
