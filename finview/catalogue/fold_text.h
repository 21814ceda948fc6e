#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace finview::internal {

bool is_utf8(std::string_view text);

/// Valid UTF-8 without NUL: what is not becomes U+FFFD.
std::string storable_utf8(std::string text);

/// A file's name as text, each byte that is not UTF-8 as "\xE9", and, where that changed something,
/// the name itself in hexadecimal.
std::pair<std::string, std::string> storable_name(const std::string& name);
/// The inverse.
std::string name_as_given(const std::string& text, const std::string& hex);

/// Text as it is compared: without case, width and accents of Latin, Greek and Cyrillic letters,
/// with single spaces between words. "Ｄé  1" and "DE 1" are one. Vowel signs and marks that make
/// another letter of another alphabet (Devanagari, Thai, kana) stay.
std::string fold_text(std::string_view text);

/// Sorts as a person does: "d9" before "d10". `folded` comes from `fold_text`.
std::string order_key(std::string_view folded);

/// Of UTF-8.
std::size_t num_characters(std::string_view text);

/// Throws Error{kBadInput} if the text has more than `limit` characters or a control character
/// (line breaks and tabs are ones unless `lines`). `what` begins the sentence: "The name".
void check_text(std::string_view text, std::size_t limit, const std::string& what, bool lines);

/// "%text%" for `like ? escape '\'`, with the text folded.
std::string like_pattern(std::string_view text);

}  // namespace finview::internal
