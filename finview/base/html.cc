#include "finview/base/html.h"

#include <fmt/format.h>

namespace finview {
namespace {

const char* const kStyle = R"css(
:root { --ink: #14252e; --soft: #5d707a; --line: #d9e1e5; --accent: #0b6e99; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1180px; padding: 24px; color: var(--ink); background: #fff;
  font: 15px/1.45 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
h1 { margin: 0 0 4px; font-size: 26px; }
h2 { margin: 32px 0 8px; padding-top: 16px; border-top: 1px solid var(--line); font-size: 18px; }
.soft { color: var(--soft); font-weight: normal; }
.counts { display: flex; flex-wrap: wrap; gap: 10px 28px; margin: 16px 0; padding: 0;
  list-style: none; }
.counts b { display: block; font-size: 24px; }
table { border-collapse: collapse; }
td, th { padding: 5px 18px 5px 0; border-bottom: 1px solid var(--line); text-align: left;
  vertical-align: top; overflow-wrap: anywhere; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); gap: 20px; }
.charts svg { width: 100%; height: auto; }
.sheet { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 14px; }
figure { margin: 0; break-inside: avoid; }
figure img { display: block; width: 100%; border-radius: 4px; background: #eef2f4; }
figcaption { font-size: 13px; overflow-wrap: anywhere; }
@media print { body { max-width: none; padding: 0; font-size: 11px; } }
)css";

}  // namespace

std::string escape_html(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string base64(std::span<const std::uint8_t> bytes) {
  static const char* const kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t left = bytes.size() - i;
    const std::uint32_t group = (std::uint32_t{bytes[i]} << 16U) |
                                (left > 1 ? std::uint32_t{bytes[i + 1]} << 8U : 0U) |
                                (left > 2 ? std::uint32_t{bytes[i + 2]} : 0U);
    text += kDigits[group >> 18U];
    text += kDigits[(group >> 12U) & 63U];
    text += left > 1 ? kDigits[(group >> 6U) & 63U] : '=';
    text += left > 2 ? kDigits[group & 63U] : '=';
  }
  return text;
}

std::string inline_picture(std::span<const std::uint8_t> jpeg, std::string_view description) {
  return fmt::format(
      "<img src=\"data:image/jpeg;base64,{}\" alt=\"{}\">", base64(jpeg), escape_html(description));
}

std::string html_page(std::string_view title, std::string_view body) {
  const std::string escaped = escape_html(title);
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width\">\n<title>{}</title>\n"
      "<style>{}</style>\n</head>\n<body>\n<h1>{}</h1>\n{}</body>\n</html>\n",
      escaped,
      kStyle,
      escaped,
      body);
}

}  // namespace finview
