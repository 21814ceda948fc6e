#pragma once

namespace finview::internal {

extern const char* const kSchemaV1;
extern const char* const kSchemaV2;
extern const char* const kSchemaV2Sqlite;
extern const char* const kSchemaV2Postgresql;
extern const char* const kSchemaV3;
extern const char* const kSchemaV3Sqlite;
extern const char* const kSchemaV3Postgresql;

}  // namespace finview::internal
