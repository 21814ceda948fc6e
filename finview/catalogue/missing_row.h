#pragma once

#include "finview/base/error.h"
#include "finview/catalogue/ids.h"

namespace finview::internal {

/// Error{kNotFound} for a row that is asked for and is not there.
Error missing_row(PhotoId id);
Error missing_row(FinId id);
Error missing_row(IndividualId id);
Error missing_row(EncounterId id);

}  // namespace finview::internal
