#include "finview/pipeline/project_pictures.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/threads.h"
#include "finview/outline/enhance.h"
#include "finview/outline/manual_filter.h"
#include "finview/photo/decode.h"
#include "finview/pipeline/compare_fins.h"
#include "finview/pipeline/edit_fin.h"
#include "finview/pipeline/find_project_fins.h"
#include "finview/pipeline/signature_record.h"

#include <algorithm>
#include <cmath>
#include <semaphore>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {

namespace fs = std::filesystem;

namespace {

constexpr std::array kWidths{160, 320, 640, 1280, 2560, 4096};
constexpr double kMinBoxPx = 8;
constexpr int kJpegQuality = 88;
/// To be changed with what the pictures look like.
constexpr const char* kLook = "2";

/// So that many requests at once do not hold many decoded photos at once.
std::counting_semaphore<64>& turns() {
  static std::counting_semaphore<64> semaphore(std::min(num_cores(), 64));
  return semaphore;
}

std::string to_jpeg(const cv::Mat& picture) {
  std::vector<std::uint8_t> bytes;
  cv::imencode(".jpg", picture, bytes, {cv::IMWRITE_JPEG_QUALITY, kJpegQuality});
  return {bytes.begin(), bytes.end()};
}

cv::Mat at_most(const cv::Mat& picture, int width_px) {
  if (picture.cols <= width_px) return picture;
  const int height = std::max(1, cvRound(1.0 * picture.rows * width_px / picture.cols));
  cv::Mat small;
  cv::resize(picture, small, {width_px, height}, 0, 0, cv::INTER_AREA);
  return small;
}

/// What `make` gives, in its turn.
std::string in_turn(const std::function<cv::Mat()>& make) {
  struct Turn {
    Turn() { turns().acquire(); }
    ~Turn() { turns().release(); }
  };
  const Turn turn;
  return to_jpeg(make());
}

/// The picture of the cache, or what `make` gives, which is then kept there.
std::string cached(const Project& project,
                   const std::string& tag,
                   const std::function<std::string()>& make) {
  const std::string name = sha256_hex(tag);
  const fs::path file = project.folder() / "cache" / name.substr(0, 2) / (name + ".jpg");
  try {
    return read_text_file(file);
  } catch (const Error&) {  // not made yet
  }
  const std::string picture = make();
  try {
    write_file(file, picture);
  } catch (const Error&) {  // a full disk is no reason not to show it
  }
  return picture;
}

cv::Mat shrink(const PhotoFile& file, int width_px) {
  const PhotoInfo info = read_photo_info(file);
  const double longest = std::max(info.width_px, info.height_px);
  const int longest_px = static_cast<int>(std::ceil(width_px * longest / info.width_px));
  return at_most(decode_reduced(file, info, longest_px).bgr, width_px);
}

/// What is fin in a crop, by the outline that is kept; empty without one.
cv::Mat mask_of(const Crop& crop, const FinRecord& fin) {
  const auto outline = nlohmann::json::parse(fin.outline, nullptr, false);
  if (!outline.is_object() || !outline.contains("contour")) return {};
  std::vector<cv::Point> points;
  for (const auto& point : outline["contour"]) {
    const double x = (point[0].get<double>() - crop.left_px) / crop.photo_px_per_crop_px;
    const double y = (point[1].get<double>() - crop.top_px) / crop.photo_px_per_crop_px;
    points.emplace_back(cvRound(x - 0.5), cvRound(y - 0.5));
  }
  cv::Mat mask(crop.bgr.size(), CV_8UC1, cv::Scalar(0));
  if (points.size() > 2) cv::fillPoly(mask, std::vector{points}, cv::Scalar(255));
  return mask;
}

Crop crop_of_fin(const Project& project, const FinRecord& fin) {
  const PhotoRecord photo = project.catalogue().photos.get(fin.photo);
  return crop_of(project.read(photo), photo, fin);
}

/// The crop through the last manual filter of the fin's edits.
cv::Mat in_chosen_colors(const cv::Mat& bgr, const FinRecord& fin) {
  const EditHistory history = edits_of(fin);
  for (std::size_t i = history.num_done; i > 0; --i) {
    const auto* filter = std::get_if<ManualFilter>(&history.edits[i - 1].tool);
    if (filter) return through_curve(bgr, filter->picture);
  }
  return bgr;
}

cv::Mat draw_fin(const Crop& crop, const FinRecord& fin, const std::string& kind) {
  if (kind == "photo") return crop.bgr;
  const cv::Mat mask = mask_of(crop, fin);
  if (kind == "enhanced") return enhance(crop.bgr, mask, "clahe");
  if (mask.empty()) return crop.bgr;
  cv::Mat alone(crop.bgr.size(), CV_8UC3, cv::Scalar::all(255));
  in_chosen_colors(crop.bgr, fin).copyTo(alone, mask);
  return alone;
}

/// Everything of a fin that a picture of it shows.
std::string looks_of(const FinRecord& fin) {
  return fmt::format("{} {} {} {} {} {} {}",
                     fin.photo.value,
                     fin.photo_name,
                     fin.box.left_px,
                     fin.box.top_px,
                     fin.box.right_px,
                     fin.box.bottom_px,
                     fin.outline);
}

ShownFin shown(const Project& project, const FinRecord& fin, const Networks& networks) {
  ShownFin shown{fmt::format("fin {}", fin.id.value), crop_of_fin(project, fin), {}};
  const auto bytes = project.catalogue().fins.feature(fin.id, networks.signer.recipe());
  auto signature = bytes ? signature_from(*bytes) : std::nullopt;
  if (!signature) {
    const ShapedCrop shaped = shape_fin(shown.crop, fin, networks.masker);
    signature = std::move(networks.signer.sign(std::span(&shaped, 1)).front());
  }
  shown.signature = std::move(*signature);
  return shown;
}

}  // namespace

int picture_width(std::int64_t asked_px) {
  for (const int width : kWidths) {
    if (asked_px <= width) return width;
  }
  return kWidths.back();
}

Detection checked_box(const PhotoRecord& photo, const std::array<double, 4>& sides_px) {
  const auto [left, top, right, bottom] = sides_px;
  const bool large = right - left >= kMinBoxPx && bottom - top >= kMinBoxPx;
  const bool inside = left >= 0 && top >= 0 && right <= photo.width_px && bottom <= photo.height_px;
  if (!large || !inside) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("The box {:g}, {:g} to {:g}, {:g} must be at least {} px wide and high "
                            "and lie in the photo, which has {} x {} px.",
                            left,
                            top,
                            right,
                            bottom,
                            kMinBoxPx,
                            photo.width_px,
                            photo.height_px));
  }
  Detection box;
  box.left_px = static_cast<float>(left);
  box.top_px = static_cast<float>(top);
  box.right_px = static_cast<float>(right);
  box.bottom_px = static_cast<float>(bottom);
  box.confidence = 1;
  return box;
}

std::string photo_picture(const Project& project, const PhotoRecord& photo, int width_px) {
  const std::string tag = fmt::format("photo {} {} {}", kLook, photo.sha256, width_px);
  return cached(
      project, tag, [&] { return in_turn([&] { return shrink(project.read(photo), width_px); }); });
}

FinPicture fin_picture(const Project& project,
                       const FinRecord& fin,
                       int width_px,
                       const std::string& kind) {
  const std::string tag =
      sha256_hex(fmt::format("fin {} {} {} {}", kLook, looks_of(fin), width_px, kind));
  return {tag, [&project, fin, width_px, kind, tag] {
            return cached(project, tag, [&] {
              return in_turn([&] {
                return at_most(draw_fin(crop_of_fin(project, fin), fin, kind), width_px);
              });
            });
          }};
}

FinPicture why_picture(const Project& project,
                       SharedNetworks& networks,
                       const FinRecord& fin,
                       const FinRecord& other) {
  const std::string tag =
      sha256_hex(fmt::format("why {} {} and {}", kLook, looks_of(fin), looks_of(other)));
  return {tag, [&project, &networks, fin, other, tag] {
            return cached(project, tag, [&] {
              std::array<ShownFin, 2> fins;
              networks.use([&](const Networks& used) {
                fins = {shown(project, fin, used), shown(project, other, used)};
              });
              return in_turn([&] {
                cv::Mat picture;
                compare_fins(fins[0], fins[1], &picture);
                return picture;
              });
            });
          }};
}

std::string small_picture(const Project& project,
                          const PhotoFile& file,
                          const std::string& tag,
                          int width_px) {
  return cached(project, fmt::format("area {} {} {}", kLook, tag, width_px), [&] {
    return in_turn([&] { return shrink(file, width_px); });
  });
}

}  // namespace finview
