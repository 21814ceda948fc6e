#include "finview/pipeline/known_fins.h"

#include "finview/base/threads.h"
#include "finview/pipeline/signature_record.h"

#include <optional>
#include <span>
#include <utility>

namespace finview {

std::string group_of(const FinRecord& fin) {
  const std::string date = fin.taken.substr(0, 10);
  return fin.encounter ? date + "/" + std::to_string(fin.encounter.value) : date;
}

KnownFins known_fins(const Catalogue& catalogue, const std::string& recipe) {
  KnownFins known;
  std::vector<GalleryEntry> entries;
  std::vector<FinSignature> signatures;
  catalogue.fins.each_feature(
      recipe, true, [&](const FinRecord& fin, std::span<const std::uint8_t> bytes) {
        std::optional<FinSignature> signature = signature_from(bytes);
        if (!signature) return;
        entries.push_back({fin.individual_code, group_of(fin)});
        signatures.push_back(std::move(*signature));
        known.fins.push_back(fin.id);
        known.photo_names.push_back(fin.photo_name);
        known.individuals[fin.individual_code] = fin.individual;
      });
  known.gallery = Gallery(std::move(entries), std::move(signatures));
  return known;
}

FittedCalibration calibrate(const KnownFins& known, const MatchOptions& options) {
  return calibrate(
      known.gallery, static_cast<std::size_t>(options.best_photos), options.new_share, num_cores());
}

}  // namespace finview
