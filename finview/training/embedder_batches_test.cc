#include "finview/training/embedder_batches.h"

#include "finview/base/error.h"
#include "finview/training/fin_pack_testing.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

namespace finview {
namespace {

/// Individuals a, b, … with as many photos as said, one encounter per two of them; then fins of
/// nobody.
FinPack catalogue(const std::vector<int>& photos, std::size_t num_unknown) {
  FinPack pack = test::straight_pack(0);
  for (std::size_t who = 0; who < photos.size(); ++who) {
    for (int i = 0; i < photos[who]; ++i) {
      PackedFin fin = test::straight_fin(0);
      fin.individual = std::string(1, static_cast<char>('a' + who));
      fin.encounter = std::to_string(i / 2);
      pack.fins.push_back(fin);
    }
  }
  for (std::size_t i = 0; i < num_unknown; ++i) pack.fins.push_back(test::straight_fin(0));
  return pack;
}

EmbedderBatchOptions learn_from_all() {
  EmbedderBatchOptions options;
  options.held_out_share = 0;
  return options;
}

TEST(EmbedderBatches, ShowsEveryIndividualEquallyOftenWhateverItsPhotos) {
  const FinPack pack = catalogue({2, 20, 6, 4}, 0);
  EmbedderBatchOptions options = learn_from_all();
  options.num_individuals = 2;
  options.invented_share = 0;
  const EmbedderBatches batches(pack, options, 1);
  std::map<std::int64_t, int> times;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const PlannedBatch batch = batches.draw(seed);
    ASSERT_EQ(batch.views.size(), 4U);
    for (std::int64_t known : batch.known) ++times[known];
  }
  ASSERT_EQ(times.size(), 4U);
  for (const auto& [known, count] : times) EXPECT_NEAR(count, 400, 60) << known;
  EXPECT_EQ(batches.class_sizes().size(), 4U);
}

TEST(EmbedderBatches, TakesPhotosOfDifferentEncountersFirst) {
  const FinPack pack = catalogue({6, 6}, 0);
  EmbedderBatchOptions options = learn_from_all();
  options.num_views = 3;
  options.invented_share = 0;
  const EmbedderBatches batches(pack, options, 1);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const PlannedBatch batch = batches.draw(seed);
    std::map<std::int64_t, std::set<std::string>> encounters;
    for (std::size_t i = 0; i < batch.views.size(); ++i) {
      const PackedFin& fin = pack.fins[batch.views[i].fin];
      encounters[batch.labels[i]].insert(fin.encounter);
      EXPECT_EQ(fin.individual, pack.fins[batch.views[i - i % 3].fin].individual);
    }
    for (const auto& [label, seen] : encounters) EXPECT_EQ(seen.size(), 3U);
  }
}

TEST(EmbedderBatches, InventsTwoIndividualsOnEachFinOfNobody) {
  const FinPack pack = catalogue({}, 12);
  EmbedderBatchOptions options = learn_from_all();
  options.num_individuals = 5;
  const EmbedderBatches batches(pack, options, 1);
  const PlannedBatch batch = batches.draw(3);
  ASSERT_EQ(batch.views.size(), 5U * 2 * 2);
  for (std::size_t i = 0; i < batch.views.size(); i += 4) {
    for (std::size_t k = 1; k < 4; ++k) EXPECT_EQ(batch.views[i].fin, batch.views[i + k].fin);
    EXPECT_EQ(batch.labels[i], batch.labels[i + 1]);
    EXPECT_NE(batch.labels[i], batch.labels[i + 2]);
    EXPECT_EQ(batch.views[i].cut, batch.views[i + 1].cut);
    EXPECT_TRUE(batch.views[i].cut.has_value());
    EXPECT_NE(batch.views[i].individual, batch.views[i + 2].individual);
  }
  EXPECT_EQ(std::set(batch.labels.begin(), batch.labels.end()).size(), 10U);
}

TEST(EmbedderBatches, WithoutCutsAFinOfNobodyIsItself) {
  FinPack pack = catalogue({3}, 4);
  pack.cuts.clear();
  const EmbedderBatches batches(pack, learn_from_all(), 1);
  for (const PlannedView& view : batches.draw(1).views) EXPECT_FALSE(view.cut.has_value());
}

TEST(EmbedderBatches, HoldsWholeIndividualsOut) {
  const FinPack pack = catalogue({4, 4, 4, 4, 4, 1}, 10);
  EmbedderBatchOptions options;
  options.held_out_share = 0.4;
  const EmbedderBatches batches(pack, options, 7);
  std::set<std::string> measured;
  for (std::size_t fin : batches.held_out_known()) measured.insert(pack.fins[fin].individual);
  EXPECT_EQ(measured.size(), 2U);
  EXPECT_EQ(batches.held_out_known().size(), 8U);
  std::set<std::size_t> invented_on;
  for (const PlannedView& view : batches.held_out_invented(100).views) invented_on.insert(view.fin);
  EXPECT_EQ(invented_on.size(), 4U) << "of 11 fins of nobody or shown once";
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    for (const PlannedView& view : batches.draw(seed).views) {
      EXPECT_FALSE(measured.contains(pack.fins[view.fin].individual));
      EXPECT_FALSE(invented_on.contains(view.fin));
    }
  }
  const EmbedderBatches again(pack, options, 7);
  EXPECT_EQ(again.held_out_known(), batches.held_out_known());
}

TEST(EmbedderBatches, FoldsHoldEveryIndividualOutOnce) {
  const FinPack pack = catalogue({2, 2, 2, 2, 2, 2, 2}, 0);
  std::multiset<std::string> measured;
  for (std::int64_t fold = 0; fold < 4; ++fold) {
    EmbedderBatchOptions options;
    options.held_out_share = 0.25;
    options.fold = fold;
    const EmbedderBatches batches(pack, options, 3);
    for (std::size_t fin : batches.held_out_known()) measured.insert(pack.fins[fin].individual);
  }
  EXPECT_EQ(measured.size(), 14U);
  EXPECT_EQ(std::set(measured.begin(), measured.end()).size(), 7U);
}

TEST(EmbedderBatches, MirrorsAsAsked) {
  const FinPack pack = catalogue({4, 4, 4, 4}, 0);
  EmbedderBatchOptions options = learn_from_all();
  options.invented_share = 0;
  const auto mirrored_shares = [&](const std::string& policy) {
    options.mirrored = policy;
    const EmbedderBatches batches(pack, options, 1);
    int mixed = 0;
    int mirrored = 0;
    int total = 0;
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      const PlannedBatch batch = batches.draw(seed);
      for (std::size_t i = 0; i < batch.views.size(); i += 2, ++total) {
        mirrored += batch.views[i].mirrored ? 1 : 0;
        mixed += batch.views[i].mirrored != batch.views[i + 1].mirrored ? 1 : 0;
        if (policy == "other") {
          EXPECT_EQ(batch.known[i] < 0, batch.views[i].mirrored);
        }
      }
    }
    return std::pair(static_cast<double>(mirrored) / total, static_cast<double>(mixed) / total);
  };
  EXPECT_EQ(mirrored_shares("never"), std::pair(0.0, 0.0));
  EXPECT_NEAR(mirrored_shares("same").first, 0.5, 0.12);
  EXPECT_NEAR(mirrored_shares("same").second, 0.5, 0.12);
  EXPECT_NEAR(mirrored_shares("other").first, 0.5, 0.12);
  EXPECT_EQ(mirrored_shares("other").second, 0);
}

TEST(EmbedderBatches, SaysWhenThereIsTooLittle) {
  const FinPack pack = catalogue({5}, 0);
  try {
    const EmbedderBatches batches(pack, learn_from_all(), 1);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadInput);
    EXPECT_NE(std::string(error.what()).find("1 individuals with two photos"), std::string::npos);
  }
}

}  // namespace
}  // namespace finview
