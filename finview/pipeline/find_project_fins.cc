#include "finview/pipeline/find_project_fins.h"

#include "finview/base/error.h"
#include "finview/photo/decode.h"
#include "finview/pipeline/signature_record.h"
#include "finview/pipeline/stored_outline.h"

#include <string>
#include <vector>

namespace finview {
namespace {

/// A sentence without the photo's name, which stands before it anyway.
std::string reason_of(const Error& error, const std::string& name) {
  const std::string reason = error.what();
  const std::string start = name + ": ";
  return reason.starts_with(start) ? reason.substr(start.size()) : reason;
}

class Finder {
 public:
  Finder(Project& project, const Networks& networks)
      : project_(project), networks_(networks), finder_(networks.finder(false)) {}

  /// Returns the number of fins.
  std::size_t search(const PhotoRecord& photo) const {
    const FoundFins found = finder_.find(project_.read(photo));
    std::vector<Crop> crops;
    for (const FoundFin& fin : found.fins) crops.push_back(fin.crop);
    const std::vector<ShapedCrop> shaped = networks_.signer.shape(crops);
    const std::vector<FinSignature> signatures = networks_.signer.sign(shaped);
    std::vector<NewFin> fins;
    std::vector<std::vector<std::uint8_t>> features;
    for (std::size_t i = 0; i < shaped.size(); ++i) {
      StoredOutline outline = store_outline(shaped[i]);
      fins.push_back({found.fins[i].box,
                      "detector:" + networks_.detector->model_id().substr(0, 16),
                      outline.side,
                      outline.quality,
                      std::move(outline.json)});
      features.push_back(to_bytes(signatures[i]));
    }
    project_.catalogue().fins.add_found(photo.id, fins, networks_.signer.recipe(), features);
    return fins.size();
  }

  /// Outlines a fin, unless a person did, and signs it.
  void sign(FinRecord fin) const {
    Catalogue& catalogue = project_.catalogue();
    const PhotoRecord photo = catalogue.photos.get(fin.photo);
    const Crop crop = crop_of(project_.read(photo), photo, fin);
    const bool by_hand = !fin.outlined_by.empty() && !fin.outline.empty();
    const std::vector<ShapedCrop> shaped{by_hand ? shape_as_stored(crop, fin.outline)
                                                 : shape_crop(crop, networks_.masker)};
    StoredOutline outline = store_outline(shaped[0]);
    fin.quality = outline.quality;
    if (fin.side.empty()) fin.side = outline.side;
    if (!by_hand) fin.outline = std::move(outline.json);
    catalogue.fins.change(fin);
    catalogue.fins.set_feature(
        fin.id, networks_.signer.recipe(), to_bytes(networks_.signer.sign(shaped).front()));
  }

 private:
  Project& project_;
  const Networks& networks_;
  FinFinder finder_;
};

/// Calls `work` for every item until cancelled.
template <class Item, class Work>
void for_each_item(const std::string& step,
                   const std::vector<Item>& items,
                   Progress& progress,
                   const CancelToken& cancel,
                   const Work& work) {
  std::int64_t done = 0;
  for (const Item& item : items) {
    if (cancel.cancelled()) break;
    work(item);
    progress.update(step, ++done, static_cast<std::int64_t>(items.size()));
  }
  progress.finish();
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
  const Finder finder(project, networks);
  Catalogue& catalogue = project.catalogue();
  FindReport report;
  const auto search = [&](PhotoId id) {
    const PhotoRecord photo = catalogue.photos.get(id);
    try {
      report.num_fins += static_cast<std::int64_t>(finder.search(photo));
      ++report.num_photos;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kUnavailable) throw;
      const std::string reason = reason_of(error, photo.name);
      catalogue.photos.set_failed(id, reason);
      ++report.num_failed;
      progress.item_failed(photo.name, reason);
    }
  };
  const auto sign = [&](FinId id) {
    const FinRecord fin = catalogue.fins.get(id);
    try {
      finder.sign(fin);
      ++report.num_signed;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kUnavailable) throw;
      ++report.num_failed;
      progress.item_failed(fin.photo_name, reason_of(error, fin.photo_name));
    }
  };
  for_each_item(
      "Finding fins", catalogue.photos.in_state(PhotoState::kWaiting), progress, cancel, search);
  for_each_item("Signing fins",
                catalogue.fins.without_feature(networks.signer.recipe()),
                progress,
                cancel,
                sign);
  report.interrupted = cancel.cancelled();
  return report;
}

}  // namespace finview
