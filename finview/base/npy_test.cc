#include "finview/base/npy.h"

#include "finview/base/error.h"

#include <algorithm>
#include <cstring>
#include <string>

#include <gtest/gtest.h>

namespace finview {
namespace {

std::string text(const std::vector<std::uint8_t>& bytes, std::size_t begin, std::size_t end) {
  return {bytes.begin() + begin, bytes.begin() + end};
}

TEST(NpyBytes, AreVersionOneOfTheFormat) {
  const std::vector<std::complex<double>> values{{1.5, -2}, {0, 1e300}};
  const std::vector<std::uint8_t> bytes = npy_bytes(values);
  ASSERT_EQ(bytes.size(), 128u + 32u);
  EXPECT_EQ(text(bytes, 0, 10), std::string("\x93NUMPY\x01\x00\x76\x00", 10));  // header of 118
  const std::string header = "{'descr': '<c16', 'fortran_order': False, 'shape': (2,), }";
  EXPECT_EQ(text(bytes, 10, 128), header + std::string(117 - header.size(), ' ') + "\n");
  // 1.5 and -2 as IEEE 754 doubles, little-endian.
  const std::uint8_t expected[] = {0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0};
  EXPECT_EQ(std::memcmp(bytes.data() + 128, expected, 16), 0);
}

TEST(NpyBytes, WriteMatricesRowByRow) {
  const std::vector<float> values{1, 2, 3, 4, 5, 6};
  const std::vector<std::uint8_t> bytes = npy_bytes(values, 3);
  ASSERT_EQ(bytes.size(), 128u + 24u);
  EXPECT_NE(text(bytes, 10, 128).find("'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)"),
            std::string::npos);
  const std::uint8_t two[] = {0, 0, 0, 0x40};
  EXPECT_EQ(std::memcmp(bytes.data() + 132, two, 4), 0);
  EXPECT_THROW(npy_bytes(values, 4), Error);
  EXPECT_THROW(npy_bytes(values, 0), Error);
}

TEST(NpyMatrixHeader, IsHowAMatrixBegins) {
  const std::vector<float> values{1, 2, 3, 4, 5, 6};
  const std::vector<std::uint8_t> whole = npy_bytes(values, 2);
  const std::vector<std::uint8_t> header = npy_matrix_header(3, 2);
  ASSERT_EQ(header.size() + 24u, whole.size());
  EXPECT_TRUE(std::equal(header.begin(), header.end(), whole.begin()));
}

TEST(NpyBytes, HoldNothingForNoValues) {
  EXPECT_EQ(npy_bytes(std::span<const std::complex<double>>()).size(), 128u);
}

}  // namespace
}  // namespace finview
