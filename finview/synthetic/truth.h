#pragma once

#include "finview/synthetic/render.h"
#include "finview/synthetic/survey_plan.h"

#include <cstdint>
#include <filesystem>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace finview::synthetic {

/// What is known about one photo, as its file in truth/ holds it.
nlohmann::json photo_truth(const SurveyPlan& plan,
                           const PlannedPhoto& planned,
                           const RenderedPhoto& photo);

/// YOLO label lines of a photo's truth: class 0, center and size as shares.
std::string yolo_labels(const nlohmann::json& truth);

/// Joins truth/ of all photos, in their order, into truth.json and truth.csv; writes catalogue.csv.
/// Returns the number of fins.
std::int64_t write_truth(const SurveyPlan& plan, const std::filesystem::path& folder);

/// `path` of a photo with another first folder and extension: photos/a/b.jpg -> truth/a/b.json.
std::filesystem::path sibling_path(const std::string& path,
                                   const std::string& folder,
                                   const std::string& extension);

}  // namespace finview::synthetic
