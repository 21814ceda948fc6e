#include "finview/synthetic/survey.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/threads.h"
#include "finview/synthetic/camera.h"
#include "finview/synthetic/claim.h"
#include "finview/synthetic/exif.h"
#include "finview/synthetic/random.h"
#include "finview/synthetic/render.h"
#include "finview/synthetic/truth.h"

#include <atomic>
#include <mutex>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>

namespace finview::synthetic {
namespace {

namespace fs = std::filesystem;

/// Photos are rendered in parallel, so OpenCV's own threads would only be in the way.
class SingleThreadedOpenCv {
 public:
  SingleThreadedOpenCv() : before_(cv::getNumThreads()) { cv::setNumThreads(1); }
  ~SingleThreadedOpenCv() { cv::setNumThreads(before_); }
  SingleThreadedOpenCv(const SingleThreadedOpenCv&) = delete;
  SingleThreadedOpenCv& operator=(const SingleThreadedOpenCv&) = delete;

 private:
  int before_;
};

class SurveyWriter {
 public:
  SurveyWriter(const SynthOptions& options, const fs::path& folder)
      : options_(options), folder_(folder), plan_(plan_survey(options)) {}

  const SurveyPlan& plan() const { return plan_; }
  std::size_t num_files() const { return plan_.photos.size() + plan_.catalogue.size(); }

  /// False if the file was there already.
  bool write(std::size_t index) const {
    const bool is_photo = index < plan_.photos.size();
    const PlannedPhoto& planned =
        is_photo ? plan_.photos[index] : plan_.catalogue[index - plan_.photos.size()];
    std::error_code ignored;
    if (fs::exists(folder_ / planned.path, ignored)) return false;
    if (is_photo) {
      write_photo(planned);
    } else {
      write_crop(planned);
    }
    return true;
  }

 private:
  Genotype genotype(std::size_t individual, int year) const {
    return aged(plan_.individuals[individual].genotype, year);
  }

  void write_photo(const PlannedPhoto& planned) const {
    std::vector<Genotype> genotypes;
    genotypes.reserve(planned.individuals.size());
    for (const std::size_t index : planned.individuals) {
      genotypes.push_back(genotype(index, planned.year));
    }
    std::vector<Subject> subjects;
    subjects.reserve(genotypes.size());
    for (const Genotype& one : genotypes) subjects.push_back({&one, std::nullopt});
    const RenderedPhoto photo =
        render_photo(random_scene(planned.scene_seed), subjects, view(planned), planned.seed);
    const nlohmann::json truth = photo_truth(plan_, planned, photo);
    // The photo comes last: where it is, everything about it is.
    for (std::size_t i = 0; options_.masks && i < photo.fins.size(); ++i) {
      write_mask(planned, photo, i);
    }
    write_file(folder_ / sibling_path(planned.path, "labels", ".txt"), yolo_labels(truth));
    write_file(folder_ / sibling_path(planned.path, "truth", ".json"), truth.dump());
    write_jpeg(planned, photo.bgr, photo.jpeg_quality);
  }

  View view(const PlannedPhoto& planned) const {
    Random random(derive_seed(planned.seed, {0xf1e3}));
    View view;
    view.size = parse_photo_size(options_.size).value();
    view.max_fin_px = .65 * view.size.height;
    view.min_fin_px = std::min(40., .5 * view.max_fin_px);
    const bool is_empty = planned.individuals.empty();
    view.num_distractors = is_empty || random.chance(.2) ? random.poisson(1.3) : 0;
    view.num_finless = random.chance(is_empty ? .5 : .08) ? 1 + random.poisson(.4) : 0;
    return view;
  }

  void write_crop(const PlannedPhoto& planned) const {
    const Genotype one = genotype(planned.individuals[0], planned.year);
    Random random(derive_seed(planned.seed, {0xc709}));
    const double fin_px = random.log_uniform(130, 420);
    const RenderedCrop crop = render_fin_crop(
        random_scene(planned.scene_seed), {&one, planned.side}, fin_px, planned.seed);
    write_jpeg(planned, crop.bgr, 92);
  }

  void write_jpeg(const PlannedPhoto& planned, const cv::Mat& bgr, int quality) const {
    ExifFacts facts;
    facts.time = planned.time;
    facts.latitude_deg = planned.latitude_deg;
    facts.longitude_deg = planned.longitude_deg;
    write_file(folder_ / planned.path, with_exif(encode_jpeg(bgr, quality), facts));
  }

  void write_mask(const PlannedPhoto& planned, const RenderedPhoto& photo, std::size_t i) const {
    cv::Mat mask = cv::Mat::zeros(photo.bgr.size(), CV_8U);
    photo.fins[i].mask.copyTo(mask(photo.fins[i].box));
    std::vector<std::uint8_t> bytes;
    cv::imencode(".png", mask, bytes);
    write_file(folder_ / sibling_path(planned.path, "masks", fmt::format("_{}.png", i + 1)), bytes);
  }

  const SynthOptions& options_;
  const fs::path& folder_;
  SurveyPlan plan_;
};

}  // namespace

SurveySummary render_survey(const SynthOptions& options,
                            const fs::path& folder,
                            Progress& progress,
                            const CancelToken& cancel) {
  check_synth_options(options);
  SynthOptions copy = options;
  claim_folder([&](OptionVisitor& visitor) { copy.visit(visitor); }, folder);
  const SurveyWriter writer(options, folder);
  const SingleThreadedOpenCv single_threaded;
  const auto total = static_cast<std::int64_t>(writer.num_files());
  std::mutex progress_mutex;
  std::int64_t num_done = 0;
  std::int64_t num_kept = 0;
  const int num_threads = options.threads > 0 ? static_cast<int>(options.threads) : num_cores();
  parallel_for(writer.num_files(), num_threads, [&](std::size_t index) {
    if (cancel.cancelled()) return;
    const bool written = writer.write(index);
    const std::lock_guard lock(progress_mutex);
    num_kept += written ? 0 : 1;
    progress.update("render", ++num_done, total);
  });
  progress.finish();
  SurveySummary summary;
  summary.num_kept = num_kept;
  summary.cancelled = num_done < total;
  if (summary.cancelled) return summary;
  summary.num_photos = static_cast<std::int64_t>(writer.plan().photos.size());
  summary.num_catalogue = static_cast<std::int64_t>(writer.plan().catalogue.size());
  summary.num_fins = write_truth(writer.plan(), folder);
  return summary;
}

}  // namespace finview::synthetic
