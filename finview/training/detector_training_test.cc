#include "finview/training/detector_training.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/detection/darknet_network_torch.h"
#include "finview/training/detection_pack.h"

#include <gtest/gtest.h>
#include <opencv2/dnn.hpp>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr const char* kConfig = R"(
[net]
width=64
height=64
channels=3
[convolutional]
batch_normalize=1
filters=8
size=3
stride=2
pad=1
activation=leaky
[convolutional]
batch_normalize=1
filters=16
size=3
stride=2
pad=1
activation=leaky
[convolutional]
filters=6
size=1
stride=1
pad=1
activation=linear
[yolo]
mask=0
anchors=16,16
classes=1
num=1
)";

class DetectorTraining : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / "detector_training";
    std::filesystem::remove_all(folder_);
    DetectionPack pack;
    DetectionSample sample;
    sample.name = "one";
    sample.width_px = 48;
    sample.height_px = 48;
    sample.rgb.assign(3 * 48 * 48, 40);
    Detection box;
    box.left_px = box.top_px = 16;
    box.right_px = box.bottom_px = 32;
    sample.boxes = {box};
    pack.samples = {sample};
    pack.write(folder_ / "one.pack");
    write_file(folder_ / "tiny.cfg", std::string_view(kConfig));
    options_.num_steps = 6;
    options_.batch_size = 2;
    options_.width_px = options_.height_px = 64;
    options_.warmup_steps = 2;
    options_.evaluate_every = 3;
    options_.checkpoint_every = 3;
    options_.accumulate = 2;
  }

  DetectorTrainingJob job(const char* name) const {
    DetectorTrainingJob result;
    result.config = folder_ / "tiny.cfg";
    result.train_pack = folder_ / "one.pack";
    result.held_out_pack = folder_ / "one.pack";
    result.output_folder = folder_ / name;
    return result;
  }

  std::filesystem::path folder_;
  DetectorTrainingOptions options_;
};

/// Cancels once a number of steps is done.
class StopAfter : public NoProgress {
 public:
  StopAfter(std::int64_t num_steps, CancelToken& cancel) : num_steps_(num_steps), cancel_(cancel) {}
  void update(const std::string&, std::int64_t done, std::int64_t) override {
    if (done >= num_steps_) cancel_.cancel();
  }

 private:
  std::int64_t num_steps_;
  CancelToken& cancel_;
};

TEST_F(DetectorTraining, ResumedRunEqualsAnUninterruptedOne) {
  NoProgress silent;
  const CancelToken never;
  const auto whole = train_detector(job("whole"), options_, {}, silent, never);
  EXPECT_EQ(whole.num_steps, 6);

  CancelToken cancel;
  StopAfter stop(4, cancel);
  const auto half = train_detector(job("parts"), options_, {}, stop, cancel);
  EXPECT_EQ(half.num_steps, 4);
  train_detector(job("parts"), options_, {}, silent, never);
  EXPECT_EQ(read_file(folder_ / "whole" / "last.weights"),
            read_file(folder_ / "parts" / "last.weights"));
  EXPECT_EQ(read_text_file(folder_ / "whole" / "log.csv").substr(0, 40),
            read_text_file(folder_ / "parts" / "log.csv").substr(0, 40));
}

TEST_F(DetectorTraining, RefusesACheckpointOfOtherOptions) {
  NoProgress silent;
  const CancelToken never;
  train_detector(job("run"), options_, {}, silent, never);
  options_.learning_rate = 0.002;
  EXPECT_THROW(train_detector(job("run"), options_, {}, silent, never), Error);
}

TEST_F(DetectorTraining, StopsAtALossThatIsNoNumber) {
  DarknetNetwork network(parse_darknet_config(kConfig, "tiny.cfg"));
  {
    const torch::NoGradGuard no_grad;
    for (auto& parameter : network.parameters()) parameter.fill_(1e30F);
  }
  network.save_weights(folder_ / "wild.weights", 0);
  DetectorTrainingJob wild = job("wild");
  wild.initial_weights = folder_ / "wild.weights";
  NoProgress silent;
  const CancelToken never;
  try {
    train_detector(wild, options_, {}, silent, never);
    FAIL() << "trained with a loss that is not finite";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadInput);
    EXPECT_NE(std::string(error.what()).find("step 0"), std::string::npos) << error.what();
  }
}

TEST_F(DetectorTraining, RateFallsByStepsAsDarknetHasThem) {
  options_.policy = "steps";
  options_.rate_steps = "3,5";
  options_.learning_rate = 0.01;
  options_.warmup_steps = 0;
  options_.evaluate_every = 1;
  NoProgress silent;
  train_detector(job("steps"), options_, {}, silent, {});
  const CsvTable log = read_csv(folder_ / "steps" / "log.csv");
  std::vector<double> rates;  // of the step to come
  for (const auto& row : log.rows) rates.push_back(std::stod(row[log.column("learning_rate")]));
  const std::vector<double> expected{0.01, 0.01, 0.001, 0.001, 0.0001, 0.0001};
  ASSERT_EQ(rates.size(), expected.size());
  for (std::size_t i = 0; i < rates.size(); ++i) EXPECT_NEAR(rates[i], expected[i], 1e-9) << i;
  for (const char* bad : {"", "5,3", "x", "3,,5", "0"}) {
    options_.rate_steps = bad;
    EXPECT_THROW(train_detector(job("bad"), options_, {}, silent, {}), Error) << bad;
  }
}

TEST_F(DetectorTraining, StopsWhenHeldOutPhotosGetNoBetter) {
  options_.num_steps = 50;
  options_.evaluate_every = 1;
  options_.patience = 3;
  options_.learning_rate = 1e-7;  // nothing changes
  NoProgress silent;
  const auto result = train_detector(job("patient"), options_, {}, silent, {});
  EXPECT_EQ(result.num_steps, 4);  // the first is the best, three are no better
  EXPECT_TRUE(std::filesystem::exists(folder_ / "patient" / "best.weights"));
}

TEST_F(DetectorTraining, DrawsItsCurves) {
  NoProgress silent;
  train_detector(job("curves"), options_, {}, silent, {});
  const std::string page = read_text_file(folder_ / "curves" / "curves.html");
  EXPECT_NE(page.find("Held-out photos"), std::string::npos);
  EXPECT_NE(page.find("<polyline"), std::string::npos);
  EXPECT_EQ(page.find("http"), std::string::npos);
}

// What is trained here must run elsewhere: OpenCV reads the same two files and finds the same.
TEST_F(DetectorTraining, OpenCvReadsWhatItWrites) {
  NoProgress silent;
  const auto result = train_detector(job("opencv"), options_, {}, silent, {});
  cv::dnn::Net net =
      cv::dnn::readNetFromDarknet((folder_ / "tiny.cfg").string(), result.best_weights.string());
  net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
  const torch::Tensor input = torch::rand({1, 3, 64, 64});
  const std::vector<int> sizes{1, 3, 64, 64};
  net.setInput(cv::Mat(sizes, CV_32F, input.data_ptr<float>()));
  const cv::Mat theirs = net.forward();  // rows of x, y, width, height, objectness, class
  DarknetNetwork network(parse_darknet_config(kConfig, "tiny.cfg"));
  network.load_weights(result.best_weights);
  network.eval();
  const torch::NoGradGuard no_grad;
  const torch::Tensor ours = decode_yolo(network.forward(input)[0], network.heads()[0], 64, 64)[0];
  ASSERT_EQ(theirs.rows, ours.size(0));
  for (int i = 0; i < theirs.rows; ++i) {
    for (int k = 0; k < 5; ++k) {
      ASSERT_NEAR(theirs.at<float>(i, k), ours[i][k].item<float>(), 1e-4) << i << " " << k;
    }
  }
}

}  // namespace
}  // namespace finview
