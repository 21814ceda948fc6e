#pragma once

#include "finview/base/progress.h"
#include "finview/outline/fin_outline.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

namespace finview::internal {

/// A piece that was cut out of a rendered fin's trailing edge.
struct TrueNotch {
  cv::Point2f deepest;  ///< pixels of the picture
  cv::Point2f along;    ///< from the upper to the lower end of its mouth, length 1
  double depth = 0;     ///< below the line across its mouth, share of the fin's height
  /// Both ends of its mouth lie on the border of the visible fin, and its bottom at least half as
  /// deep as it was cut: fins have a breadth, and seen obliquely that fills notches.
  bool is_seen = false;
};

/// What is known of a rendered fin beside its mask.
struct RenderedTruth {
  FinSide side = FinSide::kRight;  ///< where the trailing edge lies
  double turned_deg = 0;           ///< away from the side view
  double edge_length_px = 0;       ///< of the trailing edge, hidden parts too
  std::vector<TrueNotch> notches;  ///< from the tip down, at least 1 % of the edge apart
};

/// A picture and what is known of the fins in it, each CV_8UC1 of its size, 0 or 255.
struct OutlinePicture {
  std::string name;
  cv::Mat bgr;     ///< CV_8UC3
  cv::Mat fin;     ///< the fin the picture is about
  cv::Mat known;   ///< where `fin` is right
  cv::Mat others;  ///< fins of other animals
  bool others_known = false;
  cv::Rect fin_box;  ///< of `fin`; empty where there is none
  std::optional<RenderedTruth> rendered;
};

/// The fin's part of the picture with the margin a crop has.
OutlinePicture fin_crop_of(const OutlinePicture& picture);

/// Intersection over union of two masks where the truth is known; 0 where neither has a pixel.
double mask_overlap(const cv::Mat& mask, const cv::Mat& truth, const cv::Mat& known);

/// The pictures of a table of outlines and their masks.
///
/// Columns: `set` (folder inside `data_folder`) and `file`; `left`, `top`, `width`, `height` of the
/// part of the picture that is meant; `part` ("train", "held-out"); `others`: "none" where no other
/// fin is to be seen; `known_left`, `known_right`: rows down to which the left and the right half
/// of the mask are right; `polygon` ("x y x y …"). All in pixels of the file, origin at the outer
/// corner of the top-left pixel. Only rows of `part` are read. Throws Error{kNotFound},
/// Error{kBadInput}.
std::vector<OutlinePicture> read_outline_pictures(const std::filesystem::path& table,
                                                  const std::filesystem::path& data_folder,
                                                  const std::string& part,
                                                  Progress& progress);

/// A rendered fin of any species with up to two other animals around it.
///
/// The same for the same seed. About 0.1 s.
OutlinePicture render_outline_picture(std::uint64_t seed);

/// `render_outline_picture` for the seeds from `first_seed` on, on all cores.
std::vector<OutlinePicture> render_outline_pictures(std::int64_t count,
                                                    std::uint64_t first_seed,
                                                    Progress& progress);

}  // namespace finview::internal
