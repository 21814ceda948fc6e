#include "finview/pipeline/photo_labels.h"

#include "finview/base/error.h"
#include "finview/photo/decode.h"

namespace finview {

PhotoLabels::PhotoLabels(const std::filesystem::path& folder, const std::string& names)
    : names_(names) {
  const std::filesystem::path csv = folder / "labels.csv";
  if (names_ == "auto") names_ = std::filesystem::exists(csv) ? "csv" : "folder";
  if (names_ == "csv") table_ = LabelTable::read(csv);
}

std::optional<PhotoLabel> PhotoLabels::find(const std::string& name) const {
  if (table_) {
    const std::optional<PhotoLabel> label = table_->find(name);
    if (!label || label->individual.empty()) return std::nullopt;
    return label;
  }
  NamedPhoto named = names_ == "niwa" ? read_niwa_name(name) : read_folder_name(name);
  if (named.label.individual.empty()) {
    throw Error(ErrorKind::kBadInput,
                "it lies in no individual's folder; put it in a folder named after the individual");
  }
  return named.label;
}

std::string photo_group(const PhotoLabel& label, const PhotoFile& file) {
  std::optional<CaptureTime> date = label.date;
  if (!date && label.encounter.empty()) date = read_photo_info(file).taken;
  std::string group;
  if (date) {
    date->has_time = false;
    group = to_string(*date);
  }
  return label.encounter.empty() ? group : group + "/" + label.encounter;
}

}  // namespace finview
