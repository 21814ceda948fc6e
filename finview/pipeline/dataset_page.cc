#include "finview/pipeline/dataset_page.h"

#include "finview/base/chart.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/html.h"
#include "finview/photo/decode.h"
#include "finview/pipeline/dataset_split.h"
#include "finview/training/random_draw.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr std::size_t kMaxBars = 60;
constexpr std::size_t kMaxProblems = 500;
constexpr int kExamplePx = 320;
constexpr double kExampleMargin = 0.6;  // of the fin's longer side, on every side

using Bars = std::vector<std::pair<std::string, double>>;

/// How many values lie in each of `edges.size() - 1` ranges; what lies outside counts at the ends.
Bars histogram(const std::vector<double>& values,
               const std::vector<double>& edges,
               const std::string& unit) {
  Bars bars;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    bars.emplace_back(fmt::format("{:g}{}", edges[i], unit), 0);
  }
  for (const double value : values) {
    const auto above = std::upper_bound(edges.begin() + 1, edges.end() - 1, value);
    bars[static_cast<std::size_t>(above - edges.begin() - 1)].second += 1;
  }
  return bars;
}

/// The largest counts first; everything beyond `kMaxBars` in one last bar.
Bars largest_first(const std::map<std::string, double>& counts) {
  Bars bars(counts.begin(), counts.end());
  std::stable_sort(
      bars.begin(), bars.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  if (bars.size() <= kMaxBars) return bars;
  std::size_t num_rest = 0;
  double rest = 0;
  for (; bars.size() > kMaxBars - 1; bars.pop_back(), ++num_rest) rest += bars.back().second;
  bars.emplace_back(fmt::format("{} more", num_rest), rest);
  return bars;
}

std::string count_item(std::size_t count, const char* name) {
  return fmt::format("<li><b>{}</b>{}</li>\n", count, name);
}

std::string count_list(const Dataset& dataset, const std::vector<DatasetPhotoFile>& photos) {
  std::size_t num_fins = 0, num_empty = 0;
  std::set<std::string> individuals, encounters;
  for (const DatasetPhoto& photo : dataset.photos) {
    num_fins += photo.fins.size();
    num_empty += photo.fins.empty() ? 1 : 0;
    if (!photo.encounter.empty()) encounters.insert(photo.encounter);
    for (const DatasetFin& fin : photo.fins) {
      if (!fin.individual.empty()) individuals.insert(fin.individual);
    }
  }
  return "<ul class=\"counts\">\n" + count_item(photos.size(), "photos in the folder") +
         count_item(dataset.photos.size(), "labelled photos") + count_item(num_fins, "fins") +
         count_item(num_empty, "photos without a fin") +
         count_item(individuals.size(), "named individuals") +
         count_item(encounters.size(), "named encounters") + "</ul>\n";
}

std::string charts(const Dataset& dataset) {
  std::vector<double> sides_px, shares, aspects, fins_per_photo;
  std::map<std::string, double> individuals, groups;
  const std::vector<std::string> group_names = photo_groups(dataset, "encounter");
  for (std::size_t i = 0; i < dataset.photos.size(); ++i) {
    const DatasetPhoto& photo = dataset.photos[i];
    fins_per_photo.push_back(static_cast<double>(photo.fins.size()));
    if (!group_names[i].starts_with("photo ")) groups[group_names[i]] += 1;
    for (const DatasetFin& fin : photo.fins) {
      const double side = std::max(fin.width_px(), fin.height_px());
      sides_px.push_back(side);
      aspects.push_back(fin.width_px() / fin.height_px());
      if (!fin.individual.empty()) individuals[fin.individual] += 1;
      const int longest = std::max(photo.width_px, photo.height_px);
      if (longest > 0) shares.push_back(100 * side / longest);
    }
  }
  const auto chart = [](const char* title, const char* x, const char* y, Bars bars) {
    return BarChart{title, x, y, std::move(bars)}.svg();
  };
  std::string html = "<h2>Numbers</h2>\n<div class=\"charts\">\n";
  html += chart("Fins per photo",
                "fins",
                "photos",
                histogram(fins_per_photo, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, ""));
  html +=
      chart("Size of fins",
            "longer side of the box from, px",
            "fins",
            histogram(sides_px, {0, 16, 32, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048}, ""));
  html += chart("Size in the photo",
                "longer side of the box from, share of the photo's",
                "fins",
                histogram(shares, {0, 0.5, 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 100}, "%"));
  html += chart("Shape of fins",
                "width / height of the box from",
                "fins",
                histogram(aspects, {0, 0.4, 0.6, 0.8, 1, 1.2, 1.5, 2, 2.5, 3, 4, 6}, ""));
  if (!individuals.empty()) {
    html += chart("Fins per individual", "individual", "fins", largest_first(individuals));
  }
  if (!groups.empty()) {
    html += chart("Photos per encounter or day", "", "photos", largest_first(groups));
  }
  return html + "</div>\n";
}

/// The fin with its surroundings and its box drawn in, as JPEG; empty if it cannot be read.
std::vector<std::uint8_t> example_picture(const DatasetPhotoFile& file, const DatasetFin& fin) {
  const double margin = kExampleMargin * std::max(fin.width_px(), fin.height_px());
  const cv::Rect photo(0, 0, file.info.width_px, file.info.height_px);
  const cv::Rect wanted(cv::Point(static_cast<int>(std::floor(fin.left_px - margin)),
                                  static_cast<int>(std::floor(fin.top_px - margin))),
                        cv::Point(static_cast<int>(std::ceil(fin.right_px + margin)),
                                  static_cast<int>(std::ceil(fin.bottom_px + margin))));
  const cv::Rect region = wanted & photo;
  if (region.empty()) return {};
  cv::Mat bgr;
  try {
    const PhotoFile bytes{file.path.string(), read_file(file.path)};
    bgr = decode_region(bytes, file.info, region).bgr;
  } catch (const Error&) {
    return {};
  }
  const double scale = 1.0 * kExamplePx / std::max(bgr.cols, bgr.rows);
  cv::resize(bgr, bgr, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
  const cv::Point2d corner((fin.left_px - region.x) * scale, (fin.top_px - region.y) * scale);
  const cv::Point2d opposite((fin.right_px - region.x) * scale, (fin.bottom_px - region.y) * scale);
  cv::rectangle(bgr, corner, opposite, cv::Scalar(0, 212, 255), 1, cv::LINE_AA);
  std::vector<std::uint8_t> jpeg;
  cv::imencode(".jpg", bgr, jpeg, {cv::IMWRITE_JPEG_QUALITY, 85});
  return jpeg;
}

/// Up to `count` of the fins, each as likely; in the order of the photos.
std::vector<std::pair<std::size_t, std::size_t>> drawn_fins(const Dataset& dataset,
                                                            std::size_t count,
                                                            std::int64_t seed) {
  std::vector<std::pair<std::size_t, std::size_t>> fins;
  for (std::size_t i = 0; i < dataset.photos.size(); ++i) {
    for (std::size_t k = 0; k < dataset.photos[i].fins.size(); ++k) fins.emplace_back(i, k);
  }
  RandomDraw random(static_cast<std::uint64_t>(seed));
  for (std::size_t i = 0; i < std::min(count, fins.size()); ++i) {
    std::swap(fins[i], fins[i + random.index(fins.size() - i)]);
  }
  fins.resize(std::min(count, fins.size()));
  std::sort(fins.begin(), fins.end());
  return fins;
}

std::string problem_table(const std::vector<DatasetProblem>& problems) {
  if (problems.empty()) return "<h2>Problems</h2>\n<p>None was found.</p>\n";
  std::string html = fmt::format(
      "<h2>Problems and things worth a look: {}</h2>\n<table>\n"
      "<tr><th>Problem</th><th>File</th><th>Detail</th></tr>\n",
      problems.size());
  for (std::size_t i = 0; i < std::min(kMaxProblems, problems.size()); ++i) {
    html += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                        to_string(problems[i].kind),
                        escape_html(problems[i].file),
                        escape_html(problems[i].detail));
  }
  html += "</table>\n";
  if (problems.size() > kMaxProblems) {
    html += fmt::format(
        "<p class=\"soft\">... and {} more; finview dataset check --out lists "
        "all.</p>\n",
        problems.size() - kMaxProblems);
  }
  return html;
}

}  // namespace

void write_dataset_page(const std::filesystem::path& path,
                        const Dataset& dataset,
                        const std::vector<DatasetPhotoFile>& photos,
                        std::size_t num_examples,
                        std::int64_t seed,
                        Progress& progress,
                        const CancelToken& cancel) {
  std::string sheet;
  const auto fins = drawn_fins(dataset, num_examples, seed);
  std::int64_t done = 0;
  for (const auto& [photo_index, fin_index] : fins) {
    if (cancel.cancelled()) break;
    progress.update("Examples", ++done, static_cast<std::int64_t>(fins.size()));
    const DatasetPhoto& photo = dataset.photos[photo_index];
    const DatasetFin& fin = photo.fins[fin_index];
    const DatasetPhotoFile* file = find_photo(photos, photo.file);
    if (file == nullptr || !file->failure.empty()) continue;
    const auto jpeg = example_picture(*file, fin);
    if (jpeg.empty()) continue;
    sheet += fmt::format(
        "<figure>{}<figcaption>{} <span class=\"soft\">{:.0f} x {:.0f} px{}{}</span></figcaption>"
        "</figure>\n",
        inline_picture(jpeg, photo.file),
        escape_html(photo.file),
        fin.width_px(),
        fin.height_px(),
        fin.individual.empty() ? "" : ", ",
        escape_html(fin.individual));
  }
  progress.finish();
  std::string body = count_list(dataset, photos) + charts(dataset);
  if (!sheet.empty()) body += "<h2>Examples</h2>\n<div class=\"sheet\">\n" + sheet + "</div>\n";
  body += problem_table(dataset_problems(dataset, photos));
  write_file(path, html_page("Data set", body));
}

}  // namespace finview
