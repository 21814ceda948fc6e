#include "finview/server/multipart.h"

#include "finview/base/error.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include <fmt/format.h>

namespace finview {
namespace {

constexpr std::size_t kMaxParts = 10'000;
constexpr std::size_t kMaxHeaderBytes = 8192;  ///< of one part
constexpr std::string_view kLineEnd = "\r\n";

[[noreturn]] void refuse(const std::string& fault) {
  throw Error(ErrorKind::kBadInput, "The form cannot be read: " + fault);
}

bool same_letters(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Cuts a token, or a quoted string without its quotes, off the front of `text`.
std::string take_value(std::string_view& text) {
  std::string value;
  if (text.empty() || text.front() != '"') {
    const std::size_t end = std::min(text.find(';'), text.size());
    value = trimmed(text.substr(0, end));
    text.remove_prefix(end);
    return value;
  }
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '"') {
      text.remove_prefix(i + 1);
      return value;
    }
    const bool escaped = text[i] == '\\' && i + 1 < text.size() && text[i + 1] == '"';
    value += text[escaped ? ++i : i];
  }
  refuse("a quote is not closed.");
}

/// The value of `; name=value` in a header's text.
std::optional<std::string> parameter(std::string_view text, std::string_view name) {
  text.remove_prefix(std::min(text.find(';'), text.size()));
  while (!text.empty() && text.front() == ';') {
    text = trimmed(text.substr(1));
    const std::size_t sign = text.find_first_of("=;");
    if (sign == std::string_view::npos || text[sign] == ';') {
      text.remove_prefix(std::min(sign, text.size()));
      continue;
    }
    const std::string_view found = trimmed(text.substr(0, sign));
    text = trimmed(text.substr(sign + 1));
    std::string value = take_value(text);
    if (same_letters(found, name)) return value;
    text = trimmed(text);
  }
  return std::nullopt;
}

std::string boundary_of(std::string_view content_type) {
  const std::string_view type = trimmed(content_type.substr(0, content_type.find(';')));
  if (!same_letters(type, "multipart/form-data")) {
    refuse("its type must be multipart/form-data.");
  }
  const std::string boundary = parameter(content_type, "boundary").value_or("");
  if (boundary.empty() || boundary.size() > 70)
    refuse("it needs a boundary of 1 to 70 characters.");
  return boundary;
}

/// Name and file name of a part, by its headers.
FormPart read_headers(std::string_view headers) {
  FormPart part;
  bool named = false;
  while (!headers.empty()) {
    const std::size_t end = std::min(headers.find(kLineEnd), headers.size());
    const std::string_view line = headers.substr(0, end);
    headers.remove_prefix(std::min(end + kLineEnd.size(), headers.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) refuse("a line of a part's head has no colon.");
    if (!same_letters(trimmed(line.substr(0, colon)), "content-disposition")) continue;
    const auto name = parameter(line.substr(colon + 1), "name");
    if (!name) refuse("a field has no name.");
    part.name = *name;
    part.file_name = parameter(line.substr(colon + 1), "filename").value_or("");
    named = true;
  }
  if (!named) refuse("a part has no Content-Disposition.");
  return part;
}

}  // namespace

std::vector<FormPart> parse_form(std::string_view body, std::string_view content_type) {
  const std::string delimiter = "--" + boundary_of(content_type);
  const std::string next = std::string(kLineEnd) + delimiter;
  std::size_t at = 0;
  if (!body.starts_with(delimiter)) {
    at = body.find(next);
    if (at == std::string_view::npos) refuse("its boundary is nowhere in it.");
    at += kLineEnd.size();
  }
  std::vector<FormPart> parts;
  while (true) {
    at += delimiter.size();
    if (body.substr(at).starts_with("--")) return parts;
    const std::size_t line_end = body.find(kLineEnd, at);
    if (line_end == std::string_view::npos || !trimmed(body.substr(at, line_end - at)).empty()) {
      refuse("something follows a boundary on its line.");
    }
    const std::size_t head_end =
        body.substr(0, line_end + kMaxHeaderBytes).find("\r\n\r\n", line_end);
    if (head_end == std::string_view::npos) {
      refuse(fmt::format(
          "the head of part {} does not end in {} bytes.", parts.size() + 1, kMaxHeaderBytes));
    }
    const std::size_t head = line_end + kLineEnd.size();
    FormPart part = read_headers(head_end > head ? body.substr(head, head_end - head) : "");
    const std::size_t data = head_end + 2 * kLineEnd.size();
    // A part without data may share its line end with the head's.
    at = body.find(next, data - kLineEnd.size());
    if (at == std::string_view::npos) refuse("it breaks off.");
    part.data = body.substr(data, std::max(at, data) - data);
    at += kLineEnd.size();
    if (parts.size() == kMaxParts) refuse(fmt::format("it has more than {} parts.", kMaxParts));
    parts.push_back(std::move(part));
  }
}

}  // namespace finview
