// Times one task of room vectors on a file of numbers; compare.py runs it beside the peers.
//
//   vectors_benchmark TASK FILE NUM_DIMS [NUM_THREADS]
//
// FILE: float32, row-major, no header. TASK: umap, transform (the first 1,000 rows moved a little),
// hdbscan (15, 15), lof (20), neighbors (15, exact and approximate, and how many of the exact ones
// the approximate search finds). Prints the seconds and the most memory the process held, in MB.
#include "finview/base/files.h"
#include "finview/base/threads.h"
#include "finview/vectors/hdbscan.h"
#include "finview/vectors/neighbors.h"
#include "finview/vectors/outliers.h"
#include "finview/vectors/umap.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

namespace {

using finview::MatrixView;

/// On the clock, and of all cores together.
struct Seconds {
  double clock = 0;
  double cores = 0;
};

double core_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

Seconds seconds_of(const std::function<void()>& work) {
  const double cores = core_seconds();
  const auto start = std::chrono::steady_clock::now();
  work();
  return {std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
          core_seconds() - cores};
}

std::vector<float> read_rows(const std::string& path) {
  const std::vector<std::uint8_t> file = finview::read_file(path);
  std::vector<float> values(file.size() / sizeof(float));
  std::memcpy(values.data(), file.data(), values.size() * sizeof(float));
  return values;
}

/// The most memory held since the program began; unlike getrusage not that of whoever started it.
long peak_memory_kb() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    long value = 0;
    if (word == "VmHWM:" && status >> value) return value;
  }
  return 0;
}

void time_neighbors(MatrixView<float> rows, int num_threads) {
  finview::NeighborTable<float> tables[2];
  for (const bool exact : {true, false}) {
    const Seconds seconds = seconds_of([&] {
      tables[exact ? 0 : 1] =
          finview::NeighborSearcher<float>::create(
              rows,
              finview::Metric::kEuclidean,
              exact ? finview::SearchMethod::kExact : finview::SearchMethod::kApproximate,
              num_threads)
              ->of_rows(15);
    });
    std::printf("%s %.3f s\n", exact ? "exact" : "approximate", seconds.clock);
  }
  std::size_t num_found = 0;
  for (std::size_t i = 0; i < rows.num_rows(); ++i) {
    const auto found = tables[1].indices_of(i);
    for (const std::uint32_t j : tables[0].indices_of(i)) {
      num_found += std::find(found.begin(), found.end(), j) != found.end() ? 1 : 0;
    }
  }
  std::printf("found %.4f\n",
              static_cast<double>(num_found) / static_cast<double>(15 * rows.num_rows()));
}

Seconds time_task(const std::string& task, MatrixView<float> rows, int num_threads) {
  if (task == "umap") {
    return seconds_of([&] { finview::Umap::fit(rows, {}, {}, num_threads); });
  }
  if (task == "transform") {
    const finview::Umap map = finview::Umap::fit(rows, {}, {}, num_threads);
    const auto first =
        rows.values().first(std::min<std::size_t>(1000, rows.num_rows()) * rows.num_dims());
    std::vector<float> moved(first.begin(), first.end());
    for (float& value : moved) value += 0.01F;
    return seconds_of([&] { map.transform({moved, rows.num_dims()}, num_threads); });
  }
  const std::vector<double> wide = finview::to_double(rows.values());
  if (task == "hdbscan") {
    finview::HdbscanOptions options;
    options.min_cluster_size = 15;
    return seconds_of([&] { finview::hdbscan({wide, rows.num_dims()}, options, num_threads); });
  }
  return seconds_of([&] {
    finview::LocalOutliers({wide, rows.num_dims()}, finview::Metric::kEuclidean, 20, num_threads);
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(
        stderr,
        "usage: vectors_benchmark umap|transform|hdbscan|lof|neighbors FILE NUM_DIMS [THREADS]\n");
    return 2;
  }
  const std::string task = argv[1];
  const std::vector<float> values = read_rows(argv[2]);
  const MatrixView<float> rows(values, static_cast<std::size_t>(std::atoi(argv[3])));
  const int num_threads = argc > 4 ? std::atoi(argv[4]) : finview::num_cores();
  if (task == "neighbors") {
    time_neighbors(rows, num_threads);
  } else {
    const Seconds seconds = time_task(task, rows, num_threads);
    std::printf("%.3f s %.3f s\n", seconds.clock, seconds.cores);
  }
  std::printf("memory %ld MB\n", peak_memory_kb() / 1024);
}
