#include "finview/server/web_files.h"

#include "finview/base/files.h"
#include "finview/pipeline/relative_path.h"

#include <cstdlib>
#include <map>

#include <fmt/format.h>

namespace finview {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxFileBytes = 50'000'000;

std::string type_of(const fs::path& file) {
  static const std::map<std::string, std::string> kTypes{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".webp", "image/webp"},
      {".ico", "image/x-icon"},
      {".woff", "font/woff"},
      {".woff2", "font/woff2"},
      {".wasm", "application/wasm"},
      {".txt", "text/plain; charset=utf-8"},
      {".webmanifest", "application/manifest+json"}};
  const auto found = kTypes.find(file.extension().string());
  return found == kTypes.end() ? "application/octet-stream" : found->second;
}

fs::path web_folder() {
  const char* chosen = std::getenv("FINVIEW_WEB");
  return chosen && *chosen ? fs::path(chosen) : fs::path(FINVIEW_WEB_DIR);
}

}  // namespace

WebFiles::WebFiles() : folder_(web_folder()) {}

HttpAnswer WebFiles::get(const HttpRequest& request) const {
  fs::path file = folder_ / "index.html";
  if (request.path != "/") {
    fs::path inner;
    for (const std::string& part : relative_parts(request.path.substr(1))) inner /= part;
    if (inner.has_extension()) file = folder_ / inner;
  }
  if (!fs::is_regular_file(file)) {
    throw Error(ErrorKind::kNotFound,
                fs::exists(folder_ / "index.html")
                    ? "There is no such page or file."
                    : "The web app is not built; the API under /api works without it.");
  }
  const auto bytes = read_file(file, kMaxFileBytes);
  HttpAnswer answer;
  const std::string tag = fmt::format("\"{}\"", sha256_hex(bytes).substr(0, 32));
  const bool hashed = request.path.starts_with("/assets/");
  answer.headers.emplace_back("ETag", tag);
  answer.headers.emplace_back("Cache-Control",
                              hashed ? "public, max-age=31536000, immutable" : "no-cache");
  if (request.header("If-None-Match") == tag) {
    answer.status = 304;
    answer.type.clear();
    return answer;
  }
  answer.type = type_of(file);
  answer.body.assign(bytes.begin(), bytes.end());
  return answer;
}

}  // namespace finview
