#include "finview/base/npy.h"

#include "finview/base/error.h"

#include <bit>
#include <cstring>
#include <string>

#include <fmt/format.h>

namespace finview {
namespace {

static_assert(std::endian::native == std::endian::little,
              "values are written as they lie in memory");

/// Magic, version, header length and header; padded so that the values begin at a multiple of 64.
std::vector<std::uint8_t> header_of(const std::string& type, const std::string& shape) {
  constexpr std::size_t kPrefix = 10;
  std::string header =
      fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}", type, shape);
  header.append(63 - (kPrefix + header.size()) % 64, ' ');
  header += '\n';

  std::vector<std::uint8_t> file{0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};
  file.push_back(static_cast<std::uint8_t>(header.size() % 256));
  file.push_back(static_cast<std::uint8_t>(header.size() / 256));
  file.insert(file.end(), header.begin(), header.end());
  return file;
}

std::vector<std::uint8_t> followed_by(std::vector<std::uint8_t> file,
                                      const void* values,
                                      std::size_t num_bytes) {
  const std::size_t begin = file.size();
  file.resize(begin + num_bytes);
  if (num_bytes > 0) std::memcpy(file.data() + begin, values, num_bytes);
  return file;
}

}  // namespace

std::vector<std::uint8_t> npy_bytes(std::span<const std::complex<double>> values) {
  return followed_by(
      header_of("<c16", fmt::format("({},)", values.size())), values.data(), values.size_bytes());
}

std::vector<std::uint8_t> npy_bytes(std::span<const float> values, std::size_t num_columns) {
  if (num_columns == 0 || values.size() % num_columns != 0) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} values do not fill rows of {} columns; give whole rows.",
                            values.size(),
                            num_columns));
  }
  return followed_by(npy_matrix_header(values.size() / num_columns, num_columns),
                     values.data(),
                     values.size_bytes());
}

std::vector<std::uint8_t> npy_matrix_header(std::uint64_t num_rows, std::uint64_t num_columns) {
  return header_of("<f4", fmt::format("({}, {})", num_rows, num_columns));
}

}  // namespace finview
