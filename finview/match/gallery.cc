#include "finview/match/gallery.h"

#include "finview/base/error.h"
#include "finview/base/threads.h"
#include "finview/match/dot.h"
#include "finview/match/edge_similarity.h"
#include "finview/match/edge_warping.h"

#include <algorithm>
#include <functional>
#include <numeric>

#include <fmt/format.h>

namespace finview {
namespace {

std::optional<double>& of(Testimony& testimony, Witness witness) {
  return testimony[static_cast<std::size_t>(witness)];
}

double cosine(const std::vector<float>& a, const std::vector<float>& b) {
  if (a.size() != b.size()) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("A fin of {} dimensions was compared with one of {}; both must be "
                            "embedded with the same model.",
                            a.size(),
                            b.size()));
  }
  return dot(a.data(), b.data(), a.size());
}

/// What look and edge network say; they are quick.
Testimony quick_testimony(const FinSignature& query, const FinSignature& other) {
  Testimony testimony;
  of(testimony, Witness::kLook) = cosine(query.embedding, other.embedding);
  if (!query.edge_views.empty() && !other.edge_views.empty()) {
    of(testimony, Witness::kEdgeNetwork) = edge_view_similarity(query.edge_views, other.edge_views);
  }
  return testimony;
}

/// The `count` photos that `witness` finds most alike come first; those of which it says nothing
/// last.
void most_alike_first(std::vector<PhotoSimilarity*>& photos, Witness witness, std::size_t count) {
  const auto index = static_cast<std::size_t>(witness);
  const auto middle = photos.begin() + static_cast<std::ptrdiff_t>(std::min(count, photos.size()));
  std::nth_element(photos.begin(),
                   middle,
                   photos.end(),
                   [index](const PhotoSimilarity* a, const PhotoSimilarity* b) {
                     const double x = a->similarities[index].value_or(-2);
                     const double y = b->similarities[index].value_or(-2);
                     return x != y ? x > y : a->entry_index < b->entry_index;
                   });
}

std::vector<PhotoSimilarity*> shortlist(std::vector<PhotoSimilarity>& photos) {
  std::vector<PhotoSimilarity*> all;
  all.reserve(photos.size());
  for (PhotoSimilarity& photo : photos) all.push_back(&photo);
  if (all.size() <= Gallery::kShortlist) return all;
  constexpr auto kHalf = static_cast<std::ptrdiff_t>(Gallery::kShortlist / 2);
  most_alike_first(all, Witness::kEdgeNetwork, kHalf);
  std::vector<PhotoSimilarity*> rest(all.begin() + kHalf, all.end());
  most_alike_first(rest, Witness::kLook, kHalf);
  std::copy(rest.begin(), rest.begin() + kHalf, all.begin() + kHalf);
  all.resize(Gallery::kShortlist);
  return all;
}

MarkBackground background_of(std::span<const FinSignature> signatures,
                             std::span<const std::size_t> individuals) {
  std::vector<const FinMarks*> marks;
  for (const FinSignature& signature : signatures) {
    marks.push_back(signature.marks ? &*signature.marks : nullptr);
  }
  return {marks, individuals};
}

std::vector<std::string> names_of(std::span<const GalleryEntry> entries) {
  std::vector<std::string> names;
  for (const GalleryEntry& entry : entries) names.push_back(entry.individual);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<std::size_t> number_individuals(std::span<const GalleryEntry> entries,
                                            const std::vector<std::string>& names) {
  std::vector<std::size_t> numbers;
  for (const GalleryEntry& entry : entries) {
    const auto found = std::lower_bound(names.begin(), names.end(), entry.individual);
    numbers.push_back(static_cast<std::size_t>(found - names.begin()));
  }
  return numbers;
}

std::vector<GalleryEntry> of_same_size(std::vector<GalleryEntry> entries,
                                       const std::vector<FinSignature>& signatures) {
  if (entries.size() == signatures.size()) return entries;
  throw Error(
      ErrorKind::kBadInput,
      fmt::format(
          "A gallery of {} photos was given {} signatures.", entries.size(), signatures.size()));
}

/// The photos of one individual as they are compared with a query.
struct Compared {
  std::vector<double> looks;
  IndividualSimilarity result;
  double best = -10;

  void add(const PhotoSimilarity& photo) {
    double sum = 0;
    for (std::size_t w = 0; w < kNumWitnesses; ++w) {
      const std::optional<double>& here = photo.similarities[w];
      if (!here) continue;
      std::optional<double>& most = result.similarities[w];
      most = std::max(most.value_or(*here), *here);
      sum += *here;
    }
    looks.push_back(photo.similarities[static_cast<std::size_t>(Witness::kLook)].value_or(0));
    if (sum <= best) return;
    best = sum;
    result.best_entry_index = photo.entry_index;
  }

  double mean_of_best_looks(std::size_t count) {
    const auto used = static_cast<std::ptrdiff_t>(std::min(count, looks.size()));
    std::partial_sort(looks.begin(), looks.begin() + used, looks.end(), std::greater<>());
    return std::accumulate(looks.begin(), looks.begin() + used, 0.0) / static_cast<double>(used);
  }
};

}  // namespace

Gallery::Gallery(std::vector<GalleryEntry> entries, std::vector<FinSignature> signatures)
    : entries_(of_same_size(std::move(entries), signatures)),
      signatures_(std::move(signatures)),
      individuals_(names_of(entries_)),
      individual_of_(number_individuals(entries_, individuals_)),
      mark_background_(background_of(signatures_, individual_of_)) {}

bool Gallery::is_left_out(std::size_t entry_index, std::size_t query_index) const {
  if (entry_index == query_index) return true;
  const std::string& group = entries_[query_index].group;
  return individual_of_[entry_index] == individual_of_[query_index] && !group.empty() &&
         entries_[entry_index].group == group;
}

void Gallery::ask_costly_witnesses(const FinSignature& query,
                                   std::optional<std::size_t> own_individual,
                                   std::span<PhotoSimilarity* const> photos,
                                   int num_threads) const {
  std::optional<EdgeMatcher> matcher;
  std::optional<EdgeWarper> warper;
  std::optional<MarkMatcher> marks;
  if (query.edge) {
    matcher.emplace(*query.edge);
    warper.emplace(*query.edge);
  }
  if (query.marks) marks.emplace(*query.marks, mark_background_, own_individual);
  parallel_for(photos.size(), num_threads, [&](std::size_t i) {
    PhotoSimilarity* const photo = photos[i];
    const FinSignature& other = signatures_[photo->entry_index];
    if (matcher && other.edge) {
      of(photo->similarities, Witness::kEdge) = matcher->similarity(*other.edge);
      of(photo->similarities, Witness::kWarping) = warper->similarity(*other.edge);
    }
    if (marks && other.marks && other.marks->side == query.marks->side) {
      of(photo->similarities, Witness::kMarks) =
          marks->similarity(*other.marks, individual_of_[photo->entry_index]);
    }
  });
}

std::vector<PhotoSimilarity> Gallery::photo_similarities(const FinSignature& query,
                                                         std::optional<std::size_t> leave_out,
                                                         int num_threads) const {
  std::vector<PhotoSimilarity> photos;
  photos.reserve(size());
  for (std::size_t i = 0; i < size(); ++i) {
    if (!leave_out || !is_left_out(i, *leave_out)) photos.push_back({i});
  }
  constexpr std::size_t kBlock = 256;
  parallel_for((photos.size() + kBlock - 1) / kBlock, num_threads, [&](std::size_t block) {
    const std::size_t end = std::min(photos.size(), (block + 1) * kBlock);
    for (std::size_t i = block * kBlock; i < end; ++i) {
      photos[i].similarities = quick_testimony(query, signatures_[photos[i].entry_index]);
    }
  });
  std::optional<std::size_t> own;
  if (leave_out) own = individual_of_[*leave_out];
  ask_costly_witnesses(query, own, shortlist(photos), num_threads);
  return photos;
}

std::vector<IndividualSimilarity> Gallery::by_individual(std::span<const PhotoSimilarity> photos,
                                                         std::size_t best_photos) const {
  std::vector<Compared> compared(individuals_.size());
  for (const PhotoSimilarity& photo : photos) {
    compared[individual_of_[photo.entry_index]].add(photo);
  }
  std::vector<IndividualSimilarity> result;
  for (std::size_t i = 0; i < compared.size(); ++i) {
    if (compared[i].looks.empty()) continue;
    compared[i].result.individual_index = i;
    of(compared[i].result.similarities, Witness::kLook) =
        compared[i].mean_of_best_looks(best_photos);
    result.push_back(compared[i].result);
  }
  return result;
}

Testimony Gallery::compare(const FinSignature& query, std::size_t entry_index) const {
  PhotoSimilarity photo{entry_index, quick_testimony(query, signatures_[entry_index])};
  PhotoSimilarity* const one = &photo;
  ask_costly_witnesses(query, std::nullopt, {&one, 1}, 1);
  return photo.similarities;
}

}  // namespace finview
