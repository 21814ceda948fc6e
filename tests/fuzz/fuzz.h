#pragma once

#include "finview/base/error.h"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>

#include <unistd.h>

namespace finview::test {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

/// An Error is an answer; whatever else is thrown is a fault and ends the fuzzing.
inline void answer(const std::function<void()>& read) {
  try {
    read();
  } catch (const Error&) {
  }
}

/// The input as a file, for readers of files. One per process.
inline std::filesystem::path as_file(const std::uint8_t* data,
                                     std::size_t size,
                                     const std::string& ending) {
  static const std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("fuzz-" + std::to_string(getpid()) + ending);
  static const int registered = std::atexit([] {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  });
  static_cast<void>(registered);
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  return path;
}

}  // namespace finview::test
