#include "finview/match/gallery.h"

#include "finview/base/error.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include <fmt/format.h>

namespace finview {

Gallery::Gallery(std::vector<GalleryEntry> entries,
                 std::vector<float> embeddings,
                 std::size_t num_dims)
    : entries_(std::move(entries)), embeddings_(std::move(embeddings)), num_dims_(num_dims) {
  if (num_dims == 0 || embeddings_.size() != entries_.size() * num_dims) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("A gallery of {} photos x {} dimensions was given {} numbers.",
                            entries_.size(),
                            num_dims,
                            embeddings_.size()));
  }
  for (const GalleryEntry& entry : entries_) individuals_.push_back(entry.individual);
  std::sort(individuals_.begin(), individuals_.end());
  individuals_.erase(std::unique(individuals_.begin(), individuals_.end()), individuals_.end());
  for (const GalleryEntry& entry : entries_) {
    const auto found = std::lower_bound(individuals_.begin(), individuals_.end(), entry.individual);
    individual_of_.push_back(static_cast<std::size_t>(found - individuals_.begin()));
  }
}

std::span<const float> Gallery::embedding(std::size_t index) const {
  return std::span(embeddings_).subspan(index * num_dims_, num_dims_);
}

bool Gallery::is_left_out(std::size_t entry_index, std::size_t query_index) const {
  if (entry_index == query_index) return true;
  const std::string& group = entries_[query_index].group;
  return individual_of_[entry_index] == individual_of_[query_index] && !group.empty() &&
         entries_[entry_index].group == group;
}

std::vector<IndividualSimilarity> Gallery::similarities(
    std::span<const float> query,
    std::size_t best_photos,
    std::optional<std::size_t> leave_out) const {
  if (query.size() != num_dims_) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("A query of {} dimensions was asked of a gallery of {}; both must be "
                            "embedded with the same model.",
                            query.size(),
                            num_dims_));
  }
  struct Found {
    std::vector<double> all;
    std::size_t best_entry = 0;
    double best = -2;
  };
  std::vector<Found> found(individuals_.size());
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (leave_out && is_left_out(i, *leave_out)) continue;
    const std::span<const float> row = embedding(i);
    const double similarity = std::inner_product(row.begin(), row.end(), query.begin(), 0.0);
    Found& mine = found[individual_of_[i]];
    mine.all.push_back(similarity);
    if (similarity > mine.best) {
      mine.best = similarity;
      mine.best_entry = i;
    }
  }
  std::vector<IndividualSimilarity> result;
  for (std::size_t i = 0; i < found.size(); ++i) {
    std::vector<double>& all = found[i].all;
    if (all.empty()) continue;
    const auto count = static_cast<std::ptrdiff_t>(std::min(best_photos, all.size()));
    std::partial_sort(all.begin(), all.begin() + count, all.end(), std::greater<>());
    const double sum = std::accumulate(all.begin(), all.begin() + count, 0.0);
    result.push_back({i, sum / static_cast<double>(count), found[i].best_entry});
  }
  return result;
}

}  // namespace finview
