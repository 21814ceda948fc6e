#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"

#include <cstdint>
#include <filesystem>

namespace finview::synthetic {

/// A catalogue of embeddings instead of pictures, for tests of scale.
///
/// An individual is m, Gaussian with the variance of axis k falling as exp(-k / intrinsic_dims),
/// of length 1. A photo of it is m + a g + b h, made a unit vector, with g of the same kind for
/// each encounter (an expected length of 1) and h for each photo; a = encounter_noise and
/// b = photo_noise (1 + quality_noise (1 - quality)). So the cosine between two photos of an
/// individual is about (1 + [a^2 if of one encounter]) / sqrt((1 + a^2 + b1^2)(1 + a^2 + b2^2)),
/// and between individuals it is spread around 0 by 1 / sqrt(the axes that count, about
/// 2 intrinsic_dims).
struct EmbeddingSurveyOptions {
  std::int64_t fins = 1000000;
  std::int64_t individuals = 50000;
  std::int64_t dim = 128;
  double intrinsic_dims = 24;
  double encounter_noise = .35;
  double photo_noise = .45;
  double quality_noise = 1;  ///< how much the worst photo is noisier than the best
  std::int64_t seed = 1;
  std::int64_t threads = 0;  ///< 0 = all cores; does not change the result

  void visit(OptionVisitor& visitor);
};

/// Throws Error{kBadOptions} that lists every value outside its range and fewer than two fins per
/// individual.
void check_embedding_options(const EmbeddingSurveyOptions& options);

struct EmbeddingSurveySummary {
  std::int64_t num_fins = 0;
  std::int64_t num_encounters = 0;
  bool kept = false;       ///< it was there already
  bool cancelled = false;  ///< nothing was written
};

/// Writes `folder`/embeddings.npy (float32, fins x dim, rows of length 1), its labels in
/// fins.csv (file,individual,encounter,date,side,quality; the same order) and synth.json.
///
/// Counts follow docs/synthetic.md: photos per individual log-normal with a median of .8 of the
/// mean, 2 at least, a quarter as many encounters (2 to 14), dates as a catalogue that grew by
/// half each year. Both files appear whole or not at all. Memory does not grow with the number of
/// fins beyond 100 bytes for each individual. Throws Error{kBadOptions}, Error{kConflict} if the
/// folder holds something else, Error{kUnavailable} if it cannot be written.
EmbeddingSurveySummary write_embedding_survey(const EmbeddingSurveyOptions& options,
                                              const std::filesystem::path& folder,
                                              Progress& progress,
                                              const CancelToken& cancel);

}  // namespace finview::synthetic
