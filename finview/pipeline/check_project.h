#pragma once

#include "finview/base/progress.h"
#include "finview/pipeline/project.h"

#include <filesystem>
#include <string>
#include <vector>

namespace finview {

/// What is wrong with a project, one sentence each.
struct ProjectFaults {
  std::vector<std::string> open;      ///< what a person must see to
  std::vector<std::string> repaired;  ///< what was wrong and is not any more
};

/// Looks for everything that may be wrong: the database (`Database::check`), photos whose file is
/// gone or was changed, files that no photo needs, pieces of unfinished work.
///
/// @param deep    reads every photo's file and compares its SHA-256; else only its size
/// @param repair  removes waste and makes what can be made again from the history of decisions;
///                needs that no other program works on the project
ProjectFaults check_project(Project& project, bool deep, bool repair, Progress& progress);

/// Copies a project while it is in use: catalogue, photos, settings. Into a backup made before only
/// what is new is copied. Throws Error{kBadOptions} where the catalogue is in PostgreSQL,
/// Error{kConflict} if the folder holds something else, Error{kUnavailable}.
void back_up_project(const Project& project, const std::filesystem::path& backup);

/// Makes a project again from its backup. Throws Error{kConflict} if `folder` is not empty and
/// Error{kNotFound} if there is no backup.
void restore_project(const std::filesystem::path& backup, const std::filesystem::path& folder);

}  // namespace finview
