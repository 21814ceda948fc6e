#include "finview/pipeline/fin_features.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/npy.h"
#include "finview/crop/cut.h"
#include "finview/crop/resize_and_pad.h"
#include "finview/outline/find_outline.h"
#include "finview/photo/decode.h"
#include "finview/photo/walk.h"
#include "finview/pipeline/photo_batch.h"
#include "finview/pipeline/photo_result.h"

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>

namespace finview {
namespace {

namespace fs = std::filesystem;

std::string descriptor_text(const std::vector<std::complex<double>>& descriptor) {
  std::string text;
  for (const std::complex<double>& value : descriptor) {
    text += fmt::format("{}{}{:+}i", text.empty() ? "" : " ", value.real(), value.imag());
  }
  return text;
}

class FeatureWriter {
 public:
  FeatureWriter(const fs::path& out, const FeatureOptions& features, const AutoMaskOptions& mask)
      : out_(out), features_(features), mask_(mask) {}

  void take(const PhotoItem& item) {
    FeatureOutcome outcome;
    std::string descriptor;
    if (const auto* failure = std::get_if<PhotoFailure>(&item)) {
      outcome.photo = failure->name;
      fail(outcome, failure->reason);
    } else {
      const auto& file = std::get<PhotoFile>(item);
      outcome.photo = file.name;
      try {
        descriptor = descriptor_text(work_on(file, outcome));
      } catch (const Error& error) {
        if (error.kind() == ErrorKind::kUnavailable) throw;
        fail(outcome, error.what());
      }
    }
    table_ += csv_line({outcome.photo,
                        fmt::to_string(outcome.seed_status),
                        outcome.mask_source,
                        fmt::format("{:.3f}", outcome.mask_confidence),
                        outcome.outcome,
                        descriptor});
    outcomes.push_back(std::move(outcome));
  }

  void write_table() const { write_file(out_ / "features.csv", table_); }

  std::vector<FeatureOutcome> outcomes;

 private:
  static void fail(FeatureOutcome& outcome, const std::string& reason) {
    outcome.seed_status = static_cast<int>(SeedStatus::kResizeError);
    outcome.outcome = reason;
  }

  std::vector<std::complex<double>> work_on(const PhotoFile& file, FeatureOutcome& outcome) {
    const PhotoInfo info = read_photo_info(file);
    const Crop crop = whole_picture_crop(decode_photo(file, info));
    const int size_px = static_cast<int>(features_.size_px);
    // The mask is found on the whole picture, where the fin has most pixels.
    const FinOutline whole = find_outline(crop, mask_);
    cv::Mat square = resize_and_pad(masked_picture(crop, whole), size_px, kFeaturePadding);
    const FinOutline outline = outline_in_square(square, whole);
    const FinFeatures features = extract_features(square, outline, features_);
    const SeedStatus status =
        seed_status(crop.bgr.size(), !crop.alpha.empty(), info.bits_per_channel, size_px);
    outcome.seed_status = static_cast<int>(status);
    outcome.mask_source = to_string(outline.mask_source);
    outcome.mask_confidence = outline.mask_confidence;
    outcome.outcome = outcome_line(outline, status);
    write(output_stem(file.name), features);
    outcome.written = true;
    return features.descriptor;
  }

  static FinOutline outline_in_square(const cv::Mat& square_bgra, const FinOutline& whole) {
    cv::Mat alpha;
    cv::extractChannel(square_bgra, alpha, 3);
    if (whole.mask_source == MaskSource::kNone) {
      FinOutline none = whole;
      none.mask = cv::Mat::zeros(square_bgra.size(), CV_8UC1);
      return none;
    }
    return outline_of_mask(alpha >= 128, whole.mask_source, whole.mask_confidence);
  }

  void write(const std::string& stem, const FinFeatures& features) const {
    const std::pair<const char*, const cv::Mat*> pictures[] = {{"cleaned", &features.cleaned},
                                                               {"enhanced", &features.enhanced},
                                                               {"mask", &features.mask},
                                                               {"outline", &features.outline},
                                                               {"fourier", &features.fourier}};
    for (const auto& [name, picture] : pictures) {
      std::vector<std::uint8_t> bytes;
      cv::imencode(".png", *picture, bytes);
      write_file(out_ / fmt::format("{}_{}.png", stem, name), bytes);
    }
    write_file(out_ / (stem + "_descriptor.npy"), npy_bytes(features.descriptor));
  }

  fs::path out_;
  FeatureOptions features_;
  AutoMaskOptions mask_;
  std::string table_ = "photo,seed_status,mask_source,mask_confidence,outcome,descriptor\n";
};

}  // namespace

std::vector<FeatureOutcome> write_features(const std::vector<std::string>& paths,
                                           bool recursive,
                                           const fs::path& out,
                                           const FeatureOptions& features,
                                           const AutoMaskOptions& mask,
                                           Progress& progress,
                                           const CancelToken& cancel) {
  check_options(features);
  BatchOptions places;
  places.recursive = recursive;
  places.crops = out;
  check_batch(paths, places);
  PhotoStream photos({paths.begin(), paths.end()}, {.recursive = recursive, .archives = {}});
  FeatureWriter writer(out, features, mask);
  const std::int64_t total = photos.num_archives() > 0 ? 0 : photos.num_files();
  while (!cancel.cancelled()) {
    const std::optional<PhotoItem> item = photos.next();
    if (!item) break;
    writer.take(*item);
    progress.update("Pictures", static_cast<std::int64_t>(writer.outcomes.size()), total);
  }
  progress.finish();
  writer.write_table();
  return std::move(writer.outcomes);
}

}  // namespace finview
