#include "finview/embedding/embedder.h"
#include "finview/pipeline/train_embedder_methods.h"
#include "finview/training/random_draw.h"

#include <future>
#include <map>
#include <span>

#include <fmt/format.h>
#include <opencv2/core.hpp>

namespace finview::internal {
namespace {

constexpr std::int64_t kIdentities = 3;  ///< per fin: one of its own or invented, others invented
constexpr std::int64_t kStepsBetweenSaves = 50;

struct Batch {
  std::vector<std::uint8_t> bgr;
  std::vector<std::int64_t> classes;
};

/// Makes batches: each individual is drawn as often as each fin of unknown individual.
class BatchMaker {
 public:
  BatchMaker(const TrainEmbedderOptions& options, std::vector<std::vector<const Crop*>> classes)
      : options_(options),
        classes_(std::move(classes)),
        random_(static_cast<std::uint64_t>(options.trainer.seed)) {}

  Batch make() {
    Batch batch;
    for (std::int64_t i = 0; i < options_.num_fins; ++i) {
      const std::vector<const Crop*>& crops = classes_[random_.index(classes_.size())];
      const bool mirrored = random_.chance(0.5);
      const Crop& first = *crops[random_.index(crops.size())];
      const Crop& second = *crops[random_.index(crops.size())];
      for (std::int64_t k = 0; k < kIdentities; ++k) {
        const bool real = k == 0 && (crops.size() > 1 || random_.chance(0.2));
        const Crop invented = real ? Crop() : invented_fin(first, random_.bits());
        add_view(real ? first : invented, mirrored, i * kIdentities + k, batch);
        add_view(real ? second : invented, mirrored, i * kIdentities + k, batch);
      }
    }
    return batch;
  }

 private:
  void add_view(const Crop& crop, bool mirrored, std::int64_t label, Batch& batch) {
    const int input_px = static_cast<int>(options_.input_px);
    cv::Mat view = random_view(crop, input_px, options_.views, random_.bits());
    if (mirrored) cv::flip(view, view, 1);
    batch.bgr.insert(batch.bgr.end(), view.datastart, view.dataend);
    batch.classes.push_back(label);
  }

  const TrainEmbedderOptions& options_;
  std::vector<std::vector<const Crop*>> classes_;
  RandomDraw random_;
};

/// Photos of one individual together, every other fin by itself.
std::vector<std::vector<const Crop*>> to_classes(const std::vector<const TrainingFin*>& fins) {
  std::vector<std::vector<const Crop*>> classes;
  std::map<std::string, std::size_t> index_of;
  for (const TrainingFin* fin : fins) {
    const std::string& individual = fin->label.individual;
    if (individual.empty()) {
      classes.push_back({&fin->crop});
      continue;
    }
    const auto [entry, added] = index_of.try_emplace(individual, classes.size());
    if (added) classes.emplace_back();
    classes[entry->second].push_back(&fin->crop);
  }
  return classes;
}

EmbedderContract grid_contract(const TrainEmbedderOptions& options) {
  EmbedderContract contract;
  contract.input_px = static_cast<int>(options.input_px);
  contract.num_dims = static_cast<int>(options.head.num_dims);
  contract.pooling_power = options.pooling_power;
  contract.grid_channels = static_cast<int>(options.grid_channels);
  contract.add_mirrored = options.add_mirrored;
  return EmbedderContract::from_json(contract.to_json());
}

/// How the model in `path` ranks `fins` among one another.
RankingMetrics measure(const std::filesystem::path& path,
                       const std::vector<const TrainingFin*>& fins,
                       std::int64_t seed) {
  const Embedder embedder(path);
  std::vector<float> rows;
  std::vector<GalleryEntry> entries;
  for (const TrainingFin* fin : fins) {
    const Embedding embedding = embedder.embed(std::span(&fin->crop, 1))[0];
    rows.insert(rows.end(), embedding.values.begin(), embedding.values.end());
    entries.push_back(fin->label);
  }
  std::vector<std::string> individuals;
  const auto rankings =
      rank_leave_one_out(rows, static_cast<std::size_t>(embedder.num_dims()), entries, true);
  for (const QueryRanking& ranking : rankings) {
    individuals.push_back(entries[ranking.entry_index].individual);
  }
  return summarize_rankings(
      rankings, individuals, kNumReplicates, static_cast<std::uint64_t>(seed));
}

HeldOutComparison compare(const TrainEmbedderOptions& options,
                          const std::vector<const TrainingFin*>& held_out) {
  TrainEmbedderOptions start = options;
  start.out += ".start";
  write_start_network(start);
  const RankingMetrics before = measure(start.out, held_out, options.trainer.seed);
  std::filesystem::remove(start.out);
  return {before, measure(options.out, held_out, options.trainer.seed)};
}

struct Split {
  std::vector<const TrainingFin*> train;
  std::vector<const TrainingFin*> held_out;
};

/// Nothing is held out where there are fewer than two individuals for each part.
Split split(const TrainEmbedderOptions& options,
            const std::vector<TrainingFin>& fins,
            Progress& progress) {
  const auto part_of = split_individuals(fins, options.num_folds, options.trainer.seed);
  const bool measured = part_of.size() >= static_cast<std::size_t>(2 * options.num_folds);
  if (!measured) {
    progress.note(fmt::format("No individuals are held out: {} parts need {}, there are {}.",
                              options.num_folds,
                              2 * options.num_folds,
                              part_of.size()));
  }
  Split result;
  for (const TrainingFin& fin : fins) {
    const auto found = part_of.find(fin.label.individual);
    if (measured && found != part_of.end() && found->second == 0) {
      result.held_out.push_back(&fin);
    } else if (!measured || !fin.may_show_labelled) {
      result.train.push_back(&fin);
    }
  }
  return result;
}

}  // namespace

bool train_network(const TrainEmbedderOptions& options,
                   const std::vector<TrainingFin>& fins,
                   TrainedEmbedder& result,
                   Progress& progress,
                   const CancelToken& cancel) {
  const Split parts = split(options, fins, progress);
  const EmbedderContract contract = grid_contract(options);
  EmbedderTrainer trainer(options.start, contract, options.trainer);
  BatchMaker maker(options, to_classes(parts.train));
  // The next batch is made while the network learns from this one.
  std::future<Batch> next = std::async(std::launch::async, [&] { return maker.make(); });
  double loss = 0;
  double cosine = 0;
  for (std::int64_t i = 0; i < options.trainer.num_steps && !cancel.cancelled(); ++i) {
    const Batch batch = next.get();
    next = std::async(std::launch::async, [&] { return maker.make(); });
    const EmbedderStep step = trainer.step(batch.bgr, batch.classes);
    const double keep = i == 0 ? 0 : 0.9;
    loss = keep * loss + (1 - keep) * step.loss;
    cosine = keep * cosine + (1 - keep) * step.mean_cosine;
    progress.update("Training", i + 1, options.trainer.num_steps);
    if ((i + 1) % kStepsBetweenSaves == 0 || i + 1 == options.trainer.num_steps) {
      trainer.write(options.out, contract);
      progress.note(fmt::format("Step {}: loss {:.3f} (chance {:.3f}), cosine between fins {:.3f}",
                                i + 1,
                                loss,
                                step.chance_loss,
                                cosine));
    }
  }
  progress.finish();
  trainer.write(options.out, contract);
  if (cancel.cancelled()) return false;
  if (!parts.held_out.empty()) result.held_out = compare(options, parts.held_out);
  return true;
}

}  // namespace finview::internal
