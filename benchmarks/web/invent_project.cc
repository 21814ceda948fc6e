// A large project for the measurements of the web app: invented rows, real pictures, a map.
//
//   invent_project FOLDER PICTURES FINS INDIVIDUALS WIDTH
//
// Every photo is one of the JPEG files under PICTURES made WIDTH pixels wide, with bytes of its
// own. WIDTH 0: photos without files. The map has every fin, in heaps, one for each individual.
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/project.h"

#include <cmath>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "benchmarks/catalogue/invented_catalogue.h"
#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxPictures = 300;

struct Picture {
  cv::Size size;
  std::vector<std::uint8_t> jpeg;
};

std::vector<Picture> read_pictures(const fs::path& folder, int width_px) {
  std::vector<Picture> pictures;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".jpg" || pictures.size() == kMaxPictures) continue;
    const cv::Mat whole = cv::imread(entry.path().string());
    cv::Mat small;
    const int height_px = cvRound(1.0 * width_px * whole.rows / whole.cols);
    cv::resize(whole, small, {width_px, height_px}, 0, 0, cv::INTER_AREA);
    Picture picture{small.size(), {}};
    cv::imencode(".jpg", small, picture.jpeg, {cv::IMWRITE_JPEG_QUALITY, 85});
    pictures.push_back(std::move(picture));
  }
  if (pictures.empty()) {
    throw Error(ErrorKind::kBadInput, fmt::format("There is no .jpg in {}.", folder.string()));
  }
  return pictures;
}

void write_map(const Project& project, const std::vector<FinId>& fins, std::int64_t num_heaps) {
  std::mt19937_64 random(3);
  std::normal_distribution<double> spread(0, 0.3);
  std::string table = "fin,x,y,cluster,outlier,made,recipe\n";
  for (const FinId fin : fins) {
    const auto heap = static_cast<double>(fin.value % num_heaps);
    const double radius = std::sqrt(heap);
    const double angle = 2.4 * heap;  // the golden angle: heaps fill a disc evenly
    table += fmt::format("{},{:.4f},{:.4f},{},1,2013-01-01T00:00:00Z,invented\n",
                         fin.value,
                         radius * std::cos(angle) + spread(random),
                         radius * std::sin(angle) + spread(random),
                         fin.value % num_heaps);
  }
  write_file(project.folder() / "map" / "map.csv", table);
}

void invent(const fs::path& folder,
            const fs::path& source,
            std::int64_t num_fins,
            std::int64_t num_individuals,
            int width_px) {
  std::vector<Picture> pictures;
  if (width_px > 0) pictures = read_pictures(source, width_px);
  Project::init(folder, {});
  Project project(folder);
  InventedCatalogueOptions options{num_fins, num_individuals, {}};
  if (!pictures.empty()) {
    options.make_photo = [&](std::int64_t number, PhotoRecord& photo) {
      const Picture& picture = pictures[static_cast<std::size_t>(number) % pictures.size()];
      std::vector<std::uint8_t> bytes = picture.jpeg;
      // What follows the end of a JPEG is no part of the picture.
      for (const char digit : std::to_string(number)) bytes.push_back(std::uint8_t(digit));
      photo.sha256 = sha256_hex(bytes);
      photo.size_bytes = static_cast<std::int64_t>(bytes.size());
      photo.width_px = picture.size.width;
      photo.height_px = picture.size.height;
      project.keep(photo.sha256, bytes);
    };
  }
  const std::vector<FinId> fins = invent_catalogue(project.catalogue(), options);
  project.catalogue().database.optimize();
  write_map(project, fins, num_individuals);
}

}  // namespace
}  // namespace finview

int main(int argc, char** argv) {
  if (argc != 6) {
    fmt::print(stderr, "usage: invent_project FOLDER PICTURES FINS INDIVIDUALS WIDTH\n");
    return 2;
  }
  finview::invent(argv[1], argv[2], std::stoll(argv[3]), std::stoll(argv[4]), std::stoi(argv[5]));
  return 0;
}
