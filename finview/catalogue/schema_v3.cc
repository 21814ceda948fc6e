#include "finview/catalogue/schema_versions.h"

// The review's queues: what waits in a tier, by probability, from wherever.
namespace finview::internal {

const char* const kSchemaV3 = R"sql(
create index fin_queue on fin(tier, probability, id) where hidden = 0 and review = 0;
)sql";

}  // namespace finview::internal
