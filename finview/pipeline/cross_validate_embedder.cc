#include "finview/pipeline/cross_validate_embedder.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/training/fin_pack.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

namespace fs = std::filesystem;

void check(const CrossValidationOptions& options) {
  check_options(options);
  if (options.num_folds == 1) {
    throw Error(ErrorKind::kBadOptions, "--folds 1 would hold everybody out; give 2 or more.");
  }
  if (options.training.training.batches.fold != 0) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("--folds {} trains every fold; leave --fold {} out.",
                            options.num_folds,
                            options.training.training.batches.fold));
  }
  std::map<std::string, int> num_photos;
  for (const PackedFin& fin : FinPack::read(options.training.pack).fins) {
    if (!fin.individual.empty()) ++num_photos[fin.individual];
  }
  const auto count = std::count_if(
      num_photos.begin(), num_photos.end(), [](const auto& item) { return item.second > 1; });
  if (count < options.num_folds) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("--folds {}: only {} individuals in the pack have two photos.",
                            options.num_folds,
                            count));
  }
}

fs::path fold_file(const fs::path& out, std::int64_t fold) {
  return out.parent_path() /
         fmt::format("{}.fold-{}{}", out.stem().string(), fold, out.extension().string());
}

EmbedderFold fold_of(const fs::path& model, const EmbedderTrainingResult& training) {
  EmbedderFold fold{model, {}, {}};
  for (const TrainingPoint& point : training.curve) {
    if (point.step == training.best_step) fold.kept = point.known;
    fold.last = point.known;
  }
  return fold;
}

std::string to_json(const std::vector<EmbedderFold>& folds) {
  const auto spread = [&](double HeldOutScore::*figure) {
    const FoldSpread found = fold_spread(folds, &EmbedderFold::last, figure);
    return nlohmann::json{{"mean", found.mean}, {"deviation", found.deviation}};
  };
  nlohmann::json json = {{"rank_1", spread(&HeldOutScore::rank_1)},
                         {"rank_5", spread(&HeldOutScore::rank_5)},
                         {"mean_average_precision", spread(&HeldOutScore::mean_average_precision)}};
  for (const EmbedderFold& fold : folds) {
    json["folds"].push_back({{"model", fold.model.filename().string()},
                             {"last", to_json(fold.last)},
                             {"kept", to_json(fold.kept)}});
  }
  return json.dump(1);
}

}  // namespace

void CrossValidationOptions::visit(OptionVisitor& visitor) {
  training.visit(visitor);
  visitor.field(
      "folds",
      num_folds,
      "Train so many networks, each without another share of the individuals, and say how "
      "well they find those; 0 = one network, which is kept",
      0,
      100);
}

CrossValidation cross_validate_embedder(const CrossValidationOptions& options,
                                        Progress& progress,
                                        const CancelToken& cancel) {
  check(options);
  CrossValidation result;
  for (std::int64_t fold = 0; fold < options.num_folds; ++fold) {
    const fs::path out = fold_file(options.training.out, fold);
    TrainEmbedderOptions training = options.training;
    training.out = out.string();
    training.resume = options.training.resume && fs::exists(training.out + ".checkpoint");
    training.training.batches.fold = fold;
    training.training.batches.held_out_share = 1 / static_cast<double>(options.num_folds);
    progress.note(fmt::format("Fold {} of {}", fold + 1, options.num_folds));
    const EmbedderTrainingResult trained = train_embedder(training, progress, cancel);
    if (!trained.interrupted) result.folds.push_back(fold_of(out, trained));
    if (trained.interrupted || cancel.cancelled()) break;
  }
  result.interrupted = static_cast<std::int64_t>(result.folds.size()) < options.num_folds;
  write_file(options.training.out + ".folds.json", to_json(result.folds));
  return result;
}

FoldSpread fold_spread(const std::vector<EmbedderFold>& folds,
                       std::optional<HeldOutScore> EmbedderFold::*network,
                       double HeldOutScore::*figure) {
  std::vector<double> values;
  for (const EmbedderFold& fold : folds) {
    if (fold.*network) values.push_back((*(fold.*network)).*figure);
  }
  FoldSpread spread;
  const auto count = static_cast<double>(values.size());
  for (double value : values) spread.mean += value / count;
  if (values.size() < 2) return spread;
  for (double value : values) spread.deviation += std::pow(value - spread.mean, 2) / (count - 1);
  spread.deviation = std::sqrt(spread.deviation);
  return spread;
}

}  // namespace finview
