// Times what room outline makes of pictures; compare.py runs it beside Python with OpenCV.
//
//   outline_benchmark seed SIZE ROUNDS PICTURE...       the first FinView's five pictures and
//   descriptor outline_benchmark route MODEL THREADS PICTURE...    mask by the networks, contour,
//   edge, notches
//
// Pictures are decoded before the clock starts. Prints milliseconds per picture: on the clock, and
// of all cores; the fastest of the rounds for "seed". Then, for "seed", the number of mask pixels
// of all pictures, so that the peer can be seen to do the same.
#include "finview/base/threads.h"
#include "finview/crop/resize_and_pad.h"
#include "finview/outline/features.h"
#include "finview/outline/fin_edge.h"
#include "finview/outline/fin_masker.h"
#include "finview/outline/find_outline.h"
#include "finview/outline/find_parts.h"
#include "finview/outline/seed_features.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

namespace {

struct Milliseconds {
  double clock = 0;
  double cores = 0;
};

double core_ms() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return 1e3 * static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_nsec);
}

template <class Work>
Milliseconds timed(const Work& work) {
  const double cores = core_ms();
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double, std::milli> clock = std::chrono::steady_clock::now() - start;
  return {clock.count(), core_ms() - cores};
}

std::vector<cv::Mat> read(char** paths, int count, int flags) {
  std::vector<cv::Mat> pictures;
  for (int i = 0; i < count; ++i) {
    pictures.push_back(cv::imread(paths[i], flags));
    if (pictures.back().empty()) {
      std::fprintf(stderr, "outline_benchmark: %s cannot be read.\n", paths[i]);
      std::exit(2);
    }
  }
  return pictures;
}

void print(const Milliseconds& total, std::size_t num_pictures) {
  const auto count = static_cast<double>(num_pictures);
  std::printf(
      "%.3f ms per picture, %.3f ms of all cores\n", total.clock / count, total.cores / count);
}

int run_seed(int size_px, int num_rounds, const std::vector<cv::Mat>& pictures) {
  Milliseconds best{1e18, 1e18};
  int num_mask_px = 0;
  for (int round = 0; round < num_rounds; ++round) {
    num_mask_px = 0;
    const Milliseconds took = timed([&] {
      for (const cv::Mat& picture : pictures) {
        const finview::SeedFeatures features = finview::seed_features(
            finview::resize_and_pad(picture, size_px, finview::kFeaturePadding));
        num_mask_px += cv::countNonZero(features.mask);
      }
    });
    best.clock = std::min(best.clock, took.clock);
    best.cores = std::min(best.cores, took.cores);
  }
  print(best, pictures.size());
  std::printf("%d mask pixels\n", num_mask_px);
  return 0;
}

int run_route(const char* model, int num_threads, const std::vector<cv::Mat>& pictures) {
  const finview::FinMasker masker(model);
  const auto route = [&](std::size_t i) {
    finview::Crop crop;
    crop.bgr = pictures[i];
    const finview::FinOutline outline = finview::find_outline(crop, masker);
    finview::find_parts(outline);
    finview::find_edge(outline);
  };
  finview::parallel_for(std::min<std::size_t>(4, pictures.size()), num_threads, route);  // warm up
  print(timed([&] { finview::parallel_for(pictures.size(), num_threads, route); }),
        pictures.size());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  finview::keep_large_allocations();  // as the program itself
  finview::keep_blas_on_one_thread();
  cv::setNumThreads(1);
  const std::string task = argc > 4 ? argv[1] : "";
  if (task == "seed") {
    return run_seed(
        std::atoi(argv[2]), std::atoi(argv[3]), read(argv + 4, argc - 4, cv::IMREAD_UNCHANGED));
  }
  if (task == "route") {
    return run_route(argv[2], std::atoi(argv[3]), read(argv + 4, argc - 4, cv::IMREAD_COLOR));
  }
  std::fprintf(stderr,
               "usage: outline_benchmark seed SIZE ROUNDS PICTURE...\n"
               "       outline_benchmark route MODEL THREADS PICTURE...\n");
  return 2;
}
