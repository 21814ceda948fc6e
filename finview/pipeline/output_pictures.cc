#include "finview/pipeline/output_pictures.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/photo/decode.h"

#include <algorithm>

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr int kPagePhotoPx = 1200;
constexpr int kPageFinPx = 360;

cv::Mat shrunk(const cv::Mat& picture, int longest_px) {
  const int longest = std::max(picture.cols, picture.rows);
  if (longest <= longest_px) return picture;
  const double scale = static_cast<double>(longest_px) / longest;
  cv::Mat small;
  const cv::Size size(std::max(1, static_cast<int>(picture.cols * scale + 0.5)),
                      std::max(1, static_cast<int>(picture.rows * scale + 0.5)));
  cv::resize(picture, small, size, 0, 0, cv::INTER_AREA);
  return small;
}

std::vector<std::uint8_t> jpeg(const cv::Mat& picture, int quality) {
  std::vector<std::uint8_t> bytes;
  cv::imencode(".jpg", picture, bytes, {cv::IMWRITE_JPEG_QUALITY, quality});
  return bytes;
}

void write_jpeg(const std::filesystem::path& path, const cv::Mat& picture, int quality) {
  write_file(path, jpeg(picture, quality));
}

/// Transparent parts in white, as catalogues show them.
cv::Mat on_white(const cv::Mat& bgr, const cv::Mat& alpha) {
  if (alpha.empty()) return bgr;
  cv::Mat white(bgr.size(), CV_8UC3, cv::Scalar::all(255));
  bgr.copyTo(white, alpha >= 128);
  return white;
}

/// What stands beside a box: its number and the answer.
std::string box_label(std::size_t number, const FinResult& fin) {
  if (fin.answer.candidates.empty()) return fmt::format("{}: {:.2f}", number, fin.box.confidence);
  if (fin.answer.decision == Decision::kNew) {
    return fmt::format("{}: new {:.0f} %", number, 100 * fin.answer.p_new);
  }
  const Candidate& best = fin.answer.candidates.front();
  return fmt::format("{}: {} {:.0f} %", number, best.individual, 100 * best.probability);
}

cv::Mat annotate(const PhotoResult& result, const FoundFins& found) {
  cv::Mat picture = on_white(found.preview.bgr, found.preview.alpha).clone();
  const double scale = found.preview.scale;
  const int line = std::max(1, std::max(picture.cols, picture.rows) / 400);
  const double letter = std::max(0.4, picture.cols / 1600.0);
  const cv::Scalar yellow(0, 220, 255);
  for (std::size_t i = 0; i < result.fins.size(); ++i) {
    const Detection& box = result.fins[i].box;
    const cv::Point top_left(static_cast<int>(box.left_px * scale),
                             static_cast<int>(box.top_px * scale));
    const cv::Point bottom_right(static_cast<int>(box.right_px * scale),
                                 static_cast<int>(box.bottom_px * scale));
    cv::rectangle(picture, top_left, bottom_right, yellow, line, cv::LINE_AA);
    const cv::Point text(top_left.x,
                         std::max(static_cast<int>(24 * letter), top_left.y - 2 * line));
    const std::string label = box_label(i + 1, result.fins[i]);
    for (const bool outline : {true, false}) {
      cv::putText(picture,
                  label,
                  text,
                  cv::FONT_HERSHEY_SIMPLEX,
                  letter,
                  outline ? cv::Scalar::all(0) : yellow,
                  outline ? line + 3 : line,
                  cv::LINE_AA);
    }
  }
  return picture;
}

}  // namespace

void write_pictures(const OutputFolders& folders,
                    const PhotoResult& result,
                    const FoundFins& found) {
  if (found.fins.empty()) return;
  const std::string stem = output_stem(result.photo);
  if (!folders.annotated.empty()) {
    write_jpeg(folders.annotated / (stem + ".jpg"), annotate(result, found), 90);
  }
  if (!folders.html.empty()) {
    const cv::Mat photo = on_white(found.preview.bgr, found.preview.alpha);
    write_jpeg(folders.html / "photos" / (stem + ".jpg"), shrunk(photo, kPagePhotoPx), 80);
  }
  for (std::size_t i = 0; i < found.fins.size(); ++i) {
    const std::string name = fmt::format("{}_fin{}.jpg", stem, i + 1);
    const cv::Mat fin = on_white(found.fins[i].crop.bgr, found.fins[i].crop.alpha);
    if (!folders.crops.empty()) write_jpeg(folders.crops / name, fin, 95);
    if (!folders.html.empty()) {
      write_jpeg(folders.html / "fins" / name, shrunk(fin, kPageFinPx), 85);
    }
  }
}

std::vector<std::uint8_t> small_picture(const std::filesystem::path& picture, int longest_px) {
  try {
    const PhotoFile file{picture.string(), read_file(picture)};
    const Picture pixels = decode_reduced(file, read_photo_info(file), longest_px);
    return jpeg(shrunk(on_white(pixels.bgr, pixels.alpha), longest_px), 80);
  } catch (const Error&) {
    return {};
  }
}

bool write_catalogue_picture(const std::filesystem::path& html,
                             const std::filesystem::path& picture,
                             const std::string& sha256) {
  const std::filesystem::path target = html / "catalogue" / (sha256.substr(0, 12) + ".jpg");
  std::error_code ignored;
  if (std::filesystem::exists(target, ignored)) return true;
  const std::vector<std::uint8_t> bytes = small_picture(picture, kPageFinPx);
  if (bytes.empty()) return false;
  write_file(target, bytes);
  return true;
}

}  // namespace finview
