#pragma once

#include <string>
#include <vector>

namespace finview {

/// Text of a [convolutional] section, padded to keep the size.
inline std::string conv(int filters,
                        int size,
                        int stride,
                        const std::string& activation,
                        const std::string& more = "batch_normalize=1\n") {
  return "[convolutional]\nfilters=" + std::to_string(filters) + "\nsize=" + std::to_string(size) +
         "\nstride=" + std::to_string(stride) + "\npad=1\nactivation=" + activation + "\n" + more;
}

inline std::string route(const std::string& layers) { return "[route]\nlayers=" + layers + "\n"; }

inline std::string pool(int size, int stride) {
  return "[maxpool]\nsize=" + std::to_string(size) + "\nstride=" + std::to_string(stride) + "\n";
}

inline std::string net(int width_px, int height_px) {
  return "[net]\nwidth=" + std::to_string(width_px) + "\nheight=" + std::to_string(height_px) +
         "\nchannels=3\n";
}

/// The linear convolution and the [yolo] section of one class, three of `num` anchors. The
/// thresholds keep OpenCV from dropping rows.
inline std::string head(const std::string& mask,
                        const std::string& anchors,
                        int num,
                        const std::string& more = "",
                        const std::string& activation = "linear") {
  return conv(18, 1, 1, activation, "") + "[yolo]\nmask=" + mask + "\nanchors=" + anchors +
         "\nclasses=1\nnum=" + std::to_string(num) + "\nthresh=0\nnms_threshold=0\n" + more;
}

inline constexpr const char* kYolov4Anchors =
    "12,16, 19,36, 40,28, 36,75, 76,55, 72,146, 142,110, 192,243, 459,401";

/// Cross stage partial stage of CSPDarknet53: halves the size, then `num_blocks` residual blocks.
inline std::string csp_stage(int width, int num_blocks, bool first) {
  const int part = first ? width : width / 2;
  const int inner = first ? width / 2 : part;
  std::string text =
      conv(width, 3, 2, "mish") + conv(part, 1, 1, "mish") + route("-2") + conv(part, 1, 1, "mish");
  for (int i = 0; i < num_blocks; ++i) {
    text += conv(inner, 1, 1, "mish") + conv(part, 3, 1, "mish") +
            "[shortcut]\nfrom=-3\nactivation=linear\n";
  }
  return text + conv(part, 1, 1, "mish") + route("-1," + std::to_string(-(3 * num_blocks + 4))) +
         conv(width, 1, 1, "mish");
}

/// Alternating 1 x 1 and 3 x 3 convolutions, beginning with `width` filters.
inline std::string neck(int width, int num_convolutions) {
  std::string text;
  for (int i = 0; i < num_convolutions; ++i) {
    text += i % 2 == 0 ? conv(width, 1, 1, "leaky") : conv(2 * width, 3, 1, "leaky");
  }
  return text;
}

/// YOLOv4 of one class: 162 layers (Bochkovskiy et al. 2020, section 3.4).
inline std::string yolov4(int size_px) {
  const std::string anchors = kYolov4Anchors;
  const std::string up = "[upsample]\nstride=2\n";
  return net(size_px, size_px) + conv(32, 3, 1, "mish") + csp_stage(64, 1, true) +
         csp_stage(128, 2, false) + csp_stage(256, 8, false) + csp_stage(512, 8, false) +
         csp_stage(1024, 4, false) + neck(512, 3) + pool(5, 1) + route("-2") + pool(9, 1) +
         route("-4") + pool(13, 1) + route("-1,-3,-5,-6") + neck(512, 3) +
         conv(256, 1, 1, "leaky") + up + route("85") + conv(256, 1, 1, "leaky") + route("-1,-3") +
         neck(256, 5) + conv(128, 1, 1, "leaky") + up + route("54") + conv(128, 1, 1, "leaky") +
         route("-1,-3") + neck(128, 5) + conv(256, 3, 1, "leaky") +
         head("0,1,2", anchors, 9, "scale_x_y=1.2\n") + route("-4") + conv(256, 3, 2, "leaky") +
         route("-1,-16") + neck(256, 5) + conv(512, 3, 1, "leaky") +
         head("3,4,5", anchors, 9, "scale_x_y=1.1\n") + route("-4") + conv(512, 3, 2, "leaky") +
         route("-1,-37") + neck(512, 5) + conv(1024, 3, 1, "leaky") +
         head("6,7,8", anchors, 9, "scale_x_y=1.05\n");
}

/// One stage of YOLOv4-tiny's backbone: half of the channels go round two convolutions.
inline std::string tiny_stage(int width) {
  return conv(width, 3, 1, "leaky") + "[route]\nlayers=-1\ngroups=2\ngroup_id=1\n" +
         conv(width / 2, 3, 1, "leaky") + conv(width / 2, 3, 1, "leaky") + route("-1,-2") +
         conv(width, 1, 1, "leaky") + route("-6,-1") + pool(2, 2);
}

/// YOLOv4-tiny of one class: 38 layers, routes with groups.
inline std::string yolov4_tiny(int size_px) {
  const std::string anchors = "10,14, 23,27, 37,58, 81,82, 135,169, 344,319";
  return net(size_px, size_px) + conv(32, 3, 2, "leaky") + conv(64, 3, 2, "leaky") +
         tiny_stage(64) + tiny_stage(128) + tiny_stage(256) + conv(512, 3, 1, "leaky") +
         conv(256, 1, 1, "leaky") + conv(512, 3, 1, "leaky") +
         head("3,4,5", anchors, 6, "scale_x_y=1.05\n") + route("-4") + conv(128, 1, 1, "leaky") +
         "[upsample]\nstride=2\n" + route("-1,23") + conv(256, 3, 1, "leaky") +
         head("0,1,2", anchors, 6, "scale_x_y=1.05\n");
}

/// YOLOv3-tiny of one class: the pool of stride 1 with an even window pads on one side only.
inline std::string yolov3_tiny(int size_px) {
  const std::string anchors = "10,14, 23,27, 37,58, 81,82, 135,169, 344,319";
  std::string text = net(size_px, size_px);
  for (int width = 16; width <= 256; width *= 2) text += conv(width, 3, 1, "leaky") + pool(2, 2);
  return text + conv(512, 3, 1, "leaky") + pool(2, 1) + conv(1024, 3, 1, "leaky") +
         conv(256, 1, 1, "leaky") + conv(512, 3, 1, "leaky") + head("3,4,5", anchors, 6) +
         route("-4") + conv(128, 1, 1, "leaky") + "[upsample]\nstride=2\n" + route("-1,8") +
         conv(256, 3, 1, "leaky") + head("0,1,2", anchors, 6);
}

/// Depthwise groups, every activation OpenCV knows too, and heads with new_coords.
inline std::string small_network(int size_px) {
  const std::string anchors = "8,9, 20,17, 33,40";
  const std::string depthwise = "batch_normalize=1\ngroups=24\n";
  return net(size_px, size_px) + conv(24, 3, 2, "relu") + conv(24, 3, 1, "relu", depthwise) +
         conv(16, 1, 1, "linear") + conv(24, 3, 2, "swish") + conv(24, 5, 1, "mish", depthwise) +
         conv(24, 1, 1, "leaky", "batch_normalize=1\ngroups=4\n") +
         "[shortcut]\nfrom=-3\nactivation=leaky\n" + pool(3, 2) + conv(32, 3, 1, "logistic") +
         head("0,1,2", anchors, 3, "scale_x_y=2.0\nnew_coords=1\n", "logistic") + route("6") +
         conv(32, 3, 1, "relu") + head("0,1,2", anchors, 3, "scale_x_y=1.1\n");
}

}  // namespace finview
