#include "finview/pipeline/train_outline.h"

#include "finview/base/threads.h"
#include "finview/outline/fin_masker.h"
#include "finview/pipeline/mask_confidence.h"
#include "finview/pipeline/outline_pictures.h"
#include "finview/pipeline/outline_views.h"
#include "finview/training/random_draw.h"

#include <algorithm>
#include <future>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

using internal::OutlinePicture;
using internal::OutlineView;

constexpr std::int64_t kStepsBetweenSaves = 200;
constexpr double kPatchOnBorder = 0.9;
constexpr double kRight = 0.9;      ///< overlap of a mask that counts as right
constexpr double kFirstSlope = 20;  ///< until the confidence is calibrated
constexpr double kFirstOffset = -17;
constexpr std::int64_t kCalibrationSeeds = 1000;  ///< away from the seeds trained on

void append(const cv::Mat& part, std::vector<std::uint8_t>& bytes) {
  const cv::Mat whole = part.isContinuous() ? part : part.clone();
  bytes.insert(bytes.end(), whole.datastart, whole.dataend);
}

cv::Mat shrunk(const cv::Mat& picture, int side_px) {
  cv::Mat small;
  cv::resize(picture, small, {side_px, side_px}, 0, 0, cv::INTER_AREA);
  return small;
}

/// Makes batches: rendered and real fins in turn, by `real_share`.
class BatchMaker {
 public:
  BatchMaker(const TrainOutlineOptions& options,
             std::vector<OutlinePicture> rendered,
             std::vector<OutlinePicture> real)
      : options_(options),
        rendered_(std::move(rendered)),
        real_(std::move(real)),
        random_(static_cast<std::uint64_t>(options.trainer.seed)) {}

  MaskBatch make() {
    MaskBatch batch;
    batch.num_views = options_.trainer.batch_size;
    for (std::int64_t i = 0; i < batch.num_views; ++i) {
      const bool is_real =
          rendered_.empty() || (!real_.empty() && random_.chance(options_.real_share));
      const std::vector<OutlinePicture>& pictures = is_real ? real_ : rendered_;
      const OutlineView view = internal::random_outline_view(pictures,
                                                             random_.index(pictures.size()),
                                                             static_cast<int>(options_.fine_px),
                                                             random_.bits());
      add_coarse(view, batch);
      add_patch(view, batch);
    }
    return batch;
  }

 private:
  void add_coarse(const OutlineView& view, MaskBatch& batch) const {
    const int coarse_px = static_cast<int>(options_.coarse_px);
    append(shrunk(view.bgr, coarse_px), batch.coarse_bgr);
    // Of the others of a real picture only those are known that were put there.
    const cv::Mat others_known =
        view.others_known ? view.known : cv::Mat(view.known & (view.others | view.fin));
    for (const cv::Mat& part : {view.fin, view.others, view.known, others_known}) {
      append(shrunk(part, coarse_px / 2), batch.coarse_truth);
    }
  }

  /// A piece with the border through its middle, if there is one that is known.
  void add_patch(const OutlineView& view, MaskBatch& batch) {
    constexpr int kSide = MaskTrainer::kPatchPx;
    const int room = static_cast<int>(options_.fine_px) - kSide;
    cv::Point middle(static_cast<int>(random_.index(options_.fine_px)),
                     static_cast<int>(random_.index(options_.fine_px)));
    if (random_.chance(kPatchOnBorder)) {
      cv::Mat wide;
      cv::dilate(view.fin, wide, cv::Mat());
      std::vector<cv::Point> border;
      cv::findNonZero((wide - view.fin > 127) & (view.known == 255), border);
      if (!border.empty()) middle = border[random_.index(border.size())];
    }
    const int left = std::clamp(middle.x - static_cast<int>(random_.index(kSide)), 0, room);
    const int top = std::clamp(middle.y - static_cast<int>(random_.index(kSide)), 0, room);
    const cv::Rect area(left, top, kSide, kSide);
    append(view.bgr(area), batch.fine_bgr);
    append(view.fin(area), batch.fine_truth);
    append(view.known(area), batch.fine_truth);
    batch.patch_corners.push_back(static_cast<float>(left) / static_cast<float>(options_.fine_px));
    batch.patch_corners.push_back(static_cast<float>(top) / static_cast<float>(options_.fine_px));
  }

  const TrainOutlineOptions& options_;
  std::vector<OutlinePicture> rendered_;
  std::vector<OutlinePicture> real_;
  RandomDraw random_;
};

std::string contract(const TrainOutlineOptions& options, const internal::LogisticCurve& curve) {
  return nlohmann::json{{"coarse_px", options.coarse_px},
                        {"fine_px", options.fine_px},
                        {"confidence_slope", curve.slope},
                        {"confidence_offset", curve.offset}}
      .dump();
}

/// What the promised overlap of the written model's masks is worth, on fins it has not seen.
internal::LogisticCurve calibrate(const TrainOutlineOptions& options, Progress& progress) {
  const FinMasker masker(options.out);
  const std::vector<OutlinePicture> fins = internal::render_outline_pictures(
      options.num_calibration,
      static_cast<std::uint64_t>(options.trainer.seed + kCalibrationSeeds) * 1'000'000,
      progress);
  std::vector<double> promised(fins.size());
  std::vector<int> is_right(fins.size());
  parallel_for(fins.size(), num_cores(), [&](std::size_t i) {
    const OutlinePicture crop = internal::fin_crop_of(fins[i]);
    const FoundMask found = masker.find(crop.bgr);
    promised[i] = found.expected_overlap;
    is_right[i] = internal::mask_overlap(found.mask, crop.fin, crop.known) >= kRight ? 1 : 0;
  });
  return internal::fit_logistic(promised, is_right);
}

/// Steps of learning; saves between them.
void teach(const TrainOutlineOptions& options,
           const std::string& contract_json,
           MaskTrainer& trainer,
           Progress& progress,
           const CancelToken& cancel) {
  std::vector<OutlinePicture> real;
  if (!options.outlines.empty()) {
    real = internal::read_outline_pictures(options.outlines, options.data, "train", progress);
  }
  BatchMaker maker(options,
                   internal::render_outline_pictures(
                       options.num_rendered,
                       static_cast<std::uint64_t>(options.trainer.seed) * 1'000'000,
                       progress),
                   std::move(real));
  // The next batch is made while the networks learn from this one.
  std::future<MaskBatch> next = std::async(std::launch::async, [&] { return maker.make(); });
  MaskStep mean;
  for (std::int64_t i = 0; i < options.trainer.num_steps && !cancel.cancelled(); ++i) {
    const MaskBatch batch = next.get();
    next = std::async(std::launch::async, [&] { return maker.make(); });
    const MaskStep step = trainer.step(batch);
    const double keep = i == 0 ? 0 : 0.98;
    mean.coarse_loss = keep * mean.coarse_loss + (1 - keep) * step.coarse_loss;
    mean.fine_loss = keep * mean.fine_loss + (1 - keep) * step.fine_loss;
    progress.update("Training", i + 1, options.trainer.num_steps);
    if ((i + 1) % kStepsBetweenSaves == 0) {
      trainer.write(options.out, contract_json);
      progress.note(fmt::format(
          "Step {}: loss {:.4f} coarse, {:.4f} fine", i + 1, mean.coarse_loss, mean.fine_loss));
    }
  }
  progress.finish();
}

}  // namespace

void TrainOutlineOptions::visit(OptionVisitor& visitor) {
  visitor.field("outlines", outlines, "Table of real fins' outlines; empty: rendered fins alone");
  visitor.field("data", data, "Folder that holds the table's pictures");
  visitor.field("start",
                start,
                "To start from: MobileNetV2 as torch.save writes it, or an outline model (.fvm)");
  visitor.field("out", out, "Model file to write (.fvm)");
  visitor.field("rendered", num_rendered, "Rendered pictures", 0, 1'000'000);
  visitor.field("calibration",
                num_calibration,
                "Other rendered fins for calibrating the confidence; 0: it stays a guess",
                0,
                1'000'000);
  visitor.field("real-share", real_share, "Share of views that show real fins", 0.0, 1.0);
  visitor.field("coarse-px", coarse_px, "Input of the first network, in steps of 16", 64, 1024);
  visitor.field("fine-px", fine_px, "Input of the second network, in steps of 4", 256, 2048);
  trainer.visit(visitor);
}

bool train_outline(const TrainOutlineOptions& options,
                   Progress& progress,
                   const CancelToken& cancel) {
  check_options(options);
  std::string contract_json = contract(options, {kFirstSlope, kFirstOffset});
  MaskTrainer trainer(options.start, contract_json, options.trainer);
  if (options.trainer.num_steps > 0) teach(options, contract_json, trainer, progress, cancel);
  trainer.write(options.out, contract_json);
  if (options.num_calibration > 0 && !cancel.cancelled()) {
    contract_json = contract(options, calibrate(options, progress));
    trainer.write(options.out, contract_json);
  }
  return !cancel.cancelled();
}

}  // namespace finview
