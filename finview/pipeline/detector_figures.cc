#include "finview/pipeline/detector_figures.h"

#include "finview/base/chart.h"
#include "finview/base/html.h"

#include <limits>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

constexpr double kMinIou = 0.5;

struct NamedSize {
  const char* name;
  FinSize size;
};

const NamedSize kSizes[] = {{"tiny: below 2 % of the photo", {0, 0.02}},
                            {"small: 2 to 5 %", {0.02, 0.05}},
                            {"medium: 5 to 15 %", {0.05, 0.15}},
                            {"large: 15 % and more", {0.15, std::numeric_limits<double>::max()}}};

std::string with_interval(double value, const Interval& interval) {
  return fmt::format(
      "{:.3f} <span class=\"soft\">({:.3f} to {:.3f})</span>", value, interval.low, interval.high);
}

std::string row(const std::string& name, const std::string& value) {
  return fmt::format("<tr><td>{}</td><td class=\"number\">{}</td></tr>\n", name, value);
}

std::string summary_table(const DetectorFigures& figures) {
  const OperatingPoint& point = figures.at_confidence;
  const DetectionIntervals& spread = figures.intervals;
  return "<table>\n" + row("AP@0.5", with_interval(figures.ap50, spread.ap50)) +
         row("AP@0.75", with_interval(figures.ap75, spread.ap75)) +
         row("AP@[.5:.95]", with_interval(figures.ap50_95, spread.ap50_95)) +
         row(fmt::format("precision at confidence {:.2f}", figures.confidence),
             with_interval(point.precision, spread.precision)) +
         row("recall", with_interval(point.recall, spread.recall)) +
         row("F1", with_interval(point.f1, spread.f1)) +
         row("mean IoU", fmt::format("{:.3f}", point.mean_iou)) +
         row("right, wrong, missed",
             fmt::format("{}, {}, {}",
                         point.num_true_positives,
                         point.num_false_positives,
                         point.num_missed)) +
         row("largest F1",
             fmt::format("{:.3f} at confidence {:.2f} (precision {:.3f}, recall {:.3f})",
                         figures.best.f1(),
                         figures.best.confidence,
                         figures.best.precision,
                         figures.best.recall)) +
         row("false positives per fin-free photo",
             fmt::format("{:.3f} ({} on {})",
                         figures.false_per_fin_free(),
                         figures.num_fin_free_false,
                         figures.num_fin_free)) +
         row("seconds per photo", fmt::format("{:.3f}", figures.mean_seconds)) + "</table>\n" +
         fmt::format(
             "<p class=\"soft\">In brackets: 95 % intervals by drawing the {} encounters (photos, "
             "where no encounter is known) with replacement; too narrow for fewer than ten.</p>\n",
             spread.num_groups);
}

std::string size_table(const DetectorFigures& figures) {
  std::string html =
      "<h2>By size</h2>\n<p class=\"soft\">Root of the box's area, as a share of the photo's "
      "longer "
      "side.</p>\n<table>\n<tr><th>fins</th><th class=\"number\">labelled</th>"
      "<th class=\"number\">AP@0.5</th><th class=\"number\">AP@[.5:.95]</th>"
      "<th class=\"number\">recall</th><th class=\"number\">false positives</th></tr>\n";
  for (const SizeFigures& size : figures.sizes) {
    const bool any = size.num_labels > 0;
    const auto number = [&](double value) { return any ? fmt::format("{:.3f}", value) : "–"; };
    html += fmt::format(
        "<tr><td>{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td>"
        "<td class=\"number\">{}</td><td class=\"number\">{}</td>"
        "<td class=\"number\">{}</td></tr>\n",
        size.name,
        size.num_labels,
        number(size.ap50),
        number(size.ap50_95),
        number(size.at_confidence.recall),
        size.at_confidence.num_false_positives);
  }
  return html + "</table>\n";
}

std::string curve_charts(const DetectorFigures& figures) {
  LineChart curve{"Precision and recall", "recall", "precision", {{"", {}}}, true};
  LineChart by_confidence{
      "By confidence", "confidence", "", {{"precision", {}}, {"recall", {}}, {"F1", {}}}, true};
  for (const PrecisionRecall& point : figures.curve) {
    curve.lines[0].points.emplace_back(point.recall, point.precision);
    by_confidence.lines[0].points.emplace_back(point.confidence, point.precision);
    by_confidence.lines[1].points.emplace_back(point.confidence, point.recall);
    by_confidence.lines[2].points.emplace_back(point.confidence, point.f1());
  }
  return "<h2>Curves</h2>\n<div class=\"charts\">\n" + curve.svg() + by_confidence.svg() +
         "</div>\n";
}

nlohmann::ordered_json as_json(const OperatingPoint& point) {
  return {{"true_positives", point.num_true_positives},
          {"false_positives", point.num_false_positives},
          {"missed", point.num_missed},
          {"precision", point.precision},
          {"recall", point.recall},
          {"f1", point.f1},
          {"mean_iou", point.mean_iou}};
}

nlohmann::ordered_json as_json(const PrecisionRecall& point) {
  return {{"confidence", point.confidence},
          {"precision", point.precision},
          {"recall", point.recall},
          {"f1", point.f1()}};
}

nlohmann::ordered_json as_json(const DetectionIntervals& spread) {
  const auto both = [](const Interval& interval) {
    return nlohmann::ordered_json::array({interval.low, interval.high});
  };
  return {{"groups", spread.num_groups},
          {"ap50", both(spread.ap50)},
          {"ap75", both(spread.ap75)},
          {"ap50_95", both(spread.ap50_95)},
          {"precision", both(spread.precision)},
          {"recall", both(spread.recall)},
          {"f1", both(spread.f1)}};
}

}  // namespace

double DetectorFigures::false_per_fin_free() const {
  if (num_fin_free == 0) return 0;
  return static_cast<double>(num_fin_free_false) / static_cast<double>(num_fin_free);
}

DetectorFigures detector_figures(std::span<const PhotoDetections> photos,
                                 std::span<const std::string> groups,
                                 double confidence,
                                 std::size_t num_rounds,
                                 std::uint64_t seed) {
  DetectorFigures figures;
  figures.num_photos = photos.size();
  std::vector<PhotoDetections> fin_free;
  for (const PhotoDetections& photo : photos) {
    figures.num_labels += photo.labels.size();
    if (photo.labels.empty()) fin_free.push_back(photo);
  }
  figures.num_fin_free = fin_free.size();
  figures.num_fin_free_false = operating_point(fin_free, confidence, kMinIou).num_false_positives;
  figures.ap50 = average_precision(photos, 0.5);
  figures.ap75 = average_precision(photos, 0.75);
  figures.ap50_95 = coco_average_precision(photos);
  figures.confidence = confidence;
  figures.at_confidence = operating_point(photos, confidence, kMinIou);
  figures.curve = precision_recall_curve(photos, kMinIou);
  figures.best = best_f1(figures.curve);
  for (const auto& [name, size] : kSizes) {
    const OperatingPoint point = operating_point(photos, confidence, kMinIou, size);
    figures.sizes.push_back({name,
                             point.num_true_positives + point.num_missed,
                             average_precision(photos, 0.5, size),
                             coco_average_precision(photos, size),
                             point});
  }
  figures.intervals = bootstrap_intervals(photos, groups, confidence, num_rounds, seed);
  return figures;
}

std::string figures_json(const DetectorFigures& figures) {
  nlohmann::ordered_json json{{"photos", figures.num_photos},
                              {"labels", figures.num_labels},
                              {"ap50", figures.ap50},
                              {"ap75", figures.ap75},
                              {"ap50_95", figures.ap50_95},
                              {"confidence", figures.confidence}};
  json.update(as_json(figures.at_confidence));
  json["best_f1"] = as_json(figures.best);
  json["fin_free_photos"] = figures.num_fin_free;
  json["fin_free_false_positives"] = figures.num_fin_free_false;
  json["mean_seconds"] = figures.mean_seconds;
  json["intervals_95"] = as_json(figures.intervals);
  json["sizes"] = nlohmann::ordered_json::array();
  for (const SizeFigures& size : figures.sizes) {
    nlohmann::ordered_json one{{"name", size.name},
                               {"labels", size.num_labels},
                               {"ap50", size.ap50},
                               {"ap50_95", size.ap50_95}};
    one.update(as_json(size.at_confidence));
    json["sizes"].push_back(one);
  }
  json["curve"] = nlohmann::ordered_json::array();
  for (const PrecisionRecall& point : figures.curve) json["curve"].push_back(as_json(point));
  return json.dump(2) + "\n";
}

std::string figures_page(const DetectorFigures& figures, const std::string& error_sheet) {
  std::string body = fmt::format(
      "<ul class=\"counts\"><li><b>{}</b>photos</li><li><b>{}</b>labelled fins</li>"
      "<li><b>{}</b>photos without a fin</li></ul>\n",
      figures.num_photos,
      figures.num_labels,
      figures.num_fin_free);
  body += summary_table(figures) + curve_charts(figures) + size_table(figures);
  if (!error_sheet.empty()) {
    body +=
        "<h2>Worst errors</h2>\n<p class=\"soft\">Labels green, found boxes red. A false find "
        "counts "
        "its confidence, a missed fin one minus the confidence of the surest box that was not "
        "accepted.</p>\n"
        "<div class=\"sheet\">\n" +
        error_sheet + "</div>\n";
  }
  return html_page("Detector", body);
}

}  // namespace finview
