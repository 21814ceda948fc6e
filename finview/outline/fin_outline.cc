#include "finview/outline/fin_outline.h"

namespace finview {

std::string to_string(MaskSource source) {
  switch (source) {
    case MaskSource::kNone:
      return "none";
    case MaskSource::kAlpha:
      return "alpha";
    case MaskSource::kBackground:
      return "background";
    case MaskSource::kAutomatic:
      return "automatic";
    case MaskSource::kByHand:
      return "by hand";
  }
  return "";
}

std::string to_string(MaskDoubt doubt) {
  switch (doubt) {
    case MaskDoubt::kNone:
      return "";
    case MaskDoubt::kNoFin:
      return "no fin found";
    case MaskDoubt::kSeveralFins:
      return "several fins";
    case MaskDoubt::kCutByFrame:
      return "cut by the frame";
    case MaskDoubt::kTooSmall:
      return "too small";
    case MaskDoubt::kSilhouette:
      return "silhouette";
    case MaskDoubt::kOverexposed:
      return "overexposed";
    case MaskDoubt::kUncertain:
      return "border uncertain";
  }
  return "";
}

}  // namespace finview
