#include "finview/pipeline/train_embedder.h"

#include "finview/pipeline/train_embedder_methods.h"

#include <set>

namespace finview {
namespace {

using internal::TrainingFin;

void count(const std::vector<TrainingFin>& fins, TrainedEmbedder& result) {
  std::set<std::string> names;
  for (const TrainingFin& fin : fins) {
    const std::string& individual = fin.label.individual;
    ++(individual.empty() ? result.num_unlabelled_fins : result.num_labelled_fins);
    if (!individual.empty()) names.insert(individual);
  }
  result.num_individuals = names.size();
}

}  // namespace

void TrainEmbedderOptions::visit(OptionVisitor& visitor) {
  visitor.field("labelled",
                labelled,
                "Fins of known individuals: a folder with labels.csv (columns file, individual) or "
                "with one folder per individual, or the table itself");
  visitor.field("start", start, "MobileNetV2 weights to start from, as torch.save writes them");
  visitor.field("out", out, "Model file to write (.fvm)");
  visitor.field("method", method, "What is learned", {"head", "network", "none"});
  visitor.field(
      "input-px", input_px, "Side of the network's square input, in steps of 32", 32, 512);
  visitor.field("grid-channels",
                grid_channels,
                "Method network: numbers kept of each place of the picture; 0 = pool all places",
                0,
                1280);
  visitor.field("pooling-power", pooling_power, "Generalized mean; 1 = average", 0.5, 10.0);
  visitor.field("add-mirrored", add_mirrored, "Make left and right side look alike");
  visitor.field("num-fins", num_fins, "Method network: fins in a batch, 6 views each", 2, 1000);
  visitor.field("num-views", num_views, "Method head: views made of each fin", 2, 1000);
  visitor.field("num-folds", num_folds, "Individuals are held out in this many parts", 2, 100);
  head.visit(visitor);
  trainer.visit(visitor);
  views.visit(visitor);
}

std::optional<TrainedEmbedder> train_embedder(const TrainEmbedderOptions& options,
                                              const std::vector<std::filesystem::path>& unlabelled,
                                              Progress& progress,
                                              const CancelToken& cancel) {
  check_options(options);
  TrainedEmbedder result;
  if (options.method == "none") {
    internal::write_start_network(options);
    return result;
  }
  const std::vector<TrainingFin> fins =
      internal::read_training_fins(options.labelled, unlabelled, progress);
  count(fins, result);
  const bool done = options.method == "head"
                        ? internal::train_head(options, fins, result, progress, cancel)
                        : internal::train_network(options, fins, result, progress, cancel);
  if (!done) return {};
  return result;
}

}  // namespace finview
