#include "finview/match/mark_similarity.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace finview {
namespace {

/// Marks at random places with random descriptors of the length RootSIFT has.
FinMarks random_marks(int count, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_real_distribution<float> place(0, 1);
  std::normal_distribution<float> normal;
  FinMarks marks;
  for (int i = 0; i < count; ++i) {
    marks.places.push_back({place(random), place(random), 0.05F, 360 * place(random)});
    std::vector<float> row(FinMarks::kDescriptorSize);
    float norm = 0;
    for (float& value : row) {
      value = std::abs(normal(random));
      norm += value * value;
    }
    for (const float value : row) {
      marks.descriptors.push_back(static_cast<std::uint8_t>(512 * value / std::sqrt(norm)));
    }
  }
  return marks;
}

/// As another photo shows them: turned by 10 degrees, 10 % smaller, moved, with noise.
FinMarks seen_again(FinMarks marks, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> noise(0, 4);
  const float c = 0.9F * std::cos(10 * static_cast<float>(M_PI) / 180);
  const float s = 0.9F * std::sin(10 * static_cast<float>(M_PI) / 180);
  for (FinMarks::Place& place : marks.places) {
    const float x = place.x;
    place.x = c * x - s * place.y + 0.1F;
    place.y = s * x + c * place.y - 0.05F;
    place.size *= 0.9F;
    place.angle_deg = std::fmod(place.angle_deg + 10, 360.F);
  }
  for (std::uint8_t& value : marks.descriptors) {
    value = static_cast<std::uint8_t>(std::clamp(value + noise(random), 0.F, 255.F));
  }
  return marks;
}

/// Twenty other fins as background; individual 0 is the first.
class Marks : public ::testing::Test {
 protected:
  Marks() {
    for (unsigned i = 0; i < 20; ++i) fins_.push_back(random_marks(40, 100 + i));
    std::vector<const FinMarks*> pointers;
    std::vector<std::size_t> individuals;
    for (std::size_t i = 0; i < fins_.size(); ++i) {
      pointers.push_back(&fins_[i]);
      individuals.push_back(i);
    }
    background_.emplace(pointers, individuals);
  }

  std::vector<FinMarks> fins_;
  std::optional<MarkBackground> background_;
};

TEST_F(Marks, FindsTheSameMarksAtTheirNewPlaces) {
  const FinMarks query = seen_again(fins_[0], 1);
  const MarkMatcher matcher(query, *background_);
  const auto found = matcher.matches(fins_[0], 0);
  EXPECT_GT(found.size(), 35U);
  for (const MarkMatcher::Match& match : found) EXPECT_EQ(match.query, match.other);
  EXPECT_GT(matcher.similarity(fins_[0], 0), 5 * matcher.similarity(fins_[1], 1) + 1);
}

TEST_F(Marks, CountOnlyWhereOnePlacementExplainsThem) {
  FinMarks scattered = seen_again(fins_[0], 2);
  std::mt19937 random(3);
  std::shuffle(scattered.places.begin(), scattered.places.end(), random);
  const MarkMatcher matcher(fins_[0], *background_);
  EXPECT_LT(matcher.matches(scattered, 0).size(), 6U);
}

TEST_F(Marks, OfAnotherFlankTellNothing) {
  FinMarks other = fins_[0];
  other.side = FinSide::kLeft;
  EXPECT_EQ(MarkMatcher(fins_[0], *background_).similarity(other, 0), 0);
}

TEST_F(Marks, ThatEverybodyHasTellNothing) {
  // The query's marks are those of fin 0, and fin 1 has them as well.
  const std::vector<const FinMarks*> both{&fins_[0], &fins_[0]};
  const std::vector<std::size_t> individuals{0, 1};
  const MarkBackground common(both, individuals);
  EXPECT_EQ(MarkMatcher(fins_[0], common).similarity(fins_[0], 0), 0);
  // Its own photo in the background does not count against it.
  EXPECT_GT(MarkMatcher(fins_[0], *background_, 0).similarity(seen_again(fins_[0], 4), 0), 2);
}

TEST_F(Marks, NoneOnEitherFinAreNoMatch) {
  const FinMarks none;
  EXPECT_EQ(MarkMatcher(none, *background_).similarity(fins_[0], 0), 0);
  EXPECT_EQ(MarkMatcher(fins_[0], *background_).similarity(none, 0), 0);
}

TEST(MarkBackground, NearestAgreesWithComparingAll) {
  const FinMarks a = random_marks(30, 1);
  const FinMarks b = random_marks(30, 2);
  const FinMarks query = random_marks(5, 3);
  const std::vector<const FinMarks*> fins{&a, nullptr, &b};
  const std::vector<std::size_t> individuals{7, 8, 9};
  const MarkBackground background(fins, individuals);
  const auto nearest_in = [](const std::uint8_t* row, const FinMarks& fin) {
    double least = 1e30;
    for (std::size_t i = 0; i < fin.places.size(); ++i) {
      double sum = 0;
      for (std::size_t k = 0; k < FinMarks::kDescriptorSize; ++k) {
        sum += std::pow(double(row[k]) - fin.descriptors[i * FinMarks::kDescriptorSize + k], 2);
      }
      least = std::min(least, sum);
    }
    return least;
  };
  for (std::size_t q = 0; q < query.places.size(); ++q) {
    const std::uint8_t* row = &query.descriptors[q * FinMarks::kDescriptorSize];
    const auto nearest = background.nearest(row, std::nullopt);
    EXPECT_EQ(nearest.except(9), nearest_in(row, a));
    EXPECT_EQ(nearest.except(7), nearest_in(row, b));
    EXPECT_EQ(nearest.except(5), std::min(nearest_in(row, a), nearest_in(row, b)));
    EXPECT_EQ(background.nearest(row, 7).except(5), nearest_in(row, b));
  }
}

}  // namespace
}  // namespace finview
