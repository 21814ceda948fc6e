#include "finview/pipeline/train_edge.h"

#include "finview/base/threads.h"
#include "finview/outline/fin_edge.h"
#include "finview/outline/fin_masker.h"
#include "finview/outline/find_outline.h"
#include "finview/pipeline/fin_collection.h"
#include "finview/pipeline/models.h"
#include "finview/synthetic/genotype.h"
#include "finview/synthetic/render.h"
#include "finview/synthetic/scene.h"
#include "finview/training/edge_identity.h"

#include <mutex>
#include <optional>

namespace finview {
namespace {

constexpr double kMinQuality = 0.3;  // of a picture's edge
constexpr double kSmallestFinPx = 90;
constexpr double kLargestFinPx = 450;

std::vector<EdgePoints> edges_in(const std::filesystem::path& folder,
                                 const FinMasker& masker,
                                 Progress& progress) {
  const std::vector<CollectedFin> fins = read_unlabelled_fins(folder, progress);
  std::vector<std::optional<FinEdge>> found(fins.size());
  parallel_for(fins.size(), num_cores(), [&](std::size_t i) {
    found[i] = find_edge(find_outline(fins[i].crop, masker));
  });
  std::vector<EdgePoints> edges;
  for (const std::optional<FinEdge>& edge : found) {
    if (!edge || edge->quality < kMinQuality) continue;
    edges.push_back(normalized_edge(edge_points(*edge), outward_sign(edge->side)));
  }
  return edges;
}

/// Individual `index`, of the species that is `kind`'s turn.
synthetic::Genotype genotype_of(const TrainEdgeOptions& options,
                                std::size_t kind,
                                std::size_t index) {
  const auto& names = synthetic::species_names();
  const std::string& species =
      options.species == "mixed" ? names[kind % names.size()] : options.species;
  return synthetic::make_genotype(
      synthetic::parse_species(species),
      static_cast<std::uint64_t>(options.trainer.seed) * 1'000'003 + index);
}

/// Trailing edges of individuals that do not exist. Fin coordinates have y up and the head at
/// positive x, so the trailing edge's outside lies to the left.
std::vector<EdgePoints> rendered_edges(const TrainEdgeOptions& options) {
  std::vector<EdgePoints> edges(static_cast<std::size_t>(options.num_rendered));
  parallel_for(edges.size(), num_cores(), [&](std::size_t i) {
    const synthetic::EdgeCurve curve = synthetic::edge_curve(genotype_of(options, i, i));
    EdgePoints points;
    for (std::size_t k = curve.tip_index; k < curve.points.size(); ++k) {
      points.push_back({curve.points[k].x, -curve.points[k].y});
    }
    edges[i] = normalized_edge(points, -1);
  });
  return edges;
}

/// The edges that photos of a rendered individual give, from different encounters.
std::vector<EdgePoints> photographed_edges(const synthetic::Genotype& genotype,
                                           std::int64_t num_photos,
                                           const FinMasker& masker) {
  std::vector<EdgePoints> edges;
  RandomDraw random(genotype.seed);
  for (std::int64_t i = 0; i < num_photos; ++i) {
    const double fin_px = random.log_uniform(kSmallestFinPx, kLargestFinPx);
    const std::uint64_t seed = random.bits();
    Crop crop;
    crop.bgr =
        synthetic::render_fin_crop(synthetic::random_scene(seed), {&genotype, {}}, fin_px, seed)
            .bgr;
    const std::optional<FinEdge> edge = find_edge(find_outline(crop, masker));
    if (!edge || edge->quality < kMinQuality) continue;
    edges.push_back(normalized_edge(edge_points(*edge), outward_sign(edge->side)));
  }
  return edges;
}

/// Twins share shape and species but no notch. Those seen less than twice are left out.
std::vector<EdgeTrainingData::Twins> photographed_twins(const TrainEdgeOptions& options,
                                                        const FinMasker& masker,
                                                        Progress& progress,
                                                        const CancelToken& cancel) {
  std::vector<EdgeTrainingData::Twins> all(static_cast<std::size_t>(options.num_twins));
  std::mutex reporting;
  std::int64_t num_done = 0;
  parallel_for(all.size(), num_cores(), [&](std::size_t i) {
    if (cancel.cancelled()) return;
    // Beyond the individuals whose edges are learned from as they are.
    const std::size_t first = static_cast<std::size_t>(options.num_rendered) + 2 * i;
    const synthetic::Genotype one = genotype_of(options, i, first);
    synthetic::Genotype other = genotype_of(options, i, first + 1);
    other.shape = one.shape;
    all[i] = {photographed_edges(one, options.num_photos, masker),
              photographed_edges(other, options.num_photos, masker)};
    const std::lock_guard lock(reporting);
    progress.update("Photographing", ++num_done, options.num_twins);
  });
  progress.finish();
  std::erase_if(all, [](const EdgeTrainingData::Twins& twins) {
    return twins[0].size() < 2 || twins[1].size() < 2;
  });
  return all;
}

}  // namespace

void TrainEdgeOptions::visit(OptionVisitor& visitor) {
  visitor.field("out", out, "Model file to write (.fvm)");
  visitor.field(
      "rendered", num_rendered, "Edges of rendered individuals to learn from", 0, 100'000);
  visitor.field("twins",
                num_twins,
                "Pairs of rendered individuals of one shape that are photographed and outlined as "
                "your photos are",
                0,
                100'000);
  visitor.field("photos", num_photos, "Photos of each twin", 2, 1000);
  std::vector<std::string> species_choices = synthetic::species_names();
  species_choices.push_back("mixed");
  visitor.field("species", species, "Of the rendered individuals", species_choices);
  trainer.visit(visitor);
}

TrainedEdge train_edge(const TrainEdgeOptions& options,
                       const std::vector<std::filesystem::path>& fin_folders,
                       Progress& progress,
                       const CancelToken& cancel) {
  check_options(options);
  EdgeTrainingData data;
  ModelOptions models;
  models.outline = options.outline_model;
  const FinMasker masker(with_shipped_models(models).outline);
  for (const auto& folder : fin_folders) {
    const std::vector<EdgePoints> found = edges_in(folder, masker, progress);
    data.bases.insert(data.bases.end(), found.begin(), found.end());
  }
  TrainedEdge result;
  result.num_real = data.bases.size();
  const std::vector<EdgePoints> rendered = rendered_edges(options);
  result.num_rendered = rendered.size();
  data.bases.insert(data.bases.end(), rendered.begin(), rendered.end());
  data.twins = photographed_twins(options, masker, progress, cancel);
  result.num_twins = data.twins.size();
  result.training = train_edge_network(data, options.trainer, options.out, progress, cancel);
  return result;
}

}  // namespace finview
