#include "finview/base/error.h"
#include "finview/match/answer.h"
#include "finview/match/calibration.h"
#include "finview/match/gallery.h"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace finview {
namespace {

std::vector<float> unit(double angle_deg) {
  const double angle = angle_deg * M_PI / 180;
  return {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
}

FinSignature look(double angle_deg) { return {unit(angle_deg), std::nullopt}; }

Gallery on_circle(const std::vector<std::pair<GalleryEntry, double>>& rows) {
  std::vector<GalleryEntry> entries;
  std::vector<FinSignature> signatures;
  for (const auto& [entry, angle_deg] : rows) {
    entries.push_back(entry);
    signatures.push_back(look(angle_deg));
  }
  return {entries, signatures};
}

/// A calibration of looks alone: softmax of `sharpness` * cosine, with nobody at `new_similarity`.
Calibration looks_only(double sharpness, double new_similarity) {
  const WitnessWeights weights{sharpness, 0, 0, sharpness * new_similarity};
  return {weights, weights};
}

/// `num` individuals with `photos` photos each: a random direction plus noise of length `spread`.
Gallery random_gallery(int num, int photos, double spread, unsigned seed) {
  constexpr std::size_t kDims = 16;
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  std::vector<GalleryEntry> entries;
  std::vector<FinSignature> signatures;
  for (int i = 0; i < num; ++i) {
    std::vector<double> center(kDims);
    for (double& v : center) v = normal(random);
    for (int p = 0; p < photos; ++p) {
      entries.push_back({"D" + std::to_string(i), "day" + std::to_string(p)});
      std::vector<double> row = center;
      double norm = 0;
      for (double& v : row) {
        v += spread * normal(random);
        norm += v * v;
      }
      FinSignature signature;
      for (const double v : row) {
        signature.embedding.push_back(static_cast<float>(v / std::sqrt(norm)));
      }
      signatures.push_back(std::move(signature));
    }
  }
  return {entries, signatures};
}

TEST(Gallery, SimilarityIsTheMeanOfTheBestPhotos) {
  const Gallery gallery =
      on_circle({{{"B", ""}, 0}, {{"A", ""}, 60}, {{"A", ""}, 90}, {{"A", ""}, 180}});
  ASSERT_EQ(gallery.individuals(), (std::vector<std::string>{"A", "B"}));
  const auto found = gallery.similarities(look(60), 2);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_NEAR(found[0].look, (1 + std::cos(M_PI / 6)) / 2, 1e-6);
  EXPECT_EQ(found[0].best_entry_index, 1U);
  EXPECT_NEAR(found[1].look, 0.5, 1e-6);
}

TEST(Gallery, LeaveOneOutDropsTheGroupOfTheSameIndividualOnly) {
  const Gallery gallery = on_circle({{{"A", "mon"}, 0},
                                     {{"A", "mon"}, 1},
                                     {{"A", "tue"}, 40},
                                     {{"B", "mon"}, 20},
                                     {{"C", ""}, 5},
                                     {{"C", ""}, 6}});
  const auto found = gallery.similarities(gallery.signature(0), 1, 0);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].best_entry_index, 2U);
  EXPECT_EQ(found[1].best_entry_index, 3U);
  const auto unknown_group = gallery.similarities(gallery.signature(4), 1, 4);
  EXPECT_EQ(unknown_group[2].best_entry_index, 5U) << "photos without a group are not near-copies";
}

TEST(Gallery, RefusesWhatDoesNotFit) {
  EXPECT_THROW(Gallery({{"A", ""}}, {}), Error);
  const Gallery gallery = on_circle({{{"A", ""}, 0}});
  EXPECT_THROW(gallery.similarities({{1, 0, 0}, std::nullopt}, 1), Error);
}

TEST(Gallery, EdgeNetworkIsTheLargestCosineOfAnyTwoViews) {
  constexpr std::size_t kSignals = FinEdge::kNumChannels * FinEdge::kNumSamples;
  const auto fin = [](double first_angle, double step) {
    FinSignature signature{unit(0), FinEdge{}, {}};
    signature.edge->signals.resize(kSignals);
    for (int view = 0; view < FinEdge::kNumViews; ++view) {
      const std::vector<float> row = unit(first_angle + step * view);
      signature.edge_views.insert(signature.edge_views.end(), row.begin(), row.end());
    }
    return signature;
  };
  const Gallery gallery({{"A", ""}, {"A", ""}, {"B", ""}},
                        {fin(100, 10), fin(60, 0), {unit(0), std::nullopt, {}}});
  const auto found = gallery.similarities(fin(0, 2), 1);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_NEAR(found[0].edge_network.value(), std::cos((60 - 14) * M_PI / 180), 1e-6);
  EXPECT_FALSE(found[1].edge_network) << "B has no edge";
}

TEST(Probabilities, AreASoftmaxWithNobodyAsOneMore) {
  const std::vector<IndividualSimilarity> found{{0, 0.9, {}, {}, 0}, {1, 0.7, {}, {}, 1}};
  const Probabilities p = probabilities(found, looks_only(10, 0.8));
  const double sum = std::exp(9) + std::exp(7) + std::exp(8);
  EXPECT_NEAR(p.individuals[0], std::exp(9) / sum, 1e-12);
  EXPECT_NEAR(p.individuals[1], std::exp(7) / sum, 1e-12);
  EXPECT_NEAR(p.p_new, std::exp(8) / sum, 1e-12);
  EXPECT_EQ(probabilities({}, looks_only(10, 0.8)).p_new, 1);
}

TEST(Calibration, ProbabilitiesAreTrueOnAFreshCatalogue) {
  // Fitted on one draw, scored on the photos of another: the mean probability of the best answer
  // must be near the share of right answers, and strangers must get a high p_new.
  const Gallery fitted_on = random_gallery(60, 4, 0.6, 1);
  const Calibration calibration =
      fit_calibration(fitted_on, 2, 0.5, looks_only(30, 0.5), 2).calibration;
  const Gallery fresh = random_gallery(60, 4, 0.6, 2);
  double claimed = 0;
  double right = 0;
  double p_new_known = 0;
  double p_new_stranger = 0;
  MatchOptions options;
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    const auto found = fresh.similarities(fresh.signature(i), 2, i);
    const Probabilities p = probabilities(found, calibration);
    const auto best = std::max_element(p.individuals.begin(), p.individuals.end());
    const auto index = static_cast<std::size_t>(best - p.individuals.begin());
    claimed += *best / (1 - p.p_new);  // the individual is known to be there
    right += found[index].individual_index == fresh.individual_index(i);
    p_new_known += p.p_new;
    p_new_stranger += answer_query(fitted_on, fresh.signature(i), calibration, options).p_new;
  }
  const auto n = static_cast<double>(fresh.size());
  EXPECT_NEAR(claimed / n, right / n, 0.08);
  EXPECT_GT(p_new_stranger / n, p_new_known / n + 0.3);
}

TEST(Calibration, KeepsThePriorWhereNothingCanBeAsked) {
  const Gallery one = on_circle({{{"A", ""}, 0}});
  const FittedCalibration fitted = fit_calibration(one, 1, 0.2, looks_only(25, 0.6), 1);
  EXPECT_EQ(fitted.num_known_queries, 0U);
  EXPECT_EQ(fitted.num_stranger_queries, 0U);
  EXPECT_NEAR(fitted.calibration.without_edge.look, 25, 1e-6);
  EXPECT_NEAR(fitted.calibration.without_edge.nobody, 15, 1e-6);
}

TEST(Answer, DecidesKnownNewAndUnsure) {
  const Gallery gallery = on_circle({{{"A", ""}, 0}, {{"B", ""}, 90}});
  MatchOptions options;
  options.top = 1;
  const Answer known = answer_query(gallery, look(2), looks_only(20, 0.6), options);
  EXPECT_EQ(known.decision, Decision::kKnown);
  ASSERT_EQ(known.candidates.size(), 1U);
  EXPECT_EQ(known.candidates[0].individual, "A");
  EXPECT_EQ(answer_query(gallery, look(225), looks_only(20, 0.6), options).decision,
            Decision::kNew);
  EXPECT_EQ(answer_query(gallery, look(45), looks_only(20, 0.6), options).decision,
            Decision::kUnsure);
}

TEST(Answer, EqualCandidatesComeByName) {
  const Gallery gallery = on_circle({{{"B", ""}, 10}, {{"A", ""}, 10}, {{"C", ""}, 10}});
  const Answer answer = answer_query(gallery, look(10), looks_only(20, 0.6), {});
  ASSERT_EQ(answer.candidates.size(), 3U);
  EXPECT_EQ(answer.candidates[0].individual, "A");
  EXPECT_EQ(answer.candidates[2].individual, "C");
}

}  // namespace
}  // namespace finview
