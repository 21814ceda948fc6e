#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/pipeline/project.h"

#include <cstdint>
#include <string>
#include <vector>

namespace finview {

struct ImportOptions {
  std::string individuals = "none";
  std::string encounters = "auto";
  std::string form = "auto";
  std::string labels;
  std::string labels_form = "auto";
  std::string who = "import";

  void visit(OptionVisitor& visitor) {
    visitor.field("individuals",
                  individuals,
                  "Whom the photos show: none = not known; folder = each photo's folder is named "
                  "after the individual; niwa = the same, with NIWA's file names; csv = labels.csv "
                  "in the folder; auto = labels.csv where there is one, else folder. Their fins "
                  "are confirmed, those that labels.csv does not name wait for a person",
                  {"none", "auto", "folder", "niwa", "csv"});
    visitor.field("encounters",
                  encounters,
                  "Which photos are of one encounter: those of one folder, of one day, or none; "
                  "auto takes folders below the one that is imported, else days",
                  {"auto", "folder", "date", "none"});
    visitor.field("form",
                  form,
                  "What the photos show: crops = one fin each, no more is searched for; photos = "
                  "whole scenes, whose fins are found, and the largest is the individual's unless "
                  "another is nearly as large; auto = crops where the individuals are known",
                  {"auto", "crops", "photos"});
    visitor.field(
        "labels",
        labels,
        "Boxes, outlines and individuals of the photos: a file of COCO, VIA, CSV or JSON, or "
        "YOLO's folder; wants one folder of photos. Photos that it names are not searched for "
        "fins. Or sightings: Wildbook's bulk import, or an archive of Darwin Core or Camtrap DP: "
        "encounters, places and whom the photos show; their fins are still found");
    visitor.field(
        "labels-form",
        labels_form,
        "Form of the labels",
        {"auto", "via", "coco", "yolo", "csv", "json", "wildbook", "darwin-core", "camtrap-dp"});
    visitor.field("who", who, "Who says so, for the history of decisions");
  }
};

struct ImportReport {
  std::int64_t num_added = 0;
  std::int64_t num_known = 0;  ///< were in the project already
  std::int64_t num_failed = 0;
  std::int64_t num_labelled_fins = 0;    ///< that came with labels
  std::int64_t num_labelled_photos = 0;  ///< that a table of sightings spoke of
  bool interrupted = false;
};

/// Takes photos out of files, folders (with those below) and archives into the project.
///
/// A photo is known by its bytes: importing again changes nothing, and goes on with what an
/// interrupted import left. A photo that cannot be read is told to `progress` and costs nothing
/// else. Throws Error{kNotFound} for inputs that do not exist, Error{kUnavailable} where the
/// project cannot be written, and as `PhotoLabels`.
ImportReport import_photos(Project& project,
                           const std::vector<std::string>& inputs,
                           const ImportOptions& options,
                           Progress& progress,
                           const CancelToken& cancel);

}  // namespace finview
