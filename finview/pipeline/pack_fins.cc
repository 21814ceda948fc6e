#include "finview/pipeline/pack_fins.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/threads.h"
#include "finview/embedding/fin_layout.h"
#include "finview/outline/fin_edge.h"
#include "finview/outline/fin_masker.h"
#include "finview/pipeline/checked_fins.h"
#include "finview/pipeline/fin_signer.h"
#include "finview/pipeline/models.h"
#include "finview/synthetic/genotype.h"
#include "finview/synthetic/render.h"
#include "finview/training/fin_pack.h"
#include "finview/training/random_draw.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <mutex>
#include <optional>
#include <set>

#include <fmt/format.h>
#include <opencv2/core.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr double kFiner = 4.0 / 3;  ///< pixels of the pack in one of the network's input
constexpr int kMarginPx = 24;       ///< of the pack, on every side
constexpr int kReachPx = 31;        ///< how far from the edge distances are kept
constexpr int kDistanceSteps = 4;   ///< in a pixel
constexpr int kMinOpaque = 128;

EmbedderContract contract_of(const PackFinsOptions& options) {
  EmbedderContract contract;
  contract.layout = options.layout;
  contract.width_px = static_cast<int>(options.width_px);
  contract.height_px = static_cast<int>(options.height_px);
  contract.masked = !options.show_background;
  contract.gray = !options.color;
  contract.enhancement = options.enhancement;
  return EmbedderContract::from_json(contract.to_json());
}

cv::Point2d moved(const cv::Matx23d& map, const cv::Point2d& point) {
  return {map(0, 0) * point.x + map(0, 1) * point.y + map(0, 2),
          map(1, 0) * point.x + map(1, 1) * point.y + map(1, 2)};
}

/// The fin's pixels go on beyond its border, each as the nearest one inside.
void extend_skin(FinView& view) {
  const cv::Mat inside = view.mask >= 250;
  if (cv::countNonZero(inside) == 0) return;
  cv::Mat distance;
  cv::Mat nearest;
  cv::distanceTransform(
      ~inside, distance, nearest, cv::DIST_L2, cv::DIST_MASK_5, cv::DIST_LABEL_PIXEL);
  std::vector<cv::Point> place_of(static_cast<std::size_t>(view.mask.total()) + 1);
  for (int y = 0; y < inside.rows; ++y) {
    for (int x = 0; x < inside.cols; ++x) {
      if (inside.at<uchar>(y, x) != 0) place_of[nearest.at<int>(y, x)] = {x, y};
    }
  }
  const cv::Mat old = view.picture.clone();
  for (int y = 0; y < inside.rows; ++y) {
    for (int x = 0; x < inside.cols; ++x) {
      view.picture.at<cv::Vec3b>(y, x) = old.at<cv::Vec3b>(place_of[nearest.at<int>(y, x)]);
    }
  }
}

/// `count` points equally far apart along a line of points.
std::vector<cv::Point2d> resampled(const std::vector<cv::Point2d>& line, std::size_t count) {
  EdgePoints points;
  for (const cv::Point2d& point : line) points.push_back({point.x, point.y});
  std::vector<cv::Point2d> result;
  for (const EdgePoint& point : resample_edge(points, static_cast<int>(count))) {
    result.emplace_back(point.x, point.y);
  }
  return result;
}

/// Fills distance and place: how far each pixel lies from the edge and from which of its points.
void measure_distances(const std::vector<cv::Point2d>& edge, const cv::Mat& mask, PackedFin& fin) {
  const auto dense = resampled(edge, 4 * PackedFin::kNumPoints);
  cv::Mat nearest(mask.size(), CV_64F, cv::Scalar(1e9));
  fin.distance.assign(mask.total(), 127);
  fin.place.assign(mask.total(), 0);
  for (std::size_t i = 0; i < dense.size(); ++i) {
    const cv::Point2d& point = dense[i];
    const int left = std::max(0, cvFloor(point.x) - kReachPx);
    const int right = std::min(mask.cols - 1, cvFloor(point.x) + kReachPx);
    const int top = std::max(0, cvFloor(point.y) - kReachPx);
    const int bottom = std::min(mask.rows - 1, cvFloor(point.y) + kReachPx);
    for (int y = top; y <= bottom; ++y) {
      for (int x = left; x <= right; ++x) {
        const double dx = x + 0.5 - point.x;
        const double dy = y + 0.5 - point.y;
        const double square = dx * dx + dy * dy;
        if (square >= nearest.at<double>(y, x)) continue;
        nearest.at<double>(y, x) = square;
        fin.place[static_cast<std::size_t>(y * mask.cols + x)] =
            static_cast<std::uint8_t>(i * PackedFin::kNumPoints / dense.size());
      }
    }
  }
  for (int y = 0; y < mask.rows; ++y) {
    for (int x = 0; x < mask.cols; ++x) {
      const double away = std::sqrt(nearest.at<double>(y, x));
      const bool inside = mask.at<uchar>(y, x) >= kMinOpaque;
      const int steps = std::min(127, cvRound(kDistanceSteps * away));
      fin.distance[static_cast<std::size_t>(y * mask.cols + x)] =
          static_cast<std::int8_t>(inside ? -steps : steps);
    }
  }
}

/// What is fin of a view that shows its background as well.
std::vector<std::uint8_t> silhouette(const ShapedCrop& fin,
                                     EmbedderContract contract,
                                     const cv::Matx23d& map,
                                     cv::Size canvas) {
  contract.masked = true;
  const cv::Mat mask = draw_fin(fin, contract, map, canvas).mask;
  return {mask.datastart, mask.dataend};
}

PackedFin packed(const ShapedCrop& fin, const EmbedderContract& contract, bool keep_mask) {
  const cv::Size2d layout(kFiner * contract.width_px, kFiner * contract.height_px);
  const cv::Size canvas(cvRound(layout.width) + 2 * kMarginPx,
                        cvRound(layout.height) + 2 * kMarginPx);
  cv::Matx23d map = layout_from_crop(fin, contract, layout);
  map(0, 2) += kMarginPx;
  map(1, 2) += kMarginPx;
  FinView view = draw_fin(fin, contract, map, canvas);
  if (contract.masked) extend_skin(view);

  PackedFin result;
  if (contract.gray) cv::extractChannel(view.picture.clone(), view.picture, 0);
  result.picture.assign(view.picture.datastart, view.picture.dataend);
  result.mask.assign(view.mask.datastart, view.mask.dataend);
  if (keep_mask) result.silhouette = silhouette(fin, contract, map, canvas);
  const cv::Point2d tip(kMarginPx + kTipX * layout.width, kMarginPx + kTipY * layout.height);
  std::vector<cv::Point2d> edge{tip, {tip.x, kMarginPx + kEndY * layout.height}};
  if (fin.edge && contract.edge_aligned()) {
    edge.clear();
    for (const cv::Point2f& point : fin.edge->points) edge.push_back(moved(map, point));
    if (contract.masked) measure_distances(edge, view.mask, result);
  }
  const auto points = resampled(edge, PackedFin::kNumPoints);
  for (std::size_t i = 0; i < points.size(); ++i) {
    result.points[i] = {static_cast<float>(points[i].x), static_cast<float>(points[i].y)};
  }
  return result;
}

std::uint64_t seed_of(const PackFinsOptions& options, std::uint64_t purpose, std::size_t index) {
  return RandomDraw((static_cast<std::uint64_t>(options.seed) << 32U) + (purpose << 28U) + index)
      .bits();
}

synthetic::Genotype random_individual(const PackFinsOptions& options, RandomDraw& random) {
  const auto& names = synthetic::species_names();
  const std::string& species =
      options.species == "mixed" ? names[random.index(names.size())] : options.species;
  return synthetic::make_genotype(synthetic::parse_species(species), random.bits());
}

Crop rendered_crop(const PackFinsOptions& options, std::size_t index) {
  RandomDraw random(seed_of(options, 1, index));
  const synthetic::Genotype individual = random_individual(options, random);
  const synthetic::Scene scene = synthetic::random_scene(random.bits());
  const double fin_px = random.log_uniform(150, 400);
  return {
      synthetic::render_fin_crop(scene, {&individual, {}}, fin_px, random.bits()).bgr, {}, 0, 0, 1};
}

std::vector<float> random_cuts(const PackFinsOptions& options) {
  std::vector<float> cuts;
  for (std::size_t i = 0; i < static_cast<std::size_t>(options.num_cuts); ++i) {
    RandomDraw random(seed_of(options, 2, i));
    const auto depths =
        synthetic::trailing_depths(random_individual(options, random), PackedFin::kNumPoints);
    cuts.insert(cuts.end(), depths.begin(), depths.end());
  }
  return cuts;
}

/// Some of the fins side by side, as they are packed.
void write_sheet(const FinPack& pack, const std::filesystem::path& path) {
  constexpr int kColumns = 12;
  constexpr int kMost = 48;
  const int count = std::min(kMost, static_cast<int>(pack.fins.size()));
  const int rows = (count + kColumns - 1) / kColumns;
  cv::Mat sheet(rows * pack.height_px, kColumns * pack.width_px, CV_8UC3, cv::Scalar::all(255));
  for (int i = 0; i < count; ++i) {
    const PackedFin& fin =
        pack.fins[pack.fins.size() * static_cast<std::size_t>(i) / static_cast<std::size_t>(count)];
    const int type = pack.num_channels == 1 ? CV_8UC1 : CV_8UC3;
    cv::Mat picture(pack.height_px, pack.width_px, type, const_cast<uchar*>(fin.picture.data()));
    if (pack.num_channels == 1) cv::cvtColor(picture, picture, cv::COLOR_GRAY2BGR);
    const cv::Mat mask(pack.height_px, pack.width_px, CV_8UC1, const_cast<uchar*>(fin.mask.data()));
    picture.copyTo(sheet(cv::Rect(i % kColumns * pack.width_px,
                                  i / kColumns * pack.height_px,
                                  pack.width_px,
                                  pack.height_px)),
                   mask >= kMinOpaque);
  }
  std::vector<std::uint8_t> bytes;
  cv::imencode(".png", sheet, bytes);
  write_file(path, std::span<const std::uint8_t>(bytes));
}

/// Every fin, first the real ones, then rendered ones; nothing for a fin without a usable edge.
std::vector<std::optional<PackedFin>> pack_all(const std::vector<CollectedFin>& fins,
                                               std::size_t count,
                                               const PackFinsOptions& options,
                                               const EmbedderContract& contract,
                                               Progress& progress,
                                               const CancelToken& cancel) {
  std::optional<FinMasker> masker;
  if (contract.edge_aligned() || contract.masked || options.keep_masks) {
    ModelOptions models;
    models.outline = options.outline_model;
    masker.emplace(with_shipped_models(models).outline);
  }
  std::vector<std::optional<PackedFin>> found(count);
  std::int64_t done = 0;
  std::mutex mutex;
  parallel_for(count, num_cores(), [&](std::size_t i) {
    if (cancel.cancelled()) return;
    const bool is_real = i < fins.size();
    const Crop crop = is_real ? fins[i].crop : rendered_crop(options, i - fins.size());
    const ShapedCrop shaped = masker ? shape_crop(crop, *masker) : ShapedCrop{crop, {}, {}};
    const bool usable = shaped.edge && shaped.edge->quality >= options.min_edge_quality;
    if (usable || !contract.edge_aligned()) {
      found[i] = packed(shaped, contract, options.keep_masks);
      found[i]->name = is_real ? fins[i].name : fmt::format("rendered {}", i - fins.size());
      if (is_real) {
        found[i]->individual = fins[i].label.individual;
        found[i]->encounter = fins[i].label.group;
      }
    }
    const std::lock_guard lock(mutex);
    progress.update("Packing", ++done, static_cast<std::int64_t>(count));
  });
  progress.finish();
  if (cancel.cancelled()) throw Error(ErrorKind::kUnavailable, "Interrupted; nothing was written.");
  return found;
}

}  // namespace

void PackFinsOptions::visit(OptionVisitor& visitor) {
  visitor.field("out", out, "Pack to write");
  visitor.field("layout", layout, "How the fin lies in the picture", {"edge-aligned", "crop"});
  visitor.field("width", width_px, "Of the network's input, in steps of 32", 32, 1024);
  visitor.field("height", height_px, "Of the network's input, in steps of 32", 32, 1024);
  visitor.field("show-background", show_background, "Do not hide what is not fin");
  visitor.field("keep-masks",
                keep_masks,
                "With --show-background: say beside it what is fin, for train embedder "
                "--background. Whole crops must be outlined for it, which takes longer");
  visitor.field("color", color, "Keep colors; else luminance alone");
  visitor.field("enhancement",
                enhancement,
                "Of the luminance: equal mean and contrast of every fin, or contrast equalized "
                "locally",
                {"none", "normalized", "clahe"});
  visitor.field("bad-labels",
                bad_labels,
                "Pictures with two names, copies, pictures that cannot be read",
                kBadLabelChoices);
  visitor.field(
      "outline-model", outline_model, "Outline model (.fvm); empty: the one FinView ships");
  visitor.field("min-edge-quality", min_edge_quality, "Fins with poorer edges are left out", 0, 1);
  visitor.field("rendered", num_rendered, "Rendered fins to add", 0, 1'000'000);
  visitor.field("cuts", num_cuts, "Trailing edges of invented individuals to add", 0, 1'000'000);
  std::vector<std::string> species_choices = synthetic::species_names();
  species_choices.push_back("mixed");
  visitor.field("species", species, "Of rendered fins and invented edges", species_choices);
  visitor.field("sheet", sheet, "PNG file that shows 48 of the fins; empty: none");
  visitor.field("seed", seed, "Of rendered fins and invented edges", 0, 1'000'000'000);
}

PackedFins pack_fins(const PackFinsOptions& options,
                     const std::vector<std::filesystem::path>& labelled,
                     const std::vector<std::filesystem::path>& unlabelled,
                     Progress& progress,
                     const CancelToken& cancel) {
  check_options(options);
  if (options.keep_masks && !options.show_background) {
    throw Error(ErrorKind::kBadOptions,
                "--keep-masks goes with --show-background: a pack that hides what is not fin has "
                "the masks anyway.");
  }
  const EmbedderContract contract = contract_of(options);
  std::vector<CollectedFin> fins;
  const auto append = [&fins](std::vector<CollectedFin> more) {
    std::move(more.begin(), more.end(), std::back_inserter(fins));
  };
  append(read_checked_fins(labelled, options.bad_labels, progress));
  for (const auto& folder : unlabelled) append(read_unlabelled_fins(folder, progress));
  const std::size_t num_real = fins.size();
  const std::size_t count = num_real + static_cast<std::size_t>(options.num_rendered);
  if (count == 0) {
    throw Error(ErrorKind::kBadOptions,
                "There is nothing to pack; give --labelled, --unlabelled or --rendered.");
  }
  auto found = pack_all(fins, count, options, contract, progress, cancel);

  PackedFins result;
  FinPack pack;
  std::set<std::string> individuals;
  for (std::size_t i = 0; i < count; ++i) {
    if (!found[i]) {
      ++result.num_left_out;
      continue;
    }
    const std::string& individual = found[i]->individual;
    if (!individual.empty()) individuals.insert(individual);
    ++(i >= num_real        ? result.num_rendered
       : individual.empty() ? result.num_unlabelled
                            : result.num_labelled);
    pack.fins.push_back(std::move(*found[i]));
  }
  result.num_individuals = individuals.size();
  pack.contract_json = contract.to_json();
  pack.width_px = cvRound(kFiner * contract.width_px) + 2 * kMarginPx;
  pack.height_px = cvRound(kFiner * contract.height_px) + 2 * kMarginPx;
  pack.num_channels = contract.gray ? 1 : 3;
  // Another edge can be cut into a fin only where it is known and its background hidden.
  if (contract.edge_aligned() && contract.masked) pack.cuts = random_cuts(options);
  pack.write(options.out);
  if (!options.sheet.empty()) write_sheet(pack, options.sheet);
  return result;
}

}  // namespace finview
