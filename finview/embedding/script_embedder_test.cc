#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/embedding/embedder.h"

#include <cmath>

#include "tests/support/scratch_folder.h"
#include <gtest/gtest.h>
#include <opencv2/core.hpp>
#include <torch/script.h>

namespace finview {
namespace {

constexpr const char* kDescription =
    R"({"torchscript": "net.pt", "num_dims": 3, "width_px": 64, "height_px": 32,
        "mean": [0.5, 0.5, 0.5], "deviation": [0.25, 0.25, 0.25]})";

class ScriptEmbedderTest : public testing::Test {
 protected:
  ScriptEmbedderTest() {
    torch::jit::Module net("net");
    net.define("def forward(self, x):\n    return x.mean([2, 3])\n");
    net.save((folder_ / "net.pt").string());
  }

  std::filesystem::path describe(const std::string& text) {
    write_file(folder_ / "net.json", text);
    return folder_ / "net.json";
  }

  std::string refusal(const std::string& text) {
    try {
      const Embedder embedder(describe(text));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kBadModel);
      return error.what();
    }
    return "accepted";
  }

  test::ScratchFolder folder_;
};

TEST_F(ScriptEmbedderTest, FeedsWhatTheDescriptionSays) {
  const Embedder embedder(describe(kDescription));
  EXPECT_EQ(embedder.num_dims(), 3);
  EXPECT_EQ(embedder.contract().height_px, 32);
  // A picture of one color fills the input: the network's means are its scaled channels.
  const ShapedCrop fin{{cv::Mat(50, 100, CV_8UC3, cv::Scalar(51, 102, 204)), {}, 0, 0, 1}, {}, {}};
  const std::vector<float> found = embedder.embed(std::span(&fin, 1))[0].values;
  const double red = (204 / 255.0 - 0.5) / 0.25;
  const double green = (102 / 255.0 - 0.5) / 0.25;
  const double blue = (51 / 255.0 - 0.5) / 0.25;
  const double length = std::sqrt(red * red + green * green + blue * blue);
  EXPECT_NEAR(found[0], red / length, 1e-4);
  EXPECT_NEAR(found[1], green / length, 1e-4);
  EXPECT_NEAR(found[2], blue / length, 1e-4);
}

TEST_F(ScriptEmbedderTest, AnotherDescriptionIsAnotherModel) {
  const std::string first = Embedder(describe(kDescription)).model_id();
  EXPECT_EQ(Embedder(describe(kDescription)).model_id(), first);
  std::string gray = kDescription;
  gray.insert(1, "\"gray\": true, ");
  EXPECT_NE(Embedder(describe(gray)).model_id(), first);
}

TEST_F(ScriptEmbedderTest, SaysWhatIsWrong) {
  EXPECT_NE(refusal("{").find("cannot be read"), std::string::npos);
  std::string text = kDescription;
  text.replace(text.find("\"num_dims\": 3"), 13, "\"num_dims\": 4");
  EXPECT_NE(refusal(text).find("4 numbers"), std::string::npos);
  text = kDescription;
  text.replace(text.find("0.25"), 4, "0.00");
  EXPECT_NE(refusal(text).find("deviation"), std::string::npos);
  text = kDescription;
  text.insert(1, "\"flavor\": 1, ");
  EXPECT_NE(refusal(text).find("flavor"), std::string::npos);
  write_file(folder_ / "net.pt", std::string_view("nothing"));
  EXPECT_NE(refusal(kDescription).find("no TorchScript"), std::string::npos);
}

}  // namespace
}  // namespace finview
