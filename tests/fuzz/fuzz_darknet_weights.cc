#include "finview/detection/darknet_config.h"
#include "finview/detection/darknet_network_torch.h"

#include "tests/fuzz/fuzz.h"

namespace {

constexpr const char* kConfig = R"([net]
width=32
height=32
channels=3
[convolutional]
batch_normalize=1
filters=2
size=1
stride=1
activation=leaky
[convolutional]
filters=6
size=1
stride=1
activation=linear
[yolo]
mask=0
anchors=10,10
classes=1
num=1
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace finview;
  static DarknetNetwork network(parse_darknet_config(kConfig, "fuzz.cfg"));
  const auto file = test::as_file(data, size, ".weights");
  test::answer([&] { network.load_weights(file); });
  test::answer([&] { network.load_weights(file, 1); });
  return 0;
}
