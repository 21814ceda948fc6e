#include "finview/cli/command_line.h"

#include "finview/base/error.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace finview {
namespace {

struct Options {
  bool recursive = false;
  bool color = true;
  std::string form = "crops";
  std::int64_t top = 5;
  double min_confidence = 0.5;

  void visit(OptionVisitor& visitor) {
    visitor.field("recursive", recursive, "Look into folders inside folders");
    visitor.field("color", color, "Use color");
    visitor.field("form", form, "What the pictures show", {"crops", "photos"});
    visitor.field("top", top, "Candidates per fin", 1, 100);
    visitor.field("min-confidence", min_confidence, "Leave out weaker fins", 0, 1);
  }
};

bool parse(Options& options,
           std::vector<std::string>& paths,
           const std::vector<std::string>& arguments) {
  CommandLine command("try", "Tries.", "finview try a.jpg");
  command.positionals("PATH", paths, "Photos");
  options.visit(command);
  return command.parse(arguments);
}

TEST(CommandLine, ReadsPositionalsFlagsAndNumbers) {
  Options options;
  std::vector<std::string> paths;
  EXPECT_TRUE(parse(options,
                    paths,
                    {"a b.jpg",
                     "--top",
                     "7",
                     "--recursive",
                     "dir",
                     "--no-color",
                     "--min-confidence=0.25",
                     "--form",
                     "photos"}));
  EXPECT_EQ(paths, (std::vector<std::string>{"a b.jpg", "dir"}));
  EXPECT_TRUE(options.recursive);
  EXPECT_FALSE(options.color);
  EXPECT_EQ(options.top, 7);
  EXPECT_EQ(options.form, "photos");
  EXPECT_DOUBLE_EQ(options.min_confidence, 0.25);
}

TEST(CommandLine, ListsEveryFaultAtOnce) {
  Options options;
  std::vector<std::string> paths;
  try {
    parse(options,
          paths,
          {"a.jpg", "--top", "0", "--min-confidence", "high", "--form", "x", "--colour"});
    FAIL() << "four faults were accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadOptions);
    const std::string text = error.what();
    for (const char* part : {"--top is 0", "\"high\"", "crops, photos", "\"--colour\""}) {
      EXPECT_NE(text.find(part), std::string::npos) << part << " is not in\n" << text;
    }
  }
}

TEST(CommandLine, MissingRequiredOptionIsNamed) {
  std::string catalogue;
  CommandLine command("try", "Tries.", "finview try");
  command.field("catalogue", catalogue, "Folder");
  command.require("catalogue");
  EXPECT_THROW(command.parse(std::vector<std::string>{}), Error);
}

}  // namespace
}  // namespace finview
