#pragma once

#include <string>
#include <utility>
#include <vector>

namespace finview {

struct ChartLine {
  std::string name;                               ///< plain text, in the legend; empty: none
  std::vector<std::pair<double, double>> points;  ///< x, y, in the order drawn
};

/// A chart of lines with linear axes, as one `<svg>` that needs nothing else.
struct LineChart {
  std::string title;  ///< plain text
  std::string x_label;
  std::string y_label;
  std::vector<ChartLine> lines;
  bool share = false;  ///< both ends of the y axis are fixed: 0 and 1

  std::string svg() const;
};

/// A histogram: one bar a value, from left to right.
struct BarChart {
  std::string title;  ///< plain text
  std::string x_label;
  std::string y_label;
  std::vector<std::pair<std::string, double>> bars;  ///< label (plain text), value >= 0

  /// Labels are thinned out where there are too many to read; each bar tells its own on hovering.
  std::string svg() const;
};

/// Distances between marks of an axis that spans `span` > 0: 1, 2 or 5 times a power of ten, with
/// three to seven marks.
double axis_step(double span);

}  // namespace finview
