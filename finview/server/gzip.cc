#include "finview/server/gzip.h"

#include <algorithm>
#include <stdexcept>

#include <zlib.h>

namespace finview {
namespace {

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  const std::size_t end = text.find_last_not_of(" \t");
  return end == std::string_view::npos ? std::string_view() : text.substr(begin, end + 1 - begin);
}

/// What comes before the next separator, which is taken, too.
std::string_view take(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return trimmed(part);
}

}  // namespace

std::string gzip(std::string_view bytes) {
  constexpr int kGzip = 15 + 16;  // the largest window, and gzip's header instead of zlib's
  constexpr int kMemory = 8;
  z_stream stream = {};
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, kGzip, kMemory, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::runtime_error("zlib has no memory");
  }
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int end = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (end != Z_STREAM_END) throw std::logic_error("zlib's own bound was too small");
  return packed;
}

bool accepts_gzip(std::string_view accept_encoding) {
  bool any = false;
  while (!accept_encoding.empty()) {
    std::string_view coding = take(accept_encoding, ',');
    const std::string_view name = take(coding, ';');
    const std::string_view weight = trimmed(coding);
    const bool refused = weight.starts_with("q=0") &&
                         weight.substr(3).find_first_not_of(".0") == std::string_view::npos;
    if (name == "gzip") return !refused;
    if (name == "*") any = !refused;
  }
  return any;
}

}  // namespace finview
