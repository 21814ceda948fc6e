#pragma once

#include <span>
#include <string>

namespace finview {

/// `finview train detector`. On its own, so that gpu/ can have it without the other commands.
int run_train_detector(std::span<const std::string> arguments);

}  // namespace finview
