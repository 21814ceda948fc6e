#pragma once

namespace finview::internal {

/// The map page around its data; the data stand where "@DATA@" is.
extern const char* const kMapPage;

}  // namespace finview::internal
