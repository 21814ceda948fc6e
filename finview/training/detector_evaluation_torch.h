#pragma once

#include "finview/detection/darknet_network_torch.h"
#include "finview/training/detection_metrics.h"
#include "finview/training/detection_pack.h"

#include <vector>

namespace finview {

/// Finds fins in every photo of a pack, letterboxed into the network's input (gray 0.5): as the cfg
/// says, at which it will be used, and not of the size of the views it learns from.
///
/// Confidence = objectness x best class; non-maximum suppression per photo at IoU 0.45. Boxes less
/// confident than `min_confidence` are left out. Cutouts are skipped. Leaves the network in
/// evaluation mode.
std::vector<PhotoDetections> detect_samples(DarknetNetwork& network,
                                            const std::vector<DetectionSample>& samples,
                                            double min_confidence,
                                            torch::Device device);

}  // namespace finview
