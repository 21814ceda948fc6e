#pragma once

#include "finview/server/access.h"
#include "finview/server/router.h"
#include "finview/server/web_files.h"

#include <memory>
#include <string>

namespace finview {

/// Speaks HTTP: takes requests, asks who sends them, finds their route, writes answers. The only
/// file that knows the library for it.
class HttpServer {
 public:
  /// All must outlive this.
  HttpServer(ServerContext& context, const Router& router, const WebFiles& web);
  ~HttpServer();

  /// Port 0: any. Throws Error{kUnavailable} if the address cannot be had.
  void bind(const std::string& host, int port);
  int port() const;
  /// Answers until `stop`.
  void run();
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace finview
