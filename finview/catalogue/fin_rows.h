#pragma once

#include "finview/catalogue/query.h"
#include "finview/catalogue/records.h"

#include <string>

namespace finview::internal {

/// "select ... from fin f join ..." that FinRows reads; conditions and order may follow, which
/// name the fin "f", its photo "p".
extern const char* const kSelectFins;

/// Reads rows of kSelectFins one after the other. The query must outlive it.
class FinRows {
 public:
  explicit FinRows(Query& query);
  bool next();
  const FinRecord& row() const { return fin_; }

 private:
  Query& query_;
  FinRecord fin_;
  std::string name_bytes_;
};

}  // namespace finview::internal
