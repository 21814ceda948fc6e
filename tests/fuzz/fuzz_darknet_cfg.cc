#include "finview/detection/darknet_config.h"
#include "finview/detection/darknet_network_torch.h"

#include "tests/fuzz/fuzz.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace finview;
  test::answer([&] {
    const DarknetConfig config = parse_darknet_config(test::text_of(data, size), "fuzz.cfg");
    const DarknetNetwork network(config);
  });
  return 0;
}
