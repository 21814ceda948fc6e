#include "finview/pipeline/picture_outline.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/crop/cut.h"
#include "finview/outline/fin_edge.h"
#include "finview/outline/find_outline.h"
#include "finview/outline/find_parts.h"
#include "finview/outline/hand_tools.h"
#include "finview/photo/decode.h"
#include "finview/pipeline/outline_drawing.h"
#include "finview/pipeline/photo_result.h"

#include <algorithm>
#include <span>

#include <opencv2/imgcodecs.hpp>

namespace finview {

PictureOutline outline_picture(const PhotoFile& file,
                               const FinMasker& masker,
                               const std::optional<EditHistory>& edits) {
  PictureOutline outlined;
  outlined.found.photo = file.name;
  try {
    const PhotoInfo info = read_photo_info(file);
    outlined.crop = whole_picture_crop(decode_photo(file, info));
    outlined.bits_per_channel = info.bits_per_channel;
    outlined.found.width_px = outlined.crop.bgr.cols;
    outlined.found.height_px = outlined.crop.bgr.rows;
    outlined.found.outline = find_outline(outlined.crop, masker);
    if (edits && edits->num_done > 0) {
      EditedFin edited = apply_edits(outlined.crop,
                                     outlined.found.outline,
                                     std::span(edits->edits).first(edits->num_done),
                                     masker);
      outlined.crop = std::move(edited.crop);
      outlined.found.outline = std::move(edited.outline);
    }
    outlined.found.parts = find_parts(outlined.found.outline);
    outlined.found.edge = find_edge(outlined.found.outline);
  } catch (const Error& error) {
    outlined.found.failure = error.what();
  }
  return outlined;
}

void write_picture(const std::filesystem::path& path, const cv::Mat& picture) {
  std::vector<std::uint8_t> bytes;
  cv::imencode(path.extension().string(), picture, bytes);
  write_file(path, std::span<const std::uint8_t>(bytes));
}

void write_steps(const PictureOutline& outlined, const std::filesystem::path& folder) {
  const cv::Mat& bgr = outlined.crop.bgr;
  if (bgr.empty()) return;
  const cv::Mat& mask = outlined.found.outline.mask;
  const std::string stem = output_stem(outlined.found.photo);
  write_picture(folder / (stem + "_mask.png"), mask);
  const double longest = std::max(bgr.cols, bgr.rows);
  write_picture(folder / (stem + "_outline.jpg"),
                draw_outline(bgr, outlined.found, std::max(1.0, 800 / longest)));
  cv::Mat alone(bgr.size(), CV_8UC3, cv::Scalar::all(255));
  bgr.copyTo(alone, mask);
  write_picture(folder / (stem + "_fin.png"), alone);
}

}  // namespace finview
