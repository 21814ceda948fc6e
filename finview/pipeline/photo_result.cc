#include "finview/pipeline/photo_result.h"

#include "finview/base/files.h"

#include <filesystem>
#include <span>

namespace finview {

std::string output_stem(const std::string& photo) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(photo.data());
  const std::string hash = sha256_hex(std::span(bytes, photo.size()));
  return std::filesystem::path(photo).stem().string() + "-" + hash.substr(0, 6);
}

}  // namespace finview
