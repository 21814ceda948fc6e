#include "finview/pipeline/find_project_fins.h"

#include "finview/base/error.h"
#include "finview/base/files.h"

#include <functional>
#include <string>
#include <utility>

#include "tests/support/photo_fixtures.h"
#include "tests/support/scratch_folder.h"
#include <gtest/gtest.h>

namespace finview {
namespace {

/// Does something once, when the first item fails.
class Meanwhile : public Progress {
 public:
  explicit Meanwhile(std::function<void()> action) : action_(std::move(action)) {}
  void update(const std::string&, std::int64_t, std::int64_t) override {}
  void note(const std::string& line) override {
    notes += line + "\n";
    if (action_) std::exchange(action_, {})();
  }

  std::string notes;

 private:
  std::function<void()> action_;
};

class FindProjectFins : public testing::Test {
 protected:
  FindProjectFins() : project((Project::init(folder / "project", {}), folder / "project")) {}

  // Its bytes are not there, so that it cannot be searched.
  PhotoId add_lost_photo(int number) {
    PhotoRecord photo;
    photo.name = "photo " + std::to_string(number);
    photo.sha256 = sha256_hex(photo.name);
    return project.catalogue().photos.add(photo);
  }

  PhotoId add_photo() {
    const test::Bytes bytes = test::make_jpeg(test::asymmetric_picture(300, 200), {});
    PhotoRecord photo;
    photo.name = "found";
    photo.sha256 = sha256_hex(bytes);
    photo.width_px = 300;
    photo.height_px = 200;
    project.keep(photo.sha256, bytes);
    return project.catalogue().photos.add(photo);
  }

  FinId add_fin(PhotoId photo) {
    NewFin fin;
    fin.box = {50, 40, 150, 120, 0.9F, 0};
    fin.made_by = "detector:test";
    return project.catalogue().fins.add(photo, fin);
  }

  test::ScratchFolder folder;
  Project project;
  Networks networks{{}, {}};
};

TEST_F(FindProjectFins, GoesOnWhenPhotosAreRemovedMeanwhile) {
  std::vector<PhotoId> photos;
  for (int i = 0; i < 20; ++i) photos.push_back(add_lost_photo(i));
  Meanwhile progress([&] {
    const std::vector<PhotoId> gone = {photos[4], photos[10], photos[19]};
    project.catalogue().photos.set_trashed(gone, true);
    project.catalogue().photos.remove_trashed(gone);
  });
  const FindReport report = find_project_fins(project, networks, progress, CancelToken());
  EXPECT_EQ(report.num_failed, 17);
  EXPECT_NE(progress.notes.find("photo 18: "), std::string::npos);
  EXPECT_EQ(progress.notes.find("photo 19: "), std::string::npos);
}

TEST_F(FindProjectFins, KeepsWhatAPersonChangedWhileItWasSigned) {
  const FinId moved = add_fin(add_photo());
  const FinId untouched = add_fin(project.catalogue().fins.get(moved).photo);
  add_fin(add_lost_photo(1));
  Meanwhile progress([&] {
    FinRecord fin = project.catalogue().fins.get(moved);
    fin.box.right_px = 200;
    project.catalogue().fins.change(fin);
  });
  const FindReport report = sign_project_fins(project, networks, progress, CancelToken());
  EXPECT_EQ(report.num_signed, 1);
  EXPECT_EQ(project.catalogue().fins.get(moved).box.right_px, 200);
  EXPECT_FALSE(project.catalogue().fins.feature(moved, networks.signer.recipe()));
  EXPECT_TRUE(project.catalogue().fins.feature(untouched, networks.signer.recipe()));
  EXPECT_EQ(sign_project_fins(project, networks, progress, CancelToken()).num_signed, 1);
  EXPECT_EQ(project.catalogue().fins.get(moved).box.right_px, 200);
}

}  // namespace
}  // namespace finview
