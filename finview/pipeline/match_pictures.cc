#include "finview/pipeline/match_pictures.h"

#include <algorithm>

#include <fmt/format.h>

namespace finview {
namespace {

Crop largest_fin(const PhotoFile& picture, const Networks& networks) {
  FoundFins found = networks.finder(false).find(picture);
  if (found.fins.empty()) return networks.finder(true).find(picture).fins.front().crop;
  const auto largest =
      std::max_element(found.fins.begin(), found.fins.end(), [](const auto& a, const auto& b) {
        return a.box.width_px() * a.box.height_px() < b.box.width_px() * b.box.height_px();
      });
  return std::move(largest->crop);
}

}  // namespace

void PictureMatcher::read_catalogue(const Networks& networks) {
  const std::string now = project_.catalogue().database.setting("revision");
  if (now == read_at_) return;
  known_ = known_fins(project_.catalogue(), networks.signer.recipe());
  calibration_ = calibrate(known_, options_);
  read_at_ = now;
}

std::vector<PictureMatch> PictureMatcher::match(std::span<const PhotoFile> pictures) {
  std::vector<PictureMatch> matches;
  networks_.use([&](const Networks& networks) {
    std::vector<Crop> crops;
    for (const PhotoFile& picture : pictures) crops.push_back(largest_fin(picture, networks));
    read_catalogue(networks);
    std::vector<Evidence> evidence;
    for (const FinSignature& signature : networks.signer.sign(crops)) {
      evidence.push_back(ask_gallery(known_.gallery, signature, options_));
    }
    const Catalogue& catalogue = project_.catalogue();
    const Answer answer = answer_evidence(known_.gallery, evidence, calibration_, options_);
    for (const Candidate& candidate : answer.candidates) {
      const auto individual =
          catalogue.individuals.get(known_.individuals.at(candidate.individual));
      const FinRecord fin = catalogue.fins.get(known_.fins[candidate.best_entry_index]);
      matches.push_back({individual.name.empty()
                             ? individual.code
                             : fmt::format("{} ({})", individual.code, individual.name),
                         candidate.probability,
                         fin.photo_name});
    }
  });
  return matches;
}

}  // namespace finview
