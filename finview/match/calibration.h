#pragma once

#include "finview/match/evidence.h"

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace finview {

/// A photo of a gallery that asks the rest of it.
struct Question {
  std::size_t entry_index = 0;
  std::size_t individual_index = 0;     ///< whom it shows
  std::vector<PhotoSimilarity> photos;  ///< the rest without its own group
  Evidence known;                       ///< against these
  std::optional<std::size_t> own;  ///< place of its individual in `known.found`; absent: not there
  Evidence stranger;               ///< against the rest without its individual
};

/// Lets one photo ask. On one thread.
Question ask_the_rest(const Gallery& gallery, std::size_t entry_index, std::size_t best_photos);

/// Lets photos ask, evenly spread, as many as 1,000,000 comparisons of individuals and 500 allow.
/// The result does not depend on `num_threads`.
std::vector<Question> ask_each_other(const Gallery& gallery,
                                     std::size_t best_photos,
                                     int num_threads);

/// Questions by which a calibration is fitted or measured.
using Questions = std::span<const Question* const>;

/// Fits a calibration to questions.
///
/// Every question counts twice: as a known fin (the truth is its individual) and as a stranger (the
/// truth is "nobody known"). The mean log loss of both kinds, weighted 1 - `new_share` and
/// `new_share`, is convex and is made least by Newton's method; no witness falls below 0. Each
/// number is drawn to that of `prior` by a Gaussian of deviation 1.5, which matters where there are
/// few questions.
///
/// @param new_share  share of fins whose individual is expected not to be in the gallery, (0, 1)
/// @param witnesses  the others are not heard: their factor is 0
Calibration fit_calibration(Questions questions,
                            double new_share,
                            const Calibration& prior,
                            std::span<const Witness> witnesses = kWitnesses);

/// The logit of the most probable individual from which on an answer is a match, so that the given
/// share of strangers is taken for somebody known, but at least 0 (probability one half).
///
/// The upper fifth of the strangers' logits is taken to fall off exponentially, so that rates far
/// below one over the number of strangers can be asked for; ten usual strangers count with them.
double match_threshold(std::vector<double> stranger_logits, double false_match_rate);

/// The logit of the most probable individual: log(p / (1 - p)).
double best_logit(const Probabilities& chances);

/// A calibration and the catalogue's strangers it was fitted with.
struct FittedCalibration {
  Calibration calibration = shipped_calibration();
  std::vector<double> stranger_logits;  ///< `best_logit` of each question asked as a stranger
  std::size_t num_known_queries = 0;    ///< photos whose individual has a photo of another group
  std::size_t num_stranger_queries = 0;

  /// Whether the catalogue itself speaks, not the shipped calibration: 30 questions or more.
  bool is_of_catalogue() const { return num_known_queries >= 30; }
};

/// Fits a gallery's calibration to its own photos; where it can ask fewer than 30 questions the
/// shipped calibration stays as it is.
FittedCalibration calibrate(const Gallery& gallery,
                            std::size_t best_photos,
                            double new_share,
                            int num_threads);

}  // namespace finview
