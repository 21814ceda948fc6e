#include "finview/training/detection_pack.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/training/pack_bytes.h"

#include <fmt/format.h>

namespace finview {
namespace {

constexpr std::string_view kMagic = "FINVIEW detection pack 2\n";
constexpr int kMaxSide = 16384;

void check_sample(const DetectionSample& sample, const std::string& where) {
  const auto refuse = [&](const std::string& fault) {
    throw Error(ErrorKind::kBadInput, fmt::format("{}, {}: {}", where, sample.name, fault));
  };
  if (sample.width_px < 1 || sample.height_px < 1 || sample.width_px > kMaxSide ||
      sample.height_px > kMaxSide) {
    refuse(
        fmt::format("size {} x {} is not in 1..{}", sample.width_px, sample.height_px, kMaxSide));
  }
  const auto num_bytes = std::size_t{3} * sample.width_px * sample.height_px;
  if (sample.rgb.size() != num_bytes) {
    refuse(fmt::format("{} bytes of pixels, {} expected", sample.rgb.size(), num_bytes));
  }
  if (!sample.mask.empty() && sample.mask.size() * 3 != num_bytes) {
    refuse(fmt::format("{} bytes of mask, {} expected", sample.mask.size(), num_bytes / 3));
  }
  for (const Detection& box : sample.boxes) {
    const bool inside = box.left_px >= 0 && box.top_px >= 0 && box.right_px <= sample.width_px &&
                        box.bottom_px <= sample.height_px && box.width_px() > 0 &&
                        box.height_px() > 0;
    if (!inside) {
      refuse(fmt::format("box {} {} {} {} is empty or leaves the picture of {} x {}",
                         box.left_px,
                         box.top_px,
                         box.right_px,
                         box.bottom_px,
                         sample.width_px,
                         sample.height_px));
    }
  }
  if (sample.role == SampleRole::kCutout && sample.boxes.size() != 1) {
    refuse(fmt::format("a cutout has exactly one box, not {}", sample.boxes.size()));
  }
}

DetectionSample read_sample(PackReader& reader) {
  DetectionSample sample;
  sample.name = reader.text();
  sample.group = reader.text();
  sample.role = reader.number<std::uint8_t>() == 0 ? SampleRole::kPhoto : SampleRole::kCutout;
  sample.width_px = reader.number<std::int32_t>();
  sample.height_px = reader.number<std::int32_t>();
  const auto num_boxes = reader.number<std::uint32_t>();
  for (std::uint32_t i = 0; i < num_boxes; ++i) {
    Detection box;
    box.left_px = reader.number<float>();
    box.top_px = reader.number<float>();
    box.right_px = reader.number<float>();
    box.bottom_px = reader.number<float>();
    box.class_index = reader.number<std::int32_t>();
    box.confidence = 1;
    sample.boxes.push_back(box);
  }
  sample.rgb = reader.blob<std::uint8_t>();
  sample.mask = reader.blob<std::uint8_t>();
  return sample;
}

}  // namespace

DetectionPack DetectionPack::read(const std::filesystem::path& path) {
  const std::vector<std::uint8_t> bytes = read_file(path, std::uint64_t{64} << 30);
  const std::string source = path.string();
  PackReader reader(bytes, source);
  reader.expect(kMagic, "a detection pack; make one with finview train pack");
  const auto num_samples = reader.number<std::uint32_t>();
  DetectionPack pack;
  for (; reader.sample < num_samples; ++reader.sample) {
    pack.samples.push_back(read_sample(reader));
    check_sample(pack.samples.back(), source);
  }
  reader.expect_end();
  return pack;
}

void DetectionPack::write(const std::filesystem::path& path) const {
  PackWriter writer(kMagic);
  writer.number(static_cast<std::uint32_t>(samples.size()));
  for (const DetectionSample& sample : samples) {
    check_sample(sample, path.string());
    writer.text(sample.name);
    writer.text(sample.group);
    writer.number(static_cast<std::uint8_t>(sample.role == SampleRole::kPhoto ? 0 : 1));
    writer.number(static_cast<std::int32_t>(sample.width_px));
    writer.number(static_cast<std::int32_t>(sample.height_px));
    writer.number(static_cast<std::uint32_t>(sample.boxes.size()));
    for (const Detection& box : sample.boxes) {
      writer.number(box.left_px);
      writer.number(box.top_px);
      writer.number(box.right_px);
      writer.number(box.bottom_px);
      writer.number(static_cast<std::int32_t>(box.class_index));
    }
    writer.blob(sample.rgb);
    writer.blob(sample.mask);
  }
  write_file(path, std::span<const std::uint8_t>(writer.bytes));
}

}  // namespace finview
