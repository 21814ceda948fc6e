#include "finview/server/json_out.h"

#include "finview/server/json_text.h"

#include <cmath>

#include <nlohmann/json.hpp>

namespace finview {

using nlohmann::json;

namespace {

std::string position_text(const std::optional<GpsPosition>& position) {
  if (!position) return "null";
  return JsonText()
      .field("latitude_deg", position->latitude_deg)
      .field("longitude_deg", position->longitude_deg)
      .field("altitude_m", position->altitude_m)
      .text();
}

json similarity_json(const std::optional<double>& similarity) {
  if (!similarity || !std::isfinite(*similarity)) return nullptr;
  return *similarity;
}

}  // namespace

json id_json(std::int64_t id) { return id == 0 ? json(nullptr) : json(id); }

const std::vector<std::string>& photo_state_names() {
  static const std::vector<std::string> kNames{"waiting", "searched", "failed"};
  return kNames;
}

const std::vector<std::string>& review_names() {
  static const std::vector<std::string> kNames{
      "waiting", "confirmed", "provisional", "unsure", "discarded"};
  return kNames;
}

const std::vector<std::string>& tier_names() {
  static const std::vector<std::string> kNames{"none", "certain", "likely", "unsure", "nobody"};
  return kNames;
}

const std::vector<std::string>& job_state_names() {
  static const std::vector<std::string> kNames{
      "waiting", "running", "paused", "done", "failed", "cancelled"};
  return kNames;
}

std::string json_text(const PhotoRecord& photo) {
  return JsonText()
      .field("id", photo.id.value)
      .field("sha256", photo.sha256)
      .field("name", photo.name)
      .field("size_bytes", photo.size_bytes)
      .field("width_px", photo.width_px)
      .field("height_px", photo.height_px)
      .field("taken", photo.taken)
      .raw("position", position_text(photo.position))
      .field("camera", photo.camera)
      .id("encounter", photo.encounter.value)
      .field("state", photo_state_names().at(static_cast<std::size_t>(photo.state)))
      .field("failure", photo.failure)
      .field("added", photo.added)
      .field("trashed", photo.trashed)
      .field("is_crop", photo.is_crop)
      .field("num_fins", photo.num_fins)
      .text();
}

std::string json_text(const FinRecord& fin) {
  const Detection& box = fin.box;
  return JsonText()
      .field("id", fin.id.value)
      .field("photo", fin.photo.value)
      .raw("box",
           JsonText()
               .field("left_px", box.left_px)
               .field("top_px", box.top_px)
               .field("right_px", box.right_px)
               .field("bottom_px", box.bottom_px)
               .field("confidence", box.confidence)
               .field("class_index", box.class_index)
               .text())
      .field("made_by", fin.made_by)
      .field("side", fin.side)
      .field("quality", fin.quality)
      .field("has_outline", !fin.outline.empty())
      .field("outlined_by", fin.outlined_by)
      .id("individual", fin.individual.value)
      .field("review", review_names().at(static_cast<std::size_t>(fin.review)))
      .id("last_decision", fin.last_decision.value)
      .field("tier", tier_names().at(static_cast<std::size_t>(fin.tier)))
      .field("p_new", fin.p_new)
      .field("probability", fin.probability)
      .id("first_candidate", fin.first_candidate.value)
      .field("photo_name", fin.photo_name)
      .field("taken", fin.taken)
      .id("encounter", fin.encounter.value)
      .field("individual_code", fin.individual_code)
      .field("first_candidate_code", fin.first_candidate_code)
      .text();
}

std::string json_text(const IndividualRecord& individual) {
  return JsonText()
      .field("id", individual.id.value)
      .field("code", individual.code)
      .field("name", individual.name)
      .field("aliases", individual.aliases)
      .field("sex", individual.sex)
      .field("age_class", individual.age_class)
      .field("marks", individual.marks)
      .field("notes", individual.notes)
      .field("created", individual.created)
      .id("merged_into", individual.merged_into.value)
      .id("best_left", individual.best_left.value)
      .id("best_right", individual.best_right.value)
      .field("num_fins", individual.num_fins)
      .field("num_encounters", individual.num_encounters)
      .field("first_seen", individual.first_seen)
      .field("last_seen", individual.last_seen)
      .text();
}

std::string json_text(const EncounterRecord& encounter) {
  return JsonText()
      .field("id", encounter.id.value)
      .field("code", encounter.code)
      .id("survey", encounter.survey.value)
      .field("began", encounter.began)
      .field("ended", encounter.ended)
      .field("place", encounter.place)
      .raw("position", position_text(encounter.position))
      .field("notes", encounter.notes)
      .field("num_photos", encounter.num_photos)
      .field("num_fins", encounter.num_fins)
      .text();
}

json to_json(const PhotoRecord& photo) { return json::parse(json_text(photo)); }
json to_json(const FinRecord& fin) { return json::parse(json_text(fin)); }
json to_json(const IndividualRecord& individual) { return json::parse(json_text(individual)); }
json to_json(const EncounterRecord& encounter) { return json::parse(json_text(encounter)); }

json to_json(const SurveyRecord& survey) {
  return {{"id", survey.id.value},
          {"code", survey.code},
          {"began", survey.began},
          {"ended", survey.ended},
          {"platform", survey.platform},
          {"effort", survey.effort},
          {"notes", survey.notes}};
}

json to_json(const DecisionRecord& decision) {
  json fins = json::array();
  for (const FinId fin : decision.fins) fins.push_back(fin.value);
  return {{"id", decision.id.value},
          {"kind", to_string(decision.kind)},
          {"individual", id_json(decision.individual.value)},
          {"other", id_json(decision.other.value)},
          {"individual_code", decision.individual_code},
          {"other_code", decision.other_code},
          {"who", decision.who},
          {"when", decision.when},
          {"why", decision.why},
          {"undoes", id_json(decision.undoes.value)},
          {"undone_by", id_json(decision.undone_by.value)},
          {"fins", fins}};
}

json to_json(const StoredCandidate& candidate, bool rejected) {
  json similarities;
  for (const Witness witness : kWitnesses) {
    std::string name = to_string(witness);
    for (char& c : name) c = c == '-' ? '_' : c;
    similarities[name] = similarity_json(candidate.similarities[static_cast<std::size_t>(witness)]);
  }
  return {{"individual", candidate.individual.value},
          {"individual_code", candidate.individual_code},
          {"probability", candidate.probability},
          {"similarities", similarities},
          {"best_fin", id_json(candidate.best_fin.value)},
          {"rejected", rejected}};
}

json to_json(const JobRecord& job) {
  const auto left = seconds_left(job);
  return {{"id", job.id.value},
          {"kind", job.wish.kind},
          {"name", job.wish.name},
          {"state", to_string(job.state)},
          {"priority", job.wish.priority},
          {"who", job.wish.who},
          {"input", {{"uploads", job.wish.uploads}, {"files", job.wish.files}}},
          {"options", json::parse(job.wish.options)},
          {"then", job.wish.then},
          {"created", job.created},
          {"started", job.started},
          {"ended", job.ended},
          {"step", job.step},
          {"done", job.done},
          {"failed", job.failed},
          {"total", job.total},
          {"rate_per_s", job.rate_per_s},
          {"seconds_left", left ? json(*left) : json(nullptr)},
          {"reason", job.reason},
          {"result", json::parse(job.result)}};
}

json to_json(const AreaEntry& entry) {
  return {{"name", entry.name},
          {"path", entry.path},
          {"kind", entry.kind},
          {"size_bytes", entry.size_bytes},
          {"modified", entry.modified}};
}

json to_json(const TrashEntry& thrown) {
  return {{"id", thrown.id},
          {"path", thrown.entry.path},
          {"kind", thrown.entry.kind},
          {"size_bytes", thrown.entry.size_bytes},
          {"trashed", thrown.trashed}};
}

}  // namespace finview
