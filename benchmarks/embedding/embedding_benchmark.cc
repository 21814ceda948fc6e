// Times what a fin costs after its outline is known, in a batch.
//
//   embedding_benchmark EMBEDDER EDGE_NETWORK OUTLINE_MODEL PICTURE...
//
// Pictures are decoded and outlined before the clock starts; two rounds, the faster counts. Prints
// milliseconds per fin, on the clock of all cores the program may use (OMP_NUM_THREADS for the
// networks).
#include "finview/base/threads.h"
#include "finview/embedding/edge_embedder.h"
#include "finview/embedding/embedder.h"
#include "finview/outline/edge_signal.h"
#include "finview/outline/fin_edge.h"
#include "finview/outline/fin_masker.h"
#include "finview/pipeline/fin_signer.h"

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

#include <fmt/format.h>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

namespace finview {
namespace {

void time(const char* what, std::size_t num_fins, const std::function<void()>& work) {
  double best_ms = 1e18;
  for (int round = 0; round < 2; ++round) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
    best_ms = std::min(best_ms, took.count());
  }
  fmt::print("{:<40} {:6.2f} ms per fin\n", what, best_ms / static_cast<double>(num_fins));
}

std::vector<ShapedCrop> shaped_fins(int num_paths, char** paths, const FinMasker& masker) {
  std::vector<ShapedCrop> fins(static_cast<std::size_t>(num_paths));
  parallel_for(fins.size(), num_cores(), [&](std::size_t i) {
    Crop crop;
    crop.bgr = cv::imread(paths[i], cv::IMREAD_COLOR);
    if (!crop.bgr.empty()) fins[i] = shape_crop(crop, masker);
  });
  std::erase_if(fins, [](const ShapedCrop& fin) { return !fin.edge; });
  return fins;
}

int run(int argc, char** argv) {
  keep_large_allocations();
  keep_blas_on_one_thread();
  const Embedder embedder(argv[1]);
  const EdgeEmbedder edge_embedder(argv[2]);
  const FinMasker masker(argv[3]);
  const std::vector<ShapedCrop> fins = shaped_fins(argc - 4, argv + 4, masker);
  fmt::print("{} of {} pictures show a fin with a trailing edge\n", fins.size(), argc - 4);
  if (fins.empty()) return 1;
  std::vector<std::vector<float>> profiles;
  for (const ShapedCrop& fin : fins) {
    profiles.push_back(edge_view_profiles(edge_points(*fin.edge), outward_sign(fin.edge->side)));
  }
  time("look: layout and network", fins.size(), [&] { embedder.embed(fins); });
  time("edge: its network, all views", fins.size(), [&] {
    for (const auto& some : profiles) edge_embedder.embed(some);
  });
  const FinSigner signer(embedder, edge_embedder, masker);
  time("look, edge, marks and skin", fins.size(), [&] { signer.sign(fins); });
  return 0;
}

}  // namespace
}  // namespace finview

int main(int argc, char** argv) {
  if (argc < 5) {
    fmt::print(stderr,
               "usage: embedding_benchmark EMBEDDER EDGE_NETWORK OUTLINE_MODEL PICTURE...\n");
    return 2;
  }
  return finview::run(argc, argv);
}
