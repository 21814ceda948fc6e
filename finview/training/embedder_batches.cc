#include "finview/training/embedder_batches.h"

#include "finview/base/error.h"
#include "finview/training/random_draw.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <span>
#include <utility>

#include <fmt/format.h>

namespace finview {
namespace {

template <class Value>
void shuffle(std::vector<Value>& values, RandomDraw& random) {
  for (std::size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[random.index(i)]);
}

/// Piece `fold` of the shuffled values, `share` of them; and the others.
template <class Value>
std::pair<std::vector<Value>, std::vector<Value>> split(std::vector<Value> values,
                                                        const EmbedderBatchOptions& options,
                                                        RandomDraw& random) {
  shuffle(values, random);
  const auto size = static_cast<double>(values.size());
  const auto bound = [&](std::int64_t fold) {
    return static_cast<std::size_t>(std::min(
        size, std::floor(options.held_out_share * static_cast<double>(fold) * size + 1e-9)));
  };
  std::pair<std::vector<Value>, std::vector<Value>> parts;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const bool is_held_out = i >= bound(options.fold) && i < bound(options.fold + 1);
    (is_held_out ? parts.first : parts.second).push_back(values[i]);
  }
  return parts;
}

}  // namespace

EmbedderBatches::EmbedderBatches(const FinPack& pack,
                                 const EmbedderBatchOptions& options,
                                 std::uint64_t seed)
    : pack_(pack), options_(options) {
  std::map<std::string, std::map<std::string, std::vector<std::size_t>>> known;
  std::map<std::string, std::size_t> num_photos;
  for (const PackedFin& fin : pack.fins) {
    if (!fin.individual.empty()) ++num_photos[fin.individual];
  }
  std::vector<std::size_t> single;
  for (std::size_t i = 0; i < pack.fins.size(); ++i) {
    const PackedFin& fin = pack.fins[i];
    if (fin.individual.empty() || num_photos[fin.individual] < 2) {
      single.push_back(i);
      continue;
    }
    // A photo without an encounter is one of its own.
    const std::string encounter =
        fin.encounter.empty() ? fmt::format("photo {}", i) : "encounter " + fin.encounter;
    known[fin.individual][encounter].push_back(i);
  }
  std::vector<std::string> names;
  for (const auto& item : known) names.push_back(item.first);
  RandomDraw random(seed);
  const auto [measured, learned] = split(names, options, random);
  const auto fins_of = [&](std::span<const std::string> individuals) {
    std::vector<std::size_t> all;
    for (const std::string& name : individuals) {
      for (const auto& [encounter, fins] : known[name]) {
        all.insert(all.end(), fins.begin(), fins.end());
      }
    }
    return all;
  };
  held_out_known_ = fins_of(measured);
  taught_known_ = fins_of(std::span(learned).first(std::min(measured.size(), learned.size())));
  auto [measured_fins, learned_fins] = split(single, options, random);
  held_out_fins_ = std::move(measured_fins);
  for (const std::string& name : learned) {
    Class shown;
    for (auto& [encounter, fins] : known[name]) {
      shown.num_fins += fins.size();
      shown.encounters.push_back(std::move(fins));
    }
    shown.known = static_cast<std::int64_t>(class_sizes_.size());
    class_sizes_.push_back(static_cast<std::int64_t>(shown.num_fins));
    classes_.push_back(std::move(shown));
  }
  for (std::size_t fin : learned_fins) classes_.push_back({{{fin}}, -1, 1});
  if (classes_.size() < 2) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("The pack has {} individuals with two photos and {} other fins; {} are "
                            "left to learn from, and two are needed. Add photos or lower "
                            "--held-out-share (now {}).",
                            names.size(),
                            single.size(),
                            classes_.size(),
                            options.held_out_share));
  }
}

bool EmbedderBatches::can_invent(std::size_t fin) const {
  return !pack_.cuts.empty() && !pack_.fins[fin].distance.empty();
}

/// Photos of different encounters in turn; any again once all have been shown.
void EmbedderBatches::add_real(const Class& shown, std::uint64_t seed, PlannedBatch& batch) const {
  RandomDraw random(seed);
  std::vector<std::vector<std::size_t>> left = shown.encounters;
  for (auto& fins : left) shuffle(fins, random);
  shuffle(left, random);
  const std::int64_t label = batch.labels.empty() ? 0 : batch.labels.back() + 1;
  std::vector<std::size_t> order;
  for (std::size_t round = 0; order.size() < shown.num_fins; ++round) {
    for (const auto& fins : left) {
      if (round < fins.size()) order.push_back(fins[round]);
    }
  }
  for (std::int64_t k = 0; k < options_.num_views; ++k) {
    const bool mirrored = options_.mirrored == "same" && random.chance(0.5);
    const std::size_t fin = order[static_cast<std::size_t>(k) % order.size()];
    batch.views.push_back({fin, std::nullopt, 0, mirrored});
    batch.labels.push_back(label);
    batch.known.push_back(shown.known);
  }
}

void EmbedderBatches::add_invented(std::size_t fin, std::uint64_t seed, PlannedBatch& batch) const {
  RandomDraw random(seed);
  const std::size_t num_cuts = pack_.cuts.size() / PackedFin::kNumPoints;
  PlannedView view{fin, random.index(num_cuts), random.bits(), false};
  const std::int64_t label = batch.labels.empty() ? 0 : batch.labels.back() + 1;
  for (std::int64_t k = 0; k < options_.num_views; ++k) {
    view.mirrored = options_.mirrored == "same" && random.chance(0.5);
    batch.views.push_back(view);
    batch.labels.push_back(label);
    batch.known.push_back(-1);
  }
}

PlannedBatch EmbedderBatches::draw(std::uint64_t seed) const {
  RandomDraw random(seed);
  std::vector<std::size_t> order(classes_.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  shuffle(order, random);
  PlannedBatch batch;
  const auto count = std::min(order.size(), static_cast<std::size_t>(options_.num_individuals));
  for (std::size_t i = 0; i < count; ++i) {
    const Class& shown = classes_[order[i]];
    const std::size_t first = batch.views.size();
    const auto& photos = shown.encounters[random.index(shown.encounters.size())];
    const std::size_t fin = photos[random.index(photos.size())];
    const bool lends = can_invent(fin);
    if (shown.known >= 0 || !lends) add_real(shown, random.bits(), batch);
    if (lends && shown.known < 0) add_invented(fin, random.bits(), batch);
    if (lends && (shown.known < 0 || random.chance(options_.invented_share))) {
      add_invented(fin, random.bits(), batch);
    }
    // Half of them, with all their views: a mirrored fin is then nobody's but its own.
    if (options_.mirrored == "other" && random.chance(0.5)) {
      for (std::size_t k = first; k < batch.views.size(); ++k) {
        batch.views[k].mirrored = true;
        batch.known[k] = -1;
      }
    }
  }
  return batch;
}

PlannedBatch EmbedderBatches::held_out_invented(std::size_t count) const {
  PlannedBatch batch;
  std::size_t used = 0;
  RandomDraw random(0xe7a1);
  for (std::size_t fin : held_out_fins_) {
    if (used == count) break;
    if (!can_invent(fin)) continue;
    for (int k = 0; k < 2; ++k) add_invented(fin, random.bits(), batch);
    ++used;
  }
  return batch;
}

}  // namespace finview
