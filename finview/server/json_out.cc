#include "finview/server/json_out.h"

#include <cmath>

#include <nlohmann/json.hpp>

namespace finview {

using nlohmann::json;

namespace {

json position_json(const std::optional<GpsPosition>& position) {
  if (!position) return nullptr;
  json value{{"latitude_deg", position->latitude_deg}, {"longitude_deg", position->longitude_deg}};
  value["altitude_m"] = position->altitude_m ? json(*position->altitude_m) : json(nullptr);
  return value;
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

json to_json(const PhotoRecord& photo) {
  return {{"id", photo.id.value},
          {"sha256", photo.sha256},
          {"name", photo.name},
          {"size_bytes", photo.size_bytes},
          {"width_px", photo.width_px},
          {"height_px", photo.height_px},
          {"taken", photo.taken},
          {"position", position_json(photo.position)},
          {"camera", photo.camera},
          {"encounter", id_json(photo.encounter.value)},
          {"state", photo_state_names().at(static_cast<std::size_t>(photo.state))},
          {"failure", photo.failure},
          {"added", photo.added},
          {"trashed", photo.trashed},
          {"is_crop", photo.is_crop},
          {"num_fins", photo.num_fins}};
}

json to_json(const FinRecord& fin) {
  const Detection& box = fin.box;
  return {{"id", fin.id.value},
          {"photo", fin.photo.value},
          {"box",
           {{"left_px", box.left_px},
            {"top_px", box.top_px},
            {"right_px", box.right_px},
            {"bottom_px", box.bottom_px},
            {"confidence", box.confidence},
            {"class_index", box.class_index}}},
          {"made_by", fin.made_by},
          {"side", fin.side},
          {"quality", fin.quality},
          {"has_outline", !fin.outline.empty()},
          {"outlined_by", fin.outlined_by},
          {"individual", id_json(fin.individual.value)},
          {"review", review_names().at(static_cast<std::size_t>(fin.review))},
          {"last_decision", id_json(fin.last_decision.value)},
          {"tier", tier_names().at(static_cast<std::size_t>(fin.tier))},
          {"p_new", fin.p_new},
          {"probability", fin.probability},
          {"first_candidate", id_json(fin.first_candidate.value)},
          {"photo_name", fin.photo_name},
          {"taken", fin.taken},
          {"encounter", id_json(fin.encounter.value)},
          {"individual_code", fin.individual_code},
          {"first_candidate_code", fin.first_candidate_code}};
}

json to_json(const IndividualRecord& individual) {
  return {{"id", individual.id.value},
          {"code", individual.code},
          {"name", individual.name},
          {"aliases", individual.aliases},
          {"sex", individual.sex},
          {"age_class", individual.age_class},
          {"marks", individual.marks},
          {"notes", individual.notes},
          {"created", individual.created},
          {"merged_into", id_json(individual.merged_into.value)},
          {"best_left", id_json(individual.best_left.value)},
          {"best_right", id_json(individual.best_right.value)},
          {"num_fins", individual.num_fins},
          {"num_encounters", individual.num_encounters},
          {"first_seen", individual.first_seen},
          {"last_seen", individual.last_seen}};
}

json to_json(const EncounterRecord& encounter) {
  return {{"id", encounter.id.value},
          {"code", encounter.code},
          {"survey", id_json(encounter.survey.value)},
          {"began", encounter.began},
          {"ended", encounter.ended},
          {"place", encounter.place},
          {"position", position_json(encounter.position)},
          {"notes", encounter.notes},
          {"num_photos", encounter.num_photos},
          {"num_fins", encounter.num_fins}};
}

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
