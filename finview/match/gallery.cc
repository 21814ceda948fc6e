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
  double best = -3;
  std::size_t best_entry = 0;

  void add(double look, std::optional<double> edge_here, std::size_t entry) {
    looks.push_back(look);
    if (edge_here) edge = std::max(edge.value_or(*edge_here), *edge_here);
    if (const double both = look + edge_here.value_or(0); both > best) {
      best = both;
      best_entry = entry;
    }
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
    std::optional<double> edge;
    if (edges && other.edge) edge = edges->similarity(*other.edge);
    compared[individual_of_[i]].add(look, edge, i);
  }
  std::vector<IndividualSimilarity> result;
  for (std::size_t i = 0; i < compared.size(); ++i) {
    Compared& one = compared[i];
    if (one.looks.empty()) continue;
    result.push_back({i, one.mean_of_best_looks(best_photos), one.edge, one.best_entry});
  }
  return result;
}

}  // namespace finview
