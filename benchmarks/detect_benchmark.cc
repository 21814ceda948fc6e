// Our Darknet engine against OpenCV's, the same network, weights and input, in turns in one run.
//
//   detect_benchmark [size_px, default 608] [rounds, default 5] [threads, default all cores]
//
// Prints the median seconds of each (on the clock, and of all cores together) and their ratio for
// full YOLOv4 (162 layers, random weights), then our engine's alone for the shipped configuration.
#include "finview/base/files.h"
#include "finview/base/threads.h"
#include "finview/detection/darknet_network_torch.h"
#include "finview/detection/test_networks.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include <opencv2/core/utility.hpp>
#include <opencv2/dnn.hpp>
#include <torch/torch.h>

namespace {

using finview::DarknetNetwork;

double processor_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

struct Times {
  std::vector<double> clock_s;
  std::vector<double> processor_s;

  void add(const std::function<void()>& work) {
    const double processor_start = processor_seconds();
    const auto start = std::chrono::steady_clock::now();
    work();
    clock_s.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    processor_s.push_back(processor_seconds() - processor_start);
  }
};

cv::dnn::Net opencv_net(const std::string& cfg, const DarknetNetwork& network) {
  const auto path = std::filesystem::temp_directory_path() / "finview-detect-benchmark.weights";
  network.save_weights(path, 0);
  const std::vector<std::uint8_t> weights = finview::read_file(path);
  std::filesystem::remove(path);
  cv::dnn::Net net =
      cv::dnn::readNetFromDarknet(std::vector<uchar>(cfg.begin(), cfg.end()), weights);
  net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
  return net;
}

void compare_with_opencv(int size_px, int num_rounds) {
  const std::string cfg = finview::yolov4(size_px);
  DarknetNetwork network(finview::parse_darknet_config(cfg, "yolov4"));
  network.eval();
  cv::dnn::Net net = opencv_net(cfg, network);
  const torch::Tensor input = torch::rand({1, 3, size_px, size_px});
  const std::vector<int> sizes(input.sizes().begin(), input.sizes().end());
  const cv::Mat blob(sizes, CV_32F, input.data_ptr<float>());
  const std::vector<std::string> heads = net.getUnconnectedOutLayersNames();
  Times ours;
  Times theirs;
  for (int round = 0; round <= num_rounds; ++round) {
    if (round == 1) ours = theirs = {};  // the first round prepared the weights
    ours.add([&] { network.forward(input); });
    theirs.add([&] {
      std::vector<cv::Mat> outputs;
      net.setInput(blob);
      net.forward(outputs, heads);
    });
  }
  const auto print = [&](const char* what, double our_s, double their_s) {
    std::printf("YOLOv4 %d x %d, %s: finview %.3f s, OpenCV %.3f s, OpenCV / finview %.2f\n",
                size_px,
                size_px,
                what,
                our_s,
                their_s,
                their_s / our_s);
  };
  print("clock", median(ours.clock_s), median(theirs.clock_s));
  print("processor", median(ours.processor_s), median(theirs.processor_s));
}

void time_shipped(int num_rounds) {
  const std::filesystem::path path =
      std::filesystem::path(FINVIEW_SOURCE_DIR) / "models/fin-detector.cfg";
  DarknetNetwork network(
      finview::parse_darknet_config(finview::read_text_file(path), path.string()));
  network.eval();
  for (const int height_px : {640, 448}) {
    const torch::Tensor input = torch::rand({1, 3, height_px, 640});
    Times ours;
    for (int round = 0; round <= 4 * num_rounds; ++round) {
      ours.add([&] { network.forward(input); });
    }
    std::printf("fin-detector.cfg 640 x %d: clock %.3f s, processor %.3f s\n",
                height_px,
                median(ours.clock_s),
                median(ours.processor_s));
  }
}

}  // namespace

int main(int argc, char** argv) {
  finview::keep_large_allocations();
  const int size_px = argc > 1 ? std::atoi(argv[1]) : 608;
  const int num_rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  if (size_px < 32 || size_px % 32 != 0 || num_rounds < 1) {
    std::fprintf(stderr,
                 "usage: detect_benchmark [size_px, a multiple of 32] [rounds] [threads]\n");
    return 2;
  }
  const int num_threads = argc > 3 ? std::atoi(argv[3]) : finview::num_cores();
  at::set_num_threads(num_threads);
  cv::setNumThreads(num_threads);
  const torch::NoGradGuard no_grad;
  compare_with_opencv(size_px, num_rounds);
  time_shipped(num_rounds);
}
