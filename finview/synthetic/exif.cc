#include "finview/synthetic/exif.h"

#include "finview/base/error.h"

#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <memory>

#include <libexif/exif-data.h>

namespace finview::synthetic {
namespace {

constexpr ExifByteOrder kOrder = EXIF_BYTE_ORDER_INTEL;

/// Builds one EXIF block; entries own their bytes.
class ExifBlock {
 public:
  ExifBlock() : data_(exif_data_new()), memory_(exif_mem_new_default()) {
    exif_data_set_byte_order(data_, kOrder);
    exif_data_set_data_type(data_, EXIF_DATA_TYPE_COMPRESSED);
  }
  ~ExifBlock() {
    exif_mem_unref(memory_);
    exif_data_unref(data_);
  }
  ExifBlock(const ExifBlock&) = delete;
  ExifBlock& operator=(const ExifBlock&) = delete;

  void text(ExifIfd directory, int tag, const std::string& value) {
    add(directory, tag, EXIF_FORMAT_ASCII, value.c_str(), value.size() + 1, value.size() + 1);
  }

  void rationals(ExifIfd directory, int tag, const std::vector<ExifRational>& values) {
    std::vector<unsigned char> bytes(8 * values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      exif_set_rational(bytes.data() + 8 * i, kOrder, values[i]);
    }
    add(directory, tag, EXIF_FORMAT_RATIONAL, bytes.data(), bytes.size(), values.size());
  }

  std::vector<std::uint8_t> bytes() const {
    unsigned char* block = nullptr;
    unsigned int size = 0;
    exif_data_save_data(data_, &block, &size);
    const std::unique_ptr<unsigned char, decltype(&std::free)> owner(block, &std::free);
    return {block, block + size};
  }

 private:
  void add(ExifIfd directory,
           int tag,
           ExifFormat format,
           const void* bytes,
           std::size_t size,
           std::size_t count) {
    ExifEntry* entry = exif_entry_new_mem(memory_);
    entry->data = static_cast<unsigned char*>(exif_mem_alloc(memory_, static_cast<ExifLong>(size)));
    std::memcpy(entry->data, bytes, size);
    entry->size = static_cast<unsigned int>(size);
    entry->tag = static_cast<ExifTag>(tag);
    entry->format = format;
    entry->components = count;
    exif_content_add_entry(data_->ifd[directory], entry);
    exif_entry_unref(entry);
  }

  ExifData* data_;
  ExifMem* memory_;
};

std::vector<ExifRational> degrees_minutes_seconds(double angle_deg) {
  const double absolute = std::abs(angle_deg);
  const auto degrees = static_cast<ExifLong>(absolute);
  const double rest = (absolute - degrees) * 60;
  const auto minutes = static_cast<ExifLong>(rest);
  const auto seconds = static_cast<ExifLong>(std::lround((rest - minutes) * 60 * 1000));
  return {{degrees, 1}, {minutes, 1}, {seconds, 1000}};
}

}  // namespace

std::vector<std::uint8_t> with_exif(const std::vector<std::uint8_t>& jpeg, const ExifFacts& facts) {
  ExifBlock block;
  block.text(EXIF_IFD_0, EXIF_TAG_MAKE, "FinView");
  block.text(EXIF_IFD_0, EXIF_TAG_MODEL, "synthetic survey");
  block.text(EXIF_IFD_0, EXIF_TAG_DATE_TIME, facts.time);
  block.text(EXIF_IFD_EXIF, EXIF_TAG_DATE_TIME_ORIGINAL, facts.time);
  block.rationals(EXIF_IFD_EXIF,
                  EXIF_TAG_FOCAL_LENGTH,
                  {{static_cast<ExifLong>(std::lround(facts.focal_mm * 10)), 10}});
  block.text(EXIF_IFD_GPS, EXIF_TAG_GPS_LATITUDE_REF, facts.latitude_deg < 0 ? "S" : "N");
  block.rationals(EXIF_IFD_GPS, EXIF_TAG_GPS_LATITUDE, degrees_minutes_seconds(facts.latitude_deg));
  block.text(EXIF_IFD_GPS, EXIF_TAG_GPS_LONGITUDE_REF, facts.longitude_deg < 0 ? "W" : "E");
  block.rationals(
      EXIF_IFD_GPS, EXIF_TAG_GPS_LONGITUDE, degrees_minutes_seconds(facts.longitude_deg));
  const std::vector<std::uint8_t> exif = block.bytes();
  if (jpeg.size() < 2 || exif.empty() || exif.size() > 65533) {
    throw Error(ErrorKind::kUnavailable, "The EXIF block of a rendered photo could not be made.");
  }
  const std::size_t length = exif.size() + 2;
  std::vector<std::uint8_t> result;
  result.reserve(jpeg.size() + length + 2);
  result.assign(jpeg.begin(), jpeg.begin() + 2);
  for (const std::size_t byte :
       {std::size_t{0xff}, std::size_t{0xe1}, length >> 8, length & 0xff}) {
    result.push_back(static_cast<std::uint8_t>(byte));
  }
  result.insert(result.end(), exif.begin(), exif.end());
  result.insert(result.end(), jpeg.begin() + 2, jpeg.end());
  return result;
}

}  // namespace finview::synthetic
