#include "finview/pipeline/teach_project.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/embedding/embedder.h"
#include "finview/pipeline/find_project_fins.h"
#include "finview/pipeline/known_fins.h"
#include "finview/pipeline/pack_fins.h"
#include "finview/pipeline/project_settings.h"
#include "finview/training/train_embedder.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>

namespace finview {
namespace {

namespace fs = std::filesystem;

/// Fewer would leave no individual to measure by.
constexpr std::size_t kFewestIndividuals = 6;

/// Confirmed fins whose individual was seen in two groups at least.
std::vector<FinRecord> lessons(const Catalogue& catalogue) {
  std::vector<FinRecord> confirmed;
  std::map<IndividualId, std::set<std::string>> groups;
  catalogue.fins.each([&](const FinRecord& fin) {
    if (fin.review != Review::kConfirmed) return;
    confirmed.push_back(fin);
    groups[fin.individual].insert(group_of(fin));
  });
  std::erase_if(confirmed, [&](const FinRecord& fin) { return groups[fin.individual].size() < 2; });
  std::size_t num_individuals = 0;
  for (const auto& [individual, seen] : groups) num_individuals += seen.size() >= 2;
  if (num_individuals < kFewestIndividuals) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} individuals have confirmed fins of two encounters or days; a "
                            "network needs {} to learn from and to be measured by. Confirm more.",
                            num_individuals,
                            kFewestIndividuals));
  }
  return confirmed;
}

/// Writes the fins' crops and the table of whom they show.
void write_lessons(const Project& project,
                   const std::vector<FinRecord>& fins,
                   const fs::path& folder,
                   Progress& progress,
                   const CancelToken& cancel) {
  fs::remove_all(folder);
  fs::create_directories(folder);
  std::string table = "file,individual,encounter\n";
  std::int64_t done = 0;
  for (const FinRecord& fin : fins) {
    if (cancel.cancelled()) throw Error(ErrorKind::kUnavailable, "Interrupted.");
    try {
      const PhotoRecord photo = project.catalogue().photos.get(fin.photo);
      const Crop crop = crop_of(project.read(photo), photo, fin);
      std::vector<std::uint8_t> png;
      cv::imencode(".png", crop.bgr, png);
      const std::string file = fmt::format("{}.png", fin.id.value);
      write_file(folder / file, std::span<const std::uint8_t>(png));
      table += csv_line({file, fin.individual_code, group_of(fin)});
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::kUnavailable) throw;
      progress.item_failed(fin.photo_name, error.what());
    }
    progress.update("Cutting out fins", ++done, static_cast<std::int64_t>(fins.size()));
  }
  write_file(folder / "labels.csv", table);
}

/// "fins" and "individuals" of a pack that is there already.
TaughtNetwork count_lessons(const std::vector<FinRecord>& fins) {
  TaughtNetwork taught;
  std::set<IndividualId> individuals;
  for (const FinRecord& fin : fins) individuals.insert(fin.individual);
  taught.num_fins = fins.size();
  taught.num_individuals = individuals.size();
  return taught;
}

/// Fins as the network to be taught further is fed them.
PackFinsOptions packing_for(const EmbedderContract& contract) {
  PackFinsOptions packing;
  packing.layout = contract.layout;
  packing.width_px = contract.width_px;
  packing.height_px = contract.height_px;
  packing.show_background = !contract.masked;
  packing.color = !contract.gray;
  packing.enhancement = contract.enhancement;
  return packing;
}

/// The network it is.
TrainEmbedderOptions training_of(const EmbedderContract& contract) {
  TrainEmbedderOptions training;
  training.network = contract.network;
  training.num_stages = contract.num_stages;
  training.num_dims = contract.num_dims;
  training.grid_channels = contract.grid_channels;
  training.pooling_power = contract.pooling_power;
  const std::int64_t frozen = training.training.schedule.frozen_stages;
  training.training.schedule.frozen_stages = std::min<std::int64_t>(frozen, contract.num_stages);
  // A project asks for those it knows: they are learned as classes too (docs/training.md).
  training.training.loss.arcface_weight = 0.5;
  training.training.batches.invented_share = 0.5;
  return training;
}

}  // namespace

TaughtNetwork teach_project(Project& project,
                            const fs::path& start,
                            const std::string& name,
                            const TeachOptions& options,
                            Progress& progress,
                            const CancelToken& cancel) {
  check_options(options);
  const std::vector<FinRecord> fins = lessons(project.catalogue());
  TaughtNetwork taught = count_lessons(fins);
  const EmbedderContract contract = Embedder(start).contract();
  const fs::path work = project.folder() / "cache" / ("teach-" + name);
  const fs::path pack = work / "fins.pack";
  if (!fs::exists(pack)) {
    write_lessons(project, fins, work / "crops", progress, cancel);
    PackFinsOptions packing = packing_for(contract);
    packing.out = pack.string();
    packing.seed = options.seed;
    pack_fins(packing, {work / "crops"}, {}, progress, cancel);
  }
  taught.file = taught_network(project, name + ".fvm");
  TrainEmbedderOptions training = training_of(contract);
  training.pack = pack.string();
  training.start = start.string();
  training.out = (work / (name + ".fvm")).string();
  training.resume = fs::exists(training.out + ".checkpoint");
  training.training.schedule.num_steps = options.num_steps;
  training.training.schedule.seed = options.seed;
  training.training.batches.held_out_share = options.held_out_share;
  taught.training = train_embedder(training, progress, cancel);
  if (taught.training.interrupted) return taught;
  fs::create_directories(taught.file.parent_path());
  for (const char* ending : {"", ".html", ".json"}) {
    write_file(taught.file.string() + ending,
               std::span<const std::uint8_t>(read_file(training.out + ending)));
  }
  fs::remove_all(work);
  return taught;
}

}  // namespace finview
