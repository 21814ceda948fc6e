#include "finview/pipeline/fin_features.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/npy.h"
#include "finview/crop/resize_and_pad.h"
#include "finview/outline/find_outline.h"
#include "finview/photo/walk.h"
#include "finview/pipeline/models.h"
#include "finview/pipeline/outline_batch.h"
#include "finview/pipeline/photo_batch.h"
#include "finview/pipeline/photo_result.h"

#include <utility>

#include <fmt/format.h>
#include <opencv2/core.hpp>

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

FinOutline outline_in_square(const cv::Mat& square_bgra, const FinOutline& whole) {
  if (whole.mask_source == MaskSource::kNone) {
    FinOutline none = whole;
    none.mask = cv::Mat::zeros(square_bgra.size(), CV_8UC1);
    return none;
  }
  cv::Mat alpha;
  cv::extractChannel(square_bgra, alpha, 3);
  return outline_of_mask(alpha >= 128, whole.mask_source, whole.mask_confidence);
}

/// The outcome of one picture and its line of the table.
FeatureOutcome write_one(const PictureOutline& outlined,
                         const FeatureFilesOptions& options,
                         std::string& line) {
  FeatureOutcome outcome;
  outcome.photo = outlined.found.photo;
  std::string descriptor;
  if (!outlined.found.failure.empty()) {
    outcome.seed_status = static_cast<int>(SeedStatus::kResizeError);
    outcome.outcome = outlined.found.failure;
  } else {
    descriptor = descriptor_text(write_feature_files(outlined, options.out, options.features));
    const FinOutline& outline = outlined.found.outline;
    const SeedStatus status = seed_status(outlined.crop.bgr.size(),
                                          !outlined.crop.alpha.empty(),
                                          outlined.bits_per_channel,
                                          static_cast<int>(options.features.size_px));
    outcome.seed_status = static_cast<int>(status);
    outcome.mask_source = to_string(outline.mask_source);
    outcome.mask_confidence = outline.mask_confidence;
    outcome.outcome = outcome_line(outline, status);
    outcome.written = true;
  }
  line = csv_line({outcome.photo,
                   fmt::to_string(outcome.seed_status),
                   outcome.mask_source,
                   fmt::format("{:.3f}", outcome.mask_confidence),
                   outcome.outcome,
                   descriptor});
  return outcome;
}

}  // namespace

std::vector<std::complex<double>> write_feature_files(const PictureOutline& outlined,
                                                      const fs::path& folder,
                                                      const FeatureOptions& options) {
  // The mask was found on the whole picture, where the fin has most pixels.
  const FinOutline& whole = outlined.found.outline;
  const cv::Mat square = resize_and_pad(
      masked_picture(outlined.crop, whole), static_cast<int>(options.size_px), kFeaturePadding);
  const FinFeatures features = extract_features(square, outline_in_square(square, whole), options);
  const std::string stem = output_stem(outlined.found.photo);
  const std::pair<const char*, const cv::Mat*> pictures[] = {{"cleaned", &features.cleaned},
                                                             {"enhanced", &features.enhanced},
                                                             {"mask", &features.mask},
                                                             {"outline", &features.outline},
                                                             {"fourier", &features.fourier}};
  for (const auto& [name, picture] : pictures) {
    write_picture(folder / fmt::format("{}_{}.png", stem, name), *picture);
  }
  write_file(folder / (stem + "_descriptor.npy"), npy_bytes(features.descriptor));
  return features.descriptor;
}

std::vector<FeatureOutcome> write_features(const std::vector<std::string>& paths,
                                           const FeatureFilesOptions& options,
                                           Progress& progress,
                                           const CancelToken& cancel) {
  check_options(options);
  BatchOptions places;
  places.recursive = options.recursive;
  places.crops = options.out;
  check_batch(paths, places);
  ModelOptions models;
  models.outline = options.model;
  const FinMasker masker(with_shipped_models(models).outline);
  PhotoStream photos({paths.begin(), paths.end()},
                     {.recursive = options.recursive, .archives = {}});
  std::vector<FeatureOutcome> outcomes;
  std::string table = "photo,seed_status,mask_source,mask_confidence,outcome,descriptor\n";
  const std::int64_t total = photos.num_archives() > 0 ? 0 : photos.num_files();
  while (!cancel.cancelled()) {
    const std::vector<PictureOutline> batch = next_outlines(photos, masker, options.edits);
    if (batch.empty()) break;
    for (const PictureOutline& outlined : batch) {
      std::string line;
      outcomes.push_back(write_one(outlined, options, line));
      table += line;
    }
    progress.update("Pictures", static_cast<std::int64_t>(outcomes.size()), total);
  }
  progress.finish();
  write_file(fs::path(options.out) / "features.csv", table);
  return outcomes;
}

}  // namespace finview
