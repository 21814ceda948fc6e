#include "finview/pipeline/train_edge.h"

#include "finview/base/threads.h"
#include "finview/outline/fin_edge.h"
#include "finview/outline/fin_masker.h"
#include "finview/outline/find_outline.h"
#include "finview/pipeline/fin_collection.h"
#include "finview/pipeline/models.h"
#include "finview/synthetic/genotype.h"
#include "finview/training/edge_identity.h"

#include <optional>

namespace finview {
namespace {

constexpr double kMinQuality = 0.3;  // of a picture's edge

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

/// Trailing edges of individuals that do not exist. Fin coordinates have y up and the head at
/// positive x, so the trailing edge's outside lies to the left.
std::vector<EdgePoints> rendered_edges(const TrainEdgeOptions& options) {
  const auto& names = synthetic::species_names();
  std::vector<EdgePoints> edges(static_cast<std::size_t>(options.num_rendered));
  parallel_for(edges.size(), num_cores(), [&](std::size_t i) {
    const std::string& species =
        options.species == "mixed" ? names[i % names.size()] : options.species;
    const synthetic::EdgeCurve curve = synthetic::edge_curve(
        synthetic::make_genotype(synthetic::parse_species(species),
                                 static_cast<std::uint64_t>(options.trainer.seed) * 1'000'003 + i));
    EdgePoints points;
    for (std::size_t k = curve.tip_index; k < curve.points.size(); ++k) {
      points.push_back({curve.points[k].x, -curve.points[k].y});
    }
    edges[i] = normalized_edge(points, -1);
  });
  return edges;
}

}  // namespace

void TrainEdgeOptions::visit(OptionVisitor& visitor) {
  visitor.field("out", out, "Model file to write (.fvm)");
  visitor.field(
      "rendered", num_rendered, "Edges of rendered individuals to learn from", 0, 100'000);
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
  std::vector<EdgePoints> edges;
  ModelOptions models;
  models.outline = options.outline_model;
  const FinMasker masker(with_shipped_models(models).outline);
  for (const auto& folder : fin_folders) {
    const std::vector<EdgePoints> found = edges_in(folder, masker, progress);
    edges.insert(edges.end(), found.begin(), found.end());
  }
  TrainedEdge result;
  result.num_real = edges.size();
  const std::vector<EdgePoints> rendered = rendered_edges(options);
  result.num_rendered = rendered.size();
  edges.insert(edges.end(), rendered.begin(), rendered.end());
  result.training = train_edge_network(edges, options.trainer, options.out, progress, cancel);
  return result;
}

}  // namespace finview
