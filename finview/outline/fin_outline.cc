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
  }
  return "";
}

}  // namespace finview
