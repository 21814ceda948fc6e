#include "finview/training/training_curves.h"

#include "finview/base/chart.h"
#include "finview/base/error.h"
#include "finview/base/html.h"

#include <cmath>
#include <functional>
#include <utility>

#include <nlohmann/json.hpp>

namespace finview {
namespace {

using Value = std::function<std::optional<double>(const TrainingPoint&)>;

/// A line over the steps; none where nothing was measured.
void add_line(const char* name,
              const Value& value,
              const std::vector<TrainingPoint>& points,
              LineChart& chart) {
  ChartLine line{name, {}};
  for (const TrainingPoint& point : points) {
    const auto y = value(point);
    if (y && std::isfinite(*y)) line.points.emplace_back(static_cast<double>(point.step), *y);
  }
  if (!line.points.empty()) chart.lines.push_back(std::move(line));
}

std::optional<HeldOutScore> score_from(const nlohmann::json& json) {
  if (json.is_null()) return {};
  return HeldOutScore{json.at("num_queries").get<std::size_t>(),
                      json.at("rank_1").get<double>(),
                      json.at("rank_5").get<double>(),
                      json.at("mean_average_precision").get<double>()};
}

}  // namespace

nlohmann::json to_json(const std::optional<HeldOutScore>& score) {
  if (!score) return nullptr;
  return {{"num_queries", score->num_queries},
          {"rank_1", score->rank_1},
          {"rank_5", score->rank_5},
          {"mean_average_precision", score->mean_average_precision}};
}

std::string training_page(const std::string& title,
                          const std::vector<std::string>& words,
                          const std::vector<TrainingPoint>& points) {
  std::string body;
  for (const std::string& paragraph : words) body += "<p>" + escape_html(paragraph) + "</p>\n";
  LineChart loss{"Loss", "steps", "", {}, false};
  add_line(
      "loss", [](auto& p) { return p.loss; }, points, loss);
  add_line(
      "embeddings that say nothing", [](auto& p) { return p.chance; }, points, loss);
  LineChart spread{"Do fins differ to the network?", "steps", "", {}, false};
  add_line(
      "1 - mean cosine between individuals", [](auto& p) { return p.spread; }, points, spread);
  add_line(
      "share of triplets that teach", [](auto& p) { return p.active_share; }, points, spread);
  LineChart found{
      "Individuals kept from training, and as many others", "steps", "share of photos", {}, true};
  const auto held_out = [&](const char* name,
                            std::optional<HeldOutScore> TrainingPoint::*who,
                            double HeldOutScore::*what) {
    const auto value = [=](const TrainingPoint& p) -> std::optional<double> {
      if (!(p.*who)) return {};
      return *(p.*who).*what;
    };
    add_line(name, value, points, found);
  };
  held_out("known, found first", &TrainingPoint::known, &HeldOutScore::rank_1);
  held_out("known, among five", &TrainingPoint::known, &HeldOutScore::rank_5);
  held_out("learned from, found first", &TrainingPoint::taught, &HeldOutScore::rank_1);
  held_out("invented, found first", &TrainingPoint::invented, &HeldOutScore::rank_1);
  for (const LineChart* chart : {&loss, &spread, &found}) {
    if (!chart->lines.empty()) body += "<figure>" + chart->svg() + "</figure>\n";
  }
  return html_page(title, body);
}

std::string curves_to_json(const std::vector<TrainingPoint>& points) {
  nlohmann::json json = nlohmann::json::array();
  for (const TrainingPoint& point : points) {
    json.push_back({{"step", point.step},
                    {"loss", point.loss},
                    {"chance", point.chance},
                    {"spread", point.spread},
                    {"active_share", point.active_share},
                    {"learning_rate", point.learning_rate},
                    {"seconds", point.seconds},
                    {"known", to_json(point.known)},
                    {"taught", to_json(point.taught)},
                    {"invented", to_json(point.invented)}});
  }
  return json.dump(1);
}

std::vector<TrainingPoint> curves_from_json(const std::string& text) {
  try {
    std::vector<TrainingPoint> points;
    for (const auto& item : nlohmann::json::parse(text)) {
      TrainingPoint point;
      point.step = item.at("step").get<std::int64_t>();
      point.loss = item.at("loss").get<double>();
      point.chance = item.at("chance").get<double>();
      point.spread = item.at("spread").get<double>();
      point.active_share = item.at("active_share").get<double>();
      point.learning_rate = item.at("learning_rate").get<double>();
      point.seconds = item.at("seconds").get<double>();
      point.known = score_from(item.at("known"));
      point.taught = score_from(item.value("taught", nlohmann::json()));  // not in earlier files
      point.invented = score_from(item.at("invented"));
      points.push_back(point);
    }
    return points;
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::kBadInput,
                std::string("The curves of the training cannot be read: ") + error.what() + ".");
  }
}

}  // namespace finview
