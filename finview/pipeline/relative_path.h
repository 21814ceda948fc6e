#pragma once

#include <string>
#include <vector>

namespace finview {

/// The parts of a path that stays below a folder: "/" between them.
///
/// Throws Error{kBadInput} for a path that is empty, absolute, longer than 4,000 bytes, with a part
/// that is empty, "." or "..", longer than 255 bytes, or with a backslash, control character or
/// anything that is not UTF-8.
std::vector<std::string> relative_parts(const std::string& path);

}  // namespace finview
