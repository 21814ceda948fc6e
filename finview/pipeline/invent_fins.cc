#include "finview/pipeline/invent_fins.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/threads.h"
#include "finview/outline/fin_edge.h"
#include "finview/outline/find_outline.h"
#include "finview/pipeline/fin_collection.h"
#include "finview/synthetic/camera.h"
#include "finview/synthetic/claim.h"
#include "finview/synthetic/invented_fin.h"
#include "finview/synthetic/random.h"

#include <mutex>
#include <vector>

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>

namespace finview {
namespace {

namespace fs = std::filesystem;
using synthetic::FinPicture;

const std::string kTruthHeader = csv_line({"file", "individual", "parent", "parent_individual"});

std::vector<CollectedFin> read_fins(const fs::path& source, Progress& progress) {
  const bool is_labelled = !fs::is_directory(source) || fs::exists(source / "labels.csv");
  return is_labelled ? read_labelled_fins(source, progress)
                     : read_unlabelled_fins(source, progress);
}

class FinInventor {
 public:
  FinInventor(const std::vector<CollectedFin>& fins,
              const InventFinsOptions& options,
              const fs::path& out)
      : fins_(fins), options_(options), out_(out), left_out_(fins.size()) {}

  /// False if the fin's individuals were there already.
  bool invent(std::size_t fin) {
    bool is_complete = true;
    for (std::int64_t k = 0; k < options_.identities; ++k) {
      std::error_code ignored;
      is_complete = is_complete && fs::exists(truth_path(name(fin, k)), ignored);
    }
    if (is_complete) return false;
    try {
      const FinPicture parent = outlined(fins_[fin].crop);
      // All of them can be made, or none is written.
      std::vector<FinPicture> invented;
      for (std::int64_t k = 0; k < options_.identities; ++k) {
        invented.push_back(synthetic::invent_fin(
            parent, synthetic::parse_species(options_.species), seed(fin, k)));
        synthetic::check_fin_picture(invented.back());
      }
      for (std::int64_t k = 0; k < options_.identities; ++k) {
        write(fin, k, invented[static_cast<std::size_t>(k)]);
      }
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kBadInput) throw;
      left_out_[fin] = error.what();
    }
    return true;
  }

  void finish(InventFinsSummary& summary) const {
    std::string truth = kTruthHeader;
    std::string left_out = csv_line({"file", "reason"});
    for (std::size_t fin = 0; fin < fins_.size(); ++fin) {
      if (!left_out_[fin].empty()) {
        left_out += csv_line({fins_[fin].name, left_out_[fin]});
        ++summary.num_left_out;
        continue;
      }
      for (std::int64_t k = 0; k < options_.identities; ++k) {
        truth += read_text_file(truth_path(name(fin, k)));
        ++summary.num_individuals;
        summary.num_photos += options_.photos;
      }
    }
    write_file(out_ / "truth.csv", truth);
    write_file(out_ / "left_out.csv", left_out);
  }

 private:
  static std::string name(std::size_t fin, std::int64_t k) {
    return fmt::format("invented-{:05}-{:02}", fin + 1, k + 1);
  }

  /// Written last: where it is, all of the individual is.
  fs::path truth_path(const std::string& individual) const {
    return out_ / "truth" / (individual + ".csv");
  }

  FinPicture outlined(const Crop& crop) const {
    const FinOutline outline = find_outline(crop);
    if (outline.mask_confidence < options_.min_mask_confidence) {
      throw Error(
          ErrorKind::kBadInput,
          fmt::format("The outline's confidence is {:.2f}; --min-mask-confidence is {:.2f}.",
                      outline.mask_confidence,
                      options_.min_mask_confidence));
    }
    const std::optional<FinEdge> edge = find_edge(outline);
    if (!edge) throw Error(ErrorKind::kBadInput, "No trailing edge was found on the fin.");
    return {crop.bgr, outline.mask, edge->points};
  }

  std::uint64_t seed(std::size_t fin, std::int64_t k) const {
    return synthetic::derive_seed(static_cast<std::uint64_t>(options_.seed),
                                  {fin, static_cast<std::uint64_t>(k)});
  }

  void write(std::size_t fin, std::int64_t k, const FinPicture& invented) const {
    const std::string individual = name(fin, k);
    synthetic::PictureViewOptions views;
    views.own_background = options_.own_background;
    views.plain_background = options_.plain_background;
    std::string truth;
    for (std::int64_t n = 0; n < options_.photos; ++n) {
      const std::uint64_t own =
          synthetic::derive_seed(seed(fin, k), {static_cast<std::uint64_t>(n)});
      const std::string photo = fmt::format("{}/{:02}", individual, n + 1);
      write_photo(photo, synthetic::view_of_fin(invented, views, own), own);
      truth += csv_line({"catalogue/" + photo + ".jpg",
                         individual,
                         fins_[fin].name,
                         fins_[fin].label.individual});
    }
    write_file(truth_path(individual), truth);
  }

  void write_photo(const std::string& photo, const FinPicture& view, std::uint64_t seed) const {
    std::string edge = csv_line({"x_px", "y_px"});
    for (const cv::Point2f& point : view.trailing_edge) {
      edge += fmt::format("{:.2f},{:.2f}\n", point.x, point.y);
    }
    std::vector<std::uint8_t> mask;
    cv::imencode(".png", view.mask, mask);
    const int quality = 75 + static_cast<int>(seed % 21);
    write_file(out_ / "edges" / (photo + ".csv"), edge);
    write_file(out_ / "masks" / (photo + ".png"), mask);
    write_file(out_ / "catalogue" / (photo + ".jpg"), synthetic::encode_jpeg(view.bgr, quality));
  }

  const std::vector<CollectedFin>& fins_;
  const InventFinsOptions& options_;
  const fs::path& out_;
  std::vector<std::string> left_out_;  ///< reasons
};

}  // namespace

void InventFinsOptions::visit(OptionVisitor& visitor) {
  visitor.field("identities", identities, "individuals made from each fin", 1, 99);
  visitor.field("photos", photos, "photos of each individual", 1, 99);
  visitor.field("species", species, "whose notches and scars they get", synthetic::species_names());
  visitor.field("min-mask-confidence",
                min_mask_confidence,
                "fins whose outline is less certain are left out",
                0,
                1);
  visitor.field("own-background", own_background, "chance that the background stays", 0, 1);
  visitor.field("plain-background", plain_background, "chance that it is blurred", 0, 1);
  visitor.field("seed", seed, "the same seed gives the same individuals", 0, INT64_MAX);
  visitor.field("threads", threads, "0 = all cores", 0, 1024);
}

InventFinsSummary invent_fins(const fs::path& source,
                              const InventFinsOptions& options,
                              const fs::path& out,
                              Progress& progress,
                              const CancelToken& cancel) {
  check_options(options);
  if (options.own_background + options.plain_background > 1) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("--own-background {} and --plain-background {} add up to more than 1.",
                            options.own_background,
                            options.plain_background));
  }
  const std::vector<CollectedFin> fins = read_fins(source, progress);
  std::string source_name = source.string();
  InventFinsOptions copy = options;
  synthetic::claim_folder(
      [&](OptionVisitor& visitor) {
        visitor.field("fins", source_name, "");
        copy.visit(visitor);
      },
      out);
  FinInventor inventor(fins, options, out);
  InventFinsSummary summary;
  summary.num_parents = static_cast<std::int64_t>(fins.size());
  std::mutex mutex;
  std::int64_t num_done = 0;
  const int num_threads = options.threads > 0 ? static_cast<int>(options.threads) : num_cores();
  parallel_for(fins.size(), num_threads, [&](std::size_t fin) {
    if (cancel.cancelled()) return;
    const bool is_new = inventor.invent(fin);
    const std::lock_guard lock(mutex);
    summary.num_kept += is_new ? 0 : options.identities;
    progress.update("Inventing individuals", ++num_done, summary.num_parents);
  });
  progress.finish();
  summary.cancelled = num_done < summary.num_parents;
  if (!summary.cancelled) inventor.finish(summary);
  return summary;
}

}  // namespace finview
