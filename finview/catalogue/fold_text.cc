#include "finview/catalogue/fold_text.h"

#include "finview/base/error.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf8.h>

namespace finview::internal {
namespace {

using Utf16 = std::vector<UChar>;

// Calls f(code point, or negative for a byte that is no UTF-8) along the text.
template <class F>
void each_character(std::string_view text, F f) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t from = at;
    UChar32 c = 0;
    U8_NEXT(text.data(), at, text.size(), c);
    f(c, text.substr(from, at - from));
  }
}

void append_utf8(std::string& out, UChar32 c) {
  char bytes[U8_MAX_LENGTH];
  std::size_t length = 0;
  U8_APPEND_UNSAFE(bytes, length, c);
  out.append(bytes, length);
}

void check(UErrorCode status) {
  if (U_FAILURE(status)) {
    throw Error(ErrorKind::kUnavailable,
                fmt::format("ICU cannot fold text: {}.", u_errorName(status)));
  }
}

Utf16 normalized(const UNormalizer2* normalizer, const Utf16& text) {
  Utf16 out(4 * text.size() + 16);
  for (;;) {
    UErrorCode status = U_ZERO_ERROR;
    const std::int32_t length = unorm2_normalize(normalizer,
                                                 text.data(),
                                                 static_cast<std::int32_t>(text.size()),
                                                 out.data(),
                                                 static_cast<std::int32_t>(out.size()),
                                                 &status);
    out.resize(static_cast<std::size_t>(length));
    if (status == U_BUFFER_OVERFLOW_ERROR) continue;
    check(status);
    return out;
  }
}

bool is_accent(UChar32 c) {
  switch (ublock_getCode(c)) {
    case UBLOCK_COMBINING_DIACRITICAL_MARKS:
    case UBLOCK_COMBINING_DIACRITICAL_MARKS_EXTENDED:
    case UBLOCK_COMBINING_DIACRITICAL_MARKS_SUPPLEMENT:
    case UBLOCK_COMBINING_MARKS_FOR_SYMBOLS:
    case UBLOCK_COMBINING_HALF_MARKS:
      return true;
    default:
      return false;
  }
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0; });
}

std::string fold_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string fold_unicode(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* fold = unorm2_getNFKCCasefoldInstance(&status);
  const UNormalizer2* decompose = unorm2_getNFKDInstance(&status);
  check(status);
  Utf16 units;
  each_character(text, [&](UChar32 c, std::string_view) {
    if (c < 0) c = 0xFFFD;
    if (U_IS_BMP(c)) {
      units.push_back(static_cast<UChar>(c));
    } else {
      units.push_back(U16_LEAD(c));
      units.push_back(U16_TRAIL(c));
    }
  });
  units = normalized(decompose, normalized(fold, units));
  std::string out;
  for (std::size_t at = 0; at < units.size();) {
    UChar32 c = 0;
    U16_NEXT(units.data(), at, units.size(), c);
    if (!is_accent(c)) append_utf8(out, U_IS_SURROGATE(c) ? 0xFFFD : c);
  }
  return out;
}

// No space at the ends, one between words.
std::string with_single_spaces(std::string_view text) {
  std::string out;
  bool space = false;
  each_character(text, [&](UChar32 c, std::string_view bytes) {
    if (c >= 0 && u_isUWhiteSpace(c)) {
      space = !out.empty();
      return;
    }
    if (space) out += ' ';
    space = false;
    out += bytes;
  });
  return out;
}

}  // namespace

bool is_utf8(std::string_view text) {
  if (is_ascii(text)) return true;
  bool valid = true;
  each_character(text, [&](UChar32 c, std::string_view) { valid = valid && c >= 0; });
  return valid;
}

std::string storable_utf8(std::string text) {
  if (is_utf8(text) && text.find('\0') == std::string::npos) return text;
  std::string out;
  each_character(text, [&](UChar32 c, std::string_view) { append_utf8(out, c <= 0 ? 0xFFFD : c); });
  return out;
}

std::pair<std::string, std::string> storable_name(const std::string& name) {
  if (is_utf8(name) && name.find('\0') == std::string::npos) return {name, {}};
  std::string text;
  std::string hex;
  each_character(name, [&](UChar32 c, std::string_view bytes) {
    for (const char byte : bytes) {
      const std::string digits = fmt::format("{:02x}", static_cast<unsigned char>(byte));
      hex += digits;
      if (c <= 0) text += "\\x" + digits;
    }
    if (c > 0) text += bytes;
  });
  return {text, hex};
}

std::string name_as_given(const std::string& text, const std::string& hex) {
  if (hex.empty()) return text;
  std::string name;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    name += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return name;
}

std::string fold_text(std::string_view text) {
  return with_single_spaces(is_ascii(text) ? fold_ascii(text) : fold_unicode(text));
}

std::string order_key(std::string_view folded) {
  constexpr std::size_t kDigits = 12;
  std::string key;
  for (std::size_t at = 0; at < folded.size();) {
    std::size_t end = at;
    while (end < folded.size() && folded[end] >= '0' && folded[end] <= '9') ++end;
    if (end == at) {
      key += folded[at++];
      continue;
    }
    if (end - at < kDigits) key.append(kDigits - (end - at), '0');
    key += folded.substr(at, end - at);
    at = end;
  }
  return key;
}

std::size_t num_characters(std::string_view text) {
  std::size_t count = 0;
  each_character(text, [&](UChar32, std::string_view) { ++count; });
  return count;
}

void check_text(std::string_view text, std::size_t limit, const std::string& what, bool lines) {
  const std::size_t count = num_characters(text);
  if (count > limit) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} has {} characters; the limit is {}.", what, count, limit));
  }
  each_character(text, [&](UChar32 c, std::string_view) {
    if (c < 0) throw Error(ErrorKind::kBadInput, what + " is not UTF-8.");
    if (lines && (c == '\n' || c == '\r' || c == '\t')) return;
    if (u_charType(c) == U_CONTROL_CHAR) {
      throw Error(
          ErrorKind::kBadInput,
          fmt::format(
              "{} has the control character U+{:04X}; remove it.", what, static_cast<unsigned>(c)));
    }
  });
}

std::string like_pattern(std::string_view text) {
  std::string pattern = "%";
  for (const char c : fold_text(text)) {
    if (c == '%' || c == '_' || c == '\\') pattern += '\\';
    pattern += c;
  }
  return pattern + "%";
}

}  // namespace finview::internal
