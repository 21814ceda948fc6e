#include "finview/pipeline/evaluate_outline.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/threads.h"
#include "finview/crop/cut.h"
#include "finview/outline/fin_masker.h"
#include "finview/outline/find_outline.h"
#include "finview/outline/find_parts.h"
#include "finview/photo/decode.h"
#include "finview/pipeline/contact_sheets.h"
#include "finview/pipeline/models.h"
#include "finview/pipeline/outline_pictures.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <optional>

#include <fmt/format.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

using internal::OutlinePicture;
using internal::RenderedTruth;

constexpr double kMostTurnedDeg = 60;
constexpr double kDeep = 0.02;   ///< share of the fin's height from which a notch counts
constexpr double kNear = 0.02;   ///< along the edge, share of its length
constexpr double kReach = 0.05;  ///< in any direction

cv::Mat border_of(const cv::Mat& mask) {
  cv::Mat eroded;
  cv::erode(mask, eroded, cv::Mat());
  return mask & ~eroded;
}

/// Mean distance from the known border of `from` to the border of `to`, in pixels.
double mean_distance(const cv::Mat& from, const cv::Mat& to, const cv::Mat& known) {
  cv::Mat distance;
  cv::distanceTransform(~border_of(to), distance, cv::DIST_L2, cv::DIST_MASK_PRECISE);
  cv::Mat where = border_of(from) & known;
  // The crop's own border is no border of the fin.
  where.row(0) = where.row(where.rows - 1) = cv::Scalar(0);
  where.col(0) = where.col(where.cols - 1) = cv::Scalar(0);
  return cv::countNonZero(where) > 0 ? cv::mean(distance, where)[0] : 0;
}

/// What was found in a crop.
struct Found {
  FinOutline outline;
  std::optional<FinParts> parts;
};

Crop crop_of(const cv::Mat& bgr) {
  Crop crop;
  crop.bgr = bgr;
  return crop;
}

/// Of all pictures, on all cores. `ms_per_crop`: how long one took.
std::vector<Found> find_all(const std::vector<OutlinePicture>& pictures,
                            const FinMasker* masker,
                            double& ms_per_crop) {
  std::vector<Found> found(pictures.size());
  const auto start = std::chrono::steady_clock::now();
  parallel_for(pictures.size(), num_cores(), [&](std::size_t i) {
    const Crop crop = crop_of(pictures[i].bgr);
    found[i].outline = masker != nullptr ? find_outline(crop, *masker) : find_outline(crop);
    found[i].parts = find_parts(found[i].outline);
  });
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  ms_per_crop = took.count() / std::max<double>(1, static_cast<double>(pictures.size()));
  return found;
}

void add_agreement(const OutlinePicture& truth,
                   const FinOutline& outline,
                   MaskAgreement& agreement) {
  double distance = 1;
  if (!outline.contour.empty()) {
    const double height = std::max(1, cv::boundingRect(truth.fin).height);
    distance = (mean_distance(outline.mask, truth.fin, truth.known) +
                mean_distance(truth.fin, outline.mask, truth.known)) /
               2 / height;
  }
  agreement.overlaps.push_back(internal::mask_overlap(outline.mask, truth.fin, truth.known));
  agreement.distances.push_back(distance);
  agreement.confidences.push_back(outline.mask_confidence);
  agreement.doubts.push_back(to_string(outline.mask_doubt));
  agreement.qualities.push_back(outline.quality);
  agreement.names.push_back(truth.name);
}

MaskAgreement compare_masks(const std::string& set,
                            const std::vector<OutlinePicture>& pictures,
                            const std::vector<Found>& found) {
  MaskAgreement agreement;
  agreement.set = set;
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    add_agreement(pictures[i], found[i].outline, agreement);
  }
  return agreement;
}

/// Found outlines in yellow and the true ones in white, least overlap first.
void write_sheets(const std::vector<OutlinePicture>& pictures,
                  const std::vector<Found>& found,
                  const MaskAgreement& agreement,
                  const std::string& folder) {
  if (folder.empty()) return;
  std::vector<std::size_t> order(pictures.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return agreement.overlaps[a] < agreement.overlaps[b];
  });
  ContactSheets sheets(std::filesystem::path(folder) / agreement.set);
  for (const std::size_t i : order) {
    cv::Mat drawn = pictures[i].bgr.clone();
    std::vector<std::vector<cv::Point>> borders;
    cv::findContours(
        pictures[i].fin & pictures[i].known, borders, cv::RETR_EXTERNAL, cv::CHAIN_APPROX_NONE);
    cv::drawContours(drawn, borders, -1, cv::Scalar::all(255));
    OutlinedPicture one;
    one.outline = found[i].outline;
    one.parts = found[i].parts;
    sheets.add(drawn,
               one,
               fmt::format("{:.3f} {}", agreement.overlaps[i], agreement.doubts[i]),
               fmt::format("{} {:.2f}", pictures[i].name, agreement.confidences[i]));
  }
  sheets.finish();
}

void compare_notches(const RenderedTruth& truth,
                     const std::optional<FinParts>& parts,
                     NotchAgreement& agreement) {
  const std::vector<Notch> found = parts ? parts->notches : std::vector<Notch>();
  const auto are_near = [&](const Notch& notch, const internal::TrueNotch& other) {
    const cv::Point2f away = notch.deepest - other.deepest;
    return std::abs(away.dot(other.along)) <= kNear * truth.edge_length_px &&
           cv::norm(away) <= kReach * truth.edge_length_px;
  };
  for (const internal::TrueNotch& notch : truth.notches) {
    if (!notch.is_seen || notch.depth < kDeep) continue;
    ++agreement.num_true;
    agreement.num_found += std::any_of(
        found.begin(), found.end(), [&](const Notch& one) { return are_near(one, notch); });
  }
  for (const Notch& notch : found) {
    if (notch.depth < kDeep) continue;
    ++agreement.num_reported;
    agreement.num_right += std::any_of(truth.notches.begin(),
                                       truth.notches.end(),
                                       [&](const auto& other) { return are_near(notch, other); });
  }
}

void compare_sides(const std::string& name,
                   FinSide truth,
                   const std::optional<FinParts>& parts,
                   SideAgreement& agreement) {
  agreement.confidences.push_back(parts ? parts->side_confidence : 0.5);
  agreement.is_right.push_back(parts && parts->side == truth);
  agreement.names.push_back(name);
}

void evaluate_rendered(const EvaluateOutlineOptions& options,
                       const FinMasker* masker,
                       Progress& progress,
                       OutlineEvaluation& evaluation) {
  std::vector<OutlinePicture> crops;
  for (const OutlinePicture& picture : internal::render_outline_pictures(
           options.num_rendered, static_cast<std::uint64_t>(options.seed) * 1'000'000, progress)) {
    crops.push_back(internal::fin_crop_of(picture));
  }
  double ms_per_crop = 0;
  const std::vector<Found> found = find_all(crops, masker, ms_per_crop);
  evaluation.masks.push_back(compare_masks("rendered", crops, found));
  evaluation.masks.back().ms_per_crop = ms_per_crop;
  write_sheets(crops, found, evaluation.masks.back(), options.sheets);
  NotchAgreement by_true{.masks = "true"};
  NotchAgreement by_found{.masks = "automatic"};
  SideAgreement sides{.set = "rendered", .confidences = {}, .is_right = {}, .names = {}};
  for (std::size_t i = 0; i < crops.size(); ++i) {
    const RenderedTruth& truth = *crops[i].rendered;
    if (truth.turned_deg > kMostTurnedDeg) continue;
    const std::optional<FinParts> from_truth =
        find_parts(outline_of_mask(crops[i].fin, MaskSource::kAlpha, 1));
    compare_notches(truth, from_truth, by_true);
    compare_notches(truth, found[i].parts, by_found);
    compare_sides(crops[i].name, truth.side, found[i].parts, sides);
  }
  evaluation.notches = {by_true, by_found};
  evaluation.sides.push_back(std::move(sides));
}

void evaluate_real(const EvaluateOutlineOptions& options,
                   const FinMasker* masker,
                   Progress& progress,
                   OutlineEvaluation& evaluation) {
  const std::vector<OutlinePicture> pictures =
      internal::read_outline_pictures(options.outlines, options.data, options.part, progress);
  double ms_per_crop = 0;
  const std::vector<Found> found = find_all(pictures, masker, ms_per_crop);
  evaluation.masks.push_back(compare_masks("real", pictures, found));
  evaluation.masks.back().ms_per_crop = ms_per_crop;
  write_sheets(pictures, found, evaluation.masks.back(), options.sheets);
}

FinSide parse_side(const std::string& text, const std::string& table) {
  if (text == "left") return FinSide::kLeft;
  if (text == "right") return FinSide::kRight;
  throw Error(ErrorKind::kBadInput,
              fmt::format("{}: trailing_edge is \"{}\"; it must be left or right.", table, text));
}

/// Sides of real crops, one agreement for each folder of the table.
void evaluate_real_sides(const EvaluateOutlineOptions& options,
                         const FinMasker* masker,
                         std::vector<SideAgreement>& sides) {
  const CsvTable table = read_csv(options.sides);
  std::vector<OutlinePicture> pictures(table.rows.size());
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const std::string& set = table.rows[i][table.column("set")];
    pictures[i].name = table.rows[i][table.column("file")];
    const std::filesystem::path path = std::filesystem::path(options.data) / set / pictures[i].name;
    const PhotoFile file{path.string(), read_file(path)};
    pictures[i].bgr = decode_photo(file, read_photo_info(file)).bgr;
  }
  double ms_per_crop = 0;
  const std::vector<Found> found = find_all(pictures, masker, ms_per_crop);
  for (std::size_t i = 0; i < pictures.size(); ++i) {
    const std::string& set = table.rows[i][table.column("set")];
    if (sides.empty() || sides.back().set != set) sides.emplace_back().set = set;
    compare_sides(pictures[i].name,
                  parse_side(table.rows[i][table.column("trailing_edge")], options.sides),
                  found[i].parts,
                  sides.back());
  }
}

}  // namespace

void EvaluateOutlineOptions::visit(OptionVisitor& visitor) {
  visitor.field("outline-model", model, "Model file; empty: the one FinView ships");
  visitor.field("outlines", outlines, "Table of real fins' outlines; empty: none is measured");
  visitor.field("sides", sides, "Table of the sides of real crops; empty: none is measured");
  visitor.field("sheets", sheets, "Folder for sheets of the fins, least overlap first");
  visitor.field("data", data, "Folder that holds the tables' pictures");
  visitor.field("part", part, "Part of the table of outlines that is measured");
  visitor.field("rendered", num_rendered, "Rendered fins to measure", 0, 1'000'000);
  visitor.field("recipe", recipe, "Measure the masks that learn nothing instead");
  visitor.field("seed", seed, "Of the rendered fins", 0, 1'000'000'000);
}

OutlineEvaluation evaluate_outline(const EvaluateOutlineOptions& options, Progress& progress) {
  check_options(options);
  std::optional<FinMasker> shipped;
  ModelOptions models;
  models.outline = options.model;
  if (!options.recipe) shipped.emplace(with_shipped_models(models).outline);
  const FinMasker* masker = shipped ? &*shipped : nullptr;
  OutlineEvaluation evaluation;
  if (!options.outlines.empty()) evaluate_real(options, masker, progress, evaluation);
  if (options.num_rendered > 0) evaluate_rendered(options, masker, progress, evaluation);
  if (!options.sides.empty()) evaluate_real_sides(options, masker, evaluation.sides);
  return evaluation;
}

}  // namespace finview
