#include "finview/server/gzip.h"

#include <gtest/gtest.h>
#include <zlib.h>

namespace finview {
namespace {

std::string unpacked(std::string packed) {
  std::string bytes(1 << 20, '\0');
  z_stream stream = {};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(bytes.data());
  stream.avail_out = static_cast<uInt>(bytes.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  bytes.resize(stream.total_out);
  inflateEnd(&stream);
  return bytes;
}

TEST(Gzip, IsReadByZlib) {
  std::string rows;
  for (int i = 0; i < 10000; ++i) rows += "{\"id\":" + std::to_string(i) + "},";
  EXPECT_EQ(unpacked(gzip(rows)), rows);
  EXPECT_LT(2 * gzip(rows).size(), rows.size());
  EXPECT_EQ(unpacked(gzip("")), "");
}

TEST(Gzip, IsAskedForByNameOrStarUnlessItsWeightIsZero) {
  for (const char* yes : {"gzip", "gzip, deflate, br", "br;q=1, gzip;q=0.5", "*", " gzip ;q=1"}) {
    EXPECT_TRUE(accepts_gzip(yes)) << yes;
  }
  for (const char* no :
       {"", "br", "identity", "gzip;q=0", "gzip; q=0.000", "*, gzip;q=0", "*;q=0"}) {
    EXPECT_FALSE(accepts_gzip(no)) << no;
  }
}

}  // namespace
}  // namespace finview
