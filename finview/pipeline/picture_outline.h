#pragma once

#include "finview/crop/crop.h"
#include "finview/outline/fin_masker.h"
#include "finview/outline/outline_edit.h"
#include "finview/photo/photo.h"
#include "finview/pipeline/outline_json.h"

#include <filesystem>
#include <optional>

namespace finview {

/// A picture of one fin and what was found in it.
struct PictureOutline {
  OutlinedPicture found;
  Crop crop;  ///< no pixels where the picture could not be read
  int bits_per_channel = 8;
};

/// Finds the fin, or takes it as the edits left it. A picture that cannot be read, or edits that
/// leave no fin, give a failure.
PictureOutline outline_picture(const PhotoFile& file,
                               const FinMasker& masker,
                               const std::optional<EditHistory>& edits);

/// Writes `<stem>_mask.png`, `_outline.jpg`, `_fin.png` of the picture into `folder`.
void write_steps(const PictureOutline& outlined, const std::filesystem::path& folder);

void write_picture(const std::filesystem::path& path, const cv::Mat& picture);

}  // namespace finview
