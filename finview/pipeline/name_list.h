#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>

namespace finview {

/// Names in a text file, one a line; lines that begin with # are comments. Empty path: none.
/// Throws Error{kNotFound}.
std::set<std::string> read_names(const std::string& path);

/// The one of `names` that names `photo`: its file name, its path as given, or the end of its whole
/// path in whole parts, so "b.jpg" and "a/b.jpg" both name "trip/a/b.jpg". The lists that `finview
/// dataset split` writes hold paths.
std::optional<std::string> name_of(const std::set<std::string>& names,
                                   const std::filesystem::path& photo);

}  // namespace finview
