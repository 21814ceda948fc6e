#include "finview/pipeline/cross_validate_embedder.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/training/fin_pack_testing.h"

#include <cmath>
#include <string>

#include "tests/support/scratch_folder.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

/// Cancels at the so-and-so-many-th step of all folds together.
class Listener : public Progress {
 public:
  void update(const std::string&, std::int64_t, std::int64_t) override {
    if (++num_steps_ == cancel_at) token.cancel();
  }
  void note(const std::string&) override {}
  std::int64_t cancel_at = -1;
  CancelToken token;

 private:
  std::int64_t num_steps_ = 0;
};

class CrossValidationTest : public testing::Test {
 protected:
  CrossValidationTest() {
    FinPack pack = test::straight_pack(12);
    for (std::size_t i = 0; i < pack.fins.size(); ++i) {
      pack.fins[i].individual = std::string(1, static_cast<char>('a' + i / 2));
      pack.fins[i].encounter = std::to_string(i % 2);
    }
    pack.write(folder_ / "six.pack");
  }

  CrossValidationOptions options(const std::string& out) const {
    CrossValidationOptions options;
    options.num_folds = 3;
    options.training.pack = (folder_ / "six.pack").string();
    options.training.out = (folder_ / out).string();
    options.training.network = "simple-cnn";
    options.training.num_dims = 8;
    options.training.grid_channels = 2;
    options.training.training.schedule.num_steps = 3;
    options.training.training.schedule.evaluate_every = 1;
    options.training.training.schedule.num_threads = 1;
    return options;
  }

  static ErrorKind refusal(const CrossValidationOptions& options) {
    Listener listener;
    try {
      cross_validate_embedder(options, listener, listener.token);
    } catch (const Error& error) {
      return error.kind();
    }
    return ErrorKind::kUnavailable;
  }

  test::ScratchFolder folder_;
};

TEST_F(CrossValidationTest, HoldsEveryIndividualOutOnce) {
  Listener listener;
  const CrossValidation found = cross_validate_embedder(options("m.fvm"), listener, listener.token);
  EXPECT_FALSE(found.interrupted);
  ASSERT_EQ(found.folds.size(), 3U);
  double mean = 0;
  for (const EmbedderFold& fold : found.folds) {
    EXPECT_TRUE(std::filesystem::exists(fold.model)) << fold.model;
    ASSERT_TRUE(fold.last && fold.kept);
    EXPECT_EQ(fold.last->num_queries, 4U) << "two individuals, two photos each";
    EXPECT_GE(fold.kept->mean_average_precision, fold.last->mean_average_precision - 1e-9);
    mean += fold.last->mean_average_precision / 3;
  }
  const auto json = nlohmann::json::parse(read_text_file(folder_ / "m.fvm.folds.json"));
  EXPECT_NEAR(json["mean_average_precision"]["mean"].get<double>(), mean, 1e-9);
  ASSERT_EQ(json["folds"].size(), 3U);
  EXPECT_EQ(json["folds"][2]["model"], "m.fold-2.fvm");
}

TEST_F(CrossValidationTest, GoesOnExactlyWhereItWasInterrupted) {
  Listener whole;
  cross_validate_embedder(options("whole.fvm"), whole, whole.token);
  Listener first;
  first.cancel_at = 5;  // in the second fold
  CrossValidationOptions wanted = options("broken.fvm");
  const CrossValidation part = cross_validate_embedder(wanted, first, first.token);
  EXPECT_TRUE(part.interrupted);
  EXPECT_EQ(part.folds.size(), 1U);
  wanted.training.resume = true;
  Listener second;
  const CrossValidation rest = cross_validate_embedder(wanted, second, second.token);
  EXPECT_FALSE(rest.interrupted);
  for (int fold = 0; fold < 3; ++fold) {
    const auto bytes = [&](const char* name) {
      return sha256_hex(
          read_file(folder_ / (std::string(name) + ".fold-" + std::to_string(fold) + ".fvm")));
    };
    EXPECT_EQ(bytes("whole"), bytes("broken")) << fold;
  }
}

TEST_F(CrossValidationTest, RefusesWhatCannotBeFolded) {
  CrossValidationOptions wanted = options("m.fvm");
  wanted.num_folds = 1;
  EXPECT_EQ(refusal(wanted), ErrorKind::kBadOptions);
  wanted.num_folds = 7;
  EXPECT_EQ(refusal(wanted), ErrorKind::kBadOptions) << "there are six individuals";
  wanted.num_folds = 3;
  wanted.training.training.batches.fold = 1;
  EXPECT_EQ(refusal(wanted), ErrorKind::kBadOptions);
}

TEST(FoldSpread, IsThatOfTheFoldsThatCouldAsk) {
  std::vector<EmbedderFold> folds(4);
  folds[0].last = HeldOutScore{5, 0.5, 1, 0.6};
  folds[1].last = HeldOutScore{5, 0.7, 1, 0.6};
  folds[3].last = HeldOutScore{5, 0.9, 1, 0.6};
  const FoldSpread spread = fold_spread(folds, &EmbedderFold::last, &HeldOutScore::rank_1);
  EXPECT_NEAR(spread.mean, 0.7, 1e-9);
  EXPECT_NEAR(spread.deviation, 0.2, 1e-9);
  EXPECT_EQ(fold_spread(folds, &EmbedderFold::kept, &HeldOutScore::rank_1).mean, 0);
}

}  // namespace
}  // namespace finview
