#include "finview/pipeline/write_outlines.h"

#include "finview/base/files.h"
#include "finview/outline/fin_masker.h"
#include "finview/photo/walk.h"
#include "finview/pipeline/contact_sheets.h"
#include "finview/pipeline/models.h"
#include "finview/pipeline/outline_batch.h"
#include "finview/pipeline/photo_batch.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {
namespace {

void add_to_sheet(const PictureOutline& outlined, std::size_t number, ContactSheets& sheets) {
  const FinOutline& outline = outlined.found.outline;
  sheets.add(
      outlined.crop.bgr,
      outlined.found,
      fmt::format("{} {:.2f} {}", number, outline.mask_confidence, to_string(outline.mask_doubt)),
      outline.contour.empty()
          ? ""
          : fmt::format(
                "{} {:.2f}", to_string(quality_class(outline.quality)), outline.quality.overall));
}

}  // namespace

std::vector<OutlinedPicture> write_outlines(const std::vector<std::string>& paths,
                                            const OutlineFilesOptions& options,
                                            Progress& progress,
                                            const CancelToken& cancel) {
  BatchOptions places;
  places.recursive = options.recursive;
  places.crops = options.debug;
  check_batch(paths, places);
  ModelOptions models;
  models.outline = options.model;
  const FinMasker masker(with_shipped_models(models).outline);
  PhotoStream photos({paths.begin(), paths.end()},
                     {.recursive = options.recursive, .archives = {}});
  ContactSheets sheets(options.sheets);
  std::vector<OutlinedPicture> pictures;
  nlohmann::ordered_json fins = nlohmann::ordered_json::array();
  while (!cancel.cancelled()) {
    std::vector<PictureOutline> outlined = next_outlines(photos, masker, options.edits);
    if (outlined.empty()) break;
    for (PictureOutline& one : outlined) {
      fins.push_back(to_json(one.found));
      if (!options.debug.empty()) write_steps(one, options.debug);
      add_to_sheet(one, pictures.size(), sheets);
      pictures.push_back(std::move(one.found));
    }
    progress.update("Outlines", static_cast<std::int64_t>(pictures.size()), 0);
  }
  progress.finish();
  sheets.finish();
  if (!options.out.empty()) {
    write_file(options.out, nlohmann::ordered_json{{"fins", fins}}.dump() + "\n");
  }
  return pictures;
}

}  // namespace finview
