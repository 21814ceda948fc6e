#include "finview/pipeline/photo_batch.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/photo/walk.h"
#include "finview/pipeline/journal.h"
#include "finview/pipeline/output_pictures.h"
#include "finview/pipeline/result_tables.h"

#include <filesystem>
#include <map>
#include <memory>

#include <fmt/format.h>

namespace finview {
namespace {

namespace fs = std::filesystem;

/// Empty if nothing is written, so that there is nothing to go on with.
fs::path journal_path(const BatchOptions& options) {
  if (!options.out.empty()) return options.out + ".journal";
  for (const std::string& folder : {options.html, options.crops, options.annotated}) {
    if (!folder.empty()) return fs::path(folder) / "finview.journal";
  }
  return {};
}

bool is_inside(const fs::path& path, const fs::path& folder) {
  const fs::path relative = path.lexically_relative(folder);
  return !relative.empty() && *relative.begin() != "..";
}

void check_inputs(const std::vector<std::string>& paths, Faults& faults) {
  for (const std::string& path : paths) {
    std::error_code ignored;
    if (!fs::exists(path, ignored)) {
      faults.add(fmt::format("{}: there is no such file or folder.", path));
    }
  }
}

/// The nearest folder above `path` that exists must be a folder.
void check_writable_place(const std::string& name, const std::string& output, Faults& faults) {
  for (fs::path place = fs::absolute(output).parent_path();; place = place.parent_path()) {
    std::error_code ignored;
    if (!fs::exists(place, ignored) && place.has_relative_path()) continue;
    if (!fs::is_directory(place, ignored)) {
      faults.add(fmt::format("--{} is {}, but {} is not a folder; choose another place.",
                             name,
                             output,
                             place.string()));
    }
    return;
  }
}

/// Originals are never written: an output that is an input, or a folder of pictures that the next
/// run would take for photos, is refused.
void check_not_among_inputs(const std::string& name,
                            const std::string& output,
                            const std::vector<std::string>& paths,
                            bool recursive,
                            Faults& faults) {
  const fs::path target = fs::weakly_canonical(output);
  for (const std::string& path : paths) {
    const fs::path input = fs::weakly_canonical(path);
    const bool among =
        recursive && name != "out" && fs::is_directory(input) && is_inside(target, input);
    if (target != input && !among) continue;
    faults.add(fmt::format("--{} is {}, which lies among the photos of {}; choose another place.",
                           name,
                           output,
                           path));
  }
}

class Batch {
 public:
  Batch(const BatchOptions& options,
        const std::string& settings,
        const FinFinder& finder,
        const AnswerFins& answer_fins,
        Progress& progress)
      : finder_(finder),
        answer_fins_(answer_fins),
        progress_(progress),
        folders_{options.crops, options.annotated, options.html} {
    if (const fs::path file = journal_path(options); !file.empty()) {
      journal_ = std::make_unique<Journal>(file, settings);
    }
  }

  void take(const PhotoItem& item) {
    const auto* file = std::get_if<PhotoFile>(&item);
    PhotoResult result = file != nullptr ? work_on(*file) : failed(std::get<PhotoFailure>(item));
    if (!result.error.empty()) {
      progress_.note(fmt::format("{}: {}", result.photo, result.error));
    }
    if (!result.duplicate_of.empty()) {
      progress_.note(fmt::format(
          "{} is the same file as {}; it is answered twice.", result.photo, result.duplicate_of));
    }
    run.results.push_back(std::move(result));
  }

  BatchRun run;

 private:
  static PhotoResult failed(const PhotoFailure& failure) {
    PhotoResult result;
    result.photo = failure.name;
    result.error = failure.reason;
    return result;
  }

  PhotoResult work_on(const PhotoFile& file) {
    const std::string sha256 = sha256_hex(file.bytes);
    PhotoResult result;
    if (auto known = journal_ ? journal_->find(file.name, sha256) : std::nullopt) {
      result = std::move(*known);
      ++run.num_resumed;
    } else {
      result = find_and_answer(file, sha256);
      if (journal_) journal_->add(result);
    }
    const auto [first, is_new] = first_with_.emplace(sha256, file.name);
    if (!is_new) result.duplicate_of = first->second;
    return result;
  }

  PhotoResult find_and_answer(const PhotoFile& file, const std::string& sha256) {
    PhotoResult result;
    result.photo = file.name;
    result.sha256 = sha256;
    FoundFins found;
    try {
      found = finder_.find(file);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kBadInput) throw;
      // The photo's name stands before every reason anyway.
      const std::string_view reason = error.what();
      const std::string start = file.name + ": ";
      result.error = reason.starts_with(start) ? reason.substr(start.size()) : reason;
      return result;
    }
    result.width_px = found.info.width_px;
    result.height_px = found.info.height_px;
    if (found.info.taken) result.taken = to_string(*found.info.taken);
    for (const FoundFin& fin : found.fins) result.fins.push_back({fin.box, {}});
    if (result.fins.empty()) result.error = "no fin was found.";
    answer_fins_(found, result);
    write_pictures(folders_, result, found);
    return result;
  }

  const FinFinder& finder_;
  const AnswerFins& answer_fins_;
  Progress& progress_;
  OutputFolders folders_;
  std::unique_ptr<Journal> journal_;
  std::map<std::string, std::string> first_with_;  ///< photo by sha256
};

}  // namespace

void check_batch(const std::vector<std::string>& paths, const BatchOptions& options) {
  Faults faults;
  check_inputs(paths, faults);
  if (!options.out.empty() && !is_table_path(options.out)) {
    faults.add(fmt::format("--out is \"{}\"; it must end in .csv or .json.", options.out));
  }
  const std::map<std::string, std::string> outputs{{"out", options.out},
                                                   {"html", options.html},
                                                   {"crops", options.crops},
                                                   {"annotated", options.annotated}};
  for (const auto& [name, output] : outputs) {
    if (output.empty()) continue;
    check_writable_place(name, output, faults);
    check_not_among_inputs(name, output, paths, options.recursive, faults);
  }
  faults.throw_if_any(ErrorKind::kBadOptions);
}

BatchRun run_batch(const std::vector<std::string>& paths,
                   const BatchOptions& options,
                   const std::string& settings,
                   const FinFinder& finder,
                   const AnswerFins& answer_fins,
                   Progress& progress,
                   const CancelToken& cancel) {
  WalkOptions walk;
  walk.recursive = options.recursive;
  PhotoStream photos({paths.begin(), paths.end()}, walk);
  const std::string step = "Photos";
  Batch batch(options, settings, finder, answer_fins, progress);
  // What archives hold is known only by reading them.
  const std::int64_t total = photos.num_archives() > 0 ? 0 : photos.num_files();
  while (!cancel.cancelled()) {
    const std::optional<PhotoItem> item = photos.next();
    if (!item) break;
    batch.take(*item);
    progress.update(step, static_cast<std::int64_t>(batch.run.results.size()), total);
  }
  progress.finish();
  batch.run.interrupted = cancel.cancelled();
  return std::move(batch.run);
}

void forget_journal(const BatchOptions& options) {
  std::error_code ignored;
  if (const fs::path file = journal_path(options); !file.empty()) fs::remove(file, ignored);
}

}  // namespace finview
