#include "finview/pipeline/find_project_fins.h"

#include "finview/base/error.h"
#include "finview/base/threads.h"
#include "finview/photo/decode.h"
#include "finview/pipeline/edit_fin.h"
#include "finview/pipeline/signature_record.h"
#include "finview/pipeline/stored_outline.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

namespace finview {
namespace {

/// A sentence without the photo's name, which stands before it anyway.
std::string reason_of(const Error& error, const std::string& name) {
  const std::string reason = error.what();
  const std::string start = name + ": ";
  return reason.starts_with(start) ? reason.substr(start.size()) : reason;
}

/// Runs `work`, unless what it asks for was removed from the catalogue meanwhile; then says false.
template <class Work>
bool unless_removed(const Work& work) {
  try {
    work();
    return true;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kNotFound) throw;
    return false;
  }
}

/// Whether a person changed what a signature is made of.
bool same_shape(const FinRecord& a, const FinRecord& b) {
  return a.box.left_px == b.box.left_px && a.box.top_px == b.box.top_px &&
         a.box.right_px == b.box.right_px && a.box.bottom_px == b.box.bottom_px &&
         a.side == b.side && a.outline == b.outline && a.outlined_by == b.outlined_by;
}

/// Work on this many at once keeps all cores busy and few photos in memory.
constexpr std::size_t kPhotosAtOnce = 8;
constexpr std::size_t kFinsAtOnce = 16;
/// How many times as large as the next one the fin is that a photo was taken for.
constexpr double kSubjectArea = 2;

class Finder {
 public:
  Finder(Project& project, const Networks& networks, Progress& progress)
      : project_(project),
        networks_(networks),
        finder_(networks.finder(false)),
        progress_(progress) {}

  FindReport report;

  void search(std::span<const PhotoId> ids) {
    std::vector<PhotoRecord> photos;
    std::vector<FoundFins> found;
    std::vector<Crop> crops;
    for (const PhotoId id : ids) {
      PhotoRecord photo;
      if (!unless_removed([&] { photo = project_.catalogue().photos.get(id); })) continue;
      try {
        found.push_back(finder_.find(project_.read(photo)));
        found.back().preview = {};
        photos.push_back(photo);
        for (const FoundFin& fin : found.back().fins) crops.push_back(fin.crop);
      } catch (const Error& error) {
        const std::string reason = fail(photo.name, error);
        unless_removed([&] { project_.catalogue().photos.set_failed(id, reason); });
      }
    }
    const std::vector<ShapedCrop> shaped = networks_.signer.shape(crops);
    const std::vector<FinSignature> signatures = networks_.signer.sign(shaped);
    std::vector<SearchedPhoto> searched;
    std::size_t first = 0;
    for (std::size_t i = 0; i < photos.size(); ++i) {
      const std::size_t count = found[i].fins.size();
      searched.push_back(searched_photo(photos[i].id,
                                        found[i].fins,
                                        std::span(shaped).subspan(first, count),
                                        std::span(signatures).subspan(first, count)));
      first += count;
    }
    if (unless_removed([&] { keep(photos, searched); })) return;
    for (std::size_t i = 0; i < photos.size(); ++i) {
      unless_removed(
          [&] { keep(std::span(photos).subspan(i, 1), std::span(searched).subspan(i, 1)); });
    }
  }

  /// Outlines fins, unless a person did, and signs them.
  void sign(std::span<const FinId> ids) {
    std::vector<FinRecord> fins;
    std::vector<Crop> crops;
    for (const FinId id : ids) {
      FinRecord fin;
      if (!unless_removed([&] { fin = project_.catalogue().fins.get(id); })) continue;
      try {
        const PhotoRecord photo = project_.catalogue().photos.get(fin.photo);
        crops.push_back(crop_of(project_.read(photo), photo, fin));
        fins.push_back(fin);
      } catch (const Error& error) {
        fail(fin.photo_name, error);
      }
    }
    std::vector<ShapedCrop> shaped(fins.size());
    parallel_for(fins.size(), num_cores(), [&](std::size_t i) {
      shaped[i] = shape_fin(crops[i], fins[i], networks_.masker);
    });
    const std::vector<FinSignature> signatures = networks_.signer.sign(shaped);
    for (std::size_t i = 0; i < fins.size(); ++i) {
      unless_removed([&] { keep(fins[i], shaped[i], signatures[i]); });
    }
  }

 private:
  SearchedPhoto searched_photo(PhotoId photo,
                               std::span<const FoundFin> found,
                               std::span<const ShapedCrop> shaped,
                               std::span<const FinSignature> signatures) const {
    SearchedPhoto searched;
    searched.photo = photo;
    for (std::size_t i = 0; i < found.size(); ++i) {
      StoredOutline outline = store_outline(shaped[i]);
      searched.fins.push_back({found[i].box,
                               "detector:" + networks_.detector->model_id().substr(0, 16),
                               outline.side,
                               outline.quality,
                               std::move(outline.json)});
      searched.features.push_back(to_bytes(signatures[i]));
    }
    return searched;
  }

  void keep(std::span<const PhotoRecord> photos, std::span<const SearchedPhoto> searched) {
    Catalogue& catalogue = project_.catalogue();
    catalogue.database.write([&](soci::session&) {
      const auto ids = catalogue.fins.add_found(searched, networks_.signer.recipe());
      for (std::size_t i = 0; i < photos.size(); ++i) {
        confirm_labelled(photos[i], searched[i].fins, ids[i]);
      }
    });
    for (const SearchedPhoto& photo : searched) {
      ++report.num_photos;
      report.num_fins += static_cast<std::int64_t>(photo.fins.size());
    }
  }

  /// The fin of a photo that is said to show an individual, unless a person has decided on one.
  void confirm_labelled(const PhotoRecord& photo,
                        std::span<const NewFin> fins,
                        std::span<const FinId> ids) {
    if (!photo.labelled) return;
    Catalogue& catalogue = project_.catalogue();
    FinFilter filter;
    filter.photo = photo.id;
    for (const FinRecord& fin : catalogue.fins.list(filter).rows) {
      if (fin.last_decision) return;
    }
    const std::optional<IndividualRecord> individual = individual_now(photo.labelled);
    if (!individual || fins.empty()) return;
    const std::optional<std::size_t> subject = subject_of(fins);
    if (!subject) {
      progress_.note(
          fmt::format("{}: {} fins, and none much larger than the others; say which of "
                      "them is {}.",
                      photo.name,
                      fins.size(),
                      individual->code));
      return;
    }
    NewDecision decision;
    decision.kind = DecisionKind::kConfirm;
    decision.fins = {ids[*subject]};
    decision.individual = individual->id;
    decision.who = photo.labelled_by;
    decision.why = "imported as " + photo.name;
    catalogue.decisions.decide(decision);
  }

  /// Or the one it was merged into; nothing if it was taken back.
  std::optional<IndividualRecord> individual_now(IndividualId id) const {
    const Individuals& individuals = project_.catalogue().individuals;
    try {
      IndividualRecord individual = individuals.get(id);
      while (individual.merged_into) individual = individuals.get(individual.merged_into);
      return individual;
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kNotFound) throw;
      return std::nullopt;
    }
  }

  /// The fin that a photo of one animal was taken for: the only one, or by far the largest. There
  /// is at least one.
  static std::optional<std::size_t> subject_of(std::span<const NewFin> fins) {
    std::vector<std::pair<double, std::size_t>> by_area;
    for (std::size_t i = 0; i < fins.size(); ++i) {
      by_area.emplace_back(double{fins[i].box.width_px()} * fins[i].box.height_px(), i);
    }
    std::sort(by_area.rbegin(), by_area.rend());
    if (by_area.size() > 1 && kSubjectArea * by_area[1].first > by_area[0].first) {
      return std::nullopt;
    }
    return by_area[0].second;
  }

  /// Unless a person changed the fin meanwhile: then it stays unsigned, for the next time.
  void keep(const FinRecord& before, const ShapedCrop& shaped, const FinSignature& signature) {
    const StoredOutline outline = store_outline(shaped);
    Catalogue& catalogue = project_.catalogue();
    catalogue.database.write([&](soci::session&) {
      FinRecord fin = catalogue.fins.get(before.id);
      if (!same_shape(fin, before)) return;
      fin.quality = outline.quality;
      if (fin.side.empty()) fin.side = outline.side;
      if (fin.outlined_by.empty()) fin.outline = with_edits(outline.json, edits_of(fin));
      catalogue.fins.change(fin);
      catalogue.fins.set_feature(fin.id, networks_.signer.recipe(), to_bytes(signature));
      ++report.num_signed;
    });
  }

  /// Tells why an item failed; errors of the machine end the run.
  std::string fail(const std::string& name, const Error& error) {
    if (error.kind() == ErrorKind::kUnavailable) throw Error(error);
    const std::string reason = reason_of(error, name);
    ++report.num_failed;
    progress_.item_failed(name, reason);
    return reason;
  }

  Project& project_;
  const Networks& networks_;
  FinFinder finder_;
  Progress& progress_;
};

/// Calls `work` for some items after the other until cancelled.
template <class Item, class Work>
void for_some(const std::string& step,
              const std::vector<Item>& items,
              std::size_t at_once,
              Progress& progress,
              const CancelToken& cancel,
              const Work& work) {
  const auto total = static_cast<std::int64_t>(items.size());
  for (std::size_t first = 0; first < items.size() && !cancel.cancelled(); first += at_once) {
    const std::size_t count = std::min(at_once, items.size() - first);
    work(std::span(items).subspan(first, count));
    progress.update(step, static_cast<std::int64_t>(first + count), total);
  }
  progress.finish();
}

void sign_fins(Finder& finder,
               const Catalogue& catalogue,
               const Networks& networks,
               Progress& progress,
               const CancelToken& cancel) {
  for_some("Signing fins",
           catalogue.fins.without_feature(networks.signer.recipe()),
           kFinsAtOnce,
           progress,
           cancel,
           [&](std::span<const FinId> fins) { finder.sign(fins); });
  finder.report.interrupted = cancel.cancelled();
}

}  // namespace

Crop crop_of(const PhotoFile& file, const PhotoRecord& photo, const FinRecord& fin) {
  if (photo.is_crop) return FinFinder(nullptr).find(file).fins.front().crop;
  return cut_fin(file, read_photo_info(file), fin.box);
}

FindReport find_project_fins(Project& project,
                             const Networks& networks,
                             Progress& progress,
                             const CancelToken& cancel) {
  Finder finder(project, networks, progress);
  const Catalogue& catalogue = project.catalogue();
  for_some("Finding fins",
           catalogue.photos.in_state(PhotoState::kWaiting),
           kPhotosAtOnce,
           progress,
           cancel,
           [&](std::span<const PhotoId> photos) { finder.search(photos); });
  sign_fins(finder, catalogue, networks, progress, cancel);
  return finder.report;
}

FindReport sign_project_fins(Project& project,
                             const Networks& networks,
                             Progress& progress,
                             const CancelToken& cancel) {
  Finder finder(project, networks, progress);
  sign_fins(finder, project.catalogue(), networks, progress, cancel);
  return finder.report;
}

}  // namespace finview
