#pragma once

#include "finview/base/error.h"
#include "finview/catalogue/users.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace finview {

// What the routes see of HTTP: nothing of the library that speaks it.

/// Who sent a request.
struct Caller {
  std::string name;
  std::optional<Role> role;  ///< absent: a stranger
  std::string csrf_token;    ///< that a change must carry; empty = X-Requested-With is enough
  bool by_token = false;     ///< by an API token: no browser, so nobody can forge it
};

/// One request.
struct HttpRequest {
  std::string method;
  std::string path;              ///< decoded
  std::vector<std::string> ids;  ///< what stands for the {...} of the route
  std::multimap<std::string, std::string> query;
  std::string remote;  ///< address of who asks
  Caller caller;

  std::function<std::string(const char* name)> header;  ///< empty if there is none
  /// Gives the body piece by piece until `take` says false. False if it broke off.
  std::function<bool(const std::function<bool(std::span<const char>)>& take)> read_body;
};

/// A file that is answered with, open for reading.
struct OpenFile {
  explicit OpenFile(int descriptor) : descriptor(descriptor) {}
  ~OpenFile();
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int descriptor;
};

struct HttpAnswer {
  int status = 200;
  std::string type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  /// Instead of `body`: `file_size` bytes of the file; ranges are served.
  std::shared_ptr<OpenFile> file;
  std::uint64_t file_size = 0;
  /// Instead of `body`: writes until either side has enough. `write` says false when the client is
  /// gone or the server ends.
  std::function<void(const std::function<bool(const std::string&)>& write)> stream;
};

/// What a route throws when it is no Error: a status that only HTTP has, or more to tell.
class Problem : public std::runtime_error {
 public:
  Problem(int status, std::string type, const std::string& detail)
      : std::runtime_error(detail), status(status), type(std::move(type)) {}
  int status;
  std::string type;     ///< after "about:blank#"
  std::string current;  ///< JSON of the current state; empty = not told
};

/// 409 with the current state of what was to be changed.
Problem conflict(const std::string& detail, const nlohmann::json& current);

HttpAnswer json_answer(const nlohmann::json& value, int status = 200);
HttpAnswer no_content();
/// RFC 9457.
HttpAnswer problem_answer(const Problem& problem);
HttpAnswer problem_answer(const Error& error);

/// `file`; `tag` names its content: 304 if the request knows it.
HttpAnswer file_answer(const HttpRequest& request,
                       std::shared_ptr<OpenFile> file,
                       const std::string& tag);
/// Something made by us whose content `tag` names; 304 if the request knows it.
HttpAnswer tagged_answer(const HttpRequest& request,
                         const std::string& tag,
                         const std::string& type,
                         const std::function<std::string()>& make);
/// A picture made by us. Browsers take it from their cache for a minute without asking.
HttpAnswer jpeg_answer(const HttpRequest& request,
                       const std::string& tag,
                       const std::function<std::string()>& make);

/// The row that the {...} number `index` names. Throws Error{kNotFound} if it is no number.
std::int64_t id_of(const HttpRequest& request, std::size_t index = 0);

/// True if the text is valid UTF-8 without control characters.
bool is_clean_text(const std::string& text);

}  // namespace finview
