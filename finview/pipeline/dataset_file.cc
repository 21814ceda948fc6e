#include "finview/pipeline/dataset_file.h"

#include "finview/pipeline/dataset_coco.h"
#include "finview/pipeline/dataset_json.h"
#include "finview/pipeline/dataset_table.h"
#include "finview/pipeline/dataset_via.h"

#include <nlohmann/json.hpp>

namespace finview {

std::string form_of_labels(const std::string& text, const std::string& source) {
  const auto root = internal::parse_json(text, source);
  if (!root.is_object()) return "via";
  if (root.contains("annotations") && root.contains("images")) return "coco";
  return root.contains("photos") && root["photos"].is_array() ? "json" : "via";
}

Dataset parse_labels(const std::string& form, const std::string& text, const std::string& source) {
  if (form == "coco") return parse_coco(text, source);
  return form == "json" ? parse_dataset_json(text, source) : parse_via(text, source);
}

}  // namespace finview
