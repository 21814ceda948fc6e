#pragma once

#include <map>
#include <string>
#include <vector>

namespace finview {

struct DatasetPoint {
  double x_px = 0;
  double y_px = 0;
};

/// One labelled fin, in pixels of the upright photo as `Detection` has them, exactly as labelled: a
/// box may reach outside the photo.
struct DatasetFin {
  double left_px = 0;
  double top_px = 0;
  double right_px = 0;                ///< exclusive
  double bottom_px = 0;               ///< exclusive
  std::vector<DatasetPoint> polygon;  ///< outline, three points or more; empty = only the box
  std::string class_name = "fin";
  std::string individual;                         ///< empty = not said
  std::map<std::string, std::string> attributes;  ///< anything else that was said

  double width_px() const { return right_px - left_px; }
  double height_px() const { return bottom_px - top_px; }
};

/// A photo with what is known about it. One without fins is labelled all the same: "no fin here".
struct DatasetPhoto {
  std::string file;  ///< relative to the folder of photos, with '/'
  int width_px = 0;  ///< as the labels say; 0 = they do not
  int height_px = 0;
  std::string encounter;  ///< empty = not said
  std::string date;       ///< "2012-03-07" or "2012-03-07T14:05:09"; empty = not said
  std::vector<DatasetFin> fins;
};

/// Something in the labels that was left out, and why.
struct DatasetFault {
  std::string file;    ///< the photo, or the label file
  std::string reason;  ///< a sentence
};

/// Labelled photos, whatever form the labels had.
struct Dataset {
  std::vector<std::string> class_names;  ///< in the order of the class numbers
  std::vector<DatasetPhoto> photos;      ///< sorted by file, each once
  std::vector<DatasetFault> faults;
};

/// Sets the fin's box to the smallest around its polygon.
void fit_box(DatasetFin& fin);

/// Sorts the photos by file, joins those that are there twice, and adds every class that fins have
/// to `class_names`.
void tidy(Dataset& dataset);

}  // namespace finview
