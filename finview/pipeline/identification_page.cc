#include "finview/pipeline/identification_page.h"

#include "finview/base/chart.h"
#include "finview/base/files.h"
#include "finview/base/html.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr std::size_t kShownMistakes = 24;
constexpr int kPictureHeight = 180;

nlohmann::json to_json(const Estimate& estimate) {
  return {{"value", estimate.value}, {"low", estimate.low}, {"high", estimate.high}};
}

nlohmann::json to_json(const std::vector<RatePoint>& points) {
  nlohmann::json json = nlohmann::json::array();
  for (const RatePoint& point : points) json.push_back({point.false_rate, point.true_rate});
  return json;
}

std::string row(const std::string& name, const Estimate& estimate) {
  return fmt::format(
      "<tr><td>{}</td><td class=\"n\">{:.3f}</td><td class=\"n\">{:.3f} to {:.3f}"
      "</td></tr>\n",
      name,
      estimate.value,
      estimate.low,
      estimate.high);
}

std::string row(const std::string& name, double value) {
  return fmt::format("<tr><td>{}</td><td class=\"n\">{:.3f}</td><td></td></tr>\n", name, value);
}

std::string figures(const IdentificationReport& report) {
  std::string table = "<table><tr><th></th><th>value</th><th>95 % interval</th></tr>\n";
  table += row("found first (rank-1)", report.closed.rank_1);
  table += row("among the first 5 individuals", report.closed.rank_5);
  table += row("among the first 10", report.closed.rank_10);
  table += row("mean average precision", report.closed.mean_average_precision);
  table += row("mean reciprocal rank", report.closed.mean_reciprocal_rank);
  table += row("rank-1, mean over individuals", report.rank_1_by_individual);
  table += row(fmt::format("rank-1 by vote of the {} most alike photos", report.vote_k),
               report.vote_rank_1);
  table += row("pairs: same above different (AUROC)", report.pair_auroc);
  for (const RatePoint& point : report.true_accept_at_false) {
    table += row(fmt::format("pairs accepted where {:g} % of wrong ones are (TAR at FAR)",
                             100 * point.false_rate),
                 point.true_rate);
  }
  table += row("known above unknown animals (open-set AUROC)", report.open_auroc);
  for (const RatePoint& point : report.identified_at_false) {
    table += row(fmt::format("identified where {:g} % of unknown animals get a name (TPIR at FPIR)",
                             100 * point.false_rate),
                 point.true_rate);
  }
  return table + "</table>\n";
}

std::string curves(const IdentificationReport& report) {
  LineChart found{"Cumulative match characteristic", "first individuals", "found", {}, true};
  found.lines.push_back({"", {}});
  for (std::size_t i = 0; i < report.cumulative.size(); ++i) {
    found.lines[0].points.emplace_back(static_cast<double>(i + 1), report.cumulative[i]);
  }
  LineChart pairs{
      "Pairs of photos (ROC)", "wrong pairs accepted", "right pairs accepted", {}, true};
  pairs.lines = {{"", {}}, {"chance", {{0, 0}, {1, 1}}}};
  for (const RatePoint& point : report.pair_curve) {
    pairs.lines[0].points.emplace_back(point.false_rate, point.true_rate);
  }
  return "<figure>" + found.svg() + "</figure>\n<figure>" + pairs.svg() + "</figure>\n";
}

std::string qualities(std::span<const QualityScore> scores) {
  if (scores.empty()) return "";
  std::string table =
      "<h2>By quality of the photo asked</h2><table><tr><th>quality</th><th>photos asked</th>"
      "<th>rank-1</th><th>rank-5</th><th>mean average precision</th></tr>\n";
  for (const QualityScore& score : scores) {
    table += fmt::format(
        "<tr><td>{}</td><td class=\"n\">{}</td>", to_string(score.quality), score.num_queries);
    for (const double figure : {score.rank_1, score.rank_5, score.mean_average_precision}) {
      table +=
          score.num_queries > 0 ? fmt::format("<td class=\"n\">{:.3f}</td>", figure) : "<td></td>";
    }
    table += "</tr>\n";
  }
  return table + "</table>\n";
}

std::string individuals(const IdentificationReport& report) {
  std::string table =
      "<h2>Individuals, worst first</h2><table><tr><th>individual</th><th>photos asked</th>"
      "<th>rank-1</th><th>mean average precision</th></tr>\n";
  for (const IndividualScore& score : report.individuals) {
    table += fmt::format(
        "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{:.3f}</td><td class=\"n\">{:.3f}"
        "</td></tr>\n",
        escape_html(score.individual),
        score.num_queries,
        score.rank_1,
        score.mean_average_precision);
  }
  return table + "</table>\n";
}

std::string picture_of(const EvaluatedFins& fins, std::size_t entry) {
  const cv::Mat& bgr = fins.crops[entry].bgr;
  const double scale = static_cast<double>(kPictureHeight) / bgr.rows;
  cv::Mat small;
  cv::resize(bgr, small, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  std::vector<std::uint8_t> bytes;
  cv::imencode(".jpg", small, bytes);
  return inline_picture(bytes, fins.names[entry]);
}

std::string mistakes(const IdentificationReport& report, const EvaluatedFins& fins) {
  if (report.mistakes.empty()) return "<h2>No mistakes</h2>\n";
  const std::size_t count = std::min(kShownMistakes, report.mistakes.size());
  std::string html =
      fmt::format("<h2>The {} surest of {} mistakes</h2>\n", count, report.mistakes.size());
  const auto cell = [&](const char* role, std::size_t entry, const std::string& remark) {
    const std::string& individual = fins.entries[entry].individual;
    html += fmt::format("<td><b>{}</b>: {}{}<br>{}<br>{}</td>",
                        role,
                        individual.empty() ? "nobody known" : escape_html(individual),
                        remark,
                        picture_of(fins, entry),
                        escape_html(fins.names[entry]));
  };
  html += "<table>\n";
  for (std::size_t i = 0; i < count; ++i) {
    const Mistake& mistake = report.mistakes[i];
    html += "<tr>";
    cell("asked", mistake.query, "");
    cell("taken for", mistake.taken_for, fmt::format(", {:.3f}", mistake.similarity));
    cell("own best", mistake.best_own, fmt::format(", {:.3f}", mistake.own_similarity));
    html += "</tr>\n";
  }
  html += "</table>\n";
  return html;
}

}  // namespace

std::string report_to_json(const IdentificationReport& report, const EvaluatedFins& fins) {
  nlohmann::json json = {{"title", fins.title},
                         {"method", fins.words},
                         {"num_entries", report.num_entries},
                         {"num_strangers", report.num_strangers},
                         {"num_queries", report.closed.num_queries},
                         {"num_individuals", report.closed.num_individuals},
                         {"rank_1", to_json(report.closed.rank_1)},
                         {"rank_5", to_json(report.closed.rank_5)},
                         {"rank_10", to_json(report.closed.rank_10)},
                         {"mean_average_precision", to_json(report.closed.mean_average_precision)},
                         {"mean_reciprocal_rank", to_json(report.closed.mean_reciprocal_rank)},
                         {"rank_1_by_individual", report.rank_1_by_individual},
                         {"cumulative", report.cumulative},
                         {"num_same_pairs", report.num_same_pairs},
                         {"num_other_pairs", report.num_other_pairs},
                         {"pair_auroc", report.pair_auroc},
                         {"pair_curve", to_json(report.pair_curve)},
                         {"true_accept_at_false", to_json(report.true_accept_at_false)},
                         {"num_unknown_searches", report.num_unknown_searches},
                         {"open_auroc", to_json(report.open_auroc)},
                         {"identified_at_false", to_json(report.identified_at_false)},
                         {"vote_k", report.vote_k},
                         {"vote_rank_1", report.vote_rank_1}};
  for (const IndividualScore& score : report.individuals) {
    json["individuals"].push_back({{"individual", score.individual},
                                   {"num_queries", score.num_queries},
                                   {"rank_1", score.rank_1},
                                   {"mean_average_precision", score.mean_average_precision}});
  }
  for (const QualityScore& score : fins.by_quality) {
    json["by_quality"].push_back({{"quality", to_string(score.quality)},
                                  {"num_queries", score.num_queries},
                                  {"rank_1", score.rank_1},
                                  {"rank_5", score.rank_5},
                                  {"mean_average_precision", score.mean_average_precision}});
  }
  json["mistakes"] = nlohmann::json::array();
  for (const Mistake& mistake : report.mistakes) {
    json["mistakes"].push_back({{"file", fins.names[mistake.query]},
                                {"taken_for", fins.names[mistake.taken_for]},
                                {"similarity", mistake.similarity},
                                {"best_own", fins.names[mistake.best_own]},
                                {"own_similarity", mistake.own_similarity}});
  }
  return json.dump(1);
}

void write_identification_page(const std::filesystem::path& folder,
                               const IdentificationReport& report,
                               const EvaluatedFins& fins) {
  std::string body;
  for (const std::string& paragraph : fins.words) body += "<p>" + escape_html(paragraph) + "</p>\n";
  body += figures(report) + curves(report) + qualities(fins.by_quality) + individuals(report) +
          mistakes(report, fins);
  write_file(folder / "report.json", report_to_json(report, fins));
  write_file(folder / "index.html", html_page(fins.title, body));
}

}  // namespace finview
