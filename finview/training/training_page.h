#pragma once

#include "finview/base/csv.h"

#include <string>

namespace finview {

/// The course of a detector's training as one page: losses, learning rate, and the figures on the
/// held-out photos, if there are any. `log` is `log.csv` as `train_detector` writes it. Opens from
/// disk without a network.
std::string training_page(const CsvTable& log, bool has_held_out);

}  // namespace finview
