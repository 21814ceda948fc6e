#pragma once

#include <string>

#include "tests/support/scratch_folder.h"
#include <sys/types.h>

namespace finview::test {

/// A PostgreSQL server of its own, from Debian's package postgresql-15: in a folder that vanishes,
/// reached by a socket there and not by the network. Root starts it as user postgres, because
/// PostgreSQL refuses root.
class PostgresServer {
 public:
  /// The one of this program; started at the first call, stopped when the program ends. Throws
  /// std::runtime_error that says what is missing.
  static PostgresServer& shared();

  /// Makes an empty database; its address is for `Database`.
  std::string new_database();

  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;
  ~PostgresServer();

 private:
  PostgresServer();

  ScratchFolder folder_;
  pid_t process_ = -1;
  int num_databases_ = 0;
};

}  // namespace finview::test
