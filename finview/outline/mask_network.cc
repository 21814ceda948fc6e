#include "finview/base/error.h"
#include "finview/embedding/conv_norm_torch.h"
#include "finview/outline/mask_network_torch.h"

#include <array>

#include <nlohmann/json.hpp>
#include <torch/torch.h>

namespace finview {
namespace {

namespace nn = torch::nn;
namespace functional = torch::nn::functional;

/// The stages of the backbone that the decoder uses, coarse to fine, and its channels there.
struct Level {
  int stage, inputs, channels;
};
constexpr std::array<Level, 4> kLevels{{{13, 96, 96}, {6, 32, 64}, {3, 24, 32}, {1, 16, 24}}};

constexpr int kFineChannels = 24;
constexpr int kQuarterChannels = 32;

/// x + (1 x 1 convolution of a depthwise 3 x 3 convolution of x), each with batch norm and ReLU.
class SeparableBlock : public nn::Module {
 public:
  SeparableBlock(int channels, int dilation)
      : depthwise_(register_module("depthwise",
                                   nn::Conv2d(nn::Conv2dOptions(channels, channels, 3)
                                                  .padding(dilation)
                                                  .dilation(dilation)
                                                  .groups(channels)
                                                  .bias(false)))),
        first_norm_(register_module("first_norm", nn::BatchNorm2d(channels))),
        pointwise_(register_module(
            "pointwise", nn::Conv2d(nn::Conv2dOptions(channels, channels, 1).bias(false)))),
        second_norm_(register_module("second_norm", nn::BatchNorm2d(channels))) {}

  torch::Tensor forward(const torch::Tensor& x) {
    const torch::Tensor y = conv_norm(*depthwise_, *first_norm_, x).relu_();
    return x + conv_norm(*pointwise_, *second_norm_, y).relu_();
  }

 private:
  nn::Conv2d depthwise_;
  nn::BatchNorm2d first_norm_;
  nn::Conv2d pointwise_;
  nn::BatchNorm2d second_norm_;
};

torch::Tensor doubled(const torch::Tensor& x) {
  return functional::interpolate(x,
                                 functional::InterpolateFuncOptions()
                                     .scale_factor(std::vector<double>{2, 2})
                                     .mode(torch::kBilinear)
                                     .align_corners(false));
}

nn::Conv2d convolution(int inputs, int outputs, int kernel, int stride = 1) {
  return nn::Conv2d(
      nn::Conv2dOptions(inputs, outputs, kernel).stride(stride).padding(kernel / 2).bias(false));
}

}  // namespace

CoarseMaskNetwork::CoarseMaskNetwork()
    : backbone_(register_module("backbone", std::make_shared<MobileNetV2>(kNumStages))) {
  int above = 0;
  for (const Level& level : kLevels) {
    laterals_->push_back(nn::Conv2d(nn::Conv2dOptions(level.inputs, level.channels, 1)));
    if (above > 0) laterals_->push_back(nn::Conv2d(nn::Conv2dOptions(above, level.channels, 1)));
    blocks_->push_back(std::make_shared<SeparableBlock>(level.channels, 1));
    above = level.channels;
  }
  register_module("laterals", laterals_);
  register_module("blocks", blocks_);
  head_ = register_module("head", nn::Conv2d(nn::Conv2dOptions(above, kNumOutputs, 3).padding(1)));
}

torch::Tensor CoarseMaskNetwork::forward(const torch::Tensor& input) {
  const std::vector<torch::Tensor> stages = backbone_->forward_stages(input);
  torch::Tensor x;
  std::size_t lateral = 0;
  for (std::size_t i = 0; i < kLevels.size(); ++i) {
    torch::Tensor y = laterals_[lateral++]->as<nn::Conv2dImpl>()->forward(stages[kLevels[i].stage]);
    if (i > 0) y = y + doubled(laterals_[lateral++]->as<nn::Conv2dImpl>()->forward(x));
    x = blocks_[i]->as<SeparableBlock>()->forward(y);
  }
  return head_(x);
}

FineMaskNetwork::FineMaskNetwork() {
  // Each 2 x 2 pixels are one place of 16 channels, so that nothing is lost at half size.
  stem_->push_back(convolution(16, kFineChannels, 3));
  stem_->push_back(nn::BatchNorm2d(kFineChannels));
  stem_->push_back(nn::ReLU());
  half_->push_back(SeparableBlock(kFineChannels, 1));
  quarter_->push_back(convolution(kFineChannels, kQuarterChannels, 3, 2));
  quarter_->push_back(nn::BatchNorm2d(kQuarterChannels));
  quarter_->push_back(nn::ReLU());
  for (const int dilation : {1, 2, 4}) {
    quarter_->push_back(SeparableBlock(kQuarterChannels, dilation));
  }
  quarter_->push_back(nn::Conv2d(nn::Conv2dOptions(kQuarterChannels, kFineChannels, 1)));
  last_->push_back(SeparableBlock(kFineChannels, 1));
  last_->push_back(nn::Conv2d(nn::Conv2dOptions(kFineChannels, 4, 3).padding(1)));
  register_module("stem", stem_);
  register_module("half", half_);
  register_module("quarter", quarter_);
  register_module("last", last_);
}

torch::Tensor FineMaskNetwork::forward(const torch::Tensor& input, const torch::Tensor& coarse) {
  const torch::Tensor hint = 2 * coarse - 1;
  // Channels last: convolutions of few channels take half the time.
  const torch::Tensor places = torch::pixel_unshuffle(torch::cat({input, hint}, 1), 2)
                                   .contiguous(at::MemoryFormat::ChannelsLast);
  const torch::Tensor x = half_->forward(forward_folded(*stem_, places));
  const torch::Tensor wide = doubled(forward_folded(*quarter_, x));
  const torch::Tensor change = torch::pixel_shuffle(last_->forward(x + wide), 2);
  return change + 4 * hint;
}

MaskNetworks::MaskNetworks()
    : coarse_(register_module("coarse", std::make_shared<CoarseMaskNetwork>())),
      fine_(register_module("fine", std::make_shared<FineMaskNetwork>())) {}

std::string MaskContract::to_json() const {
  return nlohmann::json{{"coarse_px", coarse_px},
                        {"fine_px", fine_px},
                        {"confidence_slope", confidence_slope},
                        {"confidence_offset", confidence_offset}}
      .dump();
}

MaskContract MaskContract::from_json(const std::string& text) {
  MaskContract contract;
  try {
    const nlohmann::json json = nlohmann::json::parse(text);
    json.at("coarse_px").get_to(contract.coarse_px);
    json.at("fine_px").get_to(contract.fine_px);
    json.at("confidence_slope").get_to(contract.confidence_slope);
    json.at("confidence_offset").get_to(contract.confidence_offset);
    if (json.size() != 4) {
      throw Error(ErrorKind::kBadModel,
                  "The outline model's contract has a key that this version of FinView does not "
                  "know; update FinView: " +
                      text + ".");
    }
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::kBadModel,
                std::string("The outline model's contract cannot be read: ") + error.what() + ".");
  }
  if (contract.coarse_px < 32 || contract.coarse_px > 1024 || contract.coarse_px % 16 != 0 ||
      contract.fine_px < contract.coarse_px || contract.fine_px > 4096 ||
      contract.fine_px % 4 != 0) {
    throw Error(ErrorKind::kBadModel,
                "The outline model's contract is out of range: " + text + ".");
  }
  return contract;
}

}  // namespace finview
