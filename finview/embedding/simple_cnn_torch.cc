#include "finview/embedding/simple_cnn_torch.h"

#include <string>

#include <torch/torch.h>

namespace finview {
namespace {

namespace nn = torch::nn;

constexpr double kDropout = 0.5;

}  // namespace

SimpleCnn::SimpleCnn(int num_stages) : Backbone(num_stages) {
  const auto add = [this](int inputs, int outputs, int stride) {
    if (is_complete()) return;
    const std::string number = std::to_string(this->num_stages() + 1);
    const auto conv =
        register_module("conv" + number, nn::Conv2d(nn::Conv2dOptions(inputs, outputs, 2)));
    const auto dropout = register_module("dropout" + number, nn::Dropout(kDropout));
    add_stage({outputs, stride, {conv, dropout}, [conv, dropout](const torch::Tensor& x) {
                 // Size is kept by a row and column of zeros at right and bottom.
                 const torch::Tensor wide = torch::constant_pad_nd(x, {0, 1, 0, 1});
                 return dropout->forward(torch::max_pool2d(torch::relu(conv->forward(wide)), 2));
               }});
  };
  add(3, 64, 2);
  add(64, 32, 4);
}

}  // namespace finview
