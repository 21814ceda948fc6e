#include "finview/training/embedder_training.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/embedding/mobilenet_v2_torch.h"
#include "finview/embedding/model_file_torch.h"
#include "finview/training/collapse_watch.h"
#include "finview/training/fin_pack_testing.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "tests/support/scratch_folder.h"
#include <gtest/gtest.h>
#include <torch/torch.h>

namespace finview {
namespace {

/// Cancels after a number of steps.
class Listener : public Progress {
 public:
  void update(const std::string&, std::int64_t done, std::int64_t) override {
    if (done == cancel_at) token.cancel();
  }
  void note(const std::string&) override {}
  std::int64_t cancel_at = -1;
  CancelToken token;
};

class EmbedderTrainingTest : public testing::Test {
 protected:
  EmbedderTrainingTest() {
    torch::manual_seed(1);
    const MobileNetV2 network;
    c10::Dict<std::string, torch::Tensor> tensors;
    for (auto& [name, tensor] : named_tensors(network)) {
      // Untrained layers shrink what they are given; without this only the biases would be left.
      if (name.ends_with("running_var")) tensor.fill_(0.2);
      tensors.insert(name, tensor.detach());
    }
    const std::vector<char> bytes = torch::pickle_save(tensors);
    write_file(start(), std::string_view(bytes.data(), bytes.size()));
  }

  std::filesystem::path start() const { return folder_ / "start.pt"; }

  static EmbedderTrainingOptions options(std::int64_t num_steps) {
    EmbedderTrainingOptions options;
    options.schedule.num_steps = num_steps;
    options.schedule.frozen_stages = 4;
    options.schedule.ema_decay = 0.8;
    options.schedule.evaluate_every = num_steps;
    options.schedule.num_threads = 1;
    options.optimizer.learning_rate = 3e-3;
    options.batches.num_individuals = 5;
    options.batches.held_out_share = 0.25;
    options.views.missing_end = options.views.contour = 0;
    options.views.occlusion = options.views.water = 0;
    return options;
  }

  EmbedderTrainingResult train(const EmbedderTrainingOptions& options,
                               const std::string& name,
                               bool resume = false,
                               std::int64_t cancel_at = -1) {
    Listener listener;
    listener.cancel_at = cancel_at;
    return train_embedder_network(
        pack_, start(), options, resume, folder_ / name, listener, listener.token);
  }

  test::ScratchFolder folder_;
  FinPack pack_ = test::straight_pack(24);
};

TEST_F(EmbedderTrainingTest, LearnsNotchesItHasNotSeen) {
  const EmbedderTrainingResult result = train(options(60), "m.fvm");
  ASSERT_EQ(result.curve.size(), 1U);
  ASSERT_TRUE(result.curve[0].invented);
  EXPECT_EQ(result.curve[0].invented->num_queries, 24U);  // 6 fins, 2 individuals, 2 views
  // 12 individuals: chance finds one in eleven.
  EXPECT_GT(result.curve[0].invented->rank_1, 0.5);
  EXPECT_LT(result.curve[0].loss, 0.9 * result.curve[0].chance);
  EXPECT_FALSE(result.interrupted);
  const ModelFile model = read_model_file(folder_ / "m.fvm", "embedder");
  EXPECT_EQ(EmbedderContract::from_json(model.contract_json).layout, "edge-aligned");
  const std::string page = read_text_file(folder_ / "m.fvm.html");
  EXPECT_NE(page.find("<svg"), std::string::npos);
  EXPECT_EQ(curves_from_json(read_text_file(folder_ / "m.fvm.json")).size(), 1U);
}

TEST_F(EmbedderTrainingTest, GoesOnExactlyWhereItWasInterrupted) {
  EmbedderTrainingOptions wanted = options(8);
  wanted.schedule.evaluate_every = 2;
  train(wanted, "whole.fvm");
  const EmbedderTrainingResult first = train(wanted, "broken.fvm", false, 5);
  EXPECT_TRUE(first.interrupted);
  EXPECT_EQ(first.curve.back().step, 5) << "measured once more when it was interrupted";
  const EmbedderTrainingResult second = train(wanted, "broken.fvm", true);
  EXPECT_EQ(second.curve.back().step, 8);
  const auto weights = [&](const char* name) { return read_tensor_dictionary(folder_ / name); };
  const auto whole = weights("whole.fvm.checkpoint");
  const auto broken = weights("broken.fvm.checkpoint");
  for (const auto& [name, tensor] : whole) {
    if (name == "curve") continue;  // has the point of the interruption
    EXPECT_TRUE(torch::equal(tensor, broken.at(name))) << name;
  }
}

TEST_F(EmbedderTrainingTest, GoesOnWithoutTheBestNetworkWhereItsFileIsLost) {
  train(options(8), "m.fvm", false, 5);
  std::filesystem::remove(folder_ / "m.fvm");
  const EmbedderTrainingResult result = train(options(8), "m.fvm", true);
  EXPECT_GE(result.best_step, 5);
  EXPECT_EQ(read_model_file(folder_ / "m.fvm", "embedder").kind, "embedder");
}

TEST_F(EmbedderTrainingTest, RefusesToGoOnWithOtherOptions) {
  train(options(2), "m.fvm");
  EmbedderTrainingOptions other = options(2);
  other.loss.temperature = 0.2;
  try {
    train(other, "m.fvm", true);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadOptions);
    EXPECT_NE(std::string(error.what()).find("temperature=0.2"), std::string::npos);
  }
  EXPECT_THROW(train(options(2), "never.fvm", true), Error);
}

TEST_F(EmbedderTrainingTest, SaysWhenItCollapses) {
  EmbedderTrainingOptions wild = options(80);
  wild.loss.nt_xent_weight = 0;
  wild.loss.triplet_weight = 1;
  wild.loss.mining = "hardest";
  wild.optimizer.learning_rate = 1;
  wild.optimizer.optimizer = "sgd";
  try {
    train(wild, "m.fvm");
    FAIL() << "went on";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUnavailable);
    EXPECT_NE(std::string(error.what()).find("--learning-rate (now 1)"), std::string::npos);
  }
}

TEST_F(EmbedderTrainingTest, WithoutStepsWritesTheStartNetwork) {
  train(options(2), "m.fvm");
  EmbedderTrainingOptions none = options(1);
  none.schedule.num_steps = 0;
  const EmbedderTrainingResult result = train(none, "start.fvm");
  EXPECT_TRUE(result.curve.empty());
  const auto written = read_model_file(folder_ / "start.fvm", "embedder").tensors;
  const auto given = read_tensor_dictionary(start());
  EXPECT_TRUE(torch::allclose(written.at("backbone.features.3.conv.0.0.weight"),
                              given.at("features.3.conv.0.0.weight"),
                              1e-3,
                              1e-4));
}

TEST_F(EmbedderTrainingTest, TeachesAnEmbedderFurther) {
  train(options(2), "first.fvm");
  EmbedderTrainingOptions none = options(1);
  none.schedule.num_steps = 0;
  Listener listener;
  train_embedder_network(
      pack_, folder_ / "first.fvm", none, false, folder_ / "same.fvm", listener, listener.token);
  EXPECT_EQ(sha256_hex(read_file(folder_ / "same.fvm")),
            sha256_hex(read_file(folder_ / "first.fvm")));
}

struct RandomNetwork {
  const char* name;
  double learning_rate;
  std::int64_t num_steps;
  double min_rank_1;  ///< on individuals it has not seen; chance finds one in eleven
};

/// The networks FinView ships no weights of, from random ones, on the pack's notches.
class RandomStart : public EmbedderTrainingTest, public testing::WithParamInterface<RandomNetwork> {
 protected:
  RandomStart() {
    EmbedderContract contract = test::small_contract();
    contract.network = GetParam().name;
    contract.num_stages = std::min(4, network_kind(contract.network).num_stages);
    pack_.contract_json = contract.to_json();
  }
  EmbedderTrainingResult train_from_random(std::int64_t num_steps,
                                           const std::string& name,
                                           bool resume = false,
                                           std::int64_t cancel_at = -1) {
    EmbedderTrainingOptions wanted = options(num_steps);
    wanted.optimizer.learning_rate = GetParam().learning_rate;
    Listener listener;
    listener.cancel_at = cancel_at;
    return train_embedder_network(
        pack_, {}, wanted, resume, folder_ / name, listener, listener.token);
  }
};

TEST_P(RandomStart, Learns) {
  const EmbedderTrainingResult result = train_from_random(GetParam().num_steps, "m.fvm");
  const TrainingPoint& last = result.curve.back();
  EXPECT_LT(last.loss, 0.9 * last.chance);
  ASSERT_TRUE(last.invented);
  EXPECT_GE(last.invented->rank_1, GetParam().min_rank_1);
  const ModelFile model = read_model_file(folder_ / "m.fvm", "embedder");
  EXPECT_EQ(EmbedderContract::from_json(model.contract_json).network, GetParam().name);
}

TEST_P(RandomStart, GoesOnExactlyWhereItWasInterrupted) {
  train_from_random(4, "whole.fvm");
  train_from_random(4, "broken.fvm", false, 2);
  train_from_random(4, "broken.fvm", true);
  const auto whole = read_tensor_dictionary(folder_ / "whole.fvm.checkpoint");
  const auto broken = read_tensor_dictionary(folder_ / "broken.fvm.checkpoint");
  for (const auto& [name, tensor] : whole) {
    if (name == "curve") continue;  // has the point of the interruption
    EXPECT_TRUE(torch::equal(tensor, broken.at(name))) << name;
  }
}

// The simple CNN learns its own fins by heart and little about others.
INSTANTIATE_TEST_SUITE_P(Networks,
                         RandomStart,
                         testing::Values(RandomNetwork{"resnet-50", 1e-3, 60, 0.4},
                                         RandomNetwork{"nn4-small2", 1e-3, 60, 0.4},
                                         RandomNetwork{"simple-cnn", 3e-3, 80, 0}),
                         [](const auto& info) {
                           std::string name = info.param.name;
                           std::erase(name, '-');
                           return name;
                         });

TEST_F(EmbedderTrainingTest, RefusesAStartOfAnotherNetwork) {
  train(options(2), "mobilenet.fvm");
  EmbedderContract contract = test::small_contract();
  contract.network = "resnet-50";
  pack_.contract_json = contract.to_json();
  Listener listener;
  try {
    train_embedder_network(pack_,
                           folder_ / "mobilenet.fvm",
                           options(2),
                           false,
                           folder_ / "m.fvm",
                           listener,
                           listener.token);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadOptions);
    EXPECT_NE(std::string(error.what()).find("--network mobilenet-v2"), std::string::npos);
  }
}

TEST_F(EmbedderTrainingTest, GoesOnWithACheckpointThatHasTheOldNameOfTheNetwork) {
  train(options(2), "m.fvm");
  const std::filesystem::path path = folder_ / "m.fvm.checkpoint";
  c10::Dict<std::string, torch::Tensor> old;
  for (auto& [name, tensor] : read_tensor_dictionary(path)) {
    if (name != "about") {
      old.insert(name, tensor);
      continue;
    }
    std::string text(reinterpret_cast<const char*>(tensor.data_ptr<std::uint8_t>()),
                     static_cast<std::size_t>(tensor.numel()));
    text.replace(text.find("mobilenet-v2"), 12, "mobilenet_v2");
    old.insert(name, torch::tensor(std::vector<std::uint8_t>(text.begin(), text.end())));
  }
  const std::vector<char> bytes = torch::pickle_save(old);
  write_file(path, std::string_view(bytes.data(), bytes.size()));
  EXPECT_EQ(train(options(3), "m.fvm", true).curve.back().step, 3);
}

LearningSign sign(double loss, double chance, double spread, double active = 1) {
  return {loss, chance, spread, active};
}

TEST(CollapseWatch, SpeaksOnlyWhereSomethingIsWrong) {
  const auto watch_for = [](const LearningSign& each, int steps) -> std::string {
    CollapseWatch watch(50, "--learning-rate (now 0.1)");
    for (int i = 0; i < steps; ++i) {
      if (const auto word = watch.observe(each)) return *word;
    }
    return "";
  };
  EXPECT_EQ(watch_for(sign(1, 3, 0.9), 500), "");
  EXPECT_NE(watch_for(sign(3, 3, 0.01), 500).find("collapsed by step 50"), std::string::npos);
  EXPECT_NE(watch_for(sign(0.2, 0.2, 0.5), 500).find("sits at 0.200"), std::string::npos);
  EXPECT_NE(watch_for(sign(std::log(2), std::log(2), 0.5), 500).find("0.693"), std::string::npos);
  EXPECT_EQ(watch_for(sign(0.2, 0.2, 0.5), 49), "") << "not before it had a chance";
  EXPECT_NE(watch_for(sign(NAN, 3, 0.9), 1).find("not finite"), std::string::npos);
}

TEST(CollapseWatch, AdvisesOnceWhereFewTripletsTeach) {
  CollapseWatch watch(10, "--learning-rate");
  for (int i = 0; i < 20; ++i) EXPECT_FALSE(watch.observe(sign(0.01, 0.2, 0.9, 0.001)));
  const auto advice = watch.advice();
  ASSERT_TRUE(advice);
  EXPECT_NE(advice->find("--mining hardest"), std::string::npos);
  EXPECT_FALSE(watch.advice());
}

TEST(TrainingCurves, ComeBackFromJsonAndStandOnThePage) {
  TrainingPoint point;
  point.step = 200;
  point.loss = 1.25;
  point.chance = 3.66;
  point.spread = 0.8;
  point.seconds = 12.5;
  point.invented = HeldOutScore{40, 0.5, 0.75, 0.6};
  TrainingPoint later = point;
  later.step = 400;
  later.loss = 0.75;
  const std::vector<TrainingPoint> points = {point, later};
  const auto back = curves_from_json(curves_to_json(points));
  ASSERT_EQ(back.size(), 2U);
  EXPECT_EQ(back[1].loss, 0.75);
  EXPECT_EQ(back[0].invented->rank_5, 0.75);
  EXPECT_FALSE(back[0].known);
  const std::string page = training_page("a<b", {"5 > 4"}, points);
  EXPECT_NE(page.find("a&lt;b"), std::string::npos);
  EXPECT_NE(page.find("5 &gt; 4"), std::string::npos);
  EXPECT_NE(page.find("invented, found first"), std::string::npos);
  EXPECT_EQ(page.find("known, found first"), std::string::npos) << "no curve without points";
  EXPECT_THROW(curves_from_json("[{}]"), Error);
}

}  // namespace
}  // namespace finview
