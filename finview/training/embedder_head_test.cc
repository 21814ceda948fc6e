#include "finview/training/embedder_head.h"

#include "finview/base/error.h"
#include "finview/training/random_draw.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

namespace finview {
namespace {

struct Views {
  std::vector<float> rows;
  std::vector<std::int64_t> labels;
};

double normal(RandomDraw& random) {
  return std::sqrt(-2 * std::log(1 - random.unit())) * std::cos(2 * M_PI * random.unit());
}

/// Classes differ in the first 4 of 12 features by about 1; views of a class differ there by 0.5,
/// and by 5 in the other 8.
Views gaussian_classes(int num_classes, int num_views, std::uint64_t seed) {
  RandomDraw random(seed);
  Views views;
  for (int c = 0; c < num_classes; ++c) {
    std::vector<double> center(4);
    for (double& v : center) v = normal(random);
    for (int i = 0; i < num_views; ++i) {
      for (const double v : center) {
        views.rows.push_back(static_cast<float>(v + 0.5 * normal(random)));
      }
      for (int k = 0; k < 8; ++k) views.rows.push_back(static_cast<float>(5 * normal(random)));
      views.labels.push_back(c);
    }
  }
  return views;
}

HeadOptions options_of(std::int64_t num_dims, double shrinkage) {
  HeadOptions options;
  options.num_dims = num_dims;
  options.shrinkage = shrinkage;
  return options;
}

/// Share of rows whose nearest other row by cosine is of the same class.
double nearest_neighbor_share(const std::vector<float>& rows,
                              const std::vector<std::int64_t>& labels) {
  const std::size_t dims = rows.size() / labels.size();
  const auto dot = [&](std::size_t a, std::size_t b) {
    const float* p = rows.data() + a * dims;
    return std::inner_product(p, p + dims, rows.data() + b * dims, 0.0);
  };
  int right = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    std::size_t best = i == 0 ? 1 : 0;
    const auto cosine = [&](std::size_t j) { return dot(i, j) / std::sqrt(dot(j, j)); };
    for (std::size_t j = 0; j < labels.size(); ++j) {
      if (j != i && cosine(j) > cosine(best)) best = j;
    }
    right += labels[best] == labels[i] ? 1 : 0;
  }
  return right / static_cast<double>(labels.size());
}

ErrorKind kind_of(const Views& views, std::size_t num_inputs) {
  try {
    fit_discriminant_head(views.rows, num_inputs, views.labels, options_of(2, 0.1));
  } catch (const Error& error) {
    return error.kind();
  }
  return ErrorKind::kUnavailable;
}

TEST(DiscriminantHead, SeparatesClassesItNeverSaw) {
  const Views train = gaussian_classes(60, 8, 1);
  const Views test = gaussian_classes(15, 6, 2);
  const LinearHead head = fit_discriminant_head(train.rows, 12, train.labels, options_of(4, 0.01));
  ASSERT_EQ(head.num_outputs, 4U);
  const double before = nearest_neighbor_share(test.rows, test.labels);
  const double after = nearest_neighbor_share(apply_head(head, test.rows), test.labels);
  EXPECT_LT(before, 0.3);
  EXPECT_GT(after, before + 0.3);
}

TEST(DiscriminantHead, EqualsTheTwoByTwoFormula) {
  // Three classes of two views each; scatter and eigenvector worked out with the closed formulas
  // of 2 x 2 matrices.
  const Views views = {{0, 0, 2, 1, 4, 5, 5, 7, 9, 1, 8, 3}, {7, 7, 3, 3, 5, 5}};
  const LinearHead head = fit_discriminant_head(views.rows, 2, views.labels, options_of(2, 0));
  ASSERT_EQ(head.num_outputs, 2U);
  // Half differences of the pairs: (1, .5), (.5, 1), (-.5, 1); mean of their squares over views
  // and classes.
  const double a = (1 + .25 + .25) / 3, b = (.5 + .5 - .5) / 3, d = (.25 + 1 + 1) / 3;
  // W of the whitened space is (Sw)^-1 under the inner product: weight^T weight = Sw^-1.
  const double determinant = a * d - b * b;
  const auto gram = [&](int i, int j) {
    const float* w = head.weight.data();
    return static_cast<double>(w[i]) * w[j] + static_cast<double>(w[2 + i]) * w[2 + j];
  };
  EXPECT_NEAR(gram(0, 0), d / determinant, 1e-5);
  EXPECT_NEAR(gram(0, 1), -b / determinant, 1e-5);
  EXPECT_NEAR(gram(1, 1), a / determinant, 1e-5);
  // The first row solves Sb w = largest * Sw w; Sb of the class means (1, .5), (4.5, 6), (8.5, 2).
  const double mx = 14.0 / 3, my = 8.5 / 3;
  double p = 0, q = 0, r = 0;
  for (const auto& [x, y] : {std::pair{1.0, 0.5}, {4.5, 6.0}, {8.5, 2.0}}) {
    p += (x - mx) * (x - mx);
    q += (x - mx) * (y - my);
    r += (y - my) * (y - my);
  }
  const double half_trace = (p * d - 2 * q * b + r * a) / (2 * determinant);
  const double largest =
      half_trace + std::sqrt(half_trace * half_trace - (p * r - q * q) / determinant);
  const double wx = head.weight[0], wy = head.weight[1];
  EXPECT_NEAR((p * wx + q * wy) / (largest * (a * wx + b * wy)), 1, 1e-5);
  EXPECT_NEAR((q * wx + r * wy) / (largest * (b * wx + d * wy)), 1, 1e-5);
  // The mean of the classes is mapped to 0.
  EXPECT_NEAR(wx * mx + wy * my + head.bias[0], 0, 1e-5);
}

TEST(DiscriminantHead, ClassesWeighTheSameHoweverManyViewsTheyHave) {
  Views views = {{0, 0, 2, 1, 4, 5, 5, 7, 9, 1, 8, 3}, {0, 0, 1, 1, 2, 2}};
  const LinearHead once = fit_discriminant_head(views.rows, 2, views.labels, options_of(2, 0.2));
  for (const float v : {0.F, 0.F, 2.F, 1.F}) views.rows.push_back(v);
  for (int i = 0; i < 2; ++i) views.labels.push_back(0);
  const LinearHead twice = fit_discriminant_head(views.rows, 2, views.labels, options_of(2, 0.2));
  for (std::size_t i = 0; i < 4; ++i) EXPECT_NEAR(once.weight[i], twice.weight[i], 1e-5);
}

TEST(DiscriminantHead, SameViewsGiveTheSameHead) {
  const Views views = gaussian_classes(10, 5, 3);
  const LinearHead one = fit_discriminant_head(views.rows, 12, views.labels, options_of(6, 0.1));
  const LinearHead other = fit_discriminant_head(views.rows, 12, views.labels, options_of(6, 0.1));
  EXPECT_EQ(one.weight, other.weight);
  EXPECT_EQ(one.bias, other.bias);
}

TEST(DiscriminantHead, GivesOneDirectionFewerThanClasses) {
  const Views views = gaussian_classes(3, 5, 4);
  EXPECT_EQ(fit_discriminant_head(views.rows, 12, views.labels, options_of(8, 0.1)).num_outputs,
            2U);
}

TEST(DiscriminantHead, RefusesWhatCannotBeLearnedFrom) {
  EXPECT_EQ(kind_of({{1, 2, 3, 4}, {5, 5}}, 2), ErrorKind::kBadInput) << "one class";
  EXPECT_EQ(kind_of({{1, 2, 3, 4, 5, 6}, {1, 1, 2}}, 2), ErrorKind::kBadInput) << "one view";
  EXPECT_EQ(kind_of({{1, 2, 3}, {1, 1, 2, 2}}, 2), ErrorKind::kBadInput) << "too few numbers";
  Views views = gaussian_classes(3, 5, 4);
  views.rows[7] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(kind_of(views, 12), ErrorKind::kBadInput) << "not a number";
}

TEST(ApplyHead, GivesUnitRows) {
  const LinearHead head = {2, 2, {1, 0, 0, 2}, {1, 0}};
  const std::vector<float> rows = apply_head(head, std::vector<float>{2, 2, -1, 3});
  EXPECT_NEAR(rows[0], 0.6, 1e-6);
  EXPECT_NEAR(rows[1], 0.8, 1e-6);
  EXPECT_NEAR(rows[2], 0, 1e-6);
  EXPECT_NEAR(rows[3], 1, 1e-6);
}

}  // namespace
}  // namespace finview
