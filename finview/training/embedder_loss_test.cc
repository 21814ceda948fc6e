#include "finview/base/error.h"
#include "finview/training/embedder_loss_torch.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>
#include <torch/torch.h>

namespace finview {
namespace {

const std::vector<std::int64_t> kLabels = {0, 0, 0, 1, 1, 2, 2};

struct Rows {
  std::vector<std::vector<double>> values;
  torch::Tensor tensor;
};

/// Unit vectors in three dimensions.
Rows random_rows(std::uint64_t seed) {
  torch::manual_seed(seed);
  Rows rows;
  rows.tensor = torch::nn::functional::normalize(
      torch::randn({static_cast<std::int64_t>(kLabels.size()), 3}, torch::kDouble),
      torch::nn::functional::NormalizeFuncOptions().dim(1));
  for (std::int64_t i = 0; i < rows.tensor.size(0); ++i) {
    std::vector<double> row;
    for (std::int64_t k = 0; k < 3; ++k) row.push_back(rows.tensor[i][k].item<double>());
    rows.values.push_back(row);
  }
  return rows;
}

double distance(const Rows& rows, std::size_t a, std::size_t b) {
  double sum = 0;
  for (std::size_t k = 0; k < 3; ++k) sum += std::pow(rows.values[a][k] - rows.values[b][k], 2);
  return std::sqrt(sum);
}

double cosine(const Rows& rows, std::size_t a, std::size_t b) {
  return 1 - std::pow(distance(rows, a, b), 2) / 2;
}

EmbedderLossOptions only(double EmbedderLossOptions::*weight) {
  EmbedderLossOptions options;
  options.nt_xent_weight = 0;
  options.*weight = 1;
  return options;
}

EmbedderLossValue value_of(const EmbedderLossOptions& options, const torch::Tensor& rows) {
  EmbedderLoss loss(options, 3, {});
  return loss.forward(rows,
                      torch::tensor(kLabels),
                      torch::full({static_cast<std::int64_t>(kLabels.size())}, -1, torch::kLong));
}

double loss_of(const EmbedderLossOptions& options, const Rows& rows) {
  return value_of(options, rows.tensor).loss.item<double>();
}

TEST(EmbedderLoss, NtXentIsTheFormulaOfThePaper) {
  const Rows rows = random_rows(1);
  double sum = 0;
  const std::size_t n = kLabels.size();
  for (std::size_t i = 0; i < n; ++i) {
    double all = 0;
    for (std::size_t a = 0; a < n; ++a) {
      if (a != i) all += std::exp(cosine(rows, i, a) / 0.1);
    }
    double positives = 0;
    int count = 0;
    for (std::size_t p = 0; p < n; ++p) {
      if (p == i || kLabels[p] != kLabels[i]) continue;
      positives -= std::log(std::exp(cosine(rows, i, p) / 0.1) / all);
      ++count;
    }
    sum += positives / count;
  }
  EXPECT_NEAR(loss_of(only(&EmbedderLossOptions::nt_xent_weight), rows), sum / 7, 1e-6);
}

/// Mean over triplets as the papers define them, by plain loops.
double triplet_by_loops(const Rows& rows, const std::string& mining, double margin, bool soft) {
  std::vector<double> gaps;
  const std::size_t n = kLabels.size();
  for (std::size_t a = 0; a < n; ++a) {
    double farthest = -1;
    double nearest = 9;
    for (std::size_t x = 0; x < n; ++x) {
      if (x != a && kLabels[x] == kLabels[a]) farthest = std::max(farthest, distance(rows, a, x));
      if (kLabels[x] != kLabels[a]) nearest = std::min(nearest, distance(rows, a, x));
    }
    if (mining == "hardest") gaps.push_back(farthest - nearest);
    for (std::size_t p = 0; p < n && mining != "hardest"; ++p) {
      if (p == a || kLabels[p] != kLabels[a]) continue;
      const double own = distance(rows, a, p);
      double semi_hard = 9;
      for (std::size_t x = 0; x < n; ++x) {
        if (kLabels[x] == kLabels[a]) continue;
        const double other = distance(rows, a, x);
        if (mining == "all") gaps.push_back(own - other);
        if (other > own) semi_hard = std::min(semi_hard, other);
      }
      if (mining == "semi-hard") gaps.push_back(own - (semi_hard < 9 ? semi_hard : nearest));
    }
  }
  double sum = 0;
  for (double gap : gaps) sum += soft ? std::log1p(std::exp(gap)) : std::max(0.0, gap + margin);
  return sum / static_cast<double>(gaps.size());
}

TEST(EmbedderLoss, TripletsAreThoseOfThePapers) {
  for (std::uint64_t seed : {1, 2, 3}) {
    const Rows rows = random_rows(seed);
    for (const char* mining : {"all", "semi-hard", "hardest"}) {
      EmbedderLossOptions options = only(&EmbedderLossOptions::triplet_weight);
      options.mining = mining;
      EXPECT_NEAR(loss_of(options, rows), triplet_by_loops(rows, mining, 0.2, false), 1e-5);
      options.margin = 0.7;
      EXPECT_NEAR(loss_of(options, rows), triplet_by_loops(rows, mining, 0.7, false), 1e-5);
      options.margin = 0;
      options.soft_margin = true;
      EXPECT_NEAR(loss_of(options, rows), triplet_by_loops(rows, mining, 0, true), 1e-5);
    }
  }
}

TEST(EmbedderLoss, CountsTripletsThatTeach) {
  // Three individuals far apart, each at one place: nothing is left to learn.
  const torch::Tensor apart = torch::eye(3).index_select(0, torch::tensor(kLabels));
  EmbedderLossOptions options = only(&EmbedderLossOptions::triplet_weight);
  options.mining = "all";
  EXPECT_EQ(value_of(options, apart).active_share, 0);
  EXPECT_EQ(value_of(options, apart).loss.item<double>(), 0);
  const torch::Tensor together = torch::eye(3).index_select(0, torch::zeros({7}, torch::kLong));
  EXPECT_EQ(value_of(options, together).active_share, 1);
}

TEST(EmbedderLoss, CollapsedEmbeddingsGiveWhatIsCalledChance) {
  torch::Tensor same = torch::zeros({7, 3});
  same.select(1, 0).fill_(1);
  for (const auto weight : {&EmbedderLossOptions::nt_xent_weight,
                            &EmbedderLossOptions::triplet_weight,
                            &EmbedderLossOptions::contrastive_weight}) {
    for (bool soft : {false, true}) {
      EmbedderLossOptions options = only(weight);
      options.soft_margin = soft && options.triplet_weight > 0;
      const EmbedderLossValue value = value_of(options, same);
      EXPECT_NEAR(value.loss.item<double>(), value.chance, 1e-4);
      EXPECT_GT(value.chance, 0);
    }
  }
}

TEST(EmbedderLoss, ContrastiveIsTheFormulaOfThePaper) {
  const Rows rows = random_rows(4);
  double together = 0;
  double apart = 0;
  int positives = 0;
  int negatives = 0;
  for (std::size_t a = 0; a < 7; ++a) {
    for (std::size_t b = 0; b < 7; ++b) {
      if (a == b) continue;
      const double d = distance(rows, a, b);
      if (kLabels[a] == kLabels[b]) {
        together += 0.5 * d * d;
        ++positives;
      } else {
        apart += 0.5 * std::pow(std::max(0.0, 0.8 - d), 2);
        ++negatives;
      }
    }
  }
  EXPECT_NEAR(loss_of(only(&EmbedderLossOptions::contrastive_weight), rows),
              together / positives + apart / negatives,
              1e-5);
}

TEST(EmbedderLoss, ArcFaceAsksMoreOfRareIndividualsAndPassesInventedOnesBy) {
  EmbedderLossOptions options = only(&EmbedderLossOptions::arcface_weight);
  options.arcface_centers = 1;
  options.arcface_scale = 10;
  EmbedderLoss loss(options, 3, {1, 16});
  {
    const torch::NoGradGuard no_grad;
    loss.named_parameters()["centers"].copy_(torch::eye(3).slice(0, 0, 2));
  }
  // Rows halfway between both centers: without a margin both cost ln 2.
  const double half = std::sqrt(0.5);
  const torch::Tensor rows = torch::tensor({half, half, 0.0, half, half, 0.0}, torch::kDouble)
                                 .view({2, 3})
                                 .to(torch::kFloat);
  const auto cost = [&](std::int64_t known) {
    return loss.forward(rows, torch::tensor({0L, 1L}), torch::tensor({known, std::int64_t{-1}}))
        .loss.item<double>();
  };
  const auto expected = [&](double margin) {
    const double own = 10 * std::cos(M_PI / 4 + margin);
    const double other = 10 * half;
    return -std::log(std::exp(own) / (std::exp(own) + std::exp(other)));
  };
  EXPECT_NEAR(cost(0), expected(0.5), 1e-4) << "one photo: the largest margin";
  EXPECT_NEAR(cost(1), expected(0.1), 1e-4) << "16 photos: the smallest";
  EXPECT_EQ(cost(-1), 0) << "nobody known in the batch";
  // Rows that say nothing about either are at right angles to both.
  const auto at_right_angles = loss.forward(torch::eye(3).slice(0, 2, 3).expand({2, 3}),
                                            torch::tensor({0L, 1L}),
                                            torch::tensor({std::int64_t{0}, std::int64_t{1}}));
  EXPECT_NEAR(at_right_angles.loss.item<double>(), at_right_angles.chance, 1e-4);
  EXPECT_GT(at_right_angles.chance, std::log(2.0)) << "the margin is asked of them too";
}

TEST(EmbedderLoss, SumsAreWeighted) {
  const Rows rows = random_rows(5);
  EmbedderLossOptions both;
  both.nt_xent_weight = 2;
  both.contrastive_weight = 3;
  EXPECT_NEAR(loss_of(both, rows),
              2 * loss_of(only(&EmbedderLossOptions::nt_xent_weight), rows) +
                  3 * loss_of(only(&EmbedderLossOptions::contrastive_weight), rows),
              1e-5);
}

TEST(EmbedderLoss, RefusesOptionsThatContradictEachOther) {
  const auto refusal = [](const EmbedderLossOptions& options) -> std::string {
    try {
      options.check();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kBadOptions);
      return error.what();
    }
    return "accepted";
  };
  EmbedderLossOptions options = only(&EmbedderLossOptions::triplet_weight);
  EXPECT_EQ(refusal(options), "accepted");
  options.soft_margin = true;
  EXPECT_EQ(refusal(options), "accepted");
  options.margin = 0.3;
  EXPECT_NE(refusal(options).find("exclude each other"), std::string::npos);
  EmbedderLossOptions idle;
  idle.margin = 0.3;
  EXPECT_NE(refusal(idle).find("--triplet-weight"), std::string::npos);
  idle.margin = 0;
  idle.nt_xent_weight = 0;
  EXPECT_NE(refusal(idle).find("nothing to learn"), std::string::npos);
  EXPECT_THROW(EmbedderLoss(only(&EmbedderLossOptions::arcface_weight), 3, {5}), Error);
}

TEST(EmbedderLoss, SlopesAreFiniteWhereRowsAreTheSame) {
  torch::Tensor raw = torch::ones({7, 3}).set_requires_grad(true);
  EmbedderLossOptions options;
  options.triplet_weight = options.contrastive_weight = 1;
  options.mining = "hardest";
  const torch::Tensor rows =
      torch::nn::functional::normalize(raw, torch::nn::functional::NormalizeFuncOptions().dim(1));
  value_of(options, rows).loss.backward();
  EXPECT_TRUE(raw.grad().isfinite().all().item<bool>());
}

}  // namespace
}  // namespace finview
