#pragma once

#include "finview/catalogue/catalogue.h"
#include "finview/jobs/job.h"
#include "finview/pipeline/area.h"
#include "finview/server/http.h"

#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace finview {

// Records as api/openapi.yaml has them. Ids of no row are null.

std::string json_text(const PhotoRecord& photo);
std::string json_text(const FinRecord& fin);
std::string json_text(const IndividualRecord& individual);
std::string json_text(const EncounterRecord& encounter);
nlohmann::json to_json(const PhotoRecord& photo);
nlohmann::json to_json(const FinRecord& fin);
nlohmann::json to_json(const IndividualRecord& individual);
nlohmann::json to_json(const EncounterRecord& encounter);
nlohmann::json to_json(const SurveyRecord& survey);
nlohmann::json to_json(const DecisionRecord& decision);
nlohmann::json to_json(const StoredCandidate& candidate, bool rejected);
nlohmann::json to_json(const JobRecord& job);
nlohmann::json to_json(const AreaEntry& entry);
nlohmann::json to_json(const TrashEntry& entry);

/// null for 0.
nlohmann::json id_json(std::int64_t id);

template <class Record>
HttpAnswer page_answer(const Page<Record>& page) {
  HttpAnswer answer;
  answer.body = "{\"rows\":[";
  for (const Record& row : page.rows) {
    if (answer.body.back() != '[') answer.body += ',';
    answer.body += json_text(row);
  }
  answer.body += "],\"total\":" + std::to_string(page.total) + '}';
  return answer;
}

const std::vector<std::string>& photo_state_names();
const std::vector<std::string>& review_names();
const std::vector<std::string>& tier_names();
const std::vector<std::string>& job_state_names();

/// The enumerators that the names stand for.
template <class Enum>
std::vector<Enum> named(const std::vector<std::string>& chosen,
                        const std::vector<std::string>& names) {
  std::vector<Enum> values;
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (const std::string& name : chosen) {
      if (name == names[i]) values.push_back(static_cast<Enum>(i));
    }
  }
  return values;
}

}  // namespace finview
