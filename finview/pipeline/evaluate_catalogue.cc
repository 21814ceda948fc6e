#include "finview/pipeline/evaluate_catalogue.h"

#include "finview/base/threads.h"

#include <algorithm>
#include <cmath>

namespace finview {
namespace {

constexpr std::size_t kNumReplicates = 1000;

/// 1 + the number of other values that are at least as large: ties count as wrong ones first.
QueryRanking ranking_of(const std::vector<double>& values, std::size_t own, std::size_t entry) {
  std::size_t rank = 1;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (i != own && values[i] >= values[own]) ++rank;
  }
  return {entry, rank, 1 / static_cast<double>(rank)};
}

/// What one photo found.
struct Asked {
  bool known = false;  ///< its individual has a photo of another encounter
  QueryRanking look, edge, edge_network, all;
  double log_loss = 0;
  double p_new = 0;           ///< with its individual in the gallery
  double p_new_stranger = 0;  ///< without it
};

Asked ask(const OpenCatalogue& catalogue, std::size_t entry, std::size_t best_photos) {
  const Gallery& gallery = catalogue.index.gallery;
  const Calibration& calibration = catalogue.calibration.calibration;
  std::vector<IndividualSimilarity> found =
      gallery.similarities(gallery.signature(entry), best_photos, entry);
  const auto own = std::find_if(found.begin(), found.end(), [&](const IndividualSimilarity& one) {
    return one.individual_index == gallery.individual_index(entry);
  });
  Asked asked;
  if (own != found.end()) {
    asked.known = true;
    const auto index = static_cast<std::size_t>(own - found.begin());
    std::vector<double> looks;
    std::vector<double> edges;
    std::vector<double> networks;
    for (const IndividualSimilarity& one : found) {
      looks.push_back(one.look);
      edges.push_back(one.edge.value_or(-2));
      networks.push_back(one.edge_network.value_or(-2));
    }
    const Probabilities chances = probabilities(found, calibration);
    asked.look = ranking_of(looks, index, entry);
    asked.edge = ranking_of(edges, index, entry);
    asked.edge_network = ranking_of(networks, index, entry);
    asked.all = ranking_of(chances.individuals, index, entry);
    asked.log_loss = -std::log(std::max(chances.individuals[index], 1e-12));
    asked.p_new = chances.p_new;
    found.erase(own);
  }
  asked.p_new_stranger = probabilities(found, calibration).p_new;
  return asked;
}

/// Mann-Whitney: the share of pairs in which the stranger's value is above, ties one half.
double auroc(const std::vector<double>& strangers, const std::vector<double>& known) {
  double wins = 0;
  for (const double s : strangers) {
    for (const double k : known) wins += s > k ? 1 : s == k ? 0.5 : 0;
  }
  const double pairs = static_cast<double>(strangers.size()) * static_cast<double>(known.size());
  return pairs > 0 ? wins / pairs : 0;
}

}  // namespace

CatalogueEvaluation evaluate_catalogue(const std::string& folder,
                                       const IdentifyOptions& options,
                                       std::uint64_t seed,
                                       Progress& progress,
                                       const CancelToken& cancel) {
  const OpenCatalogue catalogue = open_catalogue(folder, options, progress, cancel);
  const Gallery& gallery = catalogue.index.gallery;
  std::vector<Asked> asked(gallery.size());
  parallel_for(asked.size(), num_cores(), [&](std::size_t i) {
    asked[i] = ask(catalogue, i, static_cast<std::size_t>(options.match.best_photos));
  });
  CatalogueEvaluation evaluation;
  evaluation.num_photos = gallery.size();
  std::vector<QueryRanking> looks, edges, networks, all;
  std::vector<std::string> individuals;
  std::vector<double> strangers, known;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    strangers.push_back(asked[i].p_new_stranger);
    if (!asked[i].known) continue;
    looks.push_back(asked[i].look);
    edges.push_back(asked[i].edge);
    networks.push_back(asked[i].edge_network);
    all.push_back(asked[i].all);
    known.push_back(asked[i].p_new);
    individuals.push_back(gallery.entry(i).individual);
    evaluation.mean_log_loss += asked[i].log_loss;
  }
  if (!all.empty()) evaluation.mean_log_loss /= static_cast<double>(all.size());
  evaluation.look = summarize_rankings(looks, individuals, kNumReplicates, seed);
  evaluation.edge = summarize_rankings(edges, individuals, kNumReplicates, seed);
  evaluation.edge_network = summarize_rankings(networks, individuals, kNumReplicates, seed);
  evaluation.all = summarize_rankings(all, individuals, kNumReplicates, seed);
  evaluation.stranger_auroc = auroc(strangers, known);
  return evaluation;
}

}  // namespace finview
