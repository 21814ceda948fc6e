#include <cmath>

#include "tests/support/fixture_bytes.h"
#include "tests/support/photo_fixtures.h"

namespace finview::test {

namespace {

// Writes one TIFF directory after another; values longer than 4 bytes follow their directory.
class ExifWriter {
 public:
  struct Entry {
    std::uint16_t tag;
    std::uint16_t type;
    std::uint32_t count;
    Bytes value;
  };

  explicit ExifWriter(bool big_endian) : big_endian_(big_endian) {}

  Bytes number(std::uint32_t value, int size) const {
    Bytes bytes;
    append_number(bytes, value, size, big_endian_);
    return bytes;
  }
  Entry short_entry(std::uint16_t tag, std::uint32_t value) const {
    return {tag, 3, 1, number(value, 2)};
  }
  Entry long_entry(std::uint16_t tag, std::uint32_t value) const {
    return {tag, 4, 1, number(value, 4)};
  }
  Entry text_entry(std::uint16_t tag, const std::string& text) const {
    Bytes value(text.begin(), text.end());
    value.push_back(0);
    return {tag, 2, static_cast<std::uint32_t>(value.size()), value};
  }
  Entry rational_entry(std::uint16_t tag, const std::vector<double>& values) const {
    Entry entry{tag, 5, static_cast<std::uint32_t>(values.size()), {}};
    for (const double value : values) {
      append(entry.value, number(static_cast<std::uint32_t>(std::lround(value * 100000)), 4));
      append(entry.value, number(100000, 4));
    }
    return entry;
  }

  static std::uint32_t size_of(const std::vector<Entry>& entries) {
    std::uint32_t size = 6;
    for (const Entry& entry : entries) {
      size += 12;
      if (entry.value.size() > 4)
        size += static_cast<std::uint32_t>(entry.value.size() + entry.value.size() % 2);
    }
    return size;
  }

  Bytes directory(const std::vector<Entry>& entries, std::uint32_t at) const {
    Bytes bytes = number(static_cast<std::uint32_t>(entries.size()), 2);
    Bytes values;
    const auto values_at = static_cast<std::uint32_t>(at + 6 + 12 * entries.size());
    for (const Entry& entry : entries) {
      append(bytes, number(entry.tag, 2));
      append(bytes, number(entry.type, 2));
      append(bytes, number(entry.count, 4));
      Bytes value = entry.value;
      if (value.size() > 4) {
        append(bytes, number(static_cast<std::uint32_t>(values_at + values.size()), 4));
        append(values, value);
        if (value.size() % 2) values.push_back(0);
      } else {
        value.resize(4);
        append(bytes, value);
      }
    }
    append(bytes, number(0, 4));
    append(bytes, values);
    return bytes;
  }

 private:
  bool big_endian_;
};

std::vector<ExifWriter::Entry> gps_entries(const ExifWriter& writer, const GpsPosition& position) {
  std::vector<ExifWriter::Entry> entries = {
      writer.text_entry(1, position.latitude_deg < 0 ? "S" : "N"),
      writer.rational_entry(2, dms(position.latitude_deg)),
      writer.text_entry(3, position.longitude_deg < 0 ? "W" : "E"),
      writer.rational_entry(4, dms(position.longitude_deg))};
  if (position.altitude_m) {
    const std::uint8_t below = *position.altitude_m < 0 ? 1 : 0;
    entries.push_back({5, 1, 1, {below}});
    entries.push_back(writer.rational_entry(6, {std::abs(*position.altitude_m)}));
  }
  return entries;
}

}  // namespace

Bytes make_exif(const ExifSpec& spec) {
  const ExifWriter writer(spec.big_endian);
  std::vector<ExifWriter::Entry> main;
  if (!spec.make.empty()) main.push_back(writer.text_entry(0x10F, spec.make));
  if (!spec.model.empty()) main.push_back(writer.text_entry(0x110, spec.model));
  if (spec.orientation)
    main.push_back(writer.short_entry(0x112, static_cast<std::uint32_t>(spec.orientation)));
  if (!spec.date_time.empty()) main.push_back(writer.text_entry(0x132, spec.date_time));
  std::vector<ExifWriter::Entry> exif;
  if (!spec.date_time_original.empty())
    exif.push_back(writer.text_entry(0x9003, spec.date_time_original));
  std::vector<ExifWriter::Entry> gps;
  if (spec.position) gps = gps_entries(writer, *spec.position);

  const std::size_t num_own = main.size();
  if (!exif.empty()) main.push_back(writer.long_entry(0x8769, 0));
  if (!gps.empty()) main.push_back(writer.long_entry(0x8825, 0));
  const std::uint32_t exif_at = 8 + ExifWriter::size_of(main);
  const std::uint32_t gps_at = exif_at + (exif.empty() ? 0 : ExifWriter::size_of(exif));
  if (!exif.empty()) main[num_own] = writer.long_entry(0x8769, exif_at);
  if (!gps.empty()) main.back() = writer.long_entry(0x8825, gps_at);

  Bytes bytes = spec.big_endian ? Bytes{'M', 'M'} : Bytes{'I', 'I'};
  append(bytes, writer.number(42, 2));
  append(bytes, writer.number(8, 4));
  append(bytes, writer.directory(main, 8));
  if (!exif.empty()) append(bytes, writer.directory(exif, exif_at));
  if (!gps.empty()) append(bytes, writer.directory(gps, gps_at));
  return bytes;
}

}  // namespace finview::test
