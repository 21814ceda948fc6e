#pragma once

#include "finview/outline/outline_edit.h"

#include <filesystem>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace finview {

/// A history of edits, JSON: {"num_done": 2, "edits": [...]}; without num_done all are done.
///
/// Each edit has who, when (ISO 8601) and a tool with what it needs:
///   "extreme points": points (four)
///   "strokes": strokes, each with points, radius_px and fin (true or false)
///   "outline": points of the whole outline; "stretch": points of a part of it
///   "filter": mask and picture (each gain 0..5, bias -100..50, gamma 0..2), invert
/// Points are [x, y] in pixels of the picture, origin at the outer corner of the top-left pixel.
/// Throws Error{kBadInput} that begins with `where` and names edit and key for anything that is
/// missing, out of range or not known.
EditHistory parse_edits(const nlohmann::ordered_json& json, const std::string& where);

/// One edit of such a history.
OutlineEdit parse_edit(const nlohmann::ordered_json& json, const std::string& where);

/// What `parse_edits` reads.
nlohmann::ordered_json to_json(const EditHistory& history);

/// `parse_edits` of a file. Throws Error{kNotFound} if there is none.
EditHistory read_edits(const std::filesystem::path& file);

/// Writes what `read_edits` reads.
void write_edits(const EditHistory& history, const std::filesystem::path& file);

/// The history of a picture in a folder of them, named after its file: 0042.jpg.json. Absent if
/// there is none, or no folder is given.
std::optional<EditHistory> find_edits(const std::filesystem::path& folder,
                                      const std::string& photo);

}  // namespace finview
