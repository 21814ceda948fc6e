#include "finview/pipeline/identify.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/threads.h"
#include "finview/pipeline/html_report.h"
#include "finview/pipeline/networks.h"
#include "finview/pipeline/result_tables.h"
#include "finview/pipeline/signature_cache.h"

#include <map>
#include <optional>

#include <fmt/format.h>

namespace finview {
namespace {

namespace fs = std::filesystem;

/// The detector only where whole photos are to be searched.
Networks networks_for(const IdentifyOptions& options) {
  const bool crops_only = options.batch.already_cropped && options.catalogue.form == "crops";
  return crops_only ? Networks(options.models) : Networks(options.models, options.detector);
}

OpenCatalogue open_catalogue(const std::string& folder,
                             const IdentifyOptions& options,
                             const Networks& networks,
                             Progress& progress,
                             const CancelToken& cancel) {
  const bool crops = options.catalogue.form == "crops";
  CatalogueIndex index = index_catalogue(folder,
                                         options.catalogue,
                                         networks.signer,
                                         networks.finder(crops),
                                         crops ? "" : networks.detector->model_id(),
                                         progress,
                                         cancel);
  for (const std::string& failure : index.failures) progress.note(failure);
  for (const std::string& note : index.notes) progress.note(note);
  FittedCalibration calibration = calibrate(index.gallery,
                                            static_cast<std::size_t>(options.match.best_photos),
                                            options.match.new_share,
                                            num_cores());
  return {std::move(index), std::move(calibration)};
}

/// Signs the fins of photos; those of photos signed before, in an earlier run, come from the cache.
class QuerySigner {
 public:
  QuerySigner(const FinSigner& signer, const std::vector<std::string>& paths, const fs::path& cache)
      : signer_(signer),
        cache_(cache / ("queries-" + short_hash(paths) + ".index"), signer.recipe()) {}
  ~QuerySigner() {
    try {
      cache_.save();
    } catch (const Error&) {
      // A cache that cannot be kept costs time in the next run, nothing else.
    }
  }
  QuerySigner(const QuerySigner&) = delete;
  QuerySigner& operator=(const QuerySigner&) = delete;

  /// Of a fin signed before; nothing if there were too many to keep.
  std::optional<FinSignature> find(const PhotoResult& result, std::size_t fin) const {
    return cache_.find(key(result, fin));
  }

  std::vector<FinSignature> sign(const FoundFins& found, const PhotoResult& result) {
    std::vector<FinSignature> signatures(found.fins.size());
    std::vector<std::size_t> missing;
    std::vector<Crop> crops;
    for (std::size_t i = 0; i < found.fins.size(); ++i) {
      if (auto known = cache_.find(key(result, i))) {
        signatures[i] = std::move(*known);
      } else {
        missing.push_back(i);
        crops.push_back(found.fins[i].crop);
      }
    }
    std::vector<FinSignature> made = signer_.sign(crops);
    for (std::size_t k = 0; k < missing.size(); ++k) {
      if (num_added_++ < kMaxCached) cache_.add(key(result, missing[k]), made[k]);
      signatures[missing[k]] = std::move(made[k]);
    }
    return signatures;
  }

 private:
  static constexpr std::size_t kMaxCached = 10'000;  // 30 KB each, all in memory

  static std::string short_hash(const std::vector<std::string>& paths) {
    std::string text;
    for (const std::string& path : paths) text += fs::weakly_canonical(path).string() + '\n';
    return sha256_hex(text).substr(0, 16);
  }

  static std::string key(const PhotoResult& result, std::size_t fin) {
    const Detection& box = result.fins[fin].box;
    return fmt::format("{} {:.2f} {:.2f} {:.2f} {:.2f}",
                       result.sha256,
                       box.left_px,
                       box.top_px,
                       box.right_px,
                       box.bottom_px);
  }

  const FinSigner& signer_;
  SignatureCache cache_;
  std::size_t num_added_ = 0;
};

/// Everything the answers depend on, so that a resumed run cannot mix two kinds.
std::string settings_text(const Networks& networks,
                          const OpenCatalogue& catalogue,
                          const IdentifyOptions& options) {
  std::string text = fmt::format("identify {} {} {} {} {} {} {} {} {} {}",
                                 networks.signer.recipe(),
                                 networks.detector ? networks.detector->model_id() : "",
                                 options.batch.already_cropped,
                                 options.detector.min_confidence,
                                 options.detector.nms_iou,
                                 options.detector.tiles,
                                 options.match.top,
                                 options.match.best_photos,
                                 options.match.false_match_rate,
                                 options.match.new_at,
                                 options.match.new_share);
  for (const CatalogueEntry& entry : catalogue.index.entries) {
    text += fmt::format(" {} {} {}", entry.individual, entry.group, entry.sha256);
  }
  return sha256_hex(text);
}

/// Gives all fins of a folder the answer that they have together.
void pool_by_folder(IdentifyRun& run,
                    const QuerySigner& queries,
                    const MatchOptions& options,
                    Progress& progress) {
  std::map<std::string, std::vector<PhotoResult*>> folders;
  for (PhotoResult& result : run.batch.results) {
    folders[fs::path(result.photo).parent_path().string()].push_back(&result);
  }
  const Gallery& gallery = run.catalogue.index.gallery;
  for (const auto& [folder, results] : folders) {
    std::vector<Evidence> photos;
    std::vector<Answer*> answers;
    for (PhotoResult* result : results) {
      for (std::size_t fin = 0; fin < result->fins.size(); ++fin) {
        const std::optional<FinSignature> signature = queries.find(*result, fin);
        if (!signature) continue;
        photos.push_back(ask_gallery(gallery, *signature, options));
        answers.push_back(&result->fins[fin].answer);
      }
    }
    if (photos.size() < 2) continue;
    const Answer pooled = answer_evidence(gallery, photos, run.catalogue.calibration, options);
    for (Answer* answer : answers) *answer = pooled;
    progress.note(fmt::format("{}: {} fins answered together.", folder, photos.size()));
  }
}

}  // namespace

OpenCatalogue open_catalogue(const std::string& folder,
                             const IdentifyOptions& options,
                             Progress& progress,
                             const CancelToken& cancel) {
  return open_catalogue(folder, options, networks_for(options), progress, cancel);
}

IdentifyRun identify_fins(const std::vector<std::string>& paths,
                          const std::string& catalogue_folder,
                          const IdentifyOptions& options,
                          Progress& progress,
                          const CancelToken& cancel) {
  check_batch(paths, options.batch);
  check_catalogue(catalogue_folder);
  const Networks networks = networks_for(options);
  IdentifyRun run{{}, open_catalogue(catalogue_folder, options, networks, progress, cancel)};
  const Gallery& gallery = run.catalogue.index.gallery;
  QuerySigner queries(networks.signer, paths, cache_folder(options.catalogue));
  const AnswerFins answer = [&](const FoundFins& found, PhotoResult& result) {
    const std::vector<FinSignature> signatures = queries.sign(found, result);
    for (std::size_t i = 0; i < signatures.size(); ++i) {
      const Evidence evidence = ask_gallery(gallery, signatures[i], options.match);
      result.fins[i].answer =
          answer_evidence(gallery, {&evidence, 1}, run.catalogue.calibration, options.match);
    }
  };
  run.batch = run_batch(paths,
                        options.batch,
                        settings_text(networks, run.catalogue, options),
                        networks.finder(options.batch.already_cropped),
                        answer,
                        progress,
                        cancel);
  if (options.pool == "folder") pool_by_folder(run, queries, options.match, progress);
  const std::vector<PhotoResult>& results = run.batch.results;
  if (!options.batch.out.empty()) write_results(options.batch.out, results, true);
  if (!options.batch.html.empty()) {
    write_html_report(options.batch.html, results, &run.catalogue.index);
  }
  if (!run.batch.interrupted) forget_journal(options.batch);
  return run;
}

}  // namespace finview
