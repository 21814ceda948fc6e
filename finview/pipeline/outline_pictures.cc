#include "finview/pipeline/outline_pictures.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/threads.h"
#include "finview/photo/decode.h"
#include "finview/synthetic/render.h"
#include "finview/training/random_draw.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <sstream>

#include <fmt/format.h>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::internal {
namespace {

namespace fs = std::filesystem;

constexpr double kUnknownReach = 0.03;  ///< of the longer side, around the unknown part of a mask
constexpr std::uint64_t kTries = 8;

std::vector<double> read_numbers(const std::string& text, const std::string& where) {
  std::istringstream stream(text);
  std::vector<double> numbers;
  for (double number = 0; stream >> number;) numbers.push_back(number);
  if (!stream.eof()) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{}: \"{}\" is not a list of numbers.", where, text.substr(0, 40)));
  }
  return numbers;
}

/// A pixel is inside if most of it is. `fillPoly` draws the border too, so it works on finer
/// pixels.
cv::Mat fill_polygon(const std::vector<double>& numbers, const cv::Rect& area) {
  constexpr int kFiner = 6;
  constexpr int kBits = 8;  // positions in 1/256 of a finer pixel, of its center
  std::vector<cv::Point> polygon;
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
    polygon.emplace_back(cvRound(((numbers[i] - area.x) * kFiner - 0.5) * (1 << kBits)),
                         cvRound(((numbers[i + 1] - area.y) * kFiner - 0.5) * (1 << kBits)));
  }
  cv::Mat fine = cv::Mat::zeros(area.size() * kFiner, CV_8UC1);
  cv::fillPoly(
      fine, std::vector<std::vector<cv::Point>>{polygon}, cv::Scalar(255), cv::LINE_8, kBits);
  cv::Mat mask;
  cv::resize(fine, mask, area.size(), 0, 0, cv::INTER_AREA);
  return mask > 127;
}

/// Not known: the mask, and a little around it, below the row of its half.
cv::Mat known_part(const cv::Mat& fin, int known_left, int known_right) {
  const int reach = std::max(1, cvRound(kUnknownReach * std::max(fin.cols, fin.rows)));
  const cv::Mat disc = cv::getStructuringElement(cv::MORPH_ELLIPSE, {2 * reach + 1, 2 * reach + 1});
  cv::Mat near;
  cv::dilate(fin, near, disc);
  cv::Mat known(fin.size(), CV_8UC1, cv::Scalar(255));
  for (int y = 0; y < fin.rows; ++y) {
    const uchar* row = near.ptr<uchar>(y);
    const auto first = static_cast<int>(std::find(row, row + fin.cols, 255) - row);
    int last = fin.cols - 1;
    while (last >= first && row[last] == 0) --last;
    const int middle = (first + last) / 2;
    for (int x = first; x <= last; ++x) {
      const bool above = y < (x < middle ? known_left : known_right);
      if (row[x] != 0 && !above) known.at<uchar>(y, x) = 0;
    }
  }
  return known;
}

OutlinePicture read_row(const CsvTable& table,
                        const std::vector<std::string>& row,
                        const fs::path& data_folder) {
  const auto text = [&](const char* column) { return row[table.column(column)]; };
  const auto whole = [&](const char* column) {
    const std::vector<double> numbers = read_numbers(text(column), text("file"));
    if (numbers.size() != 1) {
      throw Error(ErrorKind::kBadInput,
                  fmt::format("{}: column {} needs one number.", text("file"), column));
    }
    return cvRound(numbers[0]);
  };
  const fs::path path = data_folder / text("set") / text("file");
  const PhotoFile file{path.string(), read_file(path)};
  const cv::Rect area(whole("left"), whole("top"), whole("width"), whole("height"));
  OutlinePicture picture;
  picture.name = text("file");
  picture.bgr = decode_region(file, read_photo_info(file), area).bgr;
  picture.fin = fill_polygon(read_numbers(text("polygon"), picture.name), area);
  picture.known =
      known_part(picture.fin, whole("known_left") - area.y, whole("known_right") - area.y);
  picture.others = cv::Mat::zeros(area.size(), CV_8UC1);
  picture.others_known = text("others") == "none";
  picture.fin_box = cv::boundingRect(picture.fin);
  return picture;
}

}  // namespace

std::vector<OutlinePicture> read_outline_pictures(const fs::path& table_path,
                                                  const fs::path& data_folder,
                                                  const std::string& part,
                                                  Progress& progress) {
  const CsvTable table = read_csv(table_path);
  const std::size_t part_column = table.column("part");
  std::vector<OutlinePicture> pictures;
  std::int64_t done = 0;
  for (const auto& row : table.rows) {
    progress.update("Reading outlines", ++done, static_cast<std::int64_t>(table.rows.size()));
    if (row[part_column] == part) pictures.push_back(read_row(table, row, data_folder));
  }
  progress.finish();
  return pictures;
}

OutlinePicture render_outline_picture(std::uint64_t seed) {
  using synthetic::Genotype;
  RandomDraw random(seed);
  const std::size_t num_species = synthetic::species_names().size();
  const auto species = static_cast<synthetic::Species>(random.index(num_species));
  const std::size_t num_animals = 1 + random.index(3);
  std::vector<Genotype> genotypes;
  for (std::size_t i = 0; i < num_animals; ++i) {
    genotypes.push_back(synthetic::make_genotype(species, random.bits()));
  }
  std::vector<synthetic::Subject> subjects;
  for (const Genotype& genotype : genotypes) subjects.push_back({&genotype, std::nullopt});
  const double fin_px = random.log_uniform(80, 400);
  synthetic::View view;
  view.size = {static_cast<int>(2.6 * fin_px) + 16, static_cast<int>(2 * fin_px) + 16};
  view.min_fin_px = 0.85 * fin_px;
  view.max_fin_px = 1.15 * fin_px;
  const synthetic::Scene scene = synthetic::random_scene(random.bits());
  for (std::uint64_t attempt = 0; attempt < kTries; ++attempt) {
    const synthetic::RenderedPhoto photo =
        synthetic::render_photo(scene, subjects, view, random.bits());
    std::vector<const synthetic::RenderedFin*> shown;
    for (const synthetic::RenderedFin& fin : photo.fins) {
      if (fin.visible > 0.4 && fin.box.height > 24) shown.push_back(&fin);
    }
    if (shown.empty()) continue;
    const synthetic::RenderedFin* chosen = shown[random.index(shown.size())];
    OutlinePicture picture;
    picture.name = fmt::format("rendered {}", seed);
    picture.bgr = photo.bgr;
    picture.fin = cv::Mat::zeros(photo.bgr.size(), CV_8UC1);
    picture.others = picture.fin.clone();
    for (const synthetic::RenderedFin& fin : photo.fins) {
      fin.mask.copyTo((&fin == chosen ? picture.fin : picture.others)(fin.box), fin.mask);
    }
    picture.known = cv::Mat(photo.bgr.size(), CV_8UC1, cv::Scalar(255));
    picture.others_known = true;
    picture.fin_box = chosen->box;
    return picture;
  }
  return render_outline_picture(random.bits());
}

std::vector<OutlinePicture> render_outline_pictures(std::int64_t count,
                                                    std::uint64_t first_seed,
                                                    Progress& progress) {
  std::vector<OutlinePicture> pictures(static_cast<std::size_t>(count));
  std::mutex mutex;
  std::int64_t done = 0;
  parallel_for(pictures.size(), num_cores(), [&](std::size_t i) {
    pictures[i] = render_outline_picture(first_seed + i);
    const std::scoped_lock lock(mutex);
    progress.update("Rendering fins", ++done, count);
  });
  progress.finish();
  return pictures;
}

}  // namespace finview::internal
