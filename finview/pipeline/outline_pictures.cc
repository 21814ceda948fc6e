#include "finview/pipeline/outline_pictures.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/threads.h"
#include "finview/crop/cut.h"
#include "finview/outline/contour.h"
#include "finview/photo/decode.h"
#include "finview/pipeline/rendered_truth.h"
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

/// "x y x y ..." as points of the part of the picture that begins at `origin`.
std::vector<cv::Point2f> read_polygon(const std::string& text,
                                      const std::string& where,
                                      const cv::Point& origin) {
  const std::vector<double> numbers = read_numbers(text, where);
  std::vector<cv::Point2f> polygon;
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) {
    polygon.emplace_back(static_cast<float>(numbers[i] - origin.x),
                         static_cast<float>(numbers[i + 1] - origin.y));
  }
  return polygon;
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
  picture.fin = fill_polygon(read_polygon(text("polygon"), picture.name, area.tl()), area.size());
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

double mask_overlap(const cv::Mat& mask, const cv::Mat& truth, const cv::Mat& known) {
  const double both = cv::countNonZero(mask & truth & known);
  const double either = cv::countNonZero((mask | truth) & known);
  return either > 0 ? both / either : 0;
}

OutlinePicture fin_crop_of(const OutlinePicture& picture) {
  const cv::Rect& box = picture.fin_box;
  const int margin = cvRound(kFinMargin * std::max(box.width, box.height));
  const cv::Rect area =
      cv::Rect(box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin) &
      cv::Rect({}, picture.bgr.size());
  OutlinePicture crop = picture;
  crop.bgr = picture.bgr(area).clone();
  crop.fin = picture.fin(area).clone();
  crop.known = picture.known(area).clone();
  crop.others = picture.others(area).clone();
  crop.fin_box = box - area.tl();
  if (crop.rendered) {
    for (TrueNotch& notch : crop.rendered->notches) notch.deepest -= cv::Point2f(area.tl());
  }
  return crop;
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
    picture.rendered = rendered_truth(*chosen, genotypes[chosen->subject_index], picture.fin);
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
