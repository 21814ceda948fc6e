#pragma once

namespace finview::internal {

extern const char* const kSchemaV1;

}  // namespace finview::internal
