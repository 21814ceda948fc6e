#include "finview/photo/bytes.h"
#include "finview/photo/exif.h"
#include "finview/photo/formats.h"

#include <algorithm>

#include <fmt/format.h>
#include <webp/decode.h>

namespace finview::internal {

namespace {

constexpr std::size_t kRiffHeaderBytes = 12;

std::string reason_of(VP8StatusCode status) {
  switch (status) {
    case VP8_STATUS_NOT_ENOUGH_DATA:
    case VP8_STATUS_SUSPENDED:
      return "the WebP is truncated";
    case VP8_STATUS_OUT_OF_MEMORY:
      return "there is not enough memory to decode the WebP";
    case VP8_STATUS_UNSUPPORTED_FEATURE:
      return "the WebP uses a feature that cannot be read";
    default:
      return fmt::format("the WebP is damaged (libwebp status {})", static_cast<int>(status));
  }
}

WebPBitstreamFeatures features_of(const PhotoFile& file) {
  WebPBitstreamFeatures features;
  const VP8StatusCode status = WebPGetFeatures(file.bytes.data(), file.bytes.size(), &features);
  if (status != VP8_STATUS_OK) fail(file, reason_of(status));
  if (features.has_animation) fail(file, "an animated WebP is not a photo");
  return features;
}

ExifFacts exif_of(ByteSpan bytes) {
  for (std::size_t at = kRiffHeaderBytes; at + 8 <= bytes.size();) {
    const std::size_t length = little_endian(bytes, at + 4, 4);
    const std::size_t data = at + 8;
    if (length > bytes.size() - data) break;
    if (text_at(bytes, at, "EXIF")) return read_exif(bytes.subspan(data, length));
    at = data + length + length % 2;
  }
  return {};
}

}  // namespace

StoredHeader read_webp_header(const PhotoFile& file) {
  const WebPBitstreamFeatures features = features_of(file);
  StoredHeader header;
  header.width_px = features.width;
  header.height_px = features.height;
  header.has_alpha = features.has_alpha != 0;
  header.working_bytes =
      std::uint64_t{header.has_alpha ? 4u : 3u} * features.width * features.height;
  header.exif = exif_of(file.bytes);
  return header;
}

void decode_webp(const PhotoFile& file, UprightWriter& out) {
  const WebPBitstreamFeatures features = features_of(file);
  cv::Mat whole(features.height, features.width, out.has_alpha() ? CV_8UC4 : CV_8UC3);
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) fail(file, "libwebp has an unexpected version");
  config.output.colorspace = out.has_alpha() ? MODE_BGRA : MODE_BGR;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = whole.data;
  config.output.u.RGBA.stride = static_cast<int>(whole.step[0]);
  config.output.u.RGBA.size = whole.step[0] * static_cast<std::size_t>(whole.rows);
  const VP8StatusCode status = WebPDecode(file.bytes.data(), file.bytes.size(), &config);
  WebPFreeDecBuffer(&config.output);
  if (status != VP8_STATUS_OK) fail(file, reason_of(status));
  out.put(whole, {0, 0});
}

}  // namespace finview::internal
