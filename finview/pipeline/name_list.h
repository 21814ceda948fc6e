#pragma once

#include <set>
#include <string>

namespace finview {

/// Names in a text file, one a line; lines that begin with # are comments. Empty path: none.
/// Throws Error{kNotFound}.
std::set<std::string> read_names(const std::string& path);

}  // namespace finview
