#pragma once

#include "finview/base/progress.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

namespace finview::internal {

/// A picture and what is known of the fins in it, each CV_8UC1 of its size, 0 or 255.
struct OutlinePicture {
  std::string name;
  cv::Mat bgr;     ///< CV_8UC3
  cv::Mat fin;     ///< the fin the picture is about
  cv::Mat known;   ///< where `fin` is right
  cv::Mat others;  ///< fins of other animals
  bool others_known = false;
  cv::Rect fin_box;  ///< of `fin`; empty where there is none
};

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
