#include "finview/match/gallery.h"

#include "finview/base/error.h"
#include "finview/match/edge_similarity.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include <fmt/format.h>

namespace finview {
namespace {

/// The photos of one individual as they are compared with a query.
struct Compared {
  std::vector<double> looks;
  std::optional<double> edge;
  std::optional<double> edge_network;
  double best = -4;
  std::size_t best_entry = 0;

  void add(double look, std::size_t entry) {
    looks.push_back(look);
    note_best(look, entry);
  }

  void add(double look, double edge_here, double edge_network_here, std::size_t entry) {
    looks.push_back(look);
    edge = std::max(edge.value_or(edge_here), edge_here);
    edge_network = std::max(edge_network.value_or(edge_network_here), edge_network_here);
    note_best(look + edge_here + edge_network_here, entry);
  }

  void note_best(double sum, std::size_t entry) {
    if (sum <= best) return;
    best = sum;
    best_entry = entry;
  }

  double mean_of_best_looks(std::size_t count) {
    const auto used = static_cast<std::ptrdiff_t>(std::min(count, looks.size()));
    std::partial_sort(looks.begin(), looks.begin() + used, looks.end(), std::greater<>());
    return std::accumulate(looks.begin(), looks.begin() + used, 0.0) / static_cast<double>(used);
  }
};

}  // namespace

Gallery::Gallery(std::vector<GalleryEntry> entries, std::vector<FinSignature> signatures)
    : entries_(std::move(entries)), signatures_(std::move(signatures)) {
  if (entries_.size() != signatures_.size()) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("A gallery of {} photos was given {} signatures.",
                            entries_.size(),
                            signatures_.size()));
  }
  for (const GalleryEntry& entry : entries_) individuals_.push_back(entry.individual);
  std::sort(individuals_.begin(), individuals_.end());
  individuals_.erase(std::unique(individuals_.begin(), individuals_.end()), individuals_.end());
  for (const GalleryEntry& entry : entries_) {
    const auto found = std::lower_bound(individuals_.begin(), individuals_.end(), entry.individual);
    individual_of_.push_back(static_cast<std::size_t>(found - individuals_.begin()));
  }
}

bool Gallery::is_left_out(std::size_t entry_index, std::size_t query_index) const {
  if (entry_index == query_index) return true;
  const std::string& group = entries_[query_index].group;
  return individual_of_[entry_index] == individual_of_[query_index] && !group.empty() &&
         entries_[entry_index].group == group;
}

std::vector<IndividualSimilarity> Gallery::similarities(
    const FinSignature& query,
    std::size_t best_photos,
    std::optional<std::size_t> leave_out) const {
  std::optional<EdgeMatcher> edges;
  if (query.edge) edges.emplace(*query.edge);
  std::vector<Compared> compared(individuals_.size());
  for (std::size_t i = 0; i < size(); ++i) {
    if (leave_out && is_left_out(i, *leave_out)) continue;
    const FinSignature& other = signatures_[i];
    if (other.embedding.size() != query.embedding.size()) {
      throw Error(ErrorKind::kBadInput,
                  fmt::format("A fin of {} dimensions was compared with one of {}; both must be "
                              "embedded with the same model.",
                              query.embedding.size(),
                              other.embedding.size()));
    }
    const double look = std::inner_product(
        query.embedding.begin(), query.embedding.end(), other.embedding.begin(), 0.0);
    Compared& individual = compared[individual_of_[i]];
    if (edges && other.edge) {
      individual.add(look,
                     edges->similarity(*other.edge),
                     edge_view_similarity(query.edge_views, other.edge_views),
                     i);
    } else {
      individual.add(look, i);
    }
  }
  std::vector<IndividualSimilarity> result;
  for (std::size_t i = 0; i < compared.size(); ++i) {
    Compared& one = compared[i];
    if (one.looks.empty()) continue;
    result.push_back(
        {i, one.mean_of_best_looks(best_photos), one.edge, one.edge_network, one.best_entry});
  }
  return result;
}

}  // namespace finview
