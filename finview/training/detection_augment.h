#pragma once

#include "finview/base/options.h"

namespace finview {

/// How training pictures are composed. Chances are per picture or per tile of a mosaic.
struct AugmentOptions {
  double mosaic = 0.25;        ///< chance of four tiles instead of one view
  double fin_free = 0.4;       ///< chance that a view starts from a fin-free photo
  double paste = 0.6;          ///< chance that fins are pasted into a view
  double decoy = 0.25;         ///< chance that a piece without a fin is pasted into a view
  double min_fin_size = 0.03;  ///< longest side of a fin / longest side of the view
  double max_fin_size = 0.55;
  double hue = 0.1;         ///< share of the color circle, either way (Darknet's hue)
  double saturation = 1.5;  ///< largest factor, up or down (Darknet's saturation)
  double exposure = 1.5;
  double gray = 0.1;  ///< chance of a gray picture
  double blur = 0.2;
  double noise = 0.2;

  void visit(OptionVisitor& visitor);
};

}  // namespace finview
