#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace finview {

/// Text as it stands between tags or in a quoted attribute.
std::string escape_html(std::string_view text);

/// RFC 4648, with padding.
std::string base64(std::span<const std::uint8_t> bytes);

/// `<img>` that holds its JPEG bytes itself; `description` is plain text.
std::string inline_picture(std::span<const std::uint8_t> jpeg, std::string_view description);

/// One whole page around `body` (HTML), in FinView's style: headings, tables, figures, and the
/// classes `counts` (a list of large numbers), `sheet` (figures in a grid) and `soft` (gray text).
/// Opens from disk without a network. `title` is plain text, and the page's first heading.
std::string html_page(std::string_view title, std::string_view body);

}  // namespace finview
