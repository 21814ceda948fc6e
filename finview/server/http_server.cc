#include "finview/server/http_server.h"

#include "finview/base/threads.h"
#include "finview/server/gzip.h"
#include "finview/server/metrics.h"
#include "finview/server/turnstile.h"

#include <chrono>
#include <exception>

#include <fmt/format.h>
#include <httplib.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace finview {

namespace {

constexpr std::size_t kNumThreads = 256;  // each open connection takes one, listeners up to 100
constexpr int kBacklog = 512;
constexpr std::size_t kLeastPackedBytes = 1000;
constexpr std::chrono::milliseconds kLongestWait{50};
constexpr std::uint64_t kMaxDrainedBytes = 16'000'000;
constexpr std::size_t kFilePieceBytes = 256 * 1024;

constexpr const char* kContentSecurityPolicy =
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'";

void add_safe_headers(httplib::Response& res) {
  res.set_header("Content-Security-Policy", kContentSecurityPolicy);
  res.set_header("X-Content-Type-Options", "nosniff");
  res.set_header("X-Frame-Options", "DENY");
  res.set_header("Referrer-Policy", "no-referrer");
  res.set_header("Cross-Origin-Opener-Policy", "same-origin");
  res.set_header("Cross-Origin-Resource-Policy", "same-origin");
  res.set_header("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
}

/// Whether the answer may be packed: it goes over a wire, to who can unpack it.
bool may_pack(const httplib::Request& req) {
  const std::string& remote = req.remote_addr;
  const bool is_loopback = remote.starts_with("127.") || remote == "::1";
  return !is_loopback && accepts_gzip(req.get_header_value("Accept-Encoding"));
}

/// The library would read forms by itself, by regular expressions that a long line makes overflow
/// the stack. It knows them by a type in small letters only.
void hide_form(httplib::Request& req) {
  const auto found = req.headers.find("Content-Type");
  if (found != req.headers.end() && found->second.starts_with('m')) found->second[0] = 'M';
}

bool has_body(const httplib::Request& req) {
  return req.has_header("Transfer-Encoding") ||
         (req.has_header("Content-Length") && req.get_header_value("Content-Length") != "0");
}

/// The body of one request: read once, and to its end, so that the next request on the connection
/// begins where it should.
class BodyReader {
 public:
  BodyReader(const httplib::Request& req, const httplib::ContentReader* reader)
      : reader_(reader), unread_(has_body(req)) {}

  bool read(const std::function<bool(std::span<const char>)>& take) {
    if (!unread_) return true;
    if (!reader_) return false;
    unread_ = false;
    bool wanted = true;
    std::exception_ptr fault;
    std::uint64_t drained = 0;
    const bool whole = (*reader_)([&](const char* data, std::size_t size) {
      try {
        if (wanted) wanted = take({data, size});
      } catch (...) {  // the rest is read first, else it would be taken for the next request
        fault = std::current_exception();
        wanted = false;
      }
      if (!wanted) drained += size;
      return drained <= kMaxDrainedBytes;
    });
    broken_ = !whole;
    if (fault) std::rethrow_exception(fault);
    return whole && wanted;
  }
  /// False: the connection must be closed.
  bool drain() {
    if (unread_ && reader_) {
      read([](std::span<const char>) { return false; });
    }
    return !broken_ && !unread_;
  }

 private:
  const httplib::ContentReader* reader_;
  bool unread_;
  bool broken_ = false;
};

bool changes(const Route& route) { return route.changes && route.method != std::string("GET"); }

struct Range {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;  ///< exclusive
};

/// One range of bytes; everything else is answered with the whole file.
std::optional<Range> range_of(const std::string& header, std::uint64_t size) {
  unsigned long long begin = 0;
  unsigned long long last = 0;
  int used = 0;
  const char* text = header.c_str();
  if (std::sscanf(text, "bytes=%llu-%llu%n", &begin, &last, &used) == 2 && text[used] == '\0') {
    return Range{begin, std::min<std::uint64_t>(last, size - 1) + 1};
  }
  used = 0;
  if (std::sscanf(text, "bytes=%llu-%n", &begin, &used) == 1 && used > 0 && text[used] == '\0') {
    return Range{begin, size};
  }
  used = 0;
  if (std::sscanf(text, "bytes=-%llu%n", &last, &used) == 1 && text[used] == '\0') {
    return Range{size - std::min<std::uint64_t>(last, size), size};
  }
  return std::nullopt;
}

void write_file_answer(const HttpRequest& request,
                       const HttpAnswer& answer,
                       httplib::Response& res) {
  Range range{0, answer.file_size};
  res.set_header("Accept-Ranges", "bytes");
  const auto asked =
      answer.file_size > 0 ? range_of(request.header("Range"), answer.file_size) : std::nullopt;
  if (asked) {
    if (asked->begin >= asked->end) {
      const HttpAnswer refused = problem_answer(
          Problem(416, "bad-input", fmt::format("The file has {} bytes.", answer.file_size)));
      res.status = 416;
      res.set_header("Content-Range", fmt::format("bytes */{}", answer.file_size));
      res.set_content(refused.body, refused.type);
      return;
    }
    range = *asked;
    res.status = 206;
    res.set_header("Content-Range",
                   fmt::format("bytes {}-{}/{}", range.begin, range.end - 1, answer.file_size));
  }
  if (range.begin == range.end) return res.set_content("", answer.type);
  res.set_content_provider(
      range.end - range.begin,
      answer.type,
      [file = answer.file, begin = range.begin](
          std::size_t offset, std::size_t length, httplib::DataSink& sink) {
        std::vector<char> piece(std::min(length, kFilePieceBytes));
        const ssize_t size =
            pread(file->descriptor, piece.data(), piece.size(), static_cast<off_t>(begin + offset));
        return size > 0 && sink.write(piece.data(), static_cast<std::size_t>(size));
      });
}

void write_stream_answer(const HttpAnswer& answer, httplib::Response& res) {
  res.set_chunked_content_provider(
      answer.type, [stream = answer.stream](std::size_t, httplib::DataSink& sink) {
        stream([&](const std::string& text) { return sink.write(text.data(), text.size()); });
        return false;  // closes the connection
      });
}

void write_answer(const HttpRequest& request,
                  HttpAnswer& answer,
                  bool keep_open,
                  bool packed,
                  httplib::Response& res) {
  res.status = answer.status;
  if (answer.file) res.set_header("Content-Disposition", "attachment");
  for (const auto& [name, value] : answer.headers) {
    res.headers.erase(name);
    res.set_header(name, value);
  }
  if (answer.file) {
    return write_file_answer(request, answer, res);
  }
  if (answer.stream) return write_stream_answer(answer, res);
  if (packed && answer.body.size() > kLeastPackedBytes && answer.type != "image/jpeg") {
    answer.body = gzip(answer.body);
    res.set_header("Content-Encoding", "gzip");
    res.set_header("Vary", "Accept-Encoding");
  }
  if (keep_open || answer.body.empty()) {
    if (!answer.type.empty()) res.set_content(answer.body, answer.type);
    return;
  }
  // The rest of the body is not read: once the answer is written, "failing" ends the connection.
  res.set_content_provider(answer.body.size(),
                           answer.type,
                           [body = answer.body](std::size_t, std::size_t, httplib::DataSink& sink) {
                             sink.write(body.data(), body.size());
                             return false;
                           });
}

}  // namespace

struct HttpServer::Impl {
  Impl(ServerContext& context, const Router& router, const WebFiles& web)
      : context(context), router(router), web(web) {}

  void set_up();
  void handle(const httplib::Request& req,
              httplib::Response& res,
              const httplib::ContentReader* reader);
  HttpAnswer answer(HttpRequest& request, std::string& pattern);
  void audit(const HttpRequest& request, const std::string& pattern, int status);

  ServerContext& context;
  const Router& router;
  const WebFiles& web;
  Turnstile turnstile{2 * num_cores(), kLongestWait};
  httplib::Server server;
  socket_t listener = -1;
  int port = 0;
};

void HttpServer::Impl::set_up() {
  server.new_task_queue = [] { return new httplib::ThreadPool(kNumThreads); };
  server.set_keep_alive_max_count(1'000'000);
  server.set_keep_alive_timeout(15);
  server.set_read_timeout(30);
  server.set_write_timeout(30);
  server.set_tcp_nodelay(true);
  // Not SO_REUSEPORT: a second server on the port must be told so.
  server.set_socket_options([this](socket_t socket) {
    listener = socket;
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
  server.set_pre_routing_handler([this](const httplib::Request& req, httplib::Response& res) {
    auto& changed = const_cast<httplib::Request&>(req);
    changed.ranges.clear();  // the library would cut them out of every answer; only files have some
    hide_form(changed);
    const bool with_body = req.method == "POST" || req.method == "PUT" || req.method == "PATCH" ||
                           req.method == "DELETE";
    if (with_body) return httplib::Server::HandlerResponse::Unhandled;
    handle(req, res, nullptr);
    return httplib::Server::HandlerResponse::Handled;
  });
  const auto with_reader = [this](const httplib::Request& req,
                                  httplib::Response& res,
                                  const httplib::ContentReader& reader) {
    handle(req, res, &reader);
  };
  server.Post(".*", with_reader);
  server.Put(".*", with_reader);
  server.Patch(".*", with_reader);
  server.Delete(".*", with_reader);
  // What the library refuses by itself: addresses too long, lines that are not HTTP.
  server.set_error_handler([](const httplib::Request&, httplib::Response& res) {
    if (!res.body.empty() || res.content_length_ > 0) return;
    const HttpAnswer answer = problem_answer(
        Problem(res.status, "bad-input", "The request could not be read as HTTP of this server."));
    res.set_content(answer.body, answer.type);
  });
  server.set_post_routing_handler(
      [](const httplib::Request&, httplib::Response& res) { add_safe_headers(res); });
}

HttpAnswer HttpServer::Impl::answer(HttpRequest& request, std::string& pattern) {
  if (!is_clean_text(request.path)) {
    throw Error(ErrorKind::kNotFound, "Nothing has an address like this.");
  }
  if (!request.header("Content-Encoding").empty()) {
    throw Problem(415, "bad-input", "Bodies are taken as they are, without Content-Encoding.");
  }
  const Route* route = router.find(request.method, request.path, request.ids);
  const bool page = !route && !request.path.starts_with("/api/") &&
                    (request.method == "GET" || request.method == "HEAD");
  if (page) {
    context.access.check(request, std::nullopt, false);
    pattern = "page";
    return web.get(request);
  }
  if (!route)
    throw Error(ErrorKind::kNotFound, "There is no such operation; see api/openapi.yaml.");
  pattern = route->pattern;
  request.caller = context.access.caller(request);
  context.access.check(request, route->role, changes(*route));
  return route->handler(context, request);
}

/// Changes, by whom. Pieces of uploads would be noise.
void HttpServer::Impl::audit(const HttpRequest& request, const std::string& pattern, int status) {
  if (request.method == "GET" || request.method == "HEAD" || status >= 400) return;
  if (pattern.starts_with("/api/uploads") || pattern == "/match") return;
  try {
    context.project.catalogue().users.add_audit(
        request.caller.name.empty() ? request.remote : request.caller.name,
        request.method + " " + pattern,
        request.path);
  } catch (const std::exception& error) {
    spdlog::error("audit of {} {}: {}", request.method, request.path, error.what());
  }
}

void HttpServer::Impl::handle(const httplib::Request& req,
                              httplib::Response& res,
                              const httplib::ContentReader* reader) {
  const auto began = std::chrono::steady_clock::now();
  const bool packs = may_pack(req);
  // The library would pack by itself with the slowest of packers: a second for the web app's
  // scripts, half a minute for a large map.
  const_cast<httplib::Request&>(req).headers.erase("Accept-Encoding");
  BodyReader body(req, reader);
  HttpRequest request;
  request.method = req.method;
  request.path = req.path;
  request.query.insert(req.params.begin(), req.params.end());
  request.remote = req.remote_addr;
  request.header = [&req](const char* name) { return req.get_header_value(name); };
  request.read_body = [&body](const auto& take) { return body.read(take); };
  std::string pattern = "none";
  HttpAnswer result;
  try {
    if (req.has_header("Transfer-Encoding") && req.has_header("Content-Length")) {
      throw Error(ErrorKind::kBadInput, "A body has either a length or pieces, not both.");
    }
    if (reader) {  // may wait for its body
      result = answer(request, pattern);
    } else {
      const Turnstile::Pass pass(turnstile);
      result = answer(request, pattern);
    }
  } catch (const Problem& problem) {
    result = problem_answer(problem);
  } catch (const Error& error) {
    result = problem_answer(error);
  } catch (const std::exception& error) {
    spdlog::error("{} {}: {}", req.method, req.path, error.what());
    result = problem_answer(Problem(
        500, "fault", "FinView made a mistake; the log says which. Nothing was half done."));
  }
  const bool keep_open = body.drain();
  audit(request, pattern, result.status);
  write_answer(request, result, keep_open, packs, res);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  context.metrics.count(pattern == "none" ? "any" : req.method, pattern, res.status, took.count());
}

HttpServer::HttpServer(ServerContext& context, const Router& router, const WebFiles& web)
    : impl_(std::make_unique<Impl>(context, router, web)) {
  impl_->set_up();
}

HttpServer::~HttpServer() = default;

void HttpServer::bind(const std::string& host, int port) {
  impl_->port = port == 0 ? impl_->server.bind_to_any_port(host.c_str()) : port;
  const bool bound = port == 0 ? impl_->port > 0 : impl_->server.bind_to_port(host.c_str(), port);
  // The library lets 5 wait to be accepted; what a browser opens at once is dropped, and tried
  // again a second later.
  if (bound && ::listen(impl_->listener, kBacklog) == 0) return;
  throw Error(ErrorKind::kUnavailable,
              fmt::format("{}:{} cannot be listened on: is another program there, or is it no "
                          "address of this machine?",
                          host,
                          port));
}

int HttpServer::port() const { return impl_->port; }
void HttpServer::run() { impl_->server.listen_after_bind(); }
void HttpServer::stop() { impl_->server.stop(); }

}  // namespace finview
