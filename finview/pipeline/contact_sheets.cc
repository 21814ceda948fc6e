#include "finview/pipeline/contact_sheets.h"

#include "finview/pipeline/outline_drawing.h"
#include "finview/pipeline/picture_outline.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr int kColumns = 6;
constexpr int kRows = 4;
constexpr int kCellPx = 320;

}  // namespace

void ContactSheets::add(const cv::Mat& bgr,
                        const OutlinedPicture& found,
                        const std::string& above,
                        const std::string& below) {
  if (folder_.empty()) return;
  if (num_cells_ == 0) {
    sheet_ = cv::Mat(kRows * kCellPx, kColumns * kCellPx, CV_8UC3, cv::Scalar::all(40));
  }
  const cv::Point corner(num_cells_ % kColumns * kCellPx, num_cells_ / kColumns * kCellPx);
  if (!bgr.empty()) {
    const cv::Mat cell = draw_outline(bgr, found, (kCellPx - 4.0) / std::max(bgr.cols, bgr.rows));
    cell.copyTo(sheet_(cv::Rect(corner, cell.size())));
  }
  write_text(above, corner + cv::Point(4, 16));
  write_text(below, corner + cv::Point(4, kCellPx - 8));
  if (++num_cells_ == kColumns * kRows) finish();
}

void ContactSheets::finish() {
  if (num_cells_ == 0) return;
  write_picture(folder_ / fmt::format("sheet-{:03}.jpg", num_sheets_++), sheet_);
  num_cells_ = 0;
}

void ContactSheets::write_text(const std::string& text, const cv::Point& at) {
  for (const auto& [color, width] : {std::pair{cv::Scalar::all(0), 3}, {{80, 255, 80}, 1}}) {
    cv::putText(sheet_, text, at, cv::FONT_HERSHEY_SIMPLEX, 0.45, color, width, cv::LINE_AA);
  }
}

}  // namespace finview
