#include "finview/detection/darknet_config.h"

#include "finview/base/error.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace finview {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

std::string refusal_of(const std::string& text) {
  try {
    parse_darknet_config(text, "fin.cfg");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadModel);
    return error.what();
  }
  return "accepted";
}

TEST(DarknetConfig, ReadsCommentsSpacesAndWindowsLines) {
  const DarknetConfig config = parse_darknet_config(
      "# head\r\n [ net ] \r\n width = 64 ; of the input\r\nheight=96\r\n\r\n"
      "[Convolutional]\nfilters= 1 8 # eighteen\nactivation=mish\n;[route]\n"
      "[yolo]\nanchors = 1,2,  3.5 ,4\nmask=0,-1\n",
      "fin.cfg");
  EXPECT_EQ(config.net.get_int("width", 0), 64);
  EXPECT_EQ(config.net.get_int("height", 0), 96);
  ASSERT_EQ(config.layers.size(), 2U);
  EXPECT_EQ(config.layers[0].type, "convolutional");
  EXPECT_EQ(config.layers[0].line, 6);
  EXPECT_EQ(config.layers[0].get_int("filters", 0), 18);
  EXPECT_EQ(config.layers[0].get_activation(), DarknetActivation::kMish);
  EXPECT_EQ(config.layers[0].get_int("stride", 3), 3);
  EXPECT_THAT(config.layers[1].get_doubles("anchors"), ElementsAre(1, 2, 3.5, 4));
  EXPECT_THAT(config.layers[1].get_ints("mask"), ElementsAre(0, -1));
  EXPECT_TRUE(config.layers[1].get_ints("layers").empty());
}

TEST(DarknetConfig, NamesTheLineOfWhatItCannotRead) {
  const std::string net = "[net]\nwidth=32\n";
  EXPECT_THAT(refusal_of(""), HasSubstr("begins with nothing"));
  EXPECT_THAT(refusal_of("[route]\nlayers=1\n"), HasSubstr("begins with [route]"));
  EXPECT_THAT(refusal_of("width=1\n[net]\n"),
              AllOf(HasSubstr("fin.cfg line 1"), HasSubstr("width")));
  EXPECT_THAT(refusal_of(net), HasSubstr("no layers"));
  EXPECT_THAT(refusal_of(net + "[yolo\n"), AllOf(HasSubstr("line 3"), HasSubstr("bracket")));
  EXPECT_THAT(refusal_of(net + "[yolo]\nrubbish\n"),
              AllOf(HasSubstr("line 4"), HasSubstr("rubbish")));
  EXPECT_THAT(refusal_of(net + "[yolo]\nnum=1\nnum=2\n"),
              AllOf(HasSubstr("line 5, layer 0 [yolo]"), HasSubstr("num is given twice")));
}

TEST(DarknetConfig, NamesTheLayerItDoesNotSupport) {
  const std::string start = "[net]\n[maxpool]\n";
  EXPECT_THAT(refusal_of(start + "[lstm]\n"), HasSubstr("fin.cfg line 3, layer 1 [lstm]"));
  EXPECT_THAT(refusal_of(start + "[convolutional]\n\nactivation=selu\n"),
              AllOf(HasSubstr("line 5, layer 1 [convolutional]"), HasSubstr("selu")));
  EXPECT_THAT(refusal_of(start + "[convolutional]\nxnor=1\n"),
              HasSubstr("xnor = 1 is not supported"));
  EXPECT_THAT(refusal_of(start + "[shortcut]\nfrom=-1\nweights_type=per_channel\n"),
              HasSubstr("weights_type = per_channel is not supported"));
  EXPECT_EQ(refusal_of(start + "[convolutional]\nxnor=0\n"), "accepted");
}

TEST(DarknetConfig, NamesTheValueOfTheWrongType) {
  const DarknetConfig config = parse_darknet_config(
      "[net]\n[route]\nlayers=-1,x\ngroups=2.5\ngroup_id=9999999999\nbatch_normalize=2\nscale=1\n"
      "thresh=nan\nempty=\n",
      "fin.cfg");
  const DarknetSection& route = config.layers[0];
  const auto expect_refused = [](const auto& get, const char* line, const char* fault) {
    try {
      get();
      ADD_FAILURE() << "accepted: " << fault;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kBadModel);
      EXPECT_THAT(error.what(), AllOf(HasSubstr(line), HasSubstr(fault)));
    }
  };
  expect_refused([&] { route.get_ints("layers"); }, "line 3", "layers = -1,x");
  expect_refused([&] { route.get_int("groups", 1); }, "line 4", "groups = 2.5");
  expect_refused([&] { route.get_int("group_id", 0); }, "line 5", "9999999999");
  expect_refused([&] { route.get_bool("batch_normalize", false); }, "line 6", "must be 0 or 1");
  expect_refused([&] { route.get_double("thresh", 0); }, "line 8", "thresh = nan");
  expect_refused([&] { route.get_int("empty", 0); }, "line 9", "empty = ");
}

}  // namespace
}  // namespace finview
