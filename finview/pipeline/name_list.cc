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

}  // namespace finview
