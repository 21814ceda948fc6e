#include "finview/pipeline/evaluation_page.h"

#include "finview/base/chart.h"
#include "finview/base/files.h"
#include "finview/base/html.h"
#include "finview/pipeline/evaluate_gallery.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

using nlohmann::json;

json to_json(const Estimate& estimate) {
  return {{"value", estimate.value}, {"low", estimate.low}, {"high", estimate.high}};
}

json to_json(const WitnessesEvaluation& one) {
  return {{"witnesses", names_of(one)},
          {"num_queries", one.ranking.num_queries},
          {"rank_1", to_json(one.ranking.rank_1)},
          {"rank_5", to_json(one.ranking.rank_5)},
          {"mean_average_precision", to_json(one.ranking.mean_average_precision)},
          {"stranger_auroc", to_json(one.stranger_auroc)},
          {"tpir_at_fpir_0.01", one.true_positive_1},
          {"tpir_at_fpir_0.1", one.true_positive_10}};
}

json to_json(const DecisionShares& shares) {
  return {{"matched", shares.matched},
          {"matched_rightly", shares.matched_rightly},
          {"called_new", shares.called_new}};
}

std::string json_text(const std::string& catalogue, const IdentifyEvaluation& evaluation) {
  json ablation = json::array();
  for (const WitnessesEvaluation& one : evaluation.by_witnesses) ablation.push_back(to_json(one));
  json bins = json::array();
  for (const ReliabilityBin& bin : evaluation.reliability) {
    bins.push_back({{"claimed", bin.claimed}, {"true", bin.true_share}, {"weight", bin.weight}});
  }
  json weights{{"nobody", evaluation.calibration.nobody},
               {"nobody_edge", evaluation.calibration.nobody_edge},
               {"nobody_marks", evaluation.calibration.nobody_marks}};
  json spreads;
  for (std::size_t w = 0; w < kNumWitnesses; ++w) {
    const Spread& spread = evaluation.stranger_similarities[w];
    const std::string name = to_string(kWitnesses[w]);
    weights[name] = evaluation.calibration.witnesses[w];
    spreads[name] = {{"mean", spread.mean}, {"deviation", spread.deviation}};
  }
  const json all{{"catalogue", catalogue},
                 {"weights", weights},
                 {"stranger_similarities", spreads},
                 {"num_photos", evaluation.num_photos},
                 {"num_individuals", evaluation.num_individuals},
                 {"calibrated_on_catalogue", evaluation.calibrated_on_catalogue},
                 {"by_witnesses", ablation},
                 {"pooled", to_json(evaluation.pooled)},
                 {"known", to_json(evaluation.known)},
                 {"strangers", to_json(evaluation.strangers)},
                 {"reliability", bins},
                 {"calibration_error", evaluation.calibration_error},
                 {"calibration_error_by_chance",
                  {{"mean", evaluation.calibration_chance.mean},
                   {"most", evaluation.calibration_chance.most}}},
                 {"outlier_auroc",
                  {{"look", evaluation.novelty.look},
                   {"edge_network", evaluation.novelty.edge_network},
                   {"look_map", evaluation.novelty.look_map}}},
                 {"missed", evaluation.missed}};
  return all.dump(1, ' ', false, json::error_handler_t::replace) + '\n';
}

std::string cell(const Estimate& e) {
  return fmt::format(
      "<td>{:.3f} <span class=\"soft\">{:.2f}–{:.2f}</span></td>", e.value, e.low, e.high);
}

std::string row(const std::string& name, const WitnessesEvaluation& one) {
  return fmt::format("<tr><td>{}</td>{}{}{}{}<td>{:.2f}</td><td>{:.2f}</td></tr>\n",
                     name,
                     cell(one.ranking.rank_1),
                     cell(one.ranking.rank_5),
                     cell(one.ranking.mean_average_precision),
                     cell(one.stranger_auroc),
                     one.true_positive_1,
                     one.true_positive_10);
}

std::string reliability_curve(std::span<const ReliabilityBin> bins) {
  LineChart chart{"Are the probabilities true?", "claimed", "true", {}, true};
  chart.lines = {{"answers", {}}, {"perfect", {{0, 0}, {1, 1}}}};
  for (const ReliabilityBin& bin : bins) {
    chart.lines[0].points.emplace_back(bin.claimed, bin.true_share);
  }
  return chart.svg();
}

std::string page_text(const std::string& catalogue, const IdentifyEvaluation& evaluation) {
  std::string html = fmt::format(
      "<p>{}: {} photos of {} individuals; {} of them ask the rest without their own encounter. "
      "{}</p>\n<table><tr><th>witnesses</th><th>rank-1</th><th>rank-5</th><th>mAP</th>"
      "<th>strangers AUROC</th><th>TPIR at FPIR 1 %</th><th>10 %</th></tr>\n",
      escape_html(catalogue),
      evaluation.num_photos,
      evaluation.num_individuals,
      evaluation.by_witnesses.back().ranking.num_queries,
      evaluation.calibrated_on_catalogue
          ? "Weights of each part are fitted to the other parts."
          : "Too few photos can ask: the shipped calibration judged.");
  for (const WitnessesEvaluation& one : evaluation.by_witnesses) html += row(names_of(one), one);
  html += row("all, photos of an encounter pooled (AP: 1 / rank)", evaluation.pooled);
  html += fmt::format(
      "</table>\n<p>Outlier factors alone, AUROC of strangers: look {:.3f}, edge network {:.3f}, "
      "map of the look {:.3f}.</p>\n<h2>Decisions</h2>\n<table><tr><th></th><th>match</th>"
      "<th>right match</th><th>new</th></tr>\n",
      evaluation.novelty.look,
      evaluation.novelty.edge_network,
      evaluation.novelty.look_map);
  for (const auto& [name, shares] :
       {std::pair{"known fins", evaluation.known}, std::pair{"strangers", evaluation.strangers}}) {
    html += fmt::format("<tr><td>{}</td><td>{:.1f} %</td><td>{:.1f} %</td><td>{:.1f} %</td></tr>\n",
                        name,
                        100 * shares.matched,
                        100 * shares.matched_rightly,
                        100 * shares.called_new);
  }
  html += fmt::format(
      "</table>\n<p>Expected calibration error {:.3f}; so many answers with true probabilities "
      "have {:.3f} "
      "by chance, at most {:.3f} in 95 of 100 cases.</p>\n{}\n<h2>Missed</h2>\n<ul>\n",
      evaluation.calibration_error,
      evaluation.calibration_chance.mean,
      evaluation.calibration_chance.most,
      reliability_curve(evaluation.reliability));
  for (const std::string& one : evaluation.missed) {
    html += fmt::format("<li>{}</li>\n", escape_html(one));
  }
  return html_page("How well a catalogue finds its own", html + "</ul>\n");
}

}  // namespace

std::string names_of(const WitnessesEvaluation& evaluation) {
  if (evaluation.witnesses.size() == kNumWitnesses) return "all";
  std::string names;
  for (const Witness witness : evaluation.witnesses) {
    names += fmt::format("{}{}", names.empty() ? "" : " + ", to_string(witness));
  }
  return names;
}

void write_evaluation(const std::string& catalogue,
                      const IdentifyEvaluation& evaluation,
                      const std::string& html,
                      const std::string& json) {
  if (!html.empty()) write_file(html, page_text(catalogue, evaluation));
  if (!json.empty()) write_file(json, json_text(catalogue, evaluation));
}

}  // namespace finview
