#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace finview {

/// Chance that a stranger's value is above a known one's; ties count one half. One half without
/// any. Hanley & McNeil, Radiology 143, 1982. O(n log n).
double auroc(std::span<const double> strangers, std::span<const double> known);

/// A known fin that was asked: how sure its answer was, and whether it was right.
struct OpenSetAnswer {
  double logit = 0;  ///< of the most probable individual
  bool right = false;
};

/// Share of known fins that are answered rightly (first place, logit above the threshold) where the
/// threshold lets `false_positive_share` of the strangers through: TPIR at FPIR, ISO/IEC 19795-1.
double true_positive_share(std::span<const OpenSetAnswer> known,
                           std::vector<double> stranger_logits,
                           double false_positive_share);

/// A claim of some probability, and whether it was true.
struct Claim {
  double probability = 0;
  bool is_true = false;
  double weight = 1;
};

/// Claims of about the same probability.
struct ReliabilityBin {
  double claimed = 0;  ///< mean probability
  double true_share = 0;
  double weight = 0;  ///< share of all claims; over the bins they add up to 1
};

/// Reliability curve: ten bins of equal width in probability, empty ones left out.
std::vector<ReliabilityBin> reliability(std::span<const Claim> claims);

/// Expected calibration error: mean of |claimed - true| over the bins, by weight. Guo, Pleiss, Sun
/// & Weinberger, "On calibration of modern neural networks", ICML 2017, section 2.
double calibration_error(std::span<const ReliabilityBin> bins);

/// The calibration error that claims of these probabilities have by chance alone: what it would be
/// if each were true just as often as it says, and how large in 95 of 100 cases at most.
/// Consistency resampling: Broecker & Smith, "Increasing the reliability of reliability diagrams",
/// Weather and Forecasting 22, 2007, section 3. 0 without claims.
struct ChanceError {
  double mean = 0;
  double most = 0;
};
ChanceError calibration_error_by_chance(std::vector<Claim> claims,
                                        std::size_t num_replicates,
                                        std::uint64_t seed);

}  // namespace finview
