#include "finview/catalogue/fins.h"

#include "tests/support/catalogue_test.h"

namespace finview {
namespace {

using test::expect_error;
using Bytes = std::vector<std::uint8_t>;
using FinIds = std::vector<FinId>;

class FinsTest : public test::CatalogueTest {
 protected:
  FinIds ids(const FinFilter& filter) {
    FinIds all;
    for (const auto& row : catalogue.fins.list(filter).rows) all.push_back(row.id);
    return all;
  }
  void answer(FinId fin, Tier tier, std::vector<IndividualId> individuals) {
    NewAnswer said;
    said.fin = fin;
    said.tier = tier;
    said.p_new = 0.125;
    double probability = 0.5;
    for (const IndividualId individual : individuals) {
      StoredCandidate candidate;
      candidate.individual = individual;
      candidate.probability = probability;
      candidate.similarities = {0.75, std::nullopt, -0.1, std::nullopt, 3.0};
      candidate.best_fin = fin;
      said.candidates.push_back(candidate);
      probability /= 2;
    }
    catalogue.fins.set_answers(std::vector{said});
  }
};

TEST_P(FinsTest, KeepsEveryField) {
  const PhotoId photo = add_photo("a.jpg", "2012-03-07");
  NewFin fin = new_fin();
  fin.box = {0.1F, 0.2F, 1234.567F, 4321.75F, 0.987F, 0};
  fin.quality = 0.1 + 0.2;
  fin.outline = R"({"contour":[[1,2]]})";
  const FinId id = catalogue.fins.add_found(photo, std::vector{fin}).front();
  const FinRecord kept = catalogue.fins.get(id);
  EXPECT_EQ(kept.photo, photo);
  EXPECT_EQ(kept.box.left_px, fin.box.left_px);
  EXPECT_EQ(kept.box.right_px, fin.box.right_px);
  EXPECT_EQ(kept.box.confidence, fin.box.confidence);
  EXPECT_EQ(kept.quality, fin.quality);
  EXPECT_EQ(kept.outline, fin.outline);
  EXPECT_EQ(kept.made_by, "detector:test");
  EXPECT_EQ(kept.photo_name, "a.jpg");
  EXPECT_EQ(kept.taken, "2012-03-07");
  EXPECT_EQ(kept.review, Review::kWaiting);
  EXPECT_EQ(catalogue.photos.get(photo).state, PhotoState::kSearched);
  EXPECT_EQ(catalogue.photos.get(photo).num_fins, 1);
}

TEST_P(FinsTest, FindingAgainReplacesOnlyWhatNobodyTouched) {
  const PhotoId photo = add_photo("a.jpg");
  const FinIds first =
      catalogue.fins.add_found(photo, std::vector{new_fin(100), new_fin(300), new_fin(500)});
  NewFin drawn = new_fin(700);
  drawn.made_by = "Ana";
  const FinId by_hand = catalogue.fins.add(photo, drawn);
  decide(DecisionKind::kUnsure, {first[0]});
  FinRecord corrected = catalogue.fins.get(first[1]);
  corrected.outline = "{}";
  corrected.outlined_by = "Ana";
  catalogue.fins.change(corrected);
  const FinIds second = catalogue.fins.add_found(
      photo, std::vector{new_fin(105), new_fin(495), new_fin(900)}, "r", std::vector<Bytes>(3));
  EXPECT_EQ(second[0], first[0]);  // found again
  EXPECT_NE(second[1], first[2]);  // replaced
  FinFilter filter;
  filter.photo = photo;
  EXPECT_EQ(ids(filter), (FinIds{first[0], first[1], by_hand, second[1], second[2]}));
  EXPECT_EQ(catalogue.photos.get(photo).num_fins, 5);
  EXPECT_FALSE(catalogue.fins.feature(first[0], "r"));
  EXPECT_TRUE(catalogue.fins.feature(second[1], "r"));
  expect_error(
      ErrorKind::kNotFound, {"photo 99"}, [&] { catalogue.fins.add_found(PhotoId{99}, {}); });
}

TEST_P(FinsTest, ManyPhotosAtOnceAreAsOneByOne) {
  std::vector<SearchedPhoto> searched;
  for (int i = 0; i < 150; ++i) {
    SearchedPhoto& photo = searched.emplace_back();
    photo.photo = add_photo(std::to_string(i));
    for (int j = 0; j < i % 3; ++j) {
      photo.fins.push_back(new_fin(static_cast<float>(100 + 200 * j)));
      photo.features.push_back({static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(j)});
    }
  }
  const FinId kept = catalogue.fins.add_found(searched[2].photo, std::vector{new_fin(105)})[0];
  decide(DecisionKind::kUnsure, {kept});
  const FinId replaced = catalogue.fins.add_found(searched[3].photo, std::vector{new_fin()})[0];
  const std::vector<FinIds> ids = catalogue.fins.add_found(searched, "r");
  ASSERT_EQ(ids.size(), searched.size());
  EXPECT_EQ(ids[2][0], kept);
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const PhotoRecord photo = catalogue.photos.get(searched[i].photo);
    EXPECT_EQ(photo.state, PhotoState::kSearched);
    EXPECT_EQ(photo.num_fins, static_cast<std::int64_t>(i % 3)) << i;
    ASSERT_EQ(ids[i].size(), i % 3);
    for (std::size_t j = 0; j < ids[i].size(); ++j) {
      if (ids[i][j] == kept) continue;
      EXPECT_EQ(catalogue.fins.get(ids[i][j]).photo, photo.id);
      EXPECT_EQ(catalogue.fins.get(ids[i][j]).box.left_px, searched[i].fins[j].box.left_px);
      EXPECT_EQ(catalogue.fins.feature(ids[i][j], "r"), searched[i].features[j]);
    }
  }
  EXPECT_EQ(catalogue.fins.list({}).total, 150);  // 50 times 0 + 1 + 2
  EXPECT_FALSE(catalogue.fins.feature(kept, "r"));
  expect_error(ErrorKind::kNotFound, {}, [&] { catalogue.fins.get(replaced); });
}

TEST_P(FinsTest, ManyPhotosAtOnceAreAllOrNothing) {
  std::vector<SearchedPhoto> searched(100);
  for (std::size_t i = 0; i < searched.size(); ++i) {
    searched[i].photo = add_photo(std::to_string(i));
    searched[i].fins = {new_fin()};
  }
  searched[99].photo = PhotoId{999};
  expect_error(
      ErrorKind::kNotFound, {"photo 999"}, [&] { catalogue.fins.add_found(searched, ""); });
  searched[99].photo = searched[0].photo;
  expect_error(ErrorKind::kBadInput, {"twice"}, [&] { catalogue.fins.add_found(searched, ""); });
  searched[99].fins = {};
  searched[99].photo = add_photo("last");
  searched[99].features.resize(1);
  expect_error(ErrorKind::kBadInput, {"0 fins", "1 features"}, [&] {
    catalogue.fins.add_found(searched, "");
  });
  EXPECT_EQ(catalogue.fins.list({}).total, 0);
  EXPECT_EQ(catalogue.photos.get(searched[0].photo).state, PhotoState::kWaiting);
}

TEST_P(FinsTest, FeaturesComeBackByteForByte) {
  Bytes bytes(1000);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7);
  const PhotoId photo = add_photo("a.jpg");
  const FinId fin =
      catalogue.fins.add_found(photo, std::vector{new_fin()}, "net:1", std::vector<Bytes>{bytes})
          .front();
  EXPECT_EQ(catalogue.fins.feature(fin, "net:1"), bytes);
  EXPECT_FALSE(catalogue.fins.feature(fin, "net:2"));
  EXPECT_EQ(catalogue.fins.without_feature("net:1"), FinIds{});
  EXPECT_EQ(catalogue.fins.without_feature("net:2"), FinIds{fin});
  catalogue.fins.set_feature(fin, "net:2", Bytes{0, 255, 0});
  EXPECT_EQ(catalogue.fins.feature(fin, "net:2"), (Bytes{0, 255, 0}));
  catalogue.fins.set_feature(fin, "net:2", Bytes{});
  EXPECT_EQ(catalogue.fins.feature(fin, "net:2"), Bytes{});
}

TEST_P(FinsTest, FeaturesAreReadOfConfirmedFinsOrOfTheOthers) {
  FinIds all;
  for (int i = 0; i < 600; ++i) {
    const PhotoId photo = add_photo(std::to_string(i));
    const Bytes bytes = {static_cast<std::uint8_t>(i)};
    all.push_back(
        catalogue.fins.add_found(photo, std::vector{new_fin()}, "r", std::vector<Bytes>{bytes})
            .front());
  }
  const IndividualId d1 = add_individual("D001");
  decide(DecisionKind::kConfirm, {all[3], all[5]}, d1);
  decide(DecisionKind::kDiscard, {all[7]});
  FinIds confirmed;
  catalogue.fins.each_feature("r", true, [&](const FinRecord& fin, auto bytes) {
    confirmed.push_back(fin.id);
    EXPECT_EQ(fin.individual_code, "D001");
    EXPECT_EQ(bytes.size(), 1U);
  });
  EXPECT_EQ(confirmed, (FinIds{all[3], all[5]}));
  std::size_t others = 0;
  catalogue.fins.each_feature("r", false, [&](const FinRecord&, auto) { ++others; });
  EXPECT_EQ(others, 597U);
  catalogue.fins.each_feature("unknown", false, [&](const FinRecord&, auto) { FAIL(); });
}

TEST_P(FinsTest, ANewBoxMakesFeaturesAndAnswersVoid) {
  const FinId fin = add_fin("a.jpg");
  const IndividualId d1 = add_individual("D001");
  catalogue.fins.set_feature(fin, "r", Bytes{1});
  answer(fin, Tier::kLikely, {d1});
  FinRecord row = catalogue.fins.get(fin);
  row.side = "right";
  catalogue.fins.change(row);
  EXPECT_TRUE(catalogue.fins.feature(fin, "r"));
  EXPECT_EQ(catalogue.fins.get(fin).tier, Tier::kLikely);
  row.box.left_px += 1;
  catalogue.fins.change(row);
  EXPECT_FALSE(catalogue.fins.feature(fin, "r"));
  EXPECT_TRUE(catalogue.fins.candidates(fin).empty());
  EXPECT_EQ(catalogue.fins.get(fin).tier, Tier::kNone);
  EXPECT_EQ(catalogue.fins.get(fin).side, "right");
  row.box.right_px = row.box.left_px;
  expect_error(ErrorKind::kBadInput, {"no area"}, [&] { catalogue.fins.change(row); });
}

TEST_P(FinsTest, AnswersAreReplacedAndFollowMerges) {
  const FinId fin = add_fin("a.jpg");
  const IndividualId d1 = add_individual("D001");
  const IndividualId d2 = add_individual("D002");
  const IndividualId d3 = add_individual("D003");
  answer(fin, Tier::kCertain, {d3});
  answer(fin, Tier::kLikely, {d2, d1, d3});
  std::vector<StoredCandidate> said = catalogue.fins.candidates(fin);
  ASSERT_EQ(said.size(), 3U);
  EXPECT_EQ(said[0].individual, d2);
  EXPECT_EQ(said[0].individual_code, "D002");
  EXPECT_EQ(said[0].probability, 0.5);
  EXPECT_EQ(said[0].similarities, (Testimony{0.75, std::nullopt, -0.1, std::nullopt, 3.0}));
  EXPECT_EQ(said[0].best_fin, fin);
  FinRecord row = catalogue.fins.get(fin);
  EXPECT_EQ(row.tier, Tier::kLikely);
  EXPECT_EQ(row.p_new, 0.125);
  EXPECT_EQ(row.probability, 0.5);
  EXPECT_EQ(row.first_candidate_code, "D002");
  merge(d1, d2);
  said = catalogue.fins.candidates(fin);
  ASSERT_EQ(said.size(), 2U);
  EXPECT_EQ(said[0].individual, d1);
  EXPECT_EQ(said[0].probability, 0.75);
  EXPECT_EQ(catalogue.fins.get(fin).first_candidate, d1);
  answer(FinId{999}, Tier::kLikely, {d1});  // removed meanwhile: nothing to say
}

TEST_P(FinsTest, ListsByEveryFilter) {
  const IndividualId d1 = add_individual("D001");
  const EncounterId encounter = add_encounter("E1");
  const PhotoId a = add_photo("bay/a.jpg", "2012-03-09");
  const PhotoId b = add_photo("bay/b.jpg", "2012-03-07");
  std::vector<NewFin> fins = {new_fin(100), new_fin(300)};
  fins[0].quality = 0.9;
  fins[1].side = "right";
  const FinIds of_a = catalogue.fins.add_found(a, fins);
  const FinId of_b = add_fin(b);
  catalogue.photos.set_encounter(std::vector{b}, encounter);
  decide(DecisionKind::kConfirm, {of_a[1]}, d1);
  answer(of_b, Tier::kUnsure, {d1});
  const auto with = [&](auto set) {
    FinFilter filter;
    set(filter);
    return ids(filter);
  };
  EXPECT_EQ(ids({}), (FinIds{of_a[0], of_a[1], of_b}));
  EXPECT_EQ(with([&](auto& f) { f.reviews = {Review::kWaiting}; }), (FinIds{of_a[0], of_b}));
  EXPECT_EQ(with([&](auto& f) {
              f.reviews = {Review::kConfirmed, Review::kUnsure};
            }),
            FinIds{of_a[1]});
  EXPECT_EQ(with([&](auto& f) { f.tiers = {Tier::kUnsure}; }), FinIds{of_b});
  EXPECT_EQ(with([&](auto& f) { f.individual = d1; }), FinIds{of_a[1]});
  EXPECT_EQ(with([&](auto& f) { f.encounter = encounter; }), FinIds{of_b});
  EXPECT_EQ(with([&](auto& f) { f.photo = a; }), of_a);
  EXPECT_EQ(with([&](auto& f) { f.side = "right"; }), FinIds{of_a[1]});
  EXPECT_EQ(with([&](auto& f) { f.min_quality = 0.8; }), FinIds{of_a[0]});
  EXPECT_EQ(with([&](auto& f) { f.text = "BAY/B"; }), FinIds{of_b});
  EXPECT_EQ(with([&](auto& f) { f.text = "d001"; }), FinIds{of_a[1]});
  EXPECT_EQ(with([&](auto& f) { f.sort = "taken"; }), (FinIds{of_b, of_a[0], of_a[1]}));
  EXPECT_EQ(with([&](auto& f) { f.sort = "photo", f.descending = true; }),
            (FinIds{of_b, of_a[1], of_a[0]}));
  EXPECT_EQ(with([&](auto& f) { f.sort = "individual", f.descending = true; }),
            (FinIds{of_a[1], of_b, of_a[0]}));
  EXPECT_EQ(with([&](auto& f) { f.sort = "quality", f.descending = true, f.limit = 1; }),
            FinIds{of_a[0]});
  EXPECT_EQ(with([&](auto& f) { f.sort = "probability", f.offset = 2; }), FinIds{of_b});
  EXPECT_EQ(catalogue.fins.waiting_by_tier(), (std::vector<std::int64_t>{1, 0, 0, 1, 0}));
}

TEST_P(FinsTest, OnlyUndecidedFinsAreRemoved) {
  const FinId a = add_fin("a.jpg");
  const FinId b = add_fin("b.jpg");
  const DecisionRecord made = decide(DecisionKind::kDiscard, {a});
  expect_error(ErrorKind::kConflict, {"decision " + std::to_string(made.id.value)}, [&] {
    catalogue.fins.remove(a);
  });
  catalogue.fins.remove(b);
  expect_error(
      ErrorKind::kNotFound, {"fin " + std::to_string(b.value)}, [&] { catalogue.fins.get(b); });
  EXPECT_NE(add_fin("c.jpg"), b);  // ids are never used again
}

FINVIEW_OVER_DATABASES(FinsTest);

}  // namespace
}  // namespace finview
