#include "finview/pipeline/edit_outline.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/fin_features.h"
#include "finview/pipeline/models.h"
#include "finview/pipeline/outline_edits.h"
#include "finview/pipeline/picture_outline.h"

#include <nlohmann/json.hpp>

namespace finview {

EditedPicture edit_outline(const std::string& picture, const EditOutlineOptions& options) {
  check_options(options);
  EditHistory history = read_edits(options.edits);
  history = with_undone(std::move(history), static_cast<std::size_t>(options.undo));
  history = with_redone(std::move(history), static_cast<std::size_t>(options.redo));
  ModelOptions models;
  models.outline = options.model;
  const FinMasker masker(with_shipped_models(models).outline);
  const PictureOutline outlined = outline_picture({picture, read_file(picture)}, masker, history);
  if (!outlined.found.failure.empty()) {
    throw Error(ErrorKind::kBadInput, picture + ": " + outlined.found.failure);
  }
  if (options.undo > 0 || options.redo > 0) write_edits(history, options.edits);
  if (!options.out.empty()) {
    const nlohmann::ordered_json fins = nlohmann::ordered_json::array({to_json(outlined.found)});
    write_file(options.out, nlohmann::ordered_json{{"fins", fins}}.dump() + "\n");
  }
  if (!options.debug.empty()) write_steps(outlined, options.debug);
  if (!options.features_out.empty()) {
    write_feature_files(outlined, options.features_out, options.features);
  }
  return {outlined.found, history};
}

}  // namespace finview
