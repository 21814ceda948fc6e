#pragma once

#include "finview/match/candidate.h"
#include "finview/pipeline/comparison_picture.h"
#include "finview/pipeline/models.h"

#include <cstddef>
#include <filesystem>
#include <string>

namespace finview {

/// Why two fins are alike or not.
struct FinComparison {
  Testimony similarities;
  double edge_quality_a = 0;  ///< 0 without an edge
  double edge_quality_b = 0;
  std::size_t num_matched_marks = 0;
};

/// Compares two pictures of one fin each and writes a picture of it: the fins with their trailing
/// edges, colored by how well they agree there, lines between notches that meet and between marks
/// that match; the second fin laid over the first with a heat map of how alike the skin is; the two
/// notch profiles, one warped onto the other.
///
/// Marks stand out against nothing here but each other, so they match more freely than in a
/// catalogue. Throws Error{kBadInput} or Error{kNotFound} for pictures that cannot be read, and as
/// models are opened and `write_file` does.
FinComparison compare_fins(const std::filesystem::path& a,
                           const std::filesystem::path& b,
                           const ModelOptions& models,
                           const std::filesystem::path& out);

/// The same of fins with their signatures; draws into `picture` (CV_8UC3) unless it is null.
FinComparison compare_fins(const ShownFin& a, const ShownFin& b, cv::Mat* picture);

}  // namespace finview
