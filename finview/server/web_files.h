#pragma once

#include "finview/server/http.h"

#include <filesystem>
#include <string>

namespace finview {

/// The files of the web app: the folder $FINVIEW_WEB, or the one known since the build.
class WebFiles {
 public:
  WebFiles();
  /// Addresses that are no file are pages of the app: they get its start page. Throws
  /// Error{kNotFound} for a file there is not, and if the app was not built.
  HttpAnswer get(const HttpRequest& request) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace finview
