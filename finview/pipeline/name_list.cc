#include "finview/pipeline/name_list.h"

#include "finview/base/files.h"

#include <sstream>

namespace finview {

std::set<std::string> read_names(const std::string& path) {
  std::set<std::string> names;
  if (path.empty()) return names;
  std::istringstream text(read_text_file(path));
  for (std::string line; std::getline(text, line);) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (!line.empty() && line.front() != '#') names.insert(line);
  }
  return names;
}

std::optional<std::string> name_of(const std::set<std::string>& names,
                                   const std::filesystem::path& photo) {
  for (const std::string& as_given :
       {photo.generic_string(), photo.lexically_normal().generic_string()}) {
    if (names.count(as_given) != 0) return as_given;
  }
  const std::string whole = std::filesystem::absolute(photo).lexically_normal().generic_string();
  for (std::size_t start = whole.size(); start != std::string::npos && start > 0;) {
    start = whole.rfind('/', start - 1);
    const std::string end = whole.substr(start == std::string::npos ? 0 : start + 1);
    if (names.count(end) != 0) return end;
  }
  return names.count(whole) != 0 ? std::optional(whole) : std::nullopt;
}

}  // namespace finview
