#include "finview/match/evidence.h"

#include "finview/base/error.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace finview {
namespace {

constexpr double kManyMarks = 40;
constexpr double kChanceMarks = 1;  ///< words of marks begin here, in deviations
constexpr double kUsualCount = 8;   ///< individuals that the usual mean and spread count as

/// What individuals reach that are not the query's, by witness.
constexpr std::array<Spread, kNumWitnesses> kUsual{
    {{0.26, 0.2}, {0.44, 0.06}, {0.38, 0.19}, {0.62, 0.045}, {2.14, 0.58}}};

double worth_for(const QueryWorth& worth, std::size_t witness) {
  switch (kWitnesses[witness]) {
    case Witness::kLook:
      return 1;
    case Witness::kMarks:
      return worth.marks;
    default:
      return worth.edge;
  }
}

/// Mean and spread over the individuals but the most alike.
Spread spread_of_strangers(std::span<const IndividualSimilarity> found, std::size_t witness) {
  double count = kUsualCount;
  const Spread usual = kUsual[witness];
  double sum = count * usual.mean;
  double squares = count * (usual.mean * usual.mean + usual.deviation * usual.deviation);
  std::optional<double> highest;
  const auto take = [&](double value, double times) {
    count += times;
    sum += times * value;
    squares += times * value * value;
  };
  for (const IndividualSimilarity& one : found) {
    const std::optional<double>& value = one.similarities[witness];
    if (!value) continue;
    take(*value, 1);
    highest = std::max(highest.value_or(*value), *value);
  }
  if (highest) take(*highest, -1);
  const double mean = sum / count;
  return {mean, std::sqrt(std::max(1e-12, squares / count - mean * mean))};
}

double log_odds(double share) { return std::log(share / (1 - share)); }

}  // namespace

QueryWorth worth_of(const FinSignature& query) {
  QueryWorth worth;
  if (query.edge) worth.edge = query.edge->quality;
  if (query.marks) {
    worth.marks = std::min(1.0, static_cast<double>(query.marks->places.size()) / kManyMarks);
  }
  return worth;
}

Words Evidence::words_about(const Testimony& similarities) const {
  Words words{};
  for (std::size_t w = 0; w < kNumWitnesses; ++w) {
    if (!similarities[w]) continue;
    double word = (*similarities[w] - strangers[w].mean) / strangers[w].deviation;
    if (kWitnesses[w] == Witness::kMarks) word = std::max(0.0, word - kChanceMarks);
    words[w] = worth_for(worth, w) * word;
  }
  return words;
}

Evidence weigh(std::vector<IndividualSimilarity> found, const QueryWorth& worth) {
  Evidence evidence{std::move(found), {}, worth, {}};
  for (std::size_t w = 0; w < kNumWitnesses; ++w) {
    evidence.strangers[w] = spread_of_strangers(evidence.found, w);
  }
  for (const IndividualSimilarity& one : evidence.found) {
    evidence.words.push_back(evidence.words_about(one.similarities));
  }
  return evidence;
}

const Calibration& shipped_calibration() {
  static const Calibration calibration{{0.1, 0.3, 1.8, 1.2, 1.2}, 0, 4.3, 0.1};
  return calibration;
}

void forget(Evidence& evidence, const std::set<std::size_t>& individuals) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < evidence.found.size(); ++i) {
    if (individuals.contains(evidence.found[i].individual_index)) continue;
    evidence.found[kept] = evidence.found[i];
    evidence.words[kept] = evidence.words[i];
    ++kept;
  }
  evidence.found.resize(kept);
  evidence.words.resize(kept);
}

Probabilities probabilities(std::span<const Evidence> photos,
                            const Calibration& calibration,
                            double new_share) {
  if (photos.empty() || photos.front().found.empty()) return {};
  const std::size_t count = photos.front().found.size();
  const double factor = std::pow(static_cast<double>(photos.size()), -0.25);
  std::vector<double> logits(count, 0);
  double nobody = 0;
  for (const Evidence& photo : photos) {
    if (photo.found.size() != count) {
      throw Error(ErrorKind::kBadInput,
                  fmt::format("Photos of one fin were compared with {} and {} individuals; all "
                              "must ask the same ones.",
                              count,
                              photo.found.size()));
    }
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t w = 0; w < kNumWitnesses; ++w) {
        logits[i] += factor * calibration.witnesses[w] * photo.words[i][w];
      }
    }
    nobody += factor * (calibration.nobody + calibration.nobody_edge * photo.worth.edge +
                        calibration.nobody_marks * photo.worth.marks);
  }
  logits.push_back(nobody + std::log(static_cast<double>(count)) + log_odds(new_share));
  const double highest = *std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (double& value : logits) sum += value = std::exp(value - highest);
  for (double& value : logits) value /= sum;
  Probabilities result{std::move(logits), 0};
  result.p_new = result.individuals.back();
  result.individuals.pop_back();
  return result;
}

}  // namespace finview
