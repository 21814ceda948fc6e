#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/detection/darknet_network_torch.h"
#include "finview/detection/test_networks.h"

#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "tests/support/scratch_folder.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

namespace finview {
namespace {

using testing::AllOf;
using testing::HasSubstr;

constexpr std::size_t kHeaderBytes = 20;

DarknetNetwork make_network(int num_filters) {
  return DarknetNetwork(parse_darknet_config(net(32, 32) + conv(num_filters, 3, 2, "leaky") +
                                                 conv(4, 1, 1, "linear", "") +
                                                 head("0,1,2", "4,4, 8,8, 9,9", 3),
                                             "fin.cfg"));
}

/// Layer 0: bias, scale, mean, variance and kernel of 6 filters; 1 and 2: bias and kernel.
constexpr std::size_t kLayer0Numbers = 4 * 6 + 6 * 3 * 9;
constexpr std::size_t kNumbers = kLayer0Numbers + 4 + 4 * 6 + 18 + 18 * 4;

class DarknetWeights : public testing::Test {
 protected:
  DarknetWeights() { torch::manual_seed(11); }

  std::string refusal_of(const std::vector<std::uint8_t>& bytes, int num_filters = 6) {
    write_file(path(), bytes);
    DarknetNetwork network = make_network(num_filters);
    const std::vector<torch::Tensor> before = network.parameters();
    const torch::Tensor first = before[0].detach().clone();
    try {
      network.load_weights(path());
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kBadModel);
      EXPECT_TRUE(torch::equal(first, network.parameters()[0])) << "the network was changed";
      return error.what();
    }
    return "accepted";
  }

  std::vector<std::uint8_t> good_bytes() {
    make_network(6).save_weights(path(), 1234);
    return read_file(path());
  }

  std::filesystem::path path() const { return folder_ / "fin.weights"; }

  test::ScratchFolder folder_;
};

TEST_F(DarknetWeights, HaveDarknetsLayout) {
  DarknetNetwork network = make_network(6);
  const torch::NoGradGuard no_grad;
  auto parameters = network.named_parameters();
  auto buffers = network.named_buffers();
  parameters["layer_0.batch_norm.bias"].fill_(1);
  parameters["layer_0.batch_norm.weight"].fill_(2);
  buffers["layer_0.batch_norm.running_mean"].fill_(3);
  buffers["layer_0.batch_norm.running_var"].fill_(4);
  parameters["layer_1.convolution.bias"].fill_(6);
  network.save_weights(path(), 1234);
  const std::vector<std::uint8_t> bytes = read_file(path());
  ASSERT_EQ(bytes.size(), kHeaderBytes + 4 * kNumbers);
  std::int32_t version[3];
  std::int64_t num_seen = 0;
  std::vector<float> numbers(kNumbers);
  std::memcpy(version, bytes.data(), sizeof(version));
  std::memcpy(&num_seen, bytes.data() + 12, sizeof(num_seen));
  std::memcpy(numbers.data(), bytes.data() + kHeaderBytes, 4 * kNumbers);
  EXPECT_EQ(version[0] * 100 + version[1] * 10 + version[2], 25);
  EXPECT_EQ(num_seen, 1234);
  for (int i = 0; i < 24; ++i) EXPECT_EQ(numbers[i], 1 + i / 6);
  EXPECT_EQ(numbers[24 + 3 * 9 + 2 * 3 + 1],
            parameters["layer_0.convolution.weight"][1][0][2][1].item<float>());
  EXPECT_EQ(numbers[kLayer0Numbers], 6);
}

TEST_F(DarknetWeights, ComeBackAsTheyWere) {
  const DarknetNetwork network = make_network(6);
  network.save_weights(path(), 0);
  DarknetNetwork loaded = make_network(6);
  ASSERT_FALSE(torch::equal(network.parameters()[0], loaded.parameters()[0]));
  loaded.load_weights(path());
  for (std::size_t i = 0; i < network.parameters().size(); ++i) {
    EXPECT_TRUE(torch::equal(network.parameters()[i], loaded.parameters()[i]));
  }
}

TEST_F(DarknetWeights, OfOldVersionsHaveAShorterHeader) {
  std::vector<std::uint8_t> bytes = good_bytes();
  bytes[4] = 1;  // 0.1.5
  bytes.erase(bytes.begin() + 16, bytes.begin() + 20);
  EXPECT_EQ(refusal_of(bytes), "accepted");
}

TEST_F(DarknetWeights, ThatEndTooEarlyAreRefused) {
  std::vector<std::uint8_t> bytes = good_bytes();
  bytes.resize(bytes.size() - 4);
  EXPECT_THAT(refusal_of(bytes),
              AllOf(HasSubstr("layer 2 [convolutional] with kernel 18 x 4 x 1 x 1"),
                    HasSubstr("needs 90 numbers (360 bytes), but 356 bytes are left")));
  bytes.resize(kHeaderBytes + 10);
  EXPECT_THAT(refusal_of(bytes), AllOf(HasSubstr("layer 0"), HasSubstr("10 bytes are left")));
  bytes.resize(7);
  EXPECT_THAT(refusal_of(bytes), HasSubstr("has 7 bytes"));
  EXPECT_THAT(refusal_of({}), HasSubstr("has 0 bytes"));
}

TEST_F(DarknetWeights, ThatAreTooLongAreRefused) {
  std::vector<std::uint8_t> bytes = good_bytes();
  bytes.resize(bytes.size() + 4);
  EXPECT_THAT(refusal_of(bytes), HasSubstr("4 bytes follow its last layer"));
}

TEST_F(DarknetWeights, OfAnotherConfigurationAreRefused) {
  const std::vector<std::uint8_t> bytes = good_bytes();
  EXPECT_THAT(refusal_of(bytes, 5), HasSubstr("bytes follow its last layer"));
  EXPECT_THAT(refusal_of(bytes, 7), HasSubstr("belongs to another configuration: layer 2"));
}

TEST_F(DarknetWeights, ThatAreNotDarknetsAreRefused) {
  std::vector<std::uint8_t> bytes = good_bytes();
  bytes[3] = 0x50;
  EXPECT_THAT(refusal_of(bytes), HasSubstr("is not a Darknet weights file"));
}

TEST_F(DarknetWeights, ThatAreNotFiniteAreRefused) {
  std::vector<std::uint8_t> bytes = good_bytes();
  const float bad = std::numeric_limits<float>::quiet_NaN();
  std::memcpy(bytes.data() + kHeaderBytes + 4 * 30, &bad, 4);
  EXPECT_THAT(refusal_of(bytes), HasSubstr("not finite at byte 140"));
}

TEST_F(DarknetWeights, OfABackboneMayBeFollowedByOthers) {
  const DarknetNetwork whole = make_network(6);
  whole.save_weights(path(), 0);
  DarknetNetwork network = make_network(6);
  const torch::Tensor last = network.parameters().back().detach().clone();
  network.load_weights(path(), 1);
  EXPECT_TRUE(torch::equal(network.parameters()[0], whole.parameters()[0]));
  EXPECT_TRUE(torch::equal(network.parameters().back(), last));
  EXPECT_THROW(network.load_weights(path(), 5), Error);
}

}  // namespace
}  // namespace finview
