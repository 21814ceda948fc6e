#include "finview/synthetic/embedding_survey.h"

#include "finview/base/atomic_file.h"
#include "finview/base/error.h"
#include "finview/base/npy.h"
#include "finview/base/threads.h"
#include "finview/synthetic/calendar.h"
#include "finview/synthetic/claim.h"
#include "finview/synthetic/random.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace finview::synthetic {
namespace {

namespace fs = std::filesystem;

constexpr int kLastYear = 2013;
constexpr double kGrowth = .35;  ///< chance that a day lies a year earlier
constexpr std::size_t kBlock = 64;

/// Photos of each individual, `fins` together.
std::vector<std::int64_t> photo_counts(const EmbeddingSurveyOptions& options) {
  const auto count = static_cast<std::size_t>(options.individuals);
  std::vector<double> weights(count);
  for (std::size_t i = 0; i < count; ++i) {
    Random random(derive_seed(static_cast<std::uint64_t>(options.seed), {0xc02, i}));
    weights[i] = std::min(std::exp(random.normal(0, .75)), 5.4);
  }
  const auto counts_at = [&](double scale) {
    std::vector<std::int64_t> counts(count);
    for (std::size_t i = 0; i < count; ++i) {
      counts[i] = std::max<std::int64_t>(2, std::llround(scale * weights[i]));
    }
    return counts;
  };
  double low = 0;
  double high = static_cast<double>(options.fins);
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    const auto counts = counts_at(middle);
    const auto total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
    (total <= options.fins ? low : high) = middle;
  }
  auto counts = counts_at(low);
  std::int64_t missing =
      options.fins - std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  for (std::size_t i = 0; missing > 0; i = (i + 1) % count, --missing) ++counts[i];
  return counts;
}

/// The rows and lines of some individuals.
struct Block {
  std::vector<float> rows;
  std::string lines;
  std::int64_t num_encounters = 0;
};

class IndividualWriter {
 public:
  explicit IndividualWriter(const EmbeddingSurveyOptions& options)
      : options_(options), dim_(static_cast<std::size_t>(options.dim)), spectrum_(dim_) {
    double sum = 0;
    for (std::size_t k = 0; k < dim_; ++k) {
      sum += std::exp(-static_cast<double>(k) / options.intrinsic_dims);
    }
    for (std::size_t k = 0; k < dim_; ++k) {
      const double variance = std::exp(-static_cast<double>(k) / options.intrinsic_dims) / sum;
      spectrum_[k] = static_cast<float>(std::sqrt(variance));
    }
  }

  void write(std::size_t individual, std::int64_t num_photos, Block& block) const {
    Random random(derive_seed(static_cast<std::uint64_t>(options_.seed), {0xe3b, individual}));
    std::vector<float> mean(dim_);
    draw(random, mean);
    scale_to_one(mean.data());
    const auto num_encounters =
        std::min(num_photos, std::clamp<std::int64_t>(num_photos / 4, 2, 14));
    std::vector<float> encounter(dim_);
    std::int64_t frame = 0;
    for (std::int64_t e = 0; e < num_encounters; ++e) {
      draw(random, encounter);
      const Day day = random_day(random);
      const int number = 1 + random.below(3);
      const std::int64_t last = num_photos * (e + 1) / num_encounters;
      for (; frame < last; ++frame) {
        const double quality = std::clamp(random.normal(.65, .2), .05, 1.);
        add_row(random, mean, encounter, quality, block);
        block.lines +=
            fmt::format("{0:06}/{1}_E{2}_IMG_{3:04}.jpg,{0:06},{1}_E{2},{1},{4},{5:.3f}\n",
                        individual + 1,
                        day.dashed(),
                        number,
                        frame + 1,
                        random.chance(.5) ? "left" : "right",
                        quality);
      }
    }
    block.num_encounters += num_encounters;
  }

 private:
  /// Two numbers of each pair of draws (Box and Muller 1958).
  void draw(Random& random, std::vector<float>& values) const {
    for (std::size_t k = 0; k < dim_; k += 2) {
      const double radius = std::sqrt(-2 * std::log(1 - random.unit()));
      const double angle = 2 * M_PI * random.unit();
      values[k] = spectrum_[k] * static_cast<float>(radius * std::cos(angle));
      if (k + 1 < dim_) {
        values[k + 1] = spectrum_[k + 1] * static_cast<float>(radius * std::sin(angle));
      }
    }
  }

  void add_row(Random& random,
               const std::vector<float>& mean,
               const std::vector<float>& encounter,
               double quality,
               Block& block) const {
    const auto a = static_cast<float>(options_.encounter_noise);
    const auto b =
        static_cast<float>(options_.photo_noise * (1 + options_.quality_noise * (1 - quality)));
    std::vector<float> row(dim_);
    draw(random, row);
    for (std::size_t k = 0; k < dim_; ++k) row[k] = mean[k] + a * encounter[k] + b * row[k];
    scale_to_one(row.data());
    block.rows.insert(block.rows.end(), row.begin(), row.end());
  }

  void scale_to_one(float* row) const {
    double square = 0;
    for (std::size_t k = 0; k < dim_; ++k) square += static_cast<double>(row[k]) * row[k];
    const auto scale = static_cast<float>(1 / std::sqrt(std::max(1e-30, square)));
    for (std::size_t k = 0; k < dim_; ++k) row[k] *= scale;
  }

  static Day random_day(Random& random) {
    int year = kLastYear;
    while (year > kLastYear - 11 && random.chance(kGrowth)) --year;
    return day_of_year(year, random.below(365));
  }

  const EmbeddingSurveyOptions& options_;
  std::size_t dim_;
  std::vector<float> spectrum_;  ///< deviation of each axis; squares add up to 1
};

/// Writes block after block; several are made at once.
class SurveyStream {
 public:
  SurveyStream(const EmbeddingSurveyOptions& options, const fs::path& folder)
      : options_(options),
        writer_(options),
        counts_(photo_counts(options)),
        rows_(folder / "embeddings.npy"),
        lines_(folder / "fins.csv") {
    rows_.write(npy_matrix_header(static_cast<std::uint64_t>(options.fins),
                                  static_cast<std::uint64_t>(options.dim)));
    lines_.write("file,individual,encounter,date,side,quality\n");
  }

  EmbeddingSurveySummary run(Progress& progress, const CancelToken& cancel) {
    EmbeddingSurveySummary summary;
    const int num_threads = options_.threads > 0 ? static_cast<int>(options_.threads) : num_cores();
    std::vector<Block> blocks(static_cast<std::size_t>(4 * num_threads));
    for (std::size_t first = 0; first < counts_.size(); first += blocks.size() * kBlock) {
      if (cancel.cancelled()) {
        summary.cancelled = true;
        return summary;
      }
      parallel_for(blocks.size(), num_threads, [&](std::size_t i) {
        blocks[i] = block(first + i * kBlock);
      });
      for (const Block& one : blocks) {
        rows_.write(std::span(reinterpret_cast<const std::uint8_t*>(one.rows.data()),
                              one.rows.size() * sizeof(float)));
        lines_.write(one.lines);
        summary.num_encounters += one.num_encounters;
        summary.num_fins += static_cast<std::int64_t>(one.rows.size()) / options_.dim;
      }
      progress.update("Drawing embeddings", summary.num_fins, options_.fins);
    }
    progress.finish();
    // The labels come last: where they are, the vectors are.
    rows_.commit();
    lines_.commit();
    return summary;
  }

 private:
  Block block(std::size_t first) const {
    Block result;
    for (std::size_t i = first; i < std::min(first + kBlock, counts_.size()); ++i) {
      writer_.write(i, counts_[i], result);
    }
    return result;
  }

  const EmbeddingSurveyOptions& options_;
  IndividualWriter writer_;
  std::vector<std::int64_t> counts_;
  AtomicFile rows_;
  AtomicFile lines_;
};

}  // namespace

void EmbeddingSurveyOptions::visit(OptionVisitor& visitor) {
  visitor.field("fins", fins, "embeddings in all", 2, 1000000000);
  visitor.field("individuals", individuals, "animals", 1, 100000000);
  visitor.field("dim", dim, "numbers per embedding", 2, 4096);
  visitor.field("intrinsic-dims",
                intrinsic_dims,
                "how slowly the variance falls from axis to axis; fewer = individuals more alike",
                .5,
                4096);
  visitor.field("encounter-noise", encounter_noise, "length of what an encounter adds", 0, 10);
  visitor.field("photo-noise", photo_noise, "length of what a perfect photo adds", 0, 10);
  visitor.field("quality-noise", quality_noise, "how much more the worst photo adds", 0, 10);
  visitor.field("seed", seed, "the same seed gives the same embeddings", 0, INT64_MAX);
  visitor.field("threads", threads, "0 = all cores", 0, 1024);
}

void check_embedding_options(const EmbeddingSurveyOptions& options) {
  Faults faults;
  internal::RangeCheck ranges;
  EmbeddingSurveyOptions copy = options;
  copy.visit(ranges);
  for (std::string& fault : ranges.faults) faults.add(std::move(fault));
  if (options.fins < 2 * options.individuals) {
    faults.add(fmt::format("--fins is {} but {} individuals need at least two each.",
                           options.fins,
                           options.individuals));
  }
  faults.throw_if_any(ErrorKind::kBadOptions);
}

EmbeddingSurveySummary write_embedding_survey(const EmbeddingSurveyOptions& options,
                                              const fs::path& folder,
                                              Progress& progress,
                                              const CancelToken& cancel) {
  check_embedding_options(options);
  EmbeddingSurveyOptions copy = options;
  claim_folder([&](OptionVisitor& visitor) { copy.visit(visitor); }, folder);
  std::error_code ignored;
  if (fs::exists(folder / "fins.csv", ignored) && fs::exists(folder / "embeddings.npy", ignored)) {
    EmbeddingSurveySummary summary;
    summary.num_fins = options.fins;
    summary.kept = true;
    return summary;
  }
  return SurveyStream(options, folder).run(progress, cancel);
}

}  // namespace finview::synthetic
