#include "finview/training/fin_pack.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/training/pack_bytes.h"

#include <fmt/format.h>

namespace finview {
namespace {

constexpr std::string_view kMagic = "FINVIEW fin pack ";
constexpr std::string_view kVersion = "2\n";
constexpr std::string_view kWithoutSilhouettes = "1\n";
constexpr int kMaxSide = 4096;

void check_fin(const FinPack& pack, const PackedFin& fin, const std::string& where) {
  const std::size_t area = static_cast<std::size_t>(pack.width_px) * pack.height_px;
  const auto expect = [&](const char* what, std::size_t found, std::size_t expected) {
    if (found == expected) return;
    throw Error(ErrorKind::kBadInput,
                fmt::format("{}, {}: {} bytes of {}, {} expected; make the pack again",
                            where,
                            fin.name,
                            found,
                            what,
                            expected));
  };
  expect("pixels", fin.picture.size(), area * static_cast<std::size_t>(pack.num_channels));
  expect("mask", fin.mask.size(), area);
  if (!fin.silhouette.empty()) expect("silhouette", fin.silhouette.size(), area);
  if (!fin.distance.empty()) expect("distances", fin.distance.size(), area);
  expect("places", fin.place.size(), fin.distance.size());
}

void check_pack(const FinPack& pack, const std::string& where) {
  const bool fits = pack.width_px > 0 && pack.height_px > 0 && pack.width_px <= kMaxSide &&
                    pack.height_px <= kMaxSide &&
                    (pack.num_channels == 1 || pack.num_channels == 3) &&
                    pack.cuts.size() % PackedFin::kNumPoints == 0;
  if (!fits) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{}: {} x {} pixels of {} channels and {} cuts are not a fin pack's; "
                            "make the pack again",
                            where,
                            pack.width_px,
                            pack.height_px,
                            pack.num_channels,
                            pack.cuts.size()));
  }
}

}  // namespace

FinPack FinPack::read(const std::filesystem::path& path) {
  const std::vector<std::uint8_t> bytes = read_file(path, std::uint64_t{64} << 30);
  const std::string source = path.string();
  PackReader reader(bytes, source);
  const std::string_view what = "a fin pack; make one with finview dataset pack";
  reader.expect(kMagic, what);
  const bool has_silhouettes = !reader.skip_if(kWithoutSilhouettes);
  if (has_silhouettes) reader.expect(kVersion, what);
  FinPack pack;
  pack.contract_json = reader.text();
  pack.width_px = reader.number<std::int32_t>();
  pack.height_px = reader.number<std::int32_t>();
  pack.num_channels = reader.number<std::int32_t>();
  pack.cuts = reader.blob<float>();
  check_pack(pack, source);
  const auto count = reader.number<std::uint32_t>();
  for (; reader.sample < count; ++reader.sample) {
    PackedFin fin;
    fin.name = reader.text();
    fin.individual = reader.text();
    fin.encounter = reader.text();
    fin.picture = reader.blob<std::uint8_t>();
    fin.mask = reader.blob<std::uint8_t>();
    if (has_silhouettes) fin.silhouette = reader.blob<std::uint8_t>();
    fin.distance = reader.blob<std::int8_t>();
    fin.place = reader.blob<std::uint8_t>();
    fin.points = reader.number<decltype(fin.points)>();
    check_fin(pack, fin, source);
    pack.fins.push_back(std::move(fin));
  }
  reader.expect_end();
  return pack;
}

void FinPack::write(const std::filesystem::path& path) const {
  const std::string target = path.string();
  check_pack(*this, target);
  PackWriter writer(std::string(kMagic) + std::string(kVersion));
  writer.text(contract_json);
  writer.number(static_cast<std::int32_t>(width_px));
  writer.number(static_cast<std::int32_t>(height_px));
  writer.number(static_cast<std::int32_t>(num_channels));
  writer.blob(cuts);
  writer.number(static_cast<std::uint32_t>(fins.size()));
  for (const PackedFin& fin : fins) {
    check_fin(*this, fin, target);
    writer.text(fin.name);
    writer.text(fin.individual);
    writer.text(fin.encounter);
    writer.blob(fin.picture);
    writer.blob(fin.mask);
    writer.blob(fin.silhouette);
    writer.blob(fin.distance);
    writer.blob(fin.place);
    writer.number(fin.points);
  }
  write_file(path, std::span<const std::uint8_t>(writer.bytes));
}

}  // namespace finview
