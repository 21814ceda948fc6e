// Our Darknet engine against OpenCV's, the same network, weights and input, in turns in one run.
//
//   detect_benchmark [size_px, default 608] [rounds, default 5] [threads, default all] [PHOTOS]
//
// Prints the median seconds of each (on the clock, and of all cores together) and their ratio for
// full YOLOv4 (162 layers, random weights); our engine's alone for the shipped configuration, one
// photo and four at once; and, for a folder PHOTOS, the shipped detector's time per photo from the
// file's bytes to boxes, without tiles, as `auto` decides and with 3 x 2 tiles always, against the
// network alone of full YOLOv4 through OpenCV. For photos of 24 megapixels:
//
//   finview synth --size 6000x4000 --photos 12 --individuals 4 --catalogue-photos 2 --out big
//   detect_benchmark 608 5 2 big
#include "finview/base/files.h"
#include "finview/base/threads.h"
#include "finview/detection/darknet_network_torch.h"
#include "finview/detection/detector.h"
#include "finview/detection/test_networks.h"
#include "finview/photo/decode.h"
#include "finview/photo/walk.h"
#include "finview/pipeline/models.h"
#include "finview/pipeline/search_photo.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <functional>
#include <string>
#include <variant>
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

/// Returns OpenCV's median time.
double compare_with_opencv(int size_px, int num_rounds) {
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
  return median(theirs.clock_s);
}

void time_shipped(int num_rounds) {
  const std::filesystem::path path =
      std::filesystem::path(FINVIEW_SOURCE_DIR) / "models/fin-detector.cfg";
  DarknetNetwork network(
      finview::parse_darknet_config(finview::read_text_file(path), path.string()));
  network.eval();
  for (const int num_photos : {1, 4}) {
    const torch::Tensor input = torch::rand({num_photos, 3, 448, 640});
    Times ours;
    for (int round = 0; round <= 4 * num_rounds; ++round) {
      ours.add([&] { network.forward(input); });
    }
    std::printf(
        "fin-detector.cfg 640 x 448, %d at once, per photo: clock %.3f s, processor %.3f s\n",
        num_photos,
        median(ours.clock_s) / num_photos,
        median(ours.processor_s) / num_photos);
  }
}

std::vector<finview::PhotoFile> read_photos(const std::string& folder) {
  finview::WalkOptions walk;
  walk.recursive = true;
  finview::PhotoStream stream({folder}, walk);
  std::vector<finview::PhotoFile> photos;
  while (auto item = stream.next()) {
    if (auto* file = std::get_if<finview::PhotoFile>(&*item)) photos.push_back(std::move(*file));
  }
  return photos;
}

void time_photos(const std::string& folder, int num_rounds, double yolov4_s) {
  const std::vector<finview::PhotoFile> photos = read_photos(folder);
  if (photos.empty()) {
    std::printf("%s: no photo\n", folder.c_str());
    return;
  }
  for (const char* tiles : {"off", "auto", "3x2"}) {
    finview::DetectorOptions options;
    options.tiles = tiles;
    const finview::Detector detector(finview::detector_files(finview::with_shipped_models({})),
                                     options);
    Times ours;
    std::size_t num_boxes = 0;
    double megapixels = 0;
    for (int round = 0; round <= num_rounds; ++round) {
      if (round == 1) ours = {};  // the first round warmed up
      num_boxes = 0;
      for (const finview::PhotoFile& photo : photos) {
        ours.add([&] {
          const finview::PhotoInfo info = finview::read_photo_info(photo);
          megapixels = 1e-6 * info.width_px * info.height_px;
          num_boxes += finview::search_photo(detector, photo, info).boxes.size();
        });
      }
    }
    std::printf(
        "%zu photos of %.0f megapixels, tiles %s, decode included: clock %.3f s, processor "
        "%.3f s, %zu boxes; YOLOv4 by OpenCV / finview %.1f\n",
        photos.size(),
        megapixels,
        tiles,
        median(ours.clock_s),
        median(ours.processor_s),
        num_boxes,
        yolov4_s / median(ours.clock_s));
  }
}

}  // namespace

int main(int argc, char** argv) {
  finview::keep_large_allocations();
  finview::keep_blas_on_one_thread();
  const int size_px = argc > 1 ? std::atoi(argv[1]) : 608;
  const int num_rounds = argc > 2 ? std::atoi(argv[2]) : 5;
  if (size_px < 32 || size_px % 32 != 0 || num_rounds < 1) {
    std::fprintf(
        stderr,
        "usage: detect_benchmark [size_px, a multiple of 32] [rounds] [threads] [photos]\n");
    return 2;
  }
  const int num_threads = argc > 3 ? std::atoi(argv[3]) : finview::num_cores();
  at::set_num_threads(num_threads);
  cv::setNumThreads(num_threads);
  const torch::NoGradGuard no_grad;
  const double yolov4_s = compare_with_opencv(size_px, num_rounds);
  time_shipped(num_rounds);
  if (argc > 4) time_photos(argv[4], num_rounds, yolov4_s);
}
