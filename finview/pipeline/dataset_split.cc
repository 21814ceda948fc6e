#include "finview/pipeline/dataset_split.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/photo/photo_name.h"
#include "finview/pipeline/dataset_check.h"
#include "finview/pipeline/dataset_yolo.h"
#include "finview/training/random_draw.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <fmt/format.h>

namespace finview {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDayLength = 10;  // 2012-03-07

std::string day_of(const DatasetPhoto& photo) {
  if (photo.date.size() >= kDayLength) return photo.date.substr(0, kDayLength);
  const NamedPhoto named = read_niwa_name(photo.file);
  return named.label.date ? to_string(*named.label.date).substr(0, kDayLength) : "";
}

std::string encounter_of(const DatasetPhoto& photo) {
  if (!photo.encounter.empty()) return "encounter " + photo.encounter;
  const NamedPhoto named = read_niwa_name(photo.file);
  const std::string day = day_of(photo);
  if (!named.label.encounter.empty() && !day.empty()) {
    return "encounter " + day + " " + named.label.encounter;
  }
  return day.empty() ? "" : "day " + day;
}

std::string group_of(const DatasetPhoto& photo, const std::string& by) {
  if (by == "folder") return "folder " + fs::path(photo.file).parent_path().generic_string();
  std::string group;
  if (by == "day") {
    const std::string day = day_of(photo);
    if (!day.empty()) group = "day " + day;
  } else if (by != "photo") {
    group = encounter_of(photo);
  }
  return group.empty() ? "photo " + photo.file : group;
}

/// Sets of photos that are joined step by step.
class JoinedSets {
 public:
  explicit JoinedSets(std::size_t count) : parents_(count) {
    std::iota(parents_.begin(), parents_.end(), std::size_t{0});
  }
  std::size_t root(std::size_t i) {
    while (parents_[i] != i) i = parents_[i] = parents_[parents_[i]];
    return i;
  }
  void join(std::size_t a, std::size_t b) { parents_[root(a)] = root(b); }

 private:
  std::vector<std::size_t> parents_;
};

/// Photos that stay together, groups in the order of their first photo.
std::vector<std::vector<std::size_t>> whole_groups(const Dataset& dataset,
                                                   const std::vector<DatasetPhotoFile>& photos,
                                                   const std::string& by) {
  JoinedSets sets(dataset.photos.size());
  std::map<std::string, std::size_t> first_of_group;
  std::map<std::string, std::size_t> index_of_file;
  const std::vector<std::string> groups = photo_groups(dataset, by);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const auto [first, is_new] = first_of_group.emplace(groups[i], i);
    if (!is_new) sets.join(i, first->second);
    index_of_file[dataset.photos[i].file] = i;
  }
  for (const auto& [a, b] : nearly_same_photos(photos)) {
    const auto one = index_of_file.find(photos[a].file);
    const auto other = index_of_file.find(photos[b].file);
    if (one != index_of_file.end() && other != index_of_file.end()) {
      sets.join(one->second, other->second);
    }
  }
  std::map<std::size_t, std::size_t> place;
  std::vector<std::vector<std::size_t>> whole;
  for (std::size_t i = 0; i < dataset.photos.size(); ++i) {
    const auto [at, is_new] = place.emplace(sets.root(i), whole.size());
    if (is_new) whole.emplace_back();
    whole[at->second].push_back(i);
  }
  return whole;
}

/// Fisher and Yates.
void shuffle(std::vector<std::vector<std::size_t>>& groups, std::int64_t seed) {
  RandomDraw random(static_cast<std::uint64_t>(seed));
  for (std::size_t i = groups.size(); i > 1; --i) std::swap(groups[i - 1], groups[random.index(i)]);
}

std::string list_text(const Dataset& dataset,
                      const std::vector<std::size_t>& indices,
                      const fs::path& folder) {
  std::string text;
  for (const std::size_t i : indices) {
    text += (folder / dataset.photos[i].file).generic_string() + "\n";
  }
  return text;
}

}  // namespace

void SplitOptions::visit(OptionVisitor& visitor) {
  visitor.field("test-share", test_share, "share of the photos to test by", 0.01, 0.9);
  visitor.field("by", by, "what stays on one side", {"encounter", "day", "folder", "photo"});
  visitor.field("seed", seed, "the same seed divides the same way", 0, 2'000'000'000);
}

std::vector<std::string> photo_groups(const Dataset& dataset, const std::string& by) {
  std::vector<std::string> groups;
  for (const DatasetPhoto& photo : dataset.photos) groups.push_back(group_of(photo, by));
  return groups;
}

DatasetSplit split_dataset(const Dataset& dataset,
                           const std::vector<DatasetPhotoFile>& photos,
                           const SplitOptions& options) {
  check_options(options);
  auto groups = whole_groups(dataset, photos, options.by);
  if (groups.size() < 2) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("All {} labelled photos are one encounter, day or look alike, so none "
                            "can be held out; add photos of another day, or use --by photo.",
                            dataset.photos.size()));
  }
  DatasetSplit split;
  split.num_groups = groups.size();
  for (const auto& group : groups)
    split.largest_group = std::max(split.largest_group, group.size());
  shuffle(groups, options.seed);
  const auto target = static_cast<std::size_t>(
      std::lround(options.test_share * static_cast<double>(dataset.photos.size())));
  std::vector<bool> is_test(groups.size(), false);
  std::size_t num_test = 0;
  const auto take = [&](std::size_t i) {
    is_test[i] = true;
    num_test += groups[i].size();
    ++split.num_test_groups;
  };
  for (std::size_t i = 0; i < groups.size() && num_test < target; ++i) {
    const std::size_t missing = target - num_test;
    if (groups[i].size() < 2 * missing && split.num_test_groups + 1 < groups.size()) take(i);
  }
  if (num_test == 0) {
    const auto smallest =
        std::min_element(groups.begin(), groups.end(), [](const auto& a, const auto& b) {
          return a.size() < b.size();
        });
    take(static_cast<std::size_t>(smallest - groups.begin()));
  }
  for (std::size_t i = 0; i < groups.size(); ++i) {
    auto& part = is_test[i] ? split.test : split.train;
    part.insert(part.end(), groups[i].begin(), groups[i].end());
  }
  std::sort(split.train.begin(), split.train.end());
  std::sort(split.test.begin(), split.test.end());
  return split;
}

void write_split(const Dataset& dataset,
                 const DatasetSplit& split,
                 const std::string& photos_folder,
                 const std::string& out) {
  const fs::path folder(out);
  write_file(folder / "train.txt", list_text(dataset, split.train, photos_folder));
  write_file(folder / "test.txt", list_text(dataset, split.test, photos_folder));
  write_file(folder / "obj.names", class_names_text(dataset));
  write_file(folder / "obj.data",
             fmt::format("classes = {}\ntrain = {}\nvalid = {}\nnames = {}\nbackup = {}\n",
                         std::max<std::size_t>(1, dataset.class_names.size()),
                         (folder / "train.txt").generic_string(),
                         (folder / "test.txt").generic_string(),
                         (folder / "obj.names").generic_string(),
                         (folder / "backup").generic_string()));
}

}  // namespace finview
