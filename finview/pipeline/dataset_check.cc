#include "finview/pipeline/dataset_check.h"

#include "finview/base/csv.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <tuple>

#include <fmt/format.h>

namespace finview {
namespace {

constexpr double kMinSidePx = 8;
constexpr double kSameIou = 0.9;
/// Labels in whole pixels, or rounded, may reach this far out.
constexpr double kBorderPx = 1;

constexpr std::array kKindNames{"bad label",
                                "no photo",
                                "bad photo",
                                "no label",
                                "other size",
                                "outside",
                                "small box",
                                "same box",
                                "no fin",
                                "nearly the same"};

double overlap(const DatasetFin& a, const DatasetFin& b) {
  const double width = std::min(a.right_px, b.right_px) - std::max(a.left_px, b.left_px);
  const double height = std::min(a.bottom_px, b.bottom_px) - std::max(a.top_px, b.top_px);
  if (width <= 0 || height <= 0) return 0;
  const double both = width * height;
  return both / (a.width_px() * a.height_px() + b.width_px() * b.height_px() - both);
}

std::string box_text(const DatasetFin& fin) {
  return fmt::format("box {:.1f},{:.1f} of {:.1f} x {:.1f} px",
                     fin.left_px,
                     fin.top_px,
                     fin.width_px(),
                     fin.height_px());
}

class Checker {
 public:
  Checker(const Dataset& dataset, const std::vector<DatasetPhotoFile>& photos) : photos_(photos) {
    for (const DatasetFault& fault : dataset.faults) {
      add(ProblemKind::kBadLabel, fault.file, fault.reason);
    }
    for (const DatasetPhoto& photo : dataset.photos) {
      labelled_.insert(photo.file);
      check_photo(photo);
    }
    for (const DatasetPhotoFile& file : photos) check_file(file);
    for (const auto& [i, j] : nearly_same_photos(photos)) {
      add(ProblemKind::kNearlySamePhoto,
          photos[i].file,
          fmt::format("looks like {}; keep both on one side of a split.", photos[j].file));
    }
    std::stable_sort(problems.begin(), problems.end(), [](const auto& a, const auto& b) {
      return std::tie(a.kind, a.file) < std::tie(b.kind, b.file);
    });
  }

  std::vector<DatasetProblem> problems;

 private:
  void add(ProblemKind kind, const std::string& file, const std::string& detail) {
    problems.push_back({kind, file, detail});
  }

  void check_file(const DatasetPhotoFile& file) {
    if (!file.failure.empty()) add(ProblemKind::kBadPhoto, file.file, file.failure);
    if (labelled_.count(file.file) == 0) {
      add(ProblemKind::kNoLabel, file.file, "has no label; without a fin, an empty one says so.");
    }
  }

  void check_photo(const DatasetPhoto& photo) {
    const DatasetPhotoFile* file = find_photo(photos_, photo.file);
    if (file == nullptr && !photos_.empty()) {
      add(ProblemKind::kNoPhoto, photo.file, "has labels, but is not in the folder of photos.");
    }
    if (file != nullptr && file->failure.empty() &&
        (file->info.width_px != photo.width_px || file->info.height_px != photo.height_px)) {
      add(ProblemKind::kOtherSize,
          photo.file,
          fmt::format("the labels say {} x {} px, the upright photo has {} x {}.",
                      photo.width_px,
                      photo.height_px,
                      file->info.width_px,
                      file->info.height_px));
    }
    if (photo.fins.empty()) {
      add(ProblemKind::kNoFin, photo.file, "is labelled as a photo without a fin.");
    }
    for (std::size_t i = 0; i < photo.fins.size(); ++i) {
      check_fin(photo, photo.fins[i]);
      for (std::size_t k = i + 1; k < photo.fins.size(); ++k) {
        if (overlap(photo.fins[i], photo.fins[k]) < kSameIou) continue;
        add(ProblemKind::kSameBox, photo.file, box_text(photo.fins[i]) + " is there twice.");
      }
    }
  }

  void check_fin(const DatasetPhoto& photo, const DatasetFin& fin) {
    const bool sized = photo.width_px > 0 && photo.height_px > 0;
    const double beyond = std::max({-fin.left_px,
                                    -fin.top_px,
                                    fin.right_px - photo.width_px,
                                    fin.bottom_px - photo.height_px});
    if (sized && beyond > kBorderPx) {
      add(ProblemKind::kOutside,
          photo.file,
          fmt::format("{} reaches {:.0f} px outside the photo of {} x {}.",
                      box_text(fin),
                      beyond,
                      photo.width_px,
                      photo.height_px));
    }
    if (std::min(fin.width_px(), fin.height_px()) < kMinSidePx) {
      add(ProblemKind::kSmallBox, photo.file, box_text(fin) + " is hardly a fin.");
    }
  }

  const std::vector<DatasetPhotoFile>& photos_;
  std::set<std::string> labelled_;
};

}  // namespace

const char* to_string(ProblemKind kind) { return kKindNames.at(static_cast<std::size_t>(kind)); }

bool is_note(ProblemKind kind) {
  return kind == ProblemKind::kNoFin || kind == ProblemKind::kNearlySamePhoto;
}

std::vector<std::pair<std::size_t, std::size_t>> nearly_same_photos(
    const std::vector<DatasetPhotoFile>& photos) {
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (std::size_t i = 0; i < photos.size(); ++i) {
    if (!photos[i].sketch) continue;
    for (std::size_t j = i + 1; j < photos.size(); ++j) {
      if (photos[j].sketch && nearly_same(*photos[i].sketch, *photos[j].sketch)) {
        pairs.emplace_back(i, j);
      }
    }
  }
  return pairs;
}

std::vector<DatasetProblem> dataset_problems(const Dataset& dataset,
                                             const std::vector<DatasetPhotoFile>& photos) {
  return Checker(dataset, photos).problems;
}

std::string problems_csv(const std::vector<DatasetProblem>& problems) {
  std::string text = "problem,file,detail\n";
  for (const DatasetProblem& problem : problems) {
    text += csv_line({to_string(problem.kind), problem.file, problem.detail});
  }
  return text;
}

}  // namespace finview
