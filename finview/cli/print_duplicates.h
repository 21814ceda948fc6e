#pragma once

#include "finview/pipeline/find_duplicates.h"

#include <string>

namespace finview {

/// Prints both lists, and writes them to the CSV file `out` unless that is empty.
void print_duplicates(const Duplicates& found, const std::string& out);

}  // namespace finview
