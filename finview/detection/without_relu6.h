#pragma once

#include "finview/detection/detector.h"

namespace finview {

/// Writes `from` anew so that programs can load it that do not know the activation relu6, as
/// OpenCV's Darknet reader; the answers are the same but for rounding.
///
/// min(y, 6) = 6 - max(6 - y, 0): a relu6 becomes relu and two convolutions of one pixel, each
/// channel for itself. Comments of the cfg are lost; a relu6 of another layer than a convolution is
/// refused. Throws Error{kBadOptions} where a file would be written over itself, else as
/// `parse_darknet_config`, `DarknetNetwork` and `load_weights` do.
void write_without_relu6(const DetectorFiles& from, const DetectorFiles& to);

}  // namespace finview
