#include "finview/training/training_page.h"

#include "finview/base/chart.h"
#include "finview/base/html.h"

#include <cstdlib>

#include <fmt/format.h>

namespace finview {
namespace {

/// Columns of the log over its column `step`.
std::string chart(const CsvTable& log,
                  const std::string& title,
                  const std::vector<std::pair<const char*, const char*>>& columns_and_names,
                  bool share) {
  LineChart chart{title, "step", "", {}, share};
  const std::size_t step = log.column("step");
  for (const auto& [column_name, name] : columns_and_names) {
    const std::size_t column = log.column(column_name);
    ChartLine line{name, {}};
    for (const auto& row : log.rows) {
      line.points.emplace_back(std::strtod(row[step].c_str(), nullptr),
                               std::strtod(row[column].c_str(), nullptr));
    }
    chart.lines.push_back(std::move(line));
  }
  return chart.svg();
}

}  // namespace

std::string training_page(const CsvTable& log, bool has_held_out) {
  std::string body = "<div class=\"charts\">\n";
  if (has_held_out) {
    body += chart(log,
                  "Held-out photos",
                  {{"ap50", "AP@0.5"},
                   {"ap75", "AP@0.75"},
                   {"precision", "precision at 0.5"},
                   {"recall", "recall at 0.5"}},
                  true);
  }
  body +=
      chart(log,
            "Loss",
            {{"loss", "all"}, {"box", "box"}, {"objectness", "objectness"}, {"classes", "class"}},
            false);
  body += chart(log, "Mean IoU of boxes in training", {{"train_iou", ""}}, true);
  body += chart(log, "Learning rate", {{"learning_rate", ""}}, false);
  body += "</div>\n";
  if (!log.rows.empty()) {
    body += fmt::format("<p class=\"soft\">Up to step {}; the numbers are in log.csv.</p>\n",
                        log.rows.back()[log.column("step")]);
  }
  return html_page("Training of a detector", body);
}

}  // namespace finview
