#pragma once

#include "finview/base/options.h"

#include <string>

namespace finview {

/// Which project a command works on.
struct ProjectOption {
  std::string project = ".";

  void visit(OptionVisitor& visitor) { visitor.field("project", project, "The project's folder"); }
};

/// Who decides, where nobody is named: the user's login name.
std::string login_name();

}  // namespace finview
