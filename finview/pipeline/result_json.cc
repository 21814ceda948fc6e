#include "finview/pipeline/result_json.h"

#include <optional>

#include <nlohmann/json.hpp>

namespace finview {
namespace {

using nlohmann::json;

json to_json(const std::optional<double>& value) { return value ? json(*value) : json(); }

std::optional<double> optional_from(const json& value) {
  if (value.is_null()) return std::nullopt;
  return value.get<double>();
}

/// {"look": 0.7, "edge": null, ...}
json to_json(const Testimony& testimony) {
  json object = json::object();
  for (std::size_t w = 0; w < kNumWitnesses; ++w) {
    object[to_string(kWitnesses[w])] = to_json(testimony[w]);
  }
  return object;
}

Testimony testimony_from(const json& object) {
  Testimony testimony;
  for (std::size_t w = 0; w < kNumWitnesses; ++w) {
    testimony[w] = optional_from(object.at(to_string(kWitnesses[w])));
  }
  return testimony;
}

json to_json(const FinResult& fin) {
  json candidates = json::array();
  for (const Candidate& candidate : fin.answer.candidates) {
    candidates.push_back({{"individual", candidate.individual},
                          {"probability", candidate.probability},
                          {"similarities", to_json(candidate.similarities)},
                          {"catalogue_photo_index", candidate.best_entry_index}});
  }
  json silent = json::array();
  for (const Witness witness : fin.answer.silent) silent.push_back(to_string(witness));
  return {{"left_px", fin.box.left_px},
          {"top_px", fin.box.top_px},
          {"width_px", fin.box.width_px()},
          {"height_px", fin.box.height_px()},
          {"confidence", fin.box.confidence},
          {"decision", to_string(fin.answer.decision)},
          {"p_new", fin.answer.p_new},
          {"silent_witnesses", silent},
          {"candidates", candidates}};
}

Decision decision_from(const std::string& text) {
  for (const Decision decision : {Decision::kKnown, Decision::kNew}) {
    if (text == to_string(decision)) return decision;
  }
  return Decision::kUnsure;
}

FinResult fin_from_json(const json& json) {
  FinResult fin;
  fin.box.left_px = json.at("left_px");
  fin.box.top_px = json.at("top_px");
  fin.box.right_px = fin.box.left_px + json.at("width_px").get<float>();
  fin.box.bottom_px = fin.box.top_px + json.at("height_px").get<float>();
  fin.box.confidence = json.at("confidence");
  fin.answer.decision = decision_from(json.at("decision"));
  fin.answer.p_new = json.at("p_new");
  for (const auto& name : json.at("silent_witnesses")) {
    fin.answer.silent.push_back(witness_named(name));
  }
  for (const auto& entry : json.at("candidates")) {
    fin.answer.candidates.push_back({entry.at("individual"),
                                     entry.at("probability"),
                                     testimony_from(entry.at("similarities")),
                                     entry.at("catalogue_photo_index")});
  }
  return fin;
}

}  // namespace

json to_json(const PhotoResult& result) {
  json fins = json::array();
  for (const FinResult& fin : result.fins) fins.push_back(to_json(fin));
  return {{"photo", result.photo},
          {"sha256", result.sha256},
          {"error", result.error},
          {"duplicate_of", result.duplicate_of},
          {"taken", result.taken},
          {"width_px", result.width_px},
          {"height_px", result.height_px},
          {"fins", fins}};
}

PhotoResult photo_result_from_json(const json& json) {
  PhotoResult result;
  json.at("photo").get_to(result.photo);
  json.at("sha256").get_to(result.sha256);
  json.at("error").get_to(result.error);
  json.at("duplicate_of").get_to(result.duplicate_of);
  json.at("taken").get_to(result.taken);
  json.at("width_px").get_to(result.width_px);
  json.at("height_px").get_to(result.height_px);
  for (const auto& fin : json.at("fins")) result.fins.push_back(fin_from_json(fin));
  return result;
}

}  // namespace finview
