#pragma once

#include "finview/pipeline/outline_json.h"

#include <filesystem>
#include <string>

#include <opencv2/core/mat.hpp>

namespace finview {

/// Sheets of 24 outlined fins each, `sheet-000.jpg` and so on in a folder; writes nothing where the
/// folder's name is empty.
class ContactSheets {
 public:
  explicit ContactSheets(std::filesystem::path folder) : folder_(std::move(folder)) {}

  /// `bgr`: the picture, drawn as `draw_outline` does; `above` and `below`: text over it.
  void add(const cv::Mat& bgr,
           const OutlinedPicture& found,
           const std::string& above,
           const std::string& below);

  /// Writes the last, unfinished sheet. Throws Error{kUnavailable} if the disk is full, as `add`.
  void finish();

 private:
  void write_text(const std::string& text, const cv::Point& at);

  std::filesystem::path folder_;
  cv::Mat sheet_;
  int num_cells_ = 0;
  int num_sheets_ = 0;
};

}  // namespace finview
