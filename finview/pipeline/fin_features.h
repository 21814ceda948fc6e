#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/outline/features.h"
#include "finview/pipeline/picture_outline.h"

#include <complex>
#include <filesystem>
#include <string>
#include <vector>

namespace finview {

struct FeatureFilesOptions {
  std::string out;
  bool recursive = false;
  std::string edits;
  std::string model;
  FeatureOptions features;

  void visit(OptionVisitor& visitor) {
    visitor.field("out", out, "Folder for the results");
    visitor.field("recursive", recursive, "Look into folders inside folders");
    visitor.field(
        "edits",
        edits,
        "Folder of corrections (`finview outline edit`), one file per picture: 1.jpg.json");
    visitor.field("outline-model", model, "Outline model (.fvm); empty: the one FinView ships");
    features.visit(visitor);
  }
};

/// What `write_features` did with one file.
struct FeatureOutcome {
  std::string photo;
  int seed_status = 0;      ///< 0 done, 1 no alpha, 2 other error, 3 resize error: as the seed's
  std::string mask_source;  ///< as `to_string(MaskSource)`; empty on failure
  double mask_confidence = 0;
  std::string outcome;  ///< a sentence: how the mask was found, or why the file failed
  bool written = false;
};

/// Writes `<stem>_{cleaned,enhanced,mask,outline,fourier}.png` and `<stem>_descriptor.npy` of one
/// picture into `folder`; returns the descriptor. `<stem>` is `output_stem(photo)`.
std::vector<std::complex<double>> write_feature_files(const PictureOutline& outlined,
                                                      const std::filesystem::path& folder,
                                                      const FeatureOptions& options);

/// `write_feature_files` for every fin picture, and `out`/features.csv with one line per file:
/// outcome and descriptor.
///
/// Pictures show one fin each. A file that cannot be read is a line with a reason. Uses all cores.
/// Throws Error{kBadOptions} listing missing paths, Error{kUnavailable} if the disk is full.
std::vector<FeatureOutcome> write_features(const std::vector<std::string>& paths,
                                           const FeatureFilesOptions& options,
                                           Progress& progress,
                                           const CancelToken& cancel);

}  // namespace finview
