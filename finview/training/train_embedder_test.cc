#include "finview/training/train_embedder.h"

#include "finview/base/error.h"

#include <string>

#include <gtest/gtest.h>

namespace finview {
namespace {

TEST(TrainEmbedder, RefusesAnUnknownNetworkWithTheNamesThereAre) {
  NoProgress silent;
  TrainEmbedderOptions options;
  options.network = "vgg-16";
  try {
    train_embedder(options, silent, {});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadOptions);
    const std::string text = error.what();
    EXPECT_NE(text.find("vgg-16"), std::string::npos) << text;
    for (const char* name : {"mobilenet-v2", "resnet-50", "nn4-small2", "simple-cnn"}) {
      EXPECT_NE(text.find(name), std::string::npos) << text;
    }
  }
}

}  // namespace
}  // namespace finview
