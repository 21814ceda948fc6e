#pragma once

#include "finview/crop/crop.h"
#include "finview/match/gallery.h"
#include "finview/match/mark_similarity.h"

#include <string>
#include <vector>

#include <opencv2/core/mat.hpp>

namespace finview {

/// A fin as a comparison shows it.
struct ShownFin {
  std::string title;
  Crop crop;
  FinSignature signature;
};

/// The picture of `compare_fins`, CV_8UC3, 1240 px wide.
cv::Mat draw_comparison(const ShownFin& a,
                        const ShownFin& b,
                        const std::vector<MarkMatcher::Match>& marks,
                        const std::vector<std::string>& lines);

}  // namespace finview
