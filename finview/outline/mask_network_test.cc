#include "finview/base/error.h"
#include "finview/outline/mask_network_torch.h"

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace finview {
namespace {

TEST(MaskNetwork, GivesMasksOfTheInputsSize) {
  const torch::NoGradGuard no_grad;
  MaskNetworks networks;
  networks.eval();
  const torch::Tensor coarse = networks.coarse().forward(torch::rand({2, 3, 96, 64}));
  EXPECT_EQ(coarse.sizes(), (std::vector<std::int64_t>{2, 2, 48, 32}));
  const torch::Tensor fine =
      networks.fine().forward(torch::rand({1, 3, 64, 92}), torch::rand({1, 1, 64, 92}));
  EXPECT_EQ(fine.sizes(), (std::vector<std::int64_t>{1, 1, 64, 92}));
}

TEST(MaskNetwork, FollowsTheCoarseMask) {
  // Whatever the weights, more probability of the first network is more of the second.
  const torch::NoGradGuard no_grad;
  torch::manual_seed(3);
  MaskNetworks networks;
  networks.eval();
  const torch::Tensor picture = torch::rand({1, 3, 64, 64});
  const auto mean = [&](double hint) {
    return networks.fine()
        .forward(picture, torch::full({1, 1, 64, 64}, hint))
        .mean()
        .item<double>();
  };
  EXPECT_GT(mean(1), mean(0) + 4);
}

TEST(MaskNetwork, ContractSurvivesAndRefusesNonsense) {
  MaskContract contract;
  contract.coarse_px = 160;
  contract.confidence_offset = -3;
  const MaskContract read = MaskContract::from_json(contract.to_json());
  EXPECT_EQ(read.coarse_px, 160);
  EXPECT_EQ(read.fine_px, contract.fine_px);
  EXPECT_EQ(read.confidence_offset, -3);
  for (const char* text : {"",
                           "{}",
                           "[1]",
                           R"({"coarse_px":1,"fine_px":512,)"
                           R"("confidence_slope":1,"confidence_offset":1})"}) {
    EXPECT_THROW(MaskContract::from_json(text), Error) << text;
  }
}

}  // namespace
}  // namespace finview
