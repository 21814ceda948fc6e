#include "finview/pipeline/checked_fins.h"

#include "finview/base/error.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include <fmt/format.h>

namespace finview {
namespace {

constexpr std::size_t kNamed = 10;

/// Passes everything on and remembers the notes.
class Remembering : public Progress {
 public:
  explicit Remembering(Progress& progress) : progress_(progress) {}
  void update(const std::string& step, std::int64_t done, std::int64_t total) override {
    progress_.update(step, done, total);
  }
  void note(const std::string& line) override {
    notes.push_back(line);
    progress_.note(line);
  }
  void finish() override { progress_.finish(); }

  std::vector<std::string> notes;

 private:
  Progress& progress_;
};

/// The names under which each picture stands, an empty one (nobody known) included.
std::map<std::string, std::set<std::string>> names_of(const std::vector<CollectedFin>& fins) {
  std::map<std::string, std::set<std::string>> names;
  for (const CollectedFin& fin : fins) names[fin.sha256].insert(fin.label.individual);
  return names;
}

void refuse(const std::vector<std::string>& faults) {
  std::string text;
  for (std::size_t i = 0; i < std::min(kNamed, faults.size()); ++i) text += "\n  " + faults[i];
  throw Error(ErrorKind::kBadInput,
              fmt::format("The labels have {} faults (--bad-labels leave-out would go on without "
                          "them):{}{}",
                          faults.size(),
                          text,
                          faults.size() > kNamed ? "\n  …" : ""));
}

}  // namespace

std::vector<CollectedFin> read_checked_fins(const std::vector<std::filesystem::path>& sources,
                                            const std::string& bad_labels,
                                            Progress& progress) {
  Remembering remembering(progress);
  std::vector<CollectedFin> all;
  for (const auto& source : sources) {
    std::vector<CollectedFin> some = read_labelled_fins(source, remembering);
    std::move(some.begin(), some.end(), std::back_inserter(all));
  }
  const auto names = names_of(all);
  std::set<std::string> seen;
  std::vector<CollectedFin> fins;
  for (CollectedFin& fin : all) {
    const std::set<std::string>& of_picture = names.at(fin.sha256);
    if (of_picture.size() > 1) {
      remembering.note(fmt::format("Left out: {} stands under {} names ({})",
                                   fin.name,
                                   of_picture.size(),
                                   fmt::join(of_picture, ", ")));
    } else if (!seen.insert(fin.sha256).second) {
      remembering.note(fmt::format(
          "Left out: {} is a copy of another picture of {}", fin.name, fin.label.individual));
    } else {
      fins.push_back(std::move(fin));
    }
  }
  if (bad_labels == "refuse" && !remembering.notes.empty()) refuse(remembering.notes);
  if (!remembering.notes.empty()) {
    progress.note(fmt::format("{} of {} pictures left out",
                              remembering.notes.size(),
                              fins.size() + remembering.notes.size()));
  }
  return fins;
}

}  // namespace finview
