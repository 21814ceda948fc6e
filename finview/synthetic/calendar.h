#pragma once

#include <string>

namespace finview::synthetic {

/// A day of an encounter.
struct Day {
  int year = 2000;
  unsigned month = 1;
  unsigned day = 1;

  std::string dashed() const;   ///< "2013-01-12"
  std::string compact() const;  ///< "130112"
  /// "2013:01:12 10:05:09", as EXIF writes it.
  std::string time(int minute_of_day, int second) const;
};

/// `index` days after the first of January.
Day day_of_year(int year, int index);

}  // namespace finview::synthetic
