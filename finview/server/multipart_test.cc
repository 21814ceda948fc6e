#include "finview/server/multipart.h"

#include "finview/base/error.h"

#include <gtest/gtest.h>

namespace finview {
namespace {

constexpr const char* kType = "multipart/form-data; boundary=x";

std::string part(const std::string& head, const std::string& data) {
  return "--x\r\n" + head + "\r\n\r\n" + data + "\r\n";
}

std::string image(const std::string& data) {
  return part("Content-Disposition: form-data; name=\"images\"; filename=\"a.jpg\"", data);
}

TEST(ParseForm, ReadsFieldsAndFilesAsClientsWriteThem) {
  const std::string body =
      "before\r\n" + image(std::string("\0\r\n--\r\n-x", 9)) +
      part("content-type: text/plain\r\ncontent-disposition: form-data; name=plain; x",
           "two\nlines") +
      part(R"(Content-Disposition: form-data; filename="a \"b\"; name=c.jpg"; name="images[]")",
           "") +
      "--x--\r\nafter";
  const auto parts = parse_form(body, "Multipart/Form-Data; charset=utf-8; Boundary=\"x\"");
  ASSERT_EQ(parts.size(), 3U);
  EXPECT_EQ(parts[0].name, "images");
  EXPECT_EQ(parts[0].file_name, "a.jpg");
  EXPECT_EQ(parts[0].data, std::string_view("\0\r\n--\r\n-x", 9));
  EXPECT_EQ(parts[1].name, "plain");
  EXPECT_EQ(parts[1].file_name, "");
  EXPECT_EQ(parts[1].data, "two\nlines");
  EXPECT_EQ(parts[2].name, "images[]");
  EXPECT_EQ(parts[2].file_name, "a \"b\"; name=c.jpg");
  EXPECT_EQ(parts[2].data, "");
  EXPECT_TRUE(parse_form("--x--", kType).empty());
}

TEST(ParseForm, RefusesWhatIsNoForm) {
  const std::string good = image("data") + "--x--";
  EXPECT_EQ(parse_form(good, kType).size(), 1U);
  for (const char* type : {"",
                           "text/plain; boundary=x",
                           "multipart/form-data",
                           "multipart/form-data; boundary=",
                           "multipart/form-data; boundary=\"x"}) {
    EXPECT_THROW(parse_form(good, type), Error) << type;
  }
  EXPECT_THROW(parse_form(good, "multipart/form-data; boundary=" + std::string(71, 'x')), Error);
  for (std::size_t length = 0; length + 2 < good.size(); ++length) {
    EXPECT_THROW(parse_form(good.substr(0, length), kType), Error) << length;
  }
  for (const std::string& head :
       {std::string("A: b"),
        std::string("no colon"),
        std::string(),
        std::string("Content-Disposition: form-data"),
        std::string("Content-Disposition: form-data; name=\"a"),
        "Content-Disposition: form-data; name=" + std::string(9000, 'a')}) {
    EXPECT_THROW(parse_form(part(head, "data") + "--x--", kType), Error) << head.substr(0, 60);
  }
  EXPECT_THROW(parse_form("--xy\r\n" + image("data") + "--x--", kType), Error);
}

}  // namespace
}  // namespace finview
