#include "tests/support/scratch_folder.h"

#include <cstdlib>
#include <stdexcept>

namespace finview::test {

ScratchFolder::ScratchFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "finview-test-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("no scratch folder at " + name);
  path_ = name;
}

ScratchFolder::~ScratchFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace finview::test
