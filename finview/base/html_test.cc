#include "finview/base/html.h"

#include "finview/base/chart.h"

#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace finview {
namespace {

std::string encoded(const std::string& text) {
  return base64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

TEST(Html, TextCannotBecomeMarkup) {
  EXPECT_EQ(escape_html("<b \"x\"> & 'y'"), "&lt;b &quot;x&quot;&gt; &amp; 'y'");
  const std::string page = html_page("<script>", "<p>body</p>");
  EXPECT_EQ(page.find("<script>"), std::string::npos);
  EXPECT_NE(page.find("<h1>&lt;script&gt;</h1>\n<p>body</p>"), std::string::npos);
}

// The test vectors of RFC 4648, section 10.
TEST(Html, Base64IsRfc4648) {
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg==");
  EXPECT_EQ(encoded("fo"), "Zm8=");
  EXPECT_EQ(encoded("foo"), "Zm9v");
  EXPECT_EQ(encoded("foob"), "Zm9vYg==");
  EXPECT_EQ(encoded("fooba"), "Zm9vYmE=");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
}

TEST(Chart, StepsAreRoundAndFew) {
  EXPECT_DOUBLE_EQ(axis_step(1), 0.2);
  EXPECT_DOUBLE_EQ(axis_step(6000), 2000);
  EXPECT_DOUBLE_EQ(axis_step(37), 10);
  for (double span = 1e-4; span < 1e5; span *= 1.37) {
    const double marks = span / axis_step(span);
    EXPECT_GE(marks, 3 - 1e-9) << span;
    EXPECT_LE(marks, 7.5 + 1e-9) << span;
  }
}

TEST(Chart, DrawsWhereTheNumbersSay) {
  LineChart chart;
  chart.title = "a < b";
  chart.share = true;
  chart.lines = {{"", {{0, 0}, {10, 1}}}};
  const std::string svg = chart.svg();
  // The corners of the plot: x from 56 to 468, y from 254 up to 46 (axis 0..10 and 0..1).
  EXPECT_NE(svg.find("points=\"56.0,254.0 468.0,46.0 \""), std::string::npos) << svg;
  EXPECT_NE(svg.find("a &lt; b"), std::string::npos);
  EXPECT_NE(LineChart{}.svg().find("nothing to show yet"), std::string::npos);
}

TEST(Chart, NamesThatDoNotFitBesideEachOtherGetRowsOfTheirOwn) {
  LineChart chart;
  chart.share = true;
  const std::string name(40, 'n');  // of the 60 letters that fit
  chart.lines = {{name, {{0, 0}, {10, 1}}}, {name, {{0, 1}, {10, 0}}}};
  const std::string svg = chart.svg();
  EXPECT_NE(svg.find("<text x=\"72.0\" y=\"36.0\""), std::string::npos) << svg;
  EXPECT_NE(svg.find("<text x=\"72.0\" y=\"51.0\""), std::string::npos) << svg;
  EXPECT_NE(svg.find("points=\"56.0,254.0 468.0,61.0 \""), std::string::npos) << svg;
}

TEST(Chart, BarsAreAsHighAsTheirValues) {
  BarChart chart;
  chart.bars = {{"one", 5}, {"two", 10}};
  const std::string svg = chart.svg();
  EXPECT_NE(svg.find("height=\"104.0\""), std::string::npos) << svg;
  EXPECT_NE(svg.find("height=\"208.0\""), std::string::npos) << svg;
  EXPECT_NE(svg.find("<title>two: 10</title>"), std::string::npos);
  EXPECT_NE(BarChart{}.svg().find("</svg>"), std::string::npos);
}

}  // namespace
}  // namespace finview
