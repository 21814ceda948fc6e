#include "finview/base/threads.h"
#include "finview/embedding/embedder.h"
#include "finview/match/calibration.h"
#include "finview/pipeline/train_embedder_methods.h"
#include "finview/training/embedder_backbone.h"
#include "finview/training/random_draw.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>

#include <fmt/format.h>
#include <opencv2/core.hpp>

namespace finview::internal {
namespace {

constexpr std::size_t kFeatures = EmbedderBackbone::kNumFeatures;

/// Of each fin: the picture as it is, its mirror image, then its views.
using Features = std::vector<std::vector<float>>;

std::span<const float> row(const std::vector<float>& features, std::size_t i) {
  return std::span(features).subspan(i * kFeatures, kFeatures);
}

void append_picture(const cv::Mat& picture, std::vector<std::uint8_t>& bytes) {
  bytes.insert(bytes.end(), picture.datastart, picture.dataend);
}

/// Stops early if cancelled.
Features compute_features(const TrainEmbedderOptions& options,
                          const EmbedderBackbone& backbone,
                          const std::vector<TrainingFin>& fins,
                          Progress& progress,
                          const CancelToken& cancel) {
  const int input_px = static_cast<int>(options.input_px);
  RandomDraw random(static_cast<std::uint64_t>(options.trainer.seed));
  Features features;
  for (const TrainingFin& fin : fins) {
    if (cancel.cancelled()) return {};
    std::vector<std::uint8_t> bytes;
    const cv::Mat picture = embedder_input(fin.crop, input_px);
    cv::Mat mirrored;
    cv::flip(picture, mirrored, 1);
    append_picture(picture, bytes);
    append_picture(mirrored, bytes);
    for (std::int64_t k = 0; k < options.num_views; ++k) {
      append_picture(random_view(fin.crop, input_px, options.views, random.bits()), bytes);
    }
    features.push_back(backbone.features(bytes, input_px));
    progress.update("Looking at views",
                    static_cast<std::int64_t>(features.size()),
                    static_cast<std::int64_t>(fins.size()));
  }
  progress.finish();
  return features;
}

/// Learns from the fins that `use` takes.
template <class Use>
LinearHead learn_head(const TrainEmbedderOptions& options,
                      const std::vector<TrainingFin>& fins,
                      const Features& features,
                      const Use& use) {
  std::map<std::string, std::int64_t> class_of;
  std::vector<float> rows;
  std::vector<std::int64_t> classes;
  for (std::size_t i = 0; i < fins.size(); ++i) {
    if (!use(fins[i])) continue;
    const auto own = static_cast<std::int64_t>(i);
    const std::string& individual = fins[i].label.individual;
    const std::int64_t label =
        individual.empty() ? own : class_of.try_emplace(individual, own).first->second;
    for (std::size_t k = 0; k < features[i].size() / kFeatures; ++k) {
      if (k == 1 && !options.add_mirrored) continue;
      const std::span<const float> view = row(features[i], k);
      rows.insert(rows.end(), view.begin(), view.end());
      classes.push_back(label);
    }
  }
  return fit_discriminant_head(rows, kFeatures, classes, options.head);
}

void add_unit(std::vector<float>& sum, std::span<const float> values) {
  double squares = 0;
  for (const float v : values) squares += static_cast<double>(v) * v;
  const double norm = std::max(std::sqrt(squares), 1e-12);
  for (std::size_t k = 0; k < values.size(); ++k) sum[k] += static_cast<float>(values[k] / norm);
}

/// The embedding as the finished model will give it; `head` null: the start network alone.
std::vector<float> embed(const std::vector<float>& features,
                         const LinearHead* head,
                         bool add_mirrored) {
  std::vector<float> sum(head != nullptr ? head->num_outputs : kFeatures);
  for (std::size_t k = 0; k < (add_mirrored ? 2U : 1U); ++k) {
    const std::span<const float> view = row(features, k);
    add_unit(sum,
             head != nullptr ? apply_head(*head, view) : std::vector(view.begin(), view.end()));
  }
  std::vector<float> unit(sum.size());
  add_unit(unit, sum);
  return unit;
}

/// Rankings of several galleries, gathered.
struct Rankings {
  std::vector<QueryRanking> rankings;
  std::vector<std::string> individuals;
  std::vector<WitnessWeights> weights;  ///< of the look, by leave-one-out

  void add(const std::vector<float>& rows, const std::vector<GalleryEntry>& entries) {
    const std::size_t num_dims = rows.size() / entries.size();
    for (const QueryRanking& ranking : rank_leave_one_out(rows, num_dims, entries, true)) {
      rankings.push_back(ranking);
      individuals.push_back(entries[ranking.entry_index].individual);
    }
    std::vector<FinSignature> looks;
    for (auto row = rows.begin(); row != rows.end(); row += static_cast<std::ptrdiff_t>(num_dims)) {
      looks.push_back({{row, row + static_cast<std::ptrdiff_t>(num_dims)}, std::nullopt});
    }
    constexpr WitnessWeights kPrior{30, 0, 0, 15};
    const Gallery gallery(entries, std::move(looks));
    weights.push_back(
        fit_calibration(gallery, 2, 0.2, {kPrior, kPrior}, num_cores()).calibration.without_edge);
  }

  RankingMetrics summarize(std::int64_t seed) const {
    return summarize_rankings(
        rankings, individuals, kNumReplicates, static_cast<std::uint64_t>(seed));
  }

  /// The mean calibration of the look goes into the contract.
  void tell(EmbedderContract& contract) const {
    double log_sharpness = 0;
    double new_similarity = 0;
    for (const WitnessWeights& w : weights) {
      log_sharpness += std::log(std::max(w.look, 1.0));
      new_similarity += w.nobody / std::max(w.look, 1.0);
    }
    const auto count = static_cast<double>(weights.size());
    contract.sharpness = std::exp(log_sharpness / count);
    contract.new_similarity = new_similarity / count;
  }
};

/// Measures heads on individuals they never saw; the contract gets their mean calibration.
std::optional<HeldOutComparison> cross_validate(const TrainEmbedderOptions& options,
                                                const std::vector<TrainingFin>& fins,
                                                const Features& features,
                                                EmbedderContract& contract,
                                                Progress& progress) {
  const auto part_of = split_individuals(fins, options.num_folds, options.trainer.seed);
  if (part_of.size() < static_cast<std::size_t>(2 * options.num_folds)) {
    progress.note(fmt::format("No cross-validation: {} parts need {} individuals, there are {}.",
                              options.num_folds,
                              2 * options.num_folds,
                              part_of.size()));
    return {};
  }
  Rankings start;
  Rankings trained;
  for (std::int64_t part = 0; part < options.num_folds; ++part) {
    const auto held_out = [&](const TrainingFin& fin) {
      const auto found = part_of.find(fin.label.individual);
      return found != part_of.end() && found->second == part;
    };
    const LinearHead head = learn_head(options, fins, features, [&](const TrainingFin& fin) {
      return !held_out(fin) && !fin.may_show_labelled;
    });
    std::vector<GalleryEntry> entries;
    std::vector<float> start_rows;
    std::vector<float> trained_rows;
    for (std::size_t i = 0; i < fins.size(); ++i) {
      if (!held_out(fins[i])) continue;
      entries.push_back(fins[i].label);
      for (const float v : embed(features[i], nullptr, options.add_mirrored)) {
        start_rows.push_back(v);
      }
      for (const float v : embed(features[i], &head, options.add_mirrored)) {
        trained_rows.push_back(v);
      }
    }
    start.add(start_rows, entries);
    trained.add(trained_rows, entries);
    progress.update("Cross-validation", part + 1, options.num_folds);
  }
  progress.finish();
  trained.tell(contract);
  return HeldOutComparison{start.summarize(options.trainer.seed),
                           trained.summarize(options.trainer.seed)};
}

EmbedderContract pooled_contract(const TrainEmbedderOptions& options) {
  EmbedderContract contract;
  contract.input_px = static_cast<int>(options.input_px);
  contract.pooling_power = options.pooling_power;
  contract.add_mirrored = options.add_mirrored;
  return contract;
}

}  // namespace

void write_start_network(const TrainEmbedderOptions& options) {
  const EmbedderBackbone backbone(options.start, options.pooling_power);
  backbone.write_embedder(options.out, pooled_contract(options).to_json(), {});
}

bool train_head(const TrainEmbedderOptions& options,
                const std::vector<TrainingFin>& fins,
                TrainedEmbedder& result,
                Progress& progress,
                const CancelToken& cancel) {
  const EmbedderBackbone backbone(options.start, options.pooling_power);
  const Features features = compute_features(options, backbone, fins, progress, cancel);
  if (cancel.cancelled()) return false;
  EmbedderContract contract = pooled_contract(options);
  result.held_out = cross_validate(options, fins, features, contract, progress);
  if (cancel.cancelled()) return false;
  const LinearHead head =
      learn_head(options, fins, features, [](const TrainingFin&) { return true; });
  contract.num_dims = static_cast<int>(head.num_outputs);
  backbone.write_embedder(options.out, contract.to_json(), head);
  return true;
}

}  // namespace finview::internal
