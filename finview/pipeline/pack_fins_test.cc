#include "finview/pipeline/pack_fins.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/embedding/embedder_contract.h"
#include "finview/training/fin_pack.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "tests/support/scratch_folder.h"
#include <gtest/gtest.h>

namespace finview {
namespace {

PackFinsOptions options(const std::filesystem::path& out) {
  PackFinsOptions options;
  options.out = out.string();
  options.num_rendered = 6;
  options.num_cuts = 20;
  return options;
}

TEST(PackFins, LaysRenderedFinsOutByTheirEdges) {
  const test::ScratchFolder folder;
  NoProgress silent;
  PackFinsOptions wanted = options(folder / "a.pack");
  wanted.sheet = (folder / "a.png").string();
  const PackedFins packed = pack_fins(wanted, {}, {}, silent, {});
  EXPECT_EQ(packed.num_rendered + packed.num_left_out, 6U);
  ASSERT_GE(packed.num_rendered, 3U);
  EXPECT_TRUE(std::filesystem::exists(folder / "a.png"));
  const FinPack pack = FinPack::read(folder / "a.pack");
  ASSERT_EQ(pack.fins.size(), packed.num_rendered);
  EXPECT_EQ(pack.cuts.size(), 20 * PackedFin::kNumPoints);
  const EmbedderContract contract = EmbedderContract::from_json(pack.contract_json);
  EXPECT_TRUE(contract.edge_aligned() && contract.masked && contract.gray);
  for (const PackedFin& fin : pack.fins) {
    // Tip and end of every fin lie where the layout has them, the end straight below the tip.
    EXPECT_NEAR(fin.points.front()[0], fin.points.back()[0], 0.01);
    EXPECT_NEAR(fin.points.back()[1] - fin.points.front()[1],
                (kEndY - kTipY) * contract.height_px * 4 / 3,
                0.5);
    const auto at = [&](std::array<float, 2> point, int dx) {
      return static_cast<std::size_t>(point[1]) * static_cast<std::size_t>(pack.width_px) +
             static_cast<std::size_t>(point[0] + static_cast<float>(dx));
    };
    const auto middle = fin.points[PackedFin::kNumPoints / 2];
    EXPECT_LT(std::abs(fin.distance[at(middle, 0)]), 8) << "on the edge, within two pixels";
    EXPECT_NEAR(fin.place[at(middle, 0)], 128, 6);
    // Left of the trailing edge is the fin, right of it is not.
    EXPECT_EQ(fin.mask[at(middle, -12)], 255) << fin.name;
    EXPECT_LT(fin.distance[at(middle, -12)], -8);
    EXPECT_GT(fin.distance[at(middle, 12)], 8);
  }
}

TEST(PackFins, TheSameSeedGivesTheSameBytes) {
  const test::ScratchFolder folder;
  NoProgress silent;
  for (const char* name : {"a.pack", "b.pack"}) {
    PackFinsOptions wanted = options(folder / name);
    wanted.num_rendered = 2;
    pack_fins(wanted, {}, {}, silent, {});
  }
  EXPECT_EQ(sha256_hex(read_file(folder / "a.pack")), sha256_hex(read_file(folder / "b.pack")));
}

PackFinsOptions whole_crops(const std::filesystem::path& out) {
  PackFinsOptions wanted = options(out);
  wanted.layout = "crop";
  wanted.show_background = wanted.color = true;
  wanted.enhancement = "none";
  wanted.num_rendered = 2;
  return wanted;
}

TEST(PackFins, OutlinesWholeCropsOnlyWhereMasksAreKept) {
  const test::ScratchFolder folder;
  NoProgress silent;
  PackFinsOptions wanted = whole_crops(folder / "a.pack");
  // A model that cannot be read: whoever outlines, fails.
  wanted.outline_model = (folder / "none.fvm").string();
  EXPECT_EQ(pack_fins(wanted, {}, {}, silent, {}).num_rendered, 2U);
  const FinPack pack = FinPack::read(folder / "a.pack");
  EXPECT_TRUE(pack.cuts.empty()) << "no edge to cut them into";
  for (const PackedFin& fin : pack.fins) EXPECT_TRUE(fin.silhouette.empty());
  wanted.keep_masks = true;
  EXPECT_THROW(pack_fins(wanted, {}, {}, silent, {}), Error);
  wanted.outline_model.clear();
  pack_fins(wanted, {}, {}, silent, {});
  for (const PackedFin& fin : FinPack::read(folder / "a.pack").fins) {
    const auto num_fin = std::count(fin.silhouette.begin(), fin.silhouette.end(), 255);
    const auto num_shown = std::count(fin.mask.begin(), fin.mask.end(), 255);
    EXPECT_GT(num_fin, num_shown / 20) << fin.name;
    EXPECT_LT(num_fin, num_shown * 9 / 10) << fin.name;
  }
  wanted.show_background = false;
  EXPECT_THROW(pack_fins(wanted, {}, {}, silent, {}), Error) << "there is no background";
}

TEST(PackFins, SaysWhenThereIsNothingToPack) {
  const test::ScratchFolder folder;
  NoProgress silent;
  PackFinsOptions wanted = options(folder / "a.pack");
  wanted.num_rendered = 0;
  EXPECT_THROW(pack_fins(wanted, {}, {}, silent, {}), Error);
  wanted.num_rendered = 1;
  wanted.width_px = 100;
  EXPECT_THROW(pack_fins(wanted, {}, {}, silent, {}), Error) << "no multiple of 32";
}

}  // namespace
}  // namespace finview
