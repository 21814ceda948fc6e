#include "finview/pipeline/catalogue_index.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/photo/walk.h"
#include "finview/pipeline/fin_finder.h"
#include "finview/pipeline/fin_signer.h"
#include "finview/pipeline/photo_labels.h"
#include "finview/pipeline/signature_cache.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

namespace finview {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kEmbedAtOnce = 16;
constexpr std::size_t kSaveEvery = 512;

std::string lower_case(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return text;
}

void note_similar_names(const std::vector<CatalogueEntry>& entries,
                        std::vector<std::string>& notes) {
  std::map<std::string, std::set<std::string>> spellings;
  for (const CatalogueEntry& entry : entries) {
    spellings[lower_case(entry.individual)].insert(entry.individual);
  }
  for (const auto& [lower, names] : spellings) {
    if (names.size() < 2) continue;
    notes.push_back(fmt::format(
        "The individuals \"{}\" and \"{}\" differ only in upper and lower case; if they are one "
        "animal, give them one name.",
        *names.begin(),
        *names.rbegin()));
  }
}

/// Reads a catalogue's pictures one by one and embeds those that are new.
class Indexer {
 public:
  Indexer(const fs::path& folder,
          const std::string& names,
          const FinSigner& signer,
          const FinFinder& finder,
          SignatureCache& cache)
      : folder_(folder), labels_(folder, names), signer_(signer), finder_(finder), cache_(cache) {}

  void take(const PhotoItem& item) {
    if (const auto* failure = std::get_if<PhotoFailure>(&item)) {
      failures.push_back(failure->name + ": " + failure->reason);
      return;
    }
    const auto& file = std::get<PhotoFile>(item);
    try {
      add(file);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kBadInput) throw;
      const std::string reason = error.what();
      failures.push_back(reason.starts_with(file.name) ? reason : file.name + ": " + reason);
    }
  }

  /// Embeds what is waiting.
  void flush() {
    std::vector<FinSignature> signatures = signer_.sign(crops_);
    for (std::size_t i = 0; i < signatures.size(); ++i) {
      cache_.add(waiting_[i], signatures[i]);
    }
    num_embedded += signatures.size();
    crops_.clear();
    waiting_.clear();
  }

  std::vector<CatalogueEntry> entries;
  std::vector<std::string> notes;
  std::vector<std::string> failures;
  std::size_t num_embedded = 0;

 private:
  void add(const PhotoFile& file) {
    const std::optional<PhotoLabel> label = labels_.find(fs::relative(file.name, folder_).string());
    if (!label) return;
    CatalogueEntry entry{
        file.name, label->individual, photo_group(*label, file), sha256_hex(file.bytes)};
    const auto [first, is_new] = first_with_.emplace(entry.sha256, entry);
    if (!is_new) {
      const bool same = first->second.individual == entry.individual;
      notes.push_back(fmt::format(
          "{} and {} are the same file; {}.",
          first->second.path.string(),
          entry.path.string(),
          same ? "it counts once" : "one of the two individuals must be wrong, both are kept"));
      if (same) return;
    }
    if (is_new && !cache_.knows(entry.sha256)) prepare(file, entry.sha256);
    entries.push_back(std::move(entry));
  }

  void prepare(const PhotoFile& file, const std::string& sha256) {
    FoundFins found = finder_.find(file);
    if (found.fins.empty()) {
      cache_.add_without_fin(sha256);
      return;
    }
    waiting_.push_back(sha256);
    crops_.push_back(std::move(found.fins.front().crop));
    if (waiting_.size() >= kEmbedAtOnce) flush();
  }

  fs::path folder_;
  PhotoLabels labels_;
  const FinSigner& signer_;
  const FinFinder& finder_;
  SignatureCache& cache_;
  std::map<std::string, CatalogueEntry> first_with_;  ///< by sha256
  std::vector<std::string> waiting_;                  ///< sha256 of each of crops_
  std::vector<Crop> crops_;
};

/// Leaves out the pictures without a fin and builds the gallery of the rest.
CatalogueIndex finish(Indexer& indexer, const SignatureCache& cache) {
  std::vector<CatalogueEntry> entries;
  std::vector<GalleryEntry> gallery_entries;
  std::vector<FinSignature> signatures;
  for (CatalogueEntry& entry : indexer.entries) {
    std::optional<FinSignature> signature = cache.find(entry.sha256);
    if (!signature) {
      indexer.failures.push_back(entry.path.string() + ": no fin was found.");
      continue;
    }
    signatures.push_back(std::move(*signature));
    gallery_entries.push_back({entry.individual, entry.group});
    entries.push_back(std::move(entry));
  }
  note_similar_names(entries, indexer.notes);
  return {std::move(entries),
          Gallery(std::move(gallery_entries), std::move(signatures)),
          indexer.num_embedded,
          std::move(indexer.notes),
          std::move(indexer.failures)};
}

}  // namespace

void check_catalogue(const fs::path& folder) {
  if (!fs::exists(folder)) {
    throw Error(
        ErrorKind::kNotFound,
        fmt::format("There is no catalogue {}; name a folder with one folder of pictures for "
                    "each individual.",
                    folder.string()));
  }
  if (!fs::is_directory(folder)) {
    throw Error(
        ErrorKind::kBadInput,
        fmt::format("The catalogue {} is not a folder; unpack archives first.", folder.string()));
  }
}

fs::path cache_folder(const CatalogueOptions& options) {
  return options.cache.empty() ? default_cache_folder() : fs::path(options.cache);
}

CatalogueIndex index_catalogue(const fs::path& folder,
                               const CatalogueOptions& options,
                               const FinSigner& signer,
                               const FinFinder& finder,
                               const std::string& detector_id,
                               Progress& progress,
                               const CancelToken& cancel) {
  check_catalogue(folder);
  const std::string recipe = options.form + " " + detector_id + " " + signer.recipe();
  const std::string place = fs::canonical(folder).string() + " " + recipe;
  SignatureCache cache(cache_folder(options) / (sha256_hex(place).substr(0, 16) + ".index"),
                       recipe);

  PhotoStream photos({folder}, {.recursive = true, .archives = {}});
  Indexer indexer(folder, options.names, signer, finder, cache);
  std::int64_t done = 0;
  while (const std::optional<PhotoItem> item = photos.next()) {
    indexer.take(*item);
    progress.update("Catalogue", ++done, photos.num_files());
    if (indexer.num_embedded % kSaveEvery == kSaveEvery - kEmbedAtOnce) cache.save();
    if (!cancel.cancelled()) continue;
    cache.save();
    throw Error(ErrorKind::kUnavailable,
                "Interrupted while the catalogue was read; what is embedded is kept.");
  }
  indexer.flush();
  cache.save();
  progress.finish();
  CatalogueIndex index = finish(indexer, cache);
  if (index.entries.empty()) {
    throw Error(
        ErrorKind::kBadInput,
        fmt::format("The catalogue {} holds no usable picture ({} looked at){}; put pictures "
                    "in one folder for each individual, or name them in labels.csv.",
                    folder.string(),
                    done,
                    index.failures.empty() ? "" : ": " + index.failures.front()));
  }
  return index;
}

}  // namespace finview
