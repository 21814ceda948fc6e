#include "finview/server/http.h"

#include <array>
#include <charconv>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace finview {

using nlohmann::json;

namespace {

struct KindOfProblem {
  int status;
  const char* type;
};

/// In the order of ErrorKind.
constexpr std::array<KindOfProblem, 6> kKinds{{{400, "bad-input"},
                                               {400, "bad-options"},
                                               {404, "not-found"},
                                               {409, "conflict"},
                                               {422, "bad-model"},
                                               {503, "unavailable"}}};

const char* title_of(int status) {
  switch (status) {
    case 400:
      return "Bad request";
    case 401:
      return "Log in first";
    case 403:
      return "Not allowed";
    case 404:
      return "Not found";
    case 405:
      return "No such method here";
    case 409:
      return "Conflict";
    case 411:
      return "Length required";
    case 413:
      return "Too large";
    case 414:
      return "Address too long";
    case 415:
      return "Wrong content type";
    case 416:
      return "No such range";
    case 417:
      return "Cannot be expected";
    case 421:
      return "Wrong host";
    case 422:
      return "Cannot be used";
    case 429:
      return "Too many tries";
    case 500:
      return "A fault of FinView";
    case 503:
      return "Not available now";
  }
  return "Error";
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

OpenFile::~OpenFile() { close(descriptor); }

Problem conflict(const std::string& detail, const json& current) {
  Problem problem(409, "conflict", detail);
  problem.current = current.dump();
  return problem;
}

HttpAnswer json_answer(const json& value, int status) {
  HttpAnswer answer;
  answer.status = status;
  // What is stored may be old and not quite UTF-8: it is shown, not refused.
  answer.body = value.dump(-1, ' ', false, json::error_handler_t::replace);
  return answer;
}

HttpAnswer no_content() {
  HttpAnswer answer;
  answer.status = 204;
  answer.type.clear();
  return answer;
}

HttpAnswer problem_answer(const Problem& problem) {
  json value{{"type", "about:blank#" + problem.type},
             {"title", title_of(problem.status)},
             {"status", problem.status},
             {"detail", problem.what()}};
  const auto lines = lines_of(problem.what());
  if (lines.size() > 1) value["faults"] = lines;
  if (!problem.current.empty()) value["current"] = json::parse(problem.current);
  HttpAnswer answer = json_answer(value, problem.status);
  answer.type = "application/problem+json";
  return answer;
}

HttpAnswer problem_answer(const Error& error) {
  const KindOfProblem kind = kKinds[static_cast<std::size_t>(error.kind())];
  return problem_answer(Problem(kind.status, kind.type, error.what()));
}

namespace {

/// An answer that is whole if the request knows the tag.
HttpAnswer tagged(const HttpRequest& request, const std::string& tag, const char* cache_control) {
  const std::string quoted = fmt::format("\"{}\"", tag);
  HttpAnswer answer;
  answer.headers.emplace_back("ETag", quoted);
  answer.headers.emplace_back("Cache-Control", cache_control);
  if (request.header("If-None-Match") == quoted) {
    answer.status = 304;
    answer.type.clear();
  }
  return answer;
}

}  // namespace

HttpAnswer file_answer(const HttpRequest& request,
                       std::shared_ptr<OpenFile> file,
                       const std::string& tag) {
  struct stat info = {};
  if (fstat(file->descriptor, &info) != 0) {
    throw Error(ErrorKind::kUnavailable, "A file cannot be read any more.");
  }
  HttpAnswer answer = tagged(request, tag, "private, no-cache");
  if (answer.status == 304) return answer;
  answer.type = "application/octet-stream";
  answer.file = std::move(file);
  answer.file_size = static_cast<std::uint64_t>(info.st_size);
  return answer;
}

HttpAnswer tagged_answer(const HttpRequest& request,
                         const std::string& tag,
                         const std::string& type,
                         const std::function<std::string()>& make) {
  HttpAnswer answer = tagged(request, tag, "private, no-cache");
  if (answer.status == 304) return answer;
  answer.type = type;
  answer.body = make();
  return answer;
}

HttpAnswer jpeg_answer(const HttpRequest& request,
                       const std::string& tag,
                       const std::function<std::string()>& make) {
  HttpAnswer answer = tagged(request, tag, "private, max-age=60");
  if (answer.status == 304) return answer;
  answer.type = "image/jpeg";
  answer.body = make();
  return answer;
}

std::int64_t id_of(const HttpRequest& request, std::size_t index) {
  const std::string& text = request.ids.at(index);
  std::int64_t id = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, id);
  constexpr std::int64_t kLargest = 9007199254740991;
  if (read.ec == std::errc() && read.ptr == end && id > 0 && id <= kLargest) return id;
  throw Error(ErrorKind::kNotFound,
              fmt::format("There is nothing with the id \"{}\": ids are whole numbers above 0.",
                          is_clean_text(text) ? text : "?"));
}

namespace {

/// Bytes of the character that starts here; 0 = not UTF-8.
std::size_t character_length(const std::string& text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return 0;
  }
  const unsigned char second = byte(at + 1);
  const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
  const bool surrogate = first == 0xed && second > 0x9f;
  const bool too_large = first == 0xf4 && second > 0x8f;
  return overlong || surrogate || too_large ? 0 : length;
}

}  // namespace

bool is_clean_text(const std::string& text) {
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = character_length(text, i);
    if (length == 0) return false;
    const auto first = static_cast<unsigned char>(text[i]);
    if (length == 1 && (first < 0x20 || first == 0x7f)) return false;
    i += length;
  }
  return true;
}

}  // namespace finview
