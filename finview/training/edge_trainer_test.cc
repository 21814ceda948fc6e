#include "finview/training/edge_trainer.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/embedding/edge_embedder.h"
#include "finview/training/edge_identity.h"

#include <cmath>
#include <numeric>

#include "tests/support/scratch_folder.h"
#include <gtest/gtest.h>

namespace finview {
namespace {

/// Hollow edges of different depth, without notches.
std::vector<EdgePoints> smooth_edges(int count) {
  std::vector<EdgePoints> edges;
  for (int i = 0; i < count; ++i) {
    EdgePoints edge;
    for (int k = 0; k <= 300; ++k) {
      const double t = k / 300.0;
      edge.push_back({0.2 * t - (0.05 + 0.01 * i) * std::sin(M_PI * t), t});
    }
    edges.push_back(normalized_edge(edge, 1));
  }
  return edges;
}

double correlation(const std::vector<float>& a, const std::vector<float>& b) {
  const double both = std::inner_product(a.begin(), a.end(), b.begin(), 0.0);
  const double of_a = std::inner_product(a.begin(), a.end(), a.begin(), 0.0);
  const double of_b = std::inner_product(b.begin(), b.end(), b.begin(), 0.0);
  return both / std::sqrt(of_a * of_b);
}

TEST(NormalizedEdge, BeginsAtTheOriginAndHasLengthOne) {
  const EdgePoints edge = normalized_edge({{10, 5}, {8, 25}, {4, 45}}, -1);
  EXPECT_EQ(edge.size(), static_cast<std::size_t>(kNumEdgePoints));
  EXPECT_NEAR(norm(edge.front()), 0, 1e-12);
  EXPECT_NEAR(edge_length(edge), 1, 1e-6);
  EXPECT_GT(edge.back().x, 0) << "mirrored: the outside lies to the right";
  EXPECT_GT(edge.back().y, 0);
}

TEST(InventedEdge, IsTheSameForTheSameSeedAndAnotherForAnother) {
  const EdgePoints base = smooth_edges(1).front();
  const auto profile = [&](std::uint64_t seed) {
    RandomDraw random(seed);
    return notch_profile(invented_edge(base, random), 1);
  };
  EXPECT_EQ(profile(1), profile(1));
  EXPECT_LT(correlation(profile(1), profile(2)), 0.8);
}

TEST(SeenEdge, LooksMoreLikeItsOwnIndividualThanLikeAnother) {
  const EdgePoints base = smooth_edges(1).front();
  int right = 0;
  constexpr int kAsked = 40;
  for (std::uint64_t seed = 0; seed < kAsked; ++seed) {
    RandomDraw random(seed);
    const EdgePoints own = invented_edge(base, random);
    const EdgePoints other = invented_edge(base, random);
    const std::vector<float> seen = notch_profile(seen_edge(own, random), 1);
    right += correlation(seen, notch_profile(own, 1)) > correlation(seen, notch_profile(other, 1));
  }
  EXPECT_GE(right, kAsked * 6 / 10) << "chance is a half; ends are cut, so not all can be";
}

TEST(EdgeTraining, LearnsToTellInventedIndividualsApartAndWritesAReadableModel) {
  const test::ScratchFolder folder;
  EdgeTrainingOptions options;
  options.num_steps = 60;
  options.num_bases = 12;
  options.warmup_steps = 10;
  NoProgress progress;
  const auto path = folder / "edge.fvm";
  const EdgeTrainingResult result =
      train_edge_network({smooth_edges(30), {}}, options, path, progress, CancelToken{});
  EXPECT_LT(result.last_loss, 0.75 * result.chance_loss);
  EXPECT_EQ(result.num_held_out, 6U);
  EXPECT_GT(result.held_out_rank_1, 0.5) << "of 6 individuals, chance is a sixth";

  const EdgeEmbedder embedder(path);
  EXPECT_EQ(embedder.num_dims(), 256) << "two members";
  const std::vector<float> views = embedder.embed(edge_view_profiles(smooth_edges(3)[2], 1));
  ASSERT_EQ(views.size(), 8U * 256U);
  EXPECT_NEAR(std::inner_product(views.begin(), views.begin() + 256, views.begin(), 0.0), 1, 1e-4);
  EXPECT_THROW(embedder.embed(std::vector<float>(1000)), Error);
  EXPECT_TRUE(embedder.embed({}).empty());

  const auto again = folder / "again.fvm";
  train_edge_network({smooth_edges(30), {}}, options, again, progress, CancelToken{});
  EXPECT_EQ(read_file(path), read_file(again));
}

/// Individuals on one smooth base each, photographed `num_photos` times.
std::vector<EdgeTrainingData::Twins> made_up_twins(std::size_t count, std::size_t num_photos) {
  std::vector<EdgeTrainingData::Twins> twins(count);
  const std::vector<EdgePoints> bases = smooth_edges(static_cast<int>(count));
  for (std::size_t i = 0; i < count; ++i) {
    for (std::vector<EdgePoints>& photos : twins[i]) {
      RandomDraw random(1000 + 2 * i + (&photos == &twins[i][1] ? 1 : 0));
      const EdgePoints individual = invented_edge(bases[i], random);
      for (std::size_t k = 0; k < num_photos; ++k) photos.push_back(seen_edge(individual, random));
    }
  }
  return twins;
}

TEST(EdgeTraining, LearnsFromPhotographedTwinsTooAndAsksTheOnesHeldOut) {
  const test::ScratchFolder folder;
  EdgeTrainingOptions options;
  options.num_steps = 60;
  options.num_bases = 12;
  options.warmup_steps = 10;
  NoProgress progress;
  const EdgeTrainingResult result = train_edge_network({smooth_edges(30), made_up_twins(40, 3)},
                                                       options,
                                                       folder / "edge.fvm",
                                                       progress,
                                                       CancelToken{});
  EXPECT_EQ(result.num_held_out, 6U);
  EXPECT_EQ(result.num_held_out_twins, 8U);
  EXPECT_LT(result.last_loss, 0.75 * result.chance_loss);
  EXPECT_GT(result.held_out_twins_rank_1, 0.4) << "chance is 0.125";
  EXPECT_LE(result.held_out_twins_rank_1, 1);
}

TEST(EdgeTraining, RefusesATwinSeenOnce) {
  const test::ScratchFolder folder;
  NoProgress progress;
  EXPECT_THROW(train_edge_network({smooth_edges(30), made_up_twins(2, 1)},
                                  {},
                                  folder / "edge.fvm",
                                  progress,
                                  CancelToken{}),
               Error);
}

TEST(EdgeTraining, RefusesTooFewEdgesAndFilesThatAreNoEdgeNetwork) {
  const test::ScratchFolder folder;
  NoProgress progress;
  EXPECT_THROW(
      train_edge_network({smooth_edges(5), {}}, {}, folder / "edge.fvm", progress, CancelToken{}),
      Error);
  write_file(folder / "not.fvm", std::string_view("no model"));
  EXPECT_THROW(EdgeEmbedder(folder / "not.fvm"), Error);
  EXPECT_THROW(EdgeEmbedder(folder / "missing.fvm"), Error);
}

}  // namespace
}  // namespace finview
