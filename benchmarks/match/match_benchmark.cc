// Times identification among many individuals, and searches among many embeddings.
//
//   match_benchmark gallery [NUM_INDIVIDUALS...]   default 100 1000 10000
//   match_benchmark search FILE NUM_DIMS           FILE: float32 rows of length 1, .npy or bare
//
// gallery: 10 photos of each individual, all witnesses speak (edge, edge network, look, 96 marks,
// skin); a query of one of them, on all cores. Prints the median of 15 queries and the exponent
// with which it grows. search: the 10 nearest of 1,000 rows moved a little, one at a time on one
// core: exact, cells (room vectors) and HNSW (hnswlib 0.6); seconds to build, ms per query,
// recall@10.
#include "finview/base/files.h"
#include "finview/base/threads.h"
#include "finview/match/answer.h"
#include "finview/vectors/neighbors.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#if FINVIEW_HNSWLIB
#include <hnswlib/hnswlib.h>
#endif

namespace {

using finview::FinEdge;
using finview::FinMarks;
using finview::FinSignature;
using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

std::vector<float> unit_row(std::mt19937& random, std::size_t num_dims) {
  std::normal_distribution<float> normal;
  std::vector<float> row(num_dims);
  double squares = 0;
  for (float& value : row) squares += std::pow(value = normal(random), 2);
  for (float& value : row) value /= static_cast<float>(std::sqrt(squares));
  return row;
}

FinSignature random_fin(std::mt19937& random) {
  constexpr std::size_t kNumMarks = 96;
  FinSignature fin;
  fin.embedding = unit_row(random, 256);
  fin.edge.emplace().signals = unit_row(random, FinEdge::kNumChannels * FinEdge::kNumSamples);
  fin.edge->quality = 1;
  for (int view = 0; view < FinEdge::kNumViews; ++view) {
    const std::vector<float> row = unit_row(random, 128);
    fin.edge_views.insert(fin.edge_views.end(), row.begin(), row.end());
  }
  FinMarks& marks = fin.marks.emplace();
  std::uniform_real_distribution<float> place(0, 1);
  for (std::size_t i = 0; i < kNumMarks; ++i) {
    marks.places.push_back({place(random), place(random), 0.05F, 30 * place(random)});
    for (const float value : unit_row(random, FinMarks::kDescriptorSize)) {
      marks.descriptors.push_back(static_cast<std::uint8_t>(512 * std::abs(value)));
    }
  }
  marks.skin.assign(std::size_t{FinMarks::kSkinSide} * FinMarks::kSkinSide, FinMarks::kNoSkin);
  for (std::size_t i = marks.skin.size() / 4; i < marks.skin.size(); ++i) {
    marks.skin[i] = static_cast<std::int8_t>(64 * (place(random) - 0.5F));
  }
  return fin;
}

double ms_per_query(std::size_t num_individuals) {
  constexpr std::size_t kPhotos = 10;
  constexpr std::size_t kQueries = 15;
  std::mt19937 random(1);
  std::vector<finview::GalleryEntry> entries;
  std::vector<FinSignature> fins;
  std::vector<FinSignature> queries;
  for (std::size_t i = 0; i < num_individuals; ++i) {
    const FinSignature fin = random_fin(random);
    for (std::size_t k = 0; k < kPhotos; ++k) {
      entries.push_back({std::to_string(i), std::to_string(k)});
      fins.push_back(fin);
    }
    if (queries.size() < kQueries) queries.push_back(fin);
  }
  const finview::Gallery gallery(std::move(entries), std::move(fins));
  const finview::FittedCalibration calibration;
  const finview::MatchOptions options;
  std::vector<double> times;
  for (const FinSignature& query : queries) {
    const auto start = Clock::now();
    const finview::Evidence evidence = finview::ask_gallery(gallery, query, options);
    const auto answer = finview::answer_evidence(gallery, {&evidence, 1}, calibration, options);
    times.push_back(ms_since(start));
    if (answer.candidates.empty()) std::abort();
  }
  std::sort(times.begin(), times.end());
  return times[kQueries / 2];
}

int run_gallery(const std::vector<std::size_t>& sizes) {
  std::printf("%12s %10s %12s %9s   (%d cores)\n",
              "individuals",
              "photos",
              "ms a query",
              "exponent",
              finview::num_cores());
  double before = 0;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const double ms = ms_per_query(sizes[i]);
    std::printf("%12zu %10zu %12.1f", sizes[i], 10 * sizes[i], ms);
    if (i > 0) {
      std::printf(" %9.2f",
                  std::log(ms / before) / std::log(double(sizes[i]) / double(sizes[i - 1])));
    }
    std::printf("\n");
    std::fflush(stdout);
    before = ms;
  }
  return 0;
}

using Found = std::vector<std::vector<std::size_t>>;

void report(const char* name, double build_s, double ms, const Found& found, const Found& truth) {
  double hits = 0;
  for (std::size_t q = 0; q < truth.size(); ++q) {
    for (const std::size_t index : truth[q]) {
      hits += std::find(found[q].begin(), found[q].end(), index) != found[q].end();
    }
  }
  std::printf("%-22s %9.1f %12.3f %10.4f\n",
              name,
              build_s,
              ms,
              hits / (10 * static_cast<double>(truth.size())));
  std::fflush(stdout);
}

/// One query at a time, as `identify` asks.
Found ask(const finview::NeighborSearcher<float>& searcher,
          const std::vector<float>& queries,
          std::size_t num_dims,
          double& ms) {
  Found found;
  const auto start = Clock::now();
  for (std::size_t q = 0; q * num_dims < queries.size(); ++q) {
    const auto table =
        searcher.of_queries({{queries.data() + q * num_dims, num_dims}, num_dims}, 10);
    const auto indices = table.indices_of(0);
    found.emplace_back(indices.begin(), indices.end());
  }
  ms = ms_since(start) / static_cast<double>(found.size());
  return found;
}

#if FINVIEW_HNSWLIB
void run_hnsw(const std::vector<float>& rows,
              const std::vector<float>& queries,
              std::size_t num_dims,
              const Found& truth) {
  const std::size_t num_rows = rows.size() / num_dims;
  hnswlib::InnerProductSpace space(num_dims);
  const auto start = Clock::now();
  hnswlib::HierarchicalNSW<float> index(&space, num_rows, 16, 200);
  finview::parallel_for(num_rows, finview::num_cores(), [&](std::size_t i) {
    index.addPoint(rows.data() + i * num_dims, i);
  });
  const double build_s = ms_since(start) / 1000;
  for (const std::size_t ef : {50, 100, 200, 400}) {
    index.setEf(ef);
    Found found;
    const auto asked = Clock::now();
    for (std::size_t q = 0; q < truth.size(); ++q) {
      auto heap = index.searchKnn(queries.data() + q * num_dims, 10);
      std::vector<std::size_t>& one = found.emplace_back();
      for (; !heap.empty(); heap.pop()) one.push_back(heap.top().second);
    }
    const double ms = ms_since(asked) / static_cast<double>(truth.size());
    report(("HNSW, ef " + std::to_string(ef)).c_str(), build_s, ms, found, truth);
  }
}
#endif

int run_search(const std::string& path, std::size_t num_dims) {
  const std::vector<std::uint8_t> file = finview::read_file(path);
  std::vector<float> rows(file.size() / (num_dims * sizeof(float)) * num_dims);
  // The header of an .npy file comes before the numbers.
  std::memcpy(rows.data(),
              file.data() + file.size() % (num_dims * sizeof(float)),
              rows.size() * sizeof(float));
  std::mt19937 random(1);
  std::normal_distribution<float> noise(0, 0.3F / std::sqrt(static_cast<float>(num_dims)));
  std::vector<float> queries;
  for (std::size_t q = 0; q < 1000; ++q) {
    const std::size_t row = random() % (rows.size() / num_dims);
    for (std::size_t k = 0; k < num_dims; ++k) {
      queries.push_back(rows[row * num_dims + k] + noise(random));
    }
  }
  queries = finview::normalized_rows<float>({queries, num_dims});
  std::printf("%zu rows\n%-22s %9s %12s %10s\n",
              rows.size() / num_dims,
              "",
              "build s",
              "ms a query",
              "recall@10");
  Found truth;
  for (const auto method : {finview::SearchMethod::kExact, finview::SearchMethod::kApproximate}) {
    const bool exact = method == finview::SearchMethod::kExact;
    const auto start = Clock::now();
    const auto searcher = finview::NeighborSearcher<float>::create(
        {rows, num_dims}, finview::Metric::kCosine, method, exact ? 1 : finview::num_cores());
    const double build_s = ms_since(start) / 1000;
    double ms = 0;
    Found found = ask(*searcher, queries, num_dims, ms);
    if (exact) truth = found;
    report(exact ? "exact" : "cells", build_s, ms, found, truth);
  }
#if FINVIEW_HNSWLIB
  run_hnsw(rows, queries, num_dims, truth);
#endif
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string task = argc > 1 ? argv[1] : "";
  if (task == "search" && argc == 4) return run_search(argv[2], std::stoul(argv[3]));
  if (task == "gallery") {
    std::vector<std::size_t> sizes;
    for (int i = 2; i < argc; ++i) sizes.push_back(std::stoul(argv[i]));
    if (sizes.empty()) sizes = {100, 1000, 10000};
    return run_gallery(sizes);
  }
  std::fprintf(stderr, "usage: match_benchmark gallery [NUM...] | search FILE NUM_DIMS\n");
  return 2;
}
