#pragma once

#include "finview/photo/photo.h"
#include "finview/pipeline/known_fins.h"
#include "finview/pipeline/networks.h"
#include "finview/pipeline/project.h"

#include <span>
#include <string>
#include <vector>

namespace finview {

/// An individual that pictures may show.
struct PictureMatch {
  std::string individual;  ///< code, and name in brackets where it has one
  double probability = 0;
  std::string photo;  ///< name of the individual's photo that is most alike
};

/// Says whom pictures from outside show, by the confirmed fins of a project.
class PictureMatcher {
 public:
  /// Both must outlive this.
  PictureMatcher(const Project& project, SharedNetworks& networks)
      : project_(project), networks_(networks) {}

  /// Pictures of one animal, taken together: the most probable individuals first, 50 at most.
  ///
  /// In each picture the largest fin counts; where none is found the picture is one. The confirmed
  /// fins are read again only after the catalogue has changed. Nothing is kept of the pictures. Any
  /// number of threads may ask; they take turns. Throws Error{kBadInput} "<name>: <reason>" for a
  /// picture that cannot be read.
  std::vector<PictureMatch> match(std::span<const PhotoFile> pictures);

 private:
  void read_catalogue(const Networks& networks);

  const Project& project_;
  SharedNetworks& networks_;
  MatchOptions options_{.top = 50};
  KnownFins known_;
  FittedCalibration calibration_;
  std::string read_at_;  ///< revision of the catalogue that both are of; empty = not yet
};

}  // namespace finview
