#pragma once

#include "finview/pipeline/outline_pictures.h"
#include "finview/synthetic/genotype.h"
#include "finview/synthetic/render.h"

namespace finview::internal {

/// What is known of a rendered fin beside its mask. `mask`: CV_8UC1, the fin in its photo.
RenderedTruth rendered_truth(const synthetic::RenderedFin& fin,
                             const synthetic::Genotype& genotype,
                             const cv::Mat& mask);

}  // namespace finview::internal
