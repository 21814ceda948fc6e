#pragma once

#include "finview/photo/photo.h"
#include "finview/training/detection_matches.h"

#include <cstdint>
#include <string>
#include <vector>

namespace finview {

/// The worst errors of a detector, as small pictures.
///
/// A false find is as bad as it is confident; a missed label one minus the confidence of the surest
/// box that overlaps it by half but was not accepted, or 1.
class DetectorErrors {
 public:
  explicit DetectorErrors(std::size_t max_errors) : max_errors_(max_errors) {}

  /// Takes the errors of one photo at `min_confidence`; `picture` is the photo at any scale.
  void add(const std::string& name,
           const Picture& picture,
           const PhotoDetections& photo,
           double min_confidence);

  /// HTML figures, the worst first.
  std::string sheet() const;

 private:
  struct DetectorError {
    double badness = 0;
    std::string caption;  ///< HTML
    std::vector<std::uint8_t> jpeg;
  };
  void keep(double badness, const std::string& caption, std::vector<std::uint8_t> jpeg);

  std::size_t max_errors_;
  std::vector<DetectorError> errors_;  ///< the worst first
};

}  // namespace finview
