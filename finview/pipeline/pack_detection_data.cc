#include "finview/pipeline/pack_detection_data.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/photo/decode.h"
#include "finview/photo/walk.h"
#include "finview/pipeline/name_list.h"
#include "finview/pipeline/wrong_finds.h"
#include "finview/pipeline/yolo_labels.h"
#include "finview/training/detection_pack.h"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr int kGrabCutRounds = 4;
constexpr double kMinFinShare = 0.35;  // of its box; a triangle has 0.5
constexpr double kMaxFinShare = 0.8;

cv::Mat shrunk(const cv::Mat& bgr, int max_side_px) {
  const double scale = 1.0 * max_side_px / std::max(bgr.cols, bgr.rows);
  if (scale >= 1) return bgr;
  cv::Mat smaller;
  cv::resize(bgr, smaller, {}, scale, scale, cv::INTER_AREA);
  return smaller;
}

std::vector<std::uint8_t> planar_rgb(const cv::Mat& bgr) {
  std::vector<cv::Mat> planes;
  cv::split(bgr, planes);
  std::vector<std::uint8_t> bytes;
  bytes.reserve(bgr.total() * 3);
  for (int channel = 2; channel >= 0; --channel) {
    const cv::Mat& plane = planes[static_cast<std::size_t>(channel)];
    bytes.insert(bytes.end(), plane.datastart, plane.dataend);
  }
  return bytes;
}

/// The fin inside `box`, 255 where it is, found by GrabCut (Rother et al. 2004); empty where the
/// result does not look like a fin.
///
/// Everything outside the box is background; inside, the two upper corners probably are, because a
/// fin narrows toward its tip.
std::vector<std::uint8_t> fin_mask(const cv::Mat& bgr, const Detection& box) {
  const cv::Rect inside(cv::Point(static_cast<int>(box.left_px), static_cast<int>(box.top_px)),
                        cv::Point(static_cast<int>(box.right_px), static_cast<int>(box.bottom_px)));
  cv::Mat labels(bgr.size(), CV_8UC1, cv::Scalar(cv::GC_BGD));
  labels(inside).setTo(cv::GC_PR_FGD);
  const auto corner = [&](int x, int inward) {
    const std::vector<cv::Point> triangle{
        {x, inside.y}, {x + inward, inside.y}, {x, inside.y + inside.height * 2 / 5}};
    cv::fillConvexPoly(labels, triangle, cv::Scalar(cv::GC_PR_BGD));
  };
  corner(inside.x, inside.width / 4);
  corner(inside.x + inside.width - 1, -inside.width / 4);
  cv::theRNG().state = 1;  // GrabCut starts from k-means
  cv::Mat background, foreground;
  cv::grabCut(bgr, labels, inside, background, foreground, kGrabCutRounds, cv::GC_INIT_WITH_MASK);

  cv::Mat components, statistics, centers;
  const cv::Mat is_fin = (labels & 1) != 0;
  const int count = cv::connectedComponentsWithStats(is_fin, components, statistics, centers);
  int largest = 0;
  for (int i = 1; i < count; ++i) {
    const auto area = [&](int label) { return statistics.at<int>(label, cv::CC_STAT_AREA); };
    if (largest == 0 || area(i) > area(largest)) largest = i;
  }
  cv::Mat mask = largest == 0 ? cv::Mat::zeros(bgr.size(), CV_8UC1) : components == largest;
  const double share = cv::countNonZero(mask) / static_cast<double>(inside.area());
  if (share < kMinFinShare || share > kMaxFinShare) return {};
  cv::GaussianBlur(mask, mask, {}, 1.0);
  return {mask.datastart, mask.dataend};
}

/// Decoded and shrunk.
cv::Mat load_picture(const PhotoFile& file, int max_side_px) {
  const PhotoInfo info = read_photo_info(file);
  return shrunk(decode_reduced(file, info, max_side_px).bgr, max_side_px);
}

/// Without boxes.
DetectionSample make_sample(const PhotoFile& file, const cv::Mat& bgr) {
  DetectionSample sample;
  const std::filesystem::path path(file.name);
  sample.name = path.filename().string();
  sample.group = path.parent_path().filename().string();
  sample.width_px = bgr.cols;
  sample.height_px = bgr.rows;
  sample.rgb = planar_rgb(bgr);
  return sample;
}

class Packer {
 public:
  Packer(const DetectionData& data, Progress& progress)
      : data_(data), progress_(progress), held_out_names_(read_names(data.held_out)) {
    check_options(data);
    if (!data.finds.empty()) finds_ = read_finds(data.finds);
  }

  void add_folder(const std::string& folder, bool is_labelled) {
    const std::filesystem::path inner = std::filesystem::path(folder) / "photos";
    WalkOptions walk;
    walk.recursive = is_labelled && std::filesystem::is_directory(inner);
    PhotoStream photos({walk.recursive ? inner : std::filesystem::path(folder)}, walk);
    std::int64_t done = 0;
    while (const auto item = photos.next()) {
      progress_.update("pack " + folder, ++done, photos.num_files());
      if (const auto* failure = std::get_if<PhotoFailure>(&*item)) {
        throw Error(ErrorKind::kBadInput, failure->name + ": " + failure->reason);
      }
      const auto& file = std::get<PhotoFile>(*item);
      const auto parent = std::filesystem::path(file.name).parent_path();
      add_photo(file,
                !is_labelled     ? std::filesystem::path()
                : walk.recursive ? std::filesystem::path(folder) / "labels" /
                                       std::filesystem::relative(parent, inner)
                                 : parent / "labels");
    }
    progress_.finish();
  }

  void add_cutouts() {
    if (data_.cutouts.empty()) return;
    const CsvTable table = read_csv(data_.cutouts);
    std::size_t columns[5];
    const char* const names[5] = {"file", "left", "top", "right", "bottom"};
    for (int i = 0; i < 5; ++i) columns[i] = table.column(names[i]);
    for (const auto& row : table.rows) {
      const auto path = std::filesystem::path(data_.cutouts_folder) / row[columns[0]];
      const PhotoFile file{path.string(), read_file(path)};
      const cv::Mat bgr = load_picture(file, max_side_px());
      DetectionSample sample = make_sample(file, bgr);
      sample.role = SampleRole::kCutout;
      const auto pixels = [&](int column, int size_px) {
        return static_cast<float>(std::stod(row[columns[column]]) / 100 * size_px);
      };
      Detection box;
      box.left_px = pixels(1, sample.width_px);
      box.top_px = pixels(2, sample.height_px);
      box.right_px = pixels(3, sample.width_px);
      box.bottom_px = pixels(4, sample.height_px);
      box.confidence = 1;
      sample.boxes = {box};
      sample.mask = fin_mask(bgr, box);
      if (!sample.mask.empty()) ++counts.num_masks;
      train.samples.push_back(std::move(sample));
      ++counts.num_cutouts;
    }
  }

  void check_all_named_found() const {
    for (const std::string& name : held_out_names_) {
      if (found_names_.count(name) == 0) {
        throw Error(ErrorKind::kBadInput,
                    fmt::format("{}: '{}' is in no folder", data_.held_out, name));
      }
    }
    for (const auto& [name, finds] : finds_) {
      if (photos_with_finds_.count(name) == 0) {
        throw Error(
            ErrorKind::kBadInput,
            fmt::format(
                "{}: '{}' is no photo of the folders, as they were given here", data_.finds, name));
      }
    }
  }

  DetectionPack train;
  DetectionPack held_out;
  DetectionDataCounts counts;

 private:
  int max_side_px() const { return static_cast<int>(data_.max_side_px); }

  /// Empty `labels_folder`: the photo has no fin.
  void add_photo(const PhotoFile& file, const std::filesystem::path& labels_folder) {
    DetectionSample sample = make_sample(file, load_picture(file, max_side_px()));
    if (!labels_folder.empty()) {
      const auto labels = yolo_label_path(file.name, labels_folder);
      const auto boxes = read_yolo_labels(labels, sample.width_px, sample.height_px);
      if (!boxes) {
        progress_.note(fmt::format("{}: skipped, there is no {}", file.name, labels.string()));
        return;
      }
      sample.boxes = *boxes;
    }
    if (finds_.count(file.name) > 0) photos_with_finds_.insert(file.name);
    if (const auto name = name_of(held_out_names_, file.name)) {
      found_names_.insert(*name);
      ++counts.num_held_out;
      held_out.samples.push_back(std::move(sample));
      return;
    }
    add_wrong_finds(file, sample);
    ++(sample.boxes.empty() ? counts.num_fin_free : counts.num_photos);
    train.samples.push_back(std::move(sample));
  }

  void add_wrong_finds(const PhotoFile& file, const DetectionSample& sample) {
    const auto found = finds_.find(file.name);
    if (found == finds_.end()) return;
    std::vector<Detection> finds = found->second;
    const auto scale = static_cast<float>(sample.width_px) / read_photo_info(file).width_px;
    for (Detection& find : finds) {
      find.left_px *= scale;
      find.top_px *= scale;
      find.right_px *= scale;
      find.bottom_px *= scale;
    }
    for (DetectionSample& view : wrong_find_views(sample, finds)) {
      ++counts.num_wrong_finds;
      train.samples.push_back(std::move(view));
    }
  }

  const DetectionData& data_;
  Progress& progress_;
  FindsByPhoto finds_;
  std::set<std::string> photos_with_finds_;  ///< of finds_
  std::set<std::string> held_out_names_;
  std::set<std::string> found_names_;
};

}  // namespace

void DetectionData::visit(OptionVisitor& visitor) {
  visitor.field("cutouts", cutouts, "CSV of close-ups of one fin: file,left,top,right,bottom in %");
  visitor.field("cutouts-folder", cutouts_folder, "folder the close-ups' files are relative to");
  visitor.field("held-out", held_out, "text file with the names of photos not to be trained on");
  visitor.field("finds",
                finds,
                "CSV of finview detect over these photos: what it took for fins is trained on");
  visitor.field("max-side", max_side_px, "longest side of a packed picture, in pixels", 64, 16384);
}

DetectionDataCounts pack_detection_data(const DetectionData& data,
                                        const std::filesystem::path& train_pack,
                                        const std::filesystem::path& held_out_pack,
                                        Progress& progress) {
  Packer packer(data, progress);
  for (const std::string& folder : data.labelled_folders) packer.add_folder(folder, true);
  for (const std::string& folder : data.fin_free_folders) packer.add_folder(folder, false);
  packer.add_cutouts();
  packer.check_all_named_found();
  packer.train.write(train_pack);
  if (!packer.held_out.samples.empty()) packer.held_out.write(held_out_pack);
  return packer.counts;
}

}  // namespace finview
