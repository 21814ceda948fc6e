#include "finview/catalogue/photos.h"

#include "tests/support/catalogue_test.h"

namespace finview {
namespace {

using test::expect_error;
using Names = std::vector<std::string>;

class PhotosTest : public test::CatalogueTest {
 protected:
  Names names(const PhotoFilter& filter) {
    Names all;
    for (const auto& row : catalogue.photos.list(filter).rows) all.push_back(row.name);
    return all;
  }
};

TEST_P(PhotosTest, KeepsEveryFieldAndThePlaceExactly) {
  const EncounterId encounter = add_encounter("E1");
  PhotoRecord photo;
  photo.sha256 = std::string(64, 'a');
  photo.name = "Путь/写真 1.JPG";
  photo.size_bytes = 5'000'000'000;
  photo.width_px = 5184;
  photo.height_px = 3456;
  photo.taken = "2012-03-07T14:05:09";
  photo.position = GpsPosition{-36.84846123456789, 174.76333, 3.25};
  photo.camera = "Canon EOS 7D";
  photo.encounter = encounter;
  photo.is_crop = true;
  photo.labelled = add_individual("D001");
  photo.labelled_by = "Ana";
  const PhotoId id = catalogue.photos.add(photo);
  const PhotoRecord kept = catalogue.photos.get(id);
  EXPECT_EQ(kept.name, photo.name);
  EXPECT_EQ(kept.size_bytes, photo.size_bytes);
  EXPECT_EQ(kept.width_px, photo.width_px);
  EXPECT_EQ(kept.taken, photo.taken);
  ASSERT_TRUE(kept.position);
  EXPECT_EQ(kept.position->latitude_deg, photo.position->latitude_deg);
  EXPECT_EQ(kept.position->longitude_deg, photo.position->longitude_deg);
  EXPECT_EQ(kept.position->altitude_m, photo.position->altitude_m);
  EXPECT_EQ(kept.camera, photo.camera);
  EXPECT_EQ(kept.encounter, encounter);
  EXPECT_TRUE(kept.is_crop);
  EXPECT_EQ(kept.labelled, photo.labelled);
  EXPECT_EQ(kept.labelled_by, "Ana");
  EXPECT_EQ(kept.state, PhotoState::kWaiting);
  EXPECT_EQ(kept.added.size(), 19U);
  EXPECT_EQ(catalogue.encounters.get(encounter).num_photos, 1);
}

TEST_P(PhotosTest, ManyAtOnceAreAsOneByOne) {
  const EncounterId a = add_encounter("2012-03-07");
  const EncounterId b = add_encounter("2012-03-08");
  const PhotoId known = add_photo("7");
  std::vector<PhotoRecord> photos(150);
  for (std::size_t i = 0; i < photos.size(); ++i) {
    photos[i].name = std::to_string(i);
    photos[i].sha256 = "sha256 of " + photos[i].name;
    photos[i].encounter = i % 3 == 0 ? a : b;
  }
  photos[149] = photos[3];  // twice, once in each of two batches
  photos[5] = photos[3];    // and in one
  const std::vector<PhotoId> ids = catalogue.photos.add(photos);
  ASSERT_EQ(ids.size(), photos.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    EXPECT_EQ(catalogue.photos.get(ids[i]).name, photos[i].name) << i;
  }
  EXPECT_EQ(ids[7], known);
  EXPECT_EQ(ids[149], ids[3]);
  EXPECT_EQ(ids[5], ids[3]);
  EXPECT_EQ(catalogue.photos.list({}).total, 148);
  EXPECT_EQ(catalogue.encounters.get(a).num_photos, 50);
  EXPECT_EQ(catalogue.encounters.get(b).num_photos, 97);
  photos[0].sha256 = "new";
  photos[100].encounter = EncounterId{99};
  expect_error(ErrorKind::kNotFound, {"encounter 99"}, [&] { catalogue.photos.add(photos); });
  EXPECT_FALSE(catalogue.photos.find("new"));
}

TEST_P(PhotosTest, TheSameBytesAreOnePhoto) {
  const PhotoId id = add_photo("a.jpg");
  PhotoRecord again = catalogue.photos.get(id);
  again.name = "copy of a.jpg";
  EXPECT_EQ(catalogue.photos.add(again), id);
  EXPECT_EQ(catalogue.photos.get(id).name, "a.jpg");
  EXPECT_EQ(catalogue.photos.find("sha256 of a.jpg")->id, id);
  EXPECT_FALSE(catalogue.photos.find("another"));
}

TEST_P(PhotosTest, NamesComeBackByteForByte) {
  const std::string strange("caf\xE9/\xF0\x28\x8C\x28 \xEF\xBF\xBD \\xe9 %.jpg");
  for (const std::string& name :
       {strange, std::string(300, 'x') + ".jpg", std::string("é\n\"'.jpg")}) {
    EXPECT_EQ(catalogue.photos.get(add_photo(name)).name, name);
  }
  PhotoFilter filter;
  filter.text = "CAF\\xE9";
  EXPECT_EQ(names(filter), Names{strange});
}

TEST_P(PhotosTest, FindsEveryPartOfAName) {
  add_photo("Trip 1/IMG_0001.JPG");
  add_photo("Trip 2/IMG_0002.JPG");
  add_photo("Путь/写真 \"Å\".JPG");
  const PhotoId gone = add_photo("Trip 3/100%_\\🐬🐬🐬.JPG");
  const auto found = [&](const std::string& text) {
    PhotoFilter filter;
    filter.text = text;
    const Page<PhotoRecord> page = catalogue.photos.list(filter);
    EXPECT_EQ(page.total, static_cast<std::int64_t>(page.rows.size())) << text;
    FinFilter fins;
    fins.text = text;
    EXPECT_EQ(catalogue.fins.list(fins).total, 0) << text;
    return page.total;
  };
  EXPECT_EQ(found("trip"), 3);
  EXPECT_EQ(found("IMG_0002"), 1);
  EXPECT_EQ(found("0002.jpg"), 1);
  EXPECT_EQ(found("img 0002"), 0);
  EXPECT_EQ(found("1"), 2);
  EXPECT_EQ(found("真"), 1);
  EXPECT_EQ(found("путь/写"), 1);
  EXPECT_EQ(found("写真 \"a\""), 1);
  EXPECT_EQ(found("\"\"\""), 0);
  EXPECT_EQ(found("100%_\\"), 1);
  EXPECT_EQ(found("🐬🐬🐬"), 1);
  EXPECT_EQ(found("trip OR img"), 0);
  catalogue.photos.set_trashed(std::vector{gone}, true);
  EXPECT_EQ(found("trip"), 2);
  catalogue.photos.remove_trashed(std::vector{gone});
  EXPECT_EQ(found("trip"), 2);
}

TEST_P(PhotosTest, ListsByStateEncounterTextAndTrash) {
  const EncounterId encounter = add_encounter("E1");
  const PhotoId a = add_photo("trip/A1.jpg", "2012-03-09");
  const PhotoId b = add_photo("trip/b2.jpg", "2012-03-07");
  const PhotoId c = add_photo("trip/c3.jpg", "2012-03-08");
  add_fin(b);
  catalogue.photos.set_failed(c, "is no picture");
  catalogue.photos.set_encounter(std::vector{a}, encounter);
  PhotoFilter filter;
  filter.sort = "taken";
  EXPECT_EQ(names(filter), (Names{"trip/b2.jpg", "trip/c3.jpg", "trip/A1.jpg"}));
  filter.states = {PhotoState::kFailed, PhotoState::kSearched};
  EXPECT_EQ(names(filter), (Names{"trip/b2.jpg", "trip/c3.jpg"}));
  filter = {};
  filter.encounter = encounter;
  EXPECT_EQ(names(filter), Names{"trip/A1.jpg"});
  filter = {};
  filter.text = "TRIP/a";
  EXPECT_EQ(names(filter), Names{"trip/A1.jpg"});
  EXPECT_EQ(catalogue.photos.get(c).failure, "is no picture");
  EXPECT_EQ(catalogue.photos.in_state(PhotoState::kWaiting), std::vector{a});
  catalogue.photos.set_waiting(c);
  EXPECT_EQ(catalogue.photos.in_state(PhotoState::kWaiting), (std::vector{a, c}));
  EXPECT_EQ(catalogue.photos.get(c).failure, "");
  catalogue.photos.set_trashed(std::vector{a, b}, true);
  EXPECT_EQ(names({}), Names{"trip/c3.jpg"});
  filter = {};
  filter.trashed = true;
  filter.sort = "fins";
  filter.descending = true;
  EXPECT_EQ(names(filter), (Names{"trip/b2.jpg", "trip/A1.jpg"}));
  EXPECT_EQ(catalogue.fins.list({}).total, 0);
}

TEST_P(PhotosTest, RemovesOnlyWhatLiesInTheTrash) {
  const PhotoId a = add_photo("a.jpg");
  const PhotoId b = add_photo("b.jpg");
  const FinId fin = add_fin(a);
  catalogue.fins.set_feature(fin, "r", std::vector<std::uint8_t>{1});
  catalogue.photos.set_trashed(std::vector{a}, true);
  expect_error(ErrorKind::kConflict, {"Photo " + std::to_string(b.value), "trash"}, [&] {
    catalogue.photos.remove_trashed(std::vector{a, b});
  });
  EXPECT_NO_THROW(catalogue.photos.get(a));
  EXPECT_EQ(catalogue.photos.remove_trashed(std::vector{a}), Names{"sha256 of a.jpg"});
  expect_error(ErrorKind::kNotFound, {}, [&] { catalogue.photos.get(a); });
  expect_error(ErrorKind::kNotFound, {}, [&] { catalogue.fins.get(fin); });
}

TEST_P(PhotosTest, UnknownRowsAreNamed) {
  const PhotoId a = add_photo("a.jpg");
  expect_error(
      ErrorKind::kNotFound, {"photo 99"}, [&] { catalogue.photos.set_waiting(PhotoId{99}); });
  expect_error(ErrorKind::kNotFound, {"photo 99"}, [&] {
    catalogue.photos.set_trashed(std::vector{a, PhotoId{99}}, true);
  });
  EXPECT_EQ(catalogue.photos.get(a).trashed, "");
  expect_error(ErrorKind::kNotFound, {"photo 99"}, [&] {
    catalogue.photos.set_labelled(PhotoId{99}, {}, "Ana");
  });
  expect_error(ErrorKind::kNotFound, {"encounter 7"}, [&] {
    catalogue.photos.set_encounter(std::vector{a}, EncounterId{7});
  });
}

FINVIEW_OVER_DATABASES(PhotosTest);

}  // namespace
}  // namespace finview
