#pragma once

#include "finview/photo/photo.h"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace finview {

/// What a photo's name, or a table, says about it. Empty = not said.
struct PhotoLabel {
  std::string individual;
  std::optional<CaptureTime> date;
  std::string frame;         ///< as written, leading zeros kept
  std::string encounter;     ///< number of the encounter on that day, "3"
  std::string photographer;  ///< initials, "KR" or "KR_TE"
  std::string rest;          ///< further marks in their order, "AII_A_N65"

  bool operator==(const PhotoLabel&) const = default;
};

/// A label, and what about the name departs from its convention.
struct NamedPhoto {
  PhotoLabel label;       ///< as much as could be read
  std::string irregular;  ///< a sentence, or several joined by "; "; empty if the name is regular
};

/// Reads "0006/HG_120601_244_E3_HT_AII_A_N7.png", the naming of NIWA's pigmentation catalogue of
/// Hauraki Gulf dolphins: `HG_<yymmdd>_<frame>[_E<n>][_<photographer>][_AII|_1][_A|_B|_C][_N<n>]`
/// in a folder per individual, named by 4 digits or H and 4 digits.
NamedPhoto read_niwa_name(std::string_view name);

/// One folder per individual: the label's individual is the name of the photo's folder. Irregular
/// if there is no folder in the name.
NamedPhoto read_folder_name(std::string_view name);

/// Labels from a table.
class LabelTable {
 public:
  /// CSV with the columns `file` and `individual`, and `date` (YYYY-MM-DD) and `encounter` if
  /// there.
  ///
  /// Throws Error{kBadInput} that lists every fault: rows without a file, dates that do not exist,
  /// one file given two individuals.
  static LabelTable read(const std::filesystem::path& csv);

  /// The label of the longest entry that `name` ends with, in whole path parts: "b.jpg" and
  /// "a/b.jpg" both label "trip/a/b.jpg", "a/b.jpg" wins.
  std::optional<PhotoLabel> find(std::string_view name) const;

  std::size_t size() const { return labels_.size(); }

 private:
  std::map<std::string, PhotoLabel, std::less<>> labels_;
};

}  // namespace finview
