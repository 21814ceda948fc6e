#include "finview/training/fin_pack.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/training/fin_pack_testing.h"

#include <functional>
#include <string>

#include "tests/support/scratch_folder.h"
#include <gtest/gtest.h>

namespace finview {
namespace {

std::string refusal(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadInput);
    return error.what();
  }
  return "accepted";
}

TEST(FinPack, GivesBackWhatWasWritten) {
  const test::ScratchFolder folder;
  FinPack pack = test::straight_pack(3);
  pack.fins[1].individual = "Ōtāutahi";
  pack.fins[1].encounter = "2012-03-07";
  pack.fins[1].silhouette = pack.fins[1].mask;
  pack.fins[2].distance.clear();
  pack.fins[2].place.clear();
  pack.write(folder / "a.pack");
  const FinPack back = FinPack::read(folder / "a.pack");
  EXPECT_EQ(back.contract_json, pack.contract_json);
  EXPECT_EQ(back.cuts, pack.cuts);
  ASSERT_EQ(back.fins.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(back.fins[i].name, pack.fins[i].name);
    EXPECT_EQ(back.fins[i].individual, pack.fins[i].individual);
    EXPECT_EQ(back.fins[i].encounter, pack.fins[i].encounter);
    EXPECT_EQ(back.fins[i].picture, pack.fins[i].picture);
    EXPECT_EQ(back.fins[i].mask, pack.fins[i].mask);
    EXPECT_EQ(back.fins[i].silhouette, pack.fins[i].silhouette);
    EXPECT_EQ(back.fins[i].distance, pack.fins[i].distance);
    EXPECT_EQ(back.fins[i].place, pack.fins[i].place);
    EXPECT_EQ(back.fins[i].points, pack.fins[i].points);
  }
}

TEST(FinPack, ReadsPacksOfTheFirstVersion) {
  const test::ScratchFolder folder;
  FinPack pack = test::straight_pack(1);
  pack.write(folder / "new.pack");
  std::vector<std::uint8_t> bytes = read_file(folder / "new.pack");
  const std::string_view magic = "FINVIEW fin pack 2";
  ASSERT_EQ(std::string_view(reinterpret_cast<const char*>(bytes.data()), magic.size()), magic);
  bytes[magic.size() - 1] = '1';
  // Without the length of the silhouette that is not there: what follows the mask stays.
  const PackedFin& fin = pack.fins[0];
  const std::size_t after = 2 * 8 + fin.distance.size() + fin.place.size() + sizeof(fin.points);
  bytes.erase(bytes.end() - static_cast<std::ptrdiff_t>(after) - 8,
              bytes.end() - static_cast<std::ptrdiff_t>(after));
  write_file(folder / "old.pack", std::span<const std::uint8_t>(bytes));
  const FinPack back = FinPack::read(folder / "old.pack");
  ASSERT_EQ(back.fins.size(), 1U);
  EXPECT_EQ(back.fins[0].mask, fin.mask);
  EXPECT_TRUE(back.fins[0].silhouette.empty());
  EXPECT_EQ(back.fins[0].points, fin.points);
}

TEST(FinPack, SaysWhereAFileBreaksOff) {
  const test::ScratchFolder folder;
  test::straight_pack(2).write(folder / "a.pack");
  const std::vector<std::uint8_t> bytes = read_file(folder / "a.pack");
  const auto reading = [&](std::size_t size) {
    return refusal([&] {
      write_file(folder / "cut.pack", std::span(bytes).first(size));
      FinPack::read(folder / "cut.pack");
    });
  };
  EXPECT_NE(reading(bytes.size() - 1).find("sample 1"), std::string::npos);
  EXPECT_NE(reading(10).find("is not a fin pack"), std::string::npos);
  EXPECT_NE(reading(bytes.size() / 4).find("breaks off"), std::string::npos);
  const std::string text = refusal([&] {
    std::vector<std::uint8_t> longer = bytes;
    longer.push_back(0);
    write_file(folder / "long.pack", std::span<const std::uint8_t>(longer));
    FinPack::read(folder / "long.pack");
  });
  EXPECT_NE(text.find("more bytes"), std::string::npos);
}

TEST(FinPack, RefusesAFinOfAnotherSize) {
  const test::ScratchFolder folder;
  FinPack pack = test::straight_pack(1);
  pack.fins[0].mask.pop_back();
  EXPECT_NE(refusal([&] { pack.write(folder / "a.pack"); }).find("fin 0"), std::string::npos);
}

}  // namespace
}  // namespace finview
