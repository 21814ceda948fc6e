#include "finview/match/mark_similarity.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace finview {
namespace {

constexpr std::size_t kSize = FinMarks::kDescriptorSize;
constexpr float kFar = std::numeric_limits<float>::max();
/// Squared; of descriptors that have nothing in common (RootSIFT times 512, at right angles).
constexpr float kLargestDistance = 2.F * 512 * 512;

// How far two photos of one fin may differ.
constexpr double kLargestTurnDeg = 35;
constexpr double kLargestScale = 1.8;
constexpr double kNear = 0.06;  ///< of the height of the fin
constexpr std::size_t kFewestForAffine = 4;

constexpr double kSkinWeight = 8;  ///< of the skin's correlation, beside the logarithm of votes

/// Written so that the compiler uses vector instructions for bytes.
int squared_distance(const std::uint8_t* a, const std::uint8_t* b) {
  int sum = 0;
  for (std::size_t k = 0; k < kSize; ++k) {
    const int difference = static_cast<int>(a[k]) - static_cast<int>(b[k]);
    sum += difference * difference;
  }
  return sum;
}

using Place = FinMarks::Place;
using Match = MarkMatcher::Match;

/// x' = a x + b y + c, y' = d x + e y + f.
struct Placement {
  double a = 1, b = 0, c = 0, d = 0, e = 1, f = 0;

  double error(const Place& from, const Place& to) const {
    return std::hypot(a * from.x + b * from.y + c - to.x, d * from.x + e * from.y + f - to.y);
  }
};

/// -180 to 180.
double turn_deg(const Place& from, const Place& to) {
  return std::remainder(static_cast<double>(to.angle_deg) - from.angle_deg, 360);
}

/// The turn, scale and shift that lay one mark on another; nothing if no two photos of one fin
/// differ so much.
std::optional<Placement> placement(const Place& from, const Place& to) {
  const double turn = turn_deg(from, to);
  const double scale = to.size / from.size;
  if (std::abs(turn) > kLargestTurnDeg || scale > kLargestScale || scale < 1 / kLargestScale) {
    return std::nullopt;
  }
  const double angle = turn * M_PI / 180;
  Placement result;
  result.a = result.e = scale * std::cos(angle);
  result.d = scale * std::sin(angle);
  result.b = -result.d;
  result.c = to.x - result.a * from.x - result.b * from.y;
  result.f = to.y - result.d * from.x - result.e * from.y;
  return result;
}

using Vector3 = std::array<double, 3>;

/// Solves a symmetric 3 x 3 system by Cramer's rule; nothing if it has no single solution.
std::optional<Vector3> solve(const std::array<Vector3, 3>& m, const Vector3& right) {
  const auto determinant = [](const Vector3& x, const Vector3& y, const Vector3& z) {
    return x[0] * (y[1] * z[2] - y[2] * z[1]) - x[1] * (y[0] * z[2] - y[2] * z[0]) +
           x[2] * (y[0] * z[1] - y[1] * z[0]);
  };
  const double whole = determinant(m[0], m[1], m[2]);
  if (std::abs(whole) < 1e-9) return std::nullopt;
  return Vector3{determinant(right, m[1], m[2]) / whole,
                 determinant(m[0], right, m[2]) / whole,
                 determinant(m[0], m[1], right) / whole};
}

class Agreement {
 public:
  Agreement(const FinMarks& query, const FinMarks& other, const std::vector<Match>& votes)
      : query_(query), other_(other), votes_(votes) {}

  std::vector<Match> largest() const {
    std::vector<Match> best;
    double best_sum = 0;
    const auto consider = [&](const Placement& placement) {
      std::vector<Match> agreeing = supporters(placement);
      double sum = 0;
      for (const Match& match : agreeing) sum += match.vote;
      if (sum <= best_sum) return;
      best_sum = sum;
      best = std::move(agreeing);
    };
    for (const Match& match : votes_) {
      const auto guess = placement(query_.places[match.query], other_.places[match.other]);
      if (guess) consider(*guess);
    }
    for (int refinement = 0; refinement < 2; ++refinement) {
      if (const auto fitted = affine(best)) consider(*fitted);
    }
    return best;
  }

 private:
  std::vector<Match> supporters(const Placement& placement) const {
    std::vector<Match> agreeing;
    for (const Match& match : votes_) {
      if (placement.error(query_.places[match.query], other_.places[match.other]) < kNear) {
        agreeing.push_back(match);
      }
    }
    return agreeing;
  }

  /// Least squares over `matches`.
  std::optional<Placement> affine(const std::vector<Match>& matches) const {
    if (matches.size() < kFewestForAffine) return std::nullopt;
    std::array<Vector3, 3> m{};
    Vector3 right_x{};
    Vector3 right_y{};
    for (const Match& match : matches) {
      const Place& from = query_.places[match.query];
      const Place& to = other_.places[match.other];
      const Vector3 row{from.x, from.y, 1};
      for (int i = 0; i < 3; ++i) {
        for (int k = 0; k < 3; ++k) m[i][k] += row[i] * row[k];
        right_x[i] += row[i] * to.x;
        right_y[i] += row[i] * to.y;
      }
    }
    const auto x = solve(m, right_x);
    const auto y = solve(m, right_y);
    if (!x || !y) return std::nullopt;
    return Placement{(*x)[0], (*x)[1], (*x)[2], (*y)[0], (*y)[1], (*y)[2]};
  }

  const FinMarks& query_;
  const FinMarks& other_;
  const std::vector<Match>& votes_;
};

}  // namespace

MarkBackground::MarkBackground(std::span<const FinMarks* const> fins,
                               std::span<const std::size_t> individuals) {
  std::size_t total = 0;
  for (const FinMarks* fin : fins) total += fin == nullptr ? 0 : fin->places.size();
  const std::size_t step = std::max<std::size_t>(1, (total + kMostMarks - 1) / kMostMarks);
  std::size_t index = 0;
  for (std::size_t i = 0; i < fins.size(); ++i) {
    if (fins[i] == nullptr) continue;
    for (std::size_t k = 0; k < fins[i]->places.size(); ++k, ++index) {
      if (index % step != 0) continue;
      const auto first = fins[i]->descriptors.begin() + static_cast<std::ptrdiff_t>(k * kSize);
      descriptors_.insert(descriptors_.end(), first, first + kSize);
      individuals_.push_back(individuals[i]);
    }
  }
}

MarkBackground::Nearest MarkBackground::nearest(const std::uint8_t* descriptor,
                                                std::optional<std::size_t> skipped) const {
  Nearest nearest{SIZE_MAX, kFar, kFar};
  for (std::size_t i = 0; i < individuals_.size(); ++i) {
    if (individuals_[i] == skipped) continue;
    const auto distance =
        static_cast<float>(squared_distance(descriptor, &descriptors_[i * kSize]));
    if (distance < nearest.distance) {
      if (individuals_[i] != nearest.individual) nearest.next_distance = nearest.distance;
      nearest.distance = distance;
      nearest.individual = individuals_[i];
    } else if (distance < nearest.next_distance && individuals_[i] != nearest.individual) {
      nearest.next_distance = distance;
    }
  }
  return nearest;
}

MarkMatcher::MarkMatcher(const FinMarks& query,
                         const MarkBackground& background,
                         std::optional<std::size_t> own)
    : query_(query), skin_(query.skin) {
  for (std::size_t i = 0; i < query.places.size(); ++i) {
    background_.push_back(background.nearest(&query.descriptors[i * kSize], own));
  }
}

std::vector<Match> MarkMatcher::matches(const FinMarks& other, std::size_t individual) const {
  if (other.side != query_.side || other.places.empty()) return {};
  std::vector<Match> votes;
  for (std::size_t q = 0; q < query_.places.size(); ++q) {
    Match match{q, 0, 0};
    int nearest = std::numeric_limits<int>::max();
    for (std::size_t i = 0; i < other.places.size(); ++i) {
      const int distance =
          squared_distance(&query_.descriptors[q * kSize], &other.descriptors[i * kSize]);
      if (distance >= nearest) continue;
      nearest = distance;
      match.other = i;
    }
    const double usual = std::sqrt(std::min(background_[q].except(individual), kLargestDistance));
    match.vote = usual > 0 ? 1 - std::sqrt(static_cast<double>(nearest)) / usual : 0;
    if (match.vote > 0) votes.push_back(match);
  }
  return Agreement(query_, other, votes).largest();
}

double MarkMatcher::similarity(const FinMarks& other, std::size_t individual) const {
  double sum = 0;
  for (const Match& match : matches(other, individual)) sum += match.vote;
  return std::log1p(sum) + kSkinWeight * skin_.similarity(other.skin);
}

}  // namespace finview
