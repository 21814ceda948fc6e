#include "finview/pipeline/training_fins.h"

#include "finview/base/error.h"
#include "finview/pipeline/fin_collection.h"
#include "finview/training/random_draw.h"

#include <set>
#include <utility>

namespace finview::internal {
namespace {

namespace fs = std::filesystem;

bool lies_inside(const fs::path& folder, const fs::path& outer) {
  const std::string relative = fs::relative(folder, outer).generic_string();
  return relative != "." && !relative.starts_with("..");
}

void append(std::vector<CollectedFin> collected,
            bool may_show_labelled,
            std::vector<TrainingFin>& fins) {
  for (CollectedFin& fin : collected) {
    fins.push_back({std::move(fin.label), may_show_labelled, std::move(fin.crop)});
  }
}

}  // namespace

std::vector<TrainingFin> read_training_fins(const std::string& labelled,
                                            const std::vector<fs::path>& unlabelled,
                                            Progress& progress) {
  std::vector<TrainingFin> fins;
  if (!labelled.empty()) append(read_labelled_fins(labelled, progress), false, fins);
  for (const fs::path& folder : unlabelled) {
    const bool inside = !labelled.empty() && lies_inside(folder, labelled);
    append(read_unlabelled_fins(folder, progress), inside, fins);
  }
  if (fins.empty()) {
    throw Error(ErrorKind::kBadOptions,
                "There is nothing to train on; give --labelled, --unlabelled or both.");
  }
  return fins;
}

std::map<std::string, std::int64_t> split_individuals(const std::vector<TrainingFin>& fins,
                                                      std::int64_t num_parts,
                                                      std::int64_t seed) {
  std::set<std::string> names;
  for (const TrainingFin& fin : fins) {
    if (!fin.label.individual.empty()) names.insert(fin.label.individual);
  }
  std::vector<std::string> order(names.begin(), names.end());
  RandomDraw random(static_cast<std::uint64_t>(seed));
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.index(i)]);
  std::map<std::string, std::int64_t> part_of;
  for (std::size_t i = 0; i < order.size(); ++i) {
    part_of[order[i]] = static_cast<std::int64_t>(i) % num_parts;
  }
  return part_of;
}

}  // namespace finview::internal
