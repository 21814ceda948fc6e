#include "finview/pipeline/photo_result.h"

#include "finview/base/files.h"

#include <filesystem>

namespace finview {

std::string output_stem(const std::string& photo) {
  const std::string hash = sha256_hex(photo);
  return std::filesystem::path(photo).stem().string() + "-" + hash.substr(0, 6);
}

}  // namespace finview
