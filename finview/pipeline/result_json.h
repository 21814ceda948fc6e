#pragma once

#include "finview/pipeline/photo_result.h"

#include <nlohmann/json_fwd.hpp>

namespace finview {

/// A photo's result as JSON: the form of the journal and of `--out x.json`.
nlohmann::json to_json(const PhotoResult& result);

/// The reverse. Throws nlohmann::json::exception if a key is missing or of another type.
PhotoResult photo_result_from_json(const nlohmann::json& json);

}  // namespace finview
