#include "finview/server/router.h"

#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace finview {

namespace {

std::vector<std::string> split(const std::string& path) {
  std::vector<std::string> parts;
  std::size_t begin = 1;
  while (true) {
    const std::size_t end = path.find('/', begin);
    parts.push_back(path.substr(begin, end - begin));
    if (end == std::string::npos) return parts;
    begin = end + 1;
  }
}

bool is_place(const std::string& part) { return part.starts_with('{'); }

/// Number of written words that agree; -1 if the path does not fit.
int fit(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
  if (pattern.size() != path.size()) return -1;
  int num_words = 0;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (is_place(pattern[i])) {
      if (path[i].empty()) return -1;
    } else if (pattern[i] == path[i]) {
      ++num_words;
    } else {
      return -1;
    }
  }
  return num_words;
}

}  // namespace

void Router::add(const std::vector<Route>& routes) {
  for (const Route& route : routes) entries_.push_back({route, split(route.pattern)});
}

const Route* Router::find(const std::string& method,
                          const std::string& path,
                          std::vector<std::string>& ids) const {
  if (!path.starts_with('/')) return nullptr;
  const auto parts = split(path);
  int best = -1;
  for (const Entry& entry : entries_) best = std::max(best, fit(entry.parts, parts));
  if (best < 0) return nullptr;
  std::set<std::string> methods;
  for (const Entry& entry : entries_) {
    if (fit(entry.parts, parts) != best) continue;
    methods.insert(entry.route.method);
    const bool same = method == entry.route.method ||
                      (method == "HEAD" && std::string(entry.route.method) == "GET");
    if (!same) continue;
    ids.clear();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (is_place(entry.parts[i])) ids.push_back(parts[i]);
    }
    return &entry.route;
  }
  throw Problem(405, "method", fmt::format("Here one can only {}.", fmt::join(methods, ", ")));
}

}  // namespace finview
