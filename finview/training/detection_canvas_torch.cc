#include "finview/training/detection_canvas_torch.h"

#include "finview/detection/boxes.h"

#include <algorithm>
#include <cmath>

#include <torch/nn/functional/upsampling.h>
#include <torch/torch.h>

namespace finview {
namespace {

using torch::indexing::Slice;

constexpr double kMaxEnlargement = 2.5;
constexpr double kMinVisibleShare = 0.4;  // of a fin's area, for its box to be kept
constexpr double kMinBoxPx = 4;
constexpr int kPasteTries = 6;
constexpr double kMaskOnlyShare = 0.65;  // of fins that have a mask
constexpr double kBackShare = 0.6;       // of fins pasted by mask

float longest_side(const Detection& box) { return std::max(box.width_px(), box.height_px()); }

Detection moved(Detection box, float right, float down) {
  box.left_px += right;
  box.right_px += right;
  box.top_px += down;
  box.bottom_px += down;
  return box;
}

/// From pixels of `from`'s picture to pixels of `from` resized to width x height.
Detection resized(const Detection& box, const PixelSpan& from, int width_px, int height_px) {
  Detection result = moved(box, static_cast<float>(-from.left), static_cast<float>(-from.top));
  const auto scale_x = static_cast<float>(width_px) / static_cast<float>(from.width());
  const auto scale_y = static_cast<float>(height_px) / static_cast<float>(from.height());
  result.left_px *= scale_x;
  result.right_px *= scale_x;
  result.top_px *= scale_y;
  result.bottom_px *= scale_y;
  return result;
}

/// Keeps what shows of `box` inside `region`, if it is enough to be called a fin.
void add_visible_box(Canvas& canvas, const Detection& box, const PixelSpan& region) {
  Detection visible = box;
  visible.left_px = std::max(box.left_px, static_cast<float>(region.left));
  visible.top_px = std::max(box.top_px, static_cast<float>(region.top));
  visible.right_px = std::min(box.right_px, static_cast<float>(region.right));
  visible.bottom_px = std::min(box.bottom_px, static_cast<float>(region.bottom));
  if (visible.width_px() < kMinBoxPx || visible.height_px() < kMinBoxPx) return;
  const double share = static_cast<double>(visible.width_px()) * visible.height_px() /
                       (static_cast<double>(box.width_px()) * box.height_px());
  if (share >= kMinVisibleShare) canvas.boxes.push_back(visible);
}

/// What is to be pasted.
struct Piece {
  torch::Tensor rgb;    ///< 3 x h x w, 0..1
  torch::Tensor alpha;  ///< 1 x h x w, 0..1
  Detection box;        ///< the fin, in pixels of `rgb`
};

/// 1 inside, falling to 0 over the margins between the fin and the edges of the piece.
torch::Tensor soft_edge(RandomDraw& random, double margin_low, double margin_high, int length) {
  const auto ramp = [&](double margin) {
    return std::max(2.0, margin * random.uniform(0.5, 1.0) + 0.02 * length);
  };
  const double ramp_low = ramp(margin_low);
  const double ramp_high = ramp(margin_high);
  const auto position = torch::arange(length, torch::kFloat) + 0.5;
  const auto linear =
      (position / ramp_low).clamp_max(1) * ((length - position) / ramp_high).clamp_max(1);
  return linear.square() * (3 - 2 * linear);
}

void fade_edges(Piece& piece, RandomDraw& random) {
  const auto height = static_cast<int>(piece.rgb.size(1));
  const auto width = static_cast<int>(piece.rgb.size(2));
  const auto rows = soft_edge(random, piece.box.top_px, height - piece.box.bottom_px, height);
  const auto columns = soft_edge(random, piece.box.left_px, width - piece.box.right_px, width);
  piece.alpha = (rows.unsqueeze(1) * columns.unsqueeze(0)).unsqueeze(0);
}

/// Mean color where `weight` lies, 3 x 1 x 1.
torch::Tensor weighted_mean(const torch::Tensor& rgb, const torch::Tensor& weight) {
  return (rgb * weight).sum({1, 2}, true) / (weight.sum() + 1e-6);
}

/// Shifts the piece so that its rim comes nearer to the color of what it covers.
void adapt_color(Piece& piece, const torch::Tensor& under, double share) {
  const auto rim = 1 - piece.alpha;
  const auto shift = weighted_mean(under, rim) - weighted_mean(piece.rgb, rim);
  piece.rgb = (piece.rgb + shift * share).clamp(0, 1);
}

/// A fin by its mask, darker or lighter; below it, sometimes, a back of its own color: the upper
/// part of a wide ellipse that ends at the water.
Piece with_back(const Piece& fin, RandomDraw& random) {
  const auto height = fin.rgb.size(1);
  const auto width = fin.rgb.size(2);
  const auto overlap = std::max<std::int64_t>(1, height / 12);
  const auto back_height =
      overlap + static_cast<std::int64_t>(static_cast<double>(height) * random.uniform(0.1, 0.4));
  const auto reach =
      static_cast<std::int64_t>(static_cast<double>(width) * random.uniform(0.3, 1.4));
  const auto total_width = width + 2 * reach;
  const auto total_height = height - overlap + back_height;

  const auto base = fin.rgb.slice(1, height * 3 / 4, height);
  const auto base_alpha = fin.alpha.slice(1, height * 3 / 4, height);
  const auto color = weighted_mean(base, base_alpha) * random.uniform(0.8, 1.2);
  Piece piece;
  piece.rgb = color.expand({3, total_height, total_width}).clone();
  piece.rgb.mul_(1 + 0.15 * random.uniform(-1, 1) *
                         torch::linspace(-1, 1, total_height).reshape({1, -1, 1}));
  const auto x =
      torch::linspace(-1, 1, total_width).reshape({1, 1, -1}) + random.uniform(-0.25, 0.25);
  const auto y = torch::arange(total_height, torch::kFloat).reshape({1, -1, 1});
  const auto top =
      static_cast<double>(height - overlap) +
      static_cast<double>(back_height) * (1 - torch::sqrt((1 - x.square()).clamp_min(0)));
  piece.alpha = (y - top).clamp(0, 1);

  const auto mask = torch::zeros_like(piece.alpha);
  mask.slice(1, 0, height).slice(2, reach, reach + width).copy_(fin.alpha.slice(1, 0, height));
  auto place = piece.rgb.slice(1, 0, height).slice(2, reach, reach + width);
  place.copy_(fin.rgb * fin.alpha + place * (1 - fin.alpha));
  piece.alpha = torch::maximum(piece.alpha, mask);
  piece.box = moved(fin.box, static_cast<float>(reach), 0);
  return piece;
}

/// The area the piece takes when its corner is at (left, top).
Detection area_of(const Piece& piece, int left, int top) {
  Detection area;
  area.left_px = static_cast<float>(left);
  area.top_px = static_cast<float>(top);
  area.right_px = static_cast<float>(left + piece.rgb.size(2));
  area.bottom_px = static_cast<float>(top + piece.rgb.size(1));
  return area;
}

bool covers_any(const std::vector<Detection>& boxes, const Detection& area) {
  return std::any_of(boxes.begin(), boxes.end(), [&](const Detection& box) {
    return intersection_over_union(box, area) > 0;
  });
}

void paste(Canvas& canvas,
           const PixelSpan& region,
           Piece piece,
           bool adapts,
           bool is_fin,
           RandomDraw& random) {
  const auto height = static_cast<int>(piece.rgb.size(1));
  const auto width = static_cast<int>(piece.rgb.size(2));
  if (width >= region.width() || height >= region.height()) return;
  for (int attempt = 0; attempt < kPasteTries; ++attempt) {
    const int left =
        region.left + static_cast<int>(random.index(std::size_t(region.width() - width)));
    const int top =
        region.top + static_cast<int>(random.index(std::size_t(region.height() - height)));
    const Detection area = area_of(piece, left, top);
    if (covers_any(canvas.boxes, area)) continue;
    auto under = canvas.rgb.slice(1, top, top + height).slice(2, left, left + width);
    if (adapts) adapt_color(piece, under, random.uniform(0.3, 1.0));
    under.copy_(under * (1 - piece.alpha) + piece.rgb * piece.alpha);
    if (is_fin) add_visible_box(canvas, moved(piece.box, area.left_px, area.top_px), region);
    return;
  }
}

PixelSpan around(const PictureSource& source, const Detection& fin, double margin_px) {
  PixelSpan span;
  span.left = static_cast<int>(std::max(0.0, fin.left_px - margin_px));
  span.top = static_cast<int>(std::max(0.0, fin.top_px - margin_px));
  span.right = static_cast<int>(
      std::min<double>(double(source.rgb.size(2)), std::ceil(fin.right_px + margin_px)));
  span.bottom = static_cast<int>(
      std::min<double>(double(source.rgb.size(1)), std::ceil(fin.bottom_px + margin_px)));
  return span;
}

/// `from`, resized so that the fin's longest side becomes `size_px`; fully opaque.
Piece cut_piece(const PictureSource& source,
                const Detection& fin,
                const PixelSpan& from,
                double size_px,
                bool by_mask) {
  const double scale = std::min(size_px / longest_side(fin), kMaxEnlargement);
  const int width = std::max(8, static_cast<int>(std::lround(from.width() * scale)));
  const int height = std::max(8, static_cast<int>(std::lround(from.height() * scale)));
  Piece piece;
  piece.rgb = resample(source.rgb, from, width, height);
  piece.alpha =
      by_mask ? resample(source.mask, from, width, height) : torch::ones({1, height, width});
  piece.box = resized(fin, from, width, height);
  return piece;
}

}  // namespace

torch::Tensor resample(const torch::Tensor& bytes,
                       const PixelSpan& from,
                       int width_px,
                       int height_px) {
  namespace F = torch::nn::functional;
  const auto part =
      bytes.slice(1, from.top, from.bottom).slice(2, from.left, from.right).to(torch::kFloat) / 255;
  const bool shrinks = width_px < from.width() || height_px < from.height();
  return F::interpolate(part.unsqueeze(0),
                        F::InterpolateFuncOptions()
                            .size(std::vector<std::int64_t>{height_px, width_px})
                            .mode(torch::kBilinear)
                            .align_corners(false)
                            .antialias(shrinks))
      .squeeze(0);
}

PictureSource mirrored(const PictureSource& source) {
  PictureSource result{source.rgb.flip(2), {}, source.boxes};
  if (source.mask.defined()) result.mask = source.mask.flip(2);
  const auto width = static_cast<float>(source.rgb.size(2));
  for (Detection& box : result.boxes) {
    const float left = box.left_px;
    box.left_px = width - box.right_px;
    box.right_px = width - left;
  }
  return result;
}

void draw_picture(Canvas& canvas,
                  const PixelSpan& region,
                  const PictureSource& source,
                  double scale,
                  double left,
                  double top) {
  const auto source_width = static_cast<int>(source.rgb.size(2));
  const auto source_height = static_cast<int>(source.rgb.size(1));
  const auto whole = [](double value) { return static_cast<int>(std::lround(value)); };
  const PixelSpan to{whole(std::max<double>(region.left, left)),
                     whole(std::max<double>(region.top, top)),
                     whole(std::min<double>(region.right, left + source_width * scale)),
                     whole(std::min<double>(region.bottom, top + source_height * scale))};
  if (to.width() < 2 || to.height() < 2) return;
  PixelSpan from;
  from.left = std::clamp(whole((to.left - left) / scale), 0, source_width - 1);
  from.top = std::clamp(whole((to.top - top) / scale), 0, source_height - 1);
  from.right = std::clamp(whole((to.right - left) / scale), from.left + 1, source_width);
  from.bottom = std::clamp(whole((to.bottom - top) / scale), from.top + 1, source_height);
  canvas.rgb.slice(1, to.top, to.bottom)
      .slice(2, to.left, to.right)
      .copy_(resample(source.rgb, from, to.width(), to.height()));
  for (const Detection& box : source.boxes) {
    const Detection inside = resized(box, from, to.width(), to.height());
    add_visible_box(
        canvas, moved(inside, static_cast<float>(to.left), static_cast<float>(to.top)), to);
  }
}

void paste_fin(Canvas& canvas,
               const PixelSpan& region,
               const PictureSource& source,
               const Detection& fin,
               double size_px,
               RandomDraw& random) {
  if (source.mask.defined() && random.chance(kMaskOnlyShare)) {
    Piece piece = cut_piece(source, fin, around(source, fin, 0), size_px, true);
    piece.rgb = (piece.rgb * random.log_uniform(0.4, 1.5)).clamp(0, 1);
    if (random.chance(kBackShare)) piece = with_back(piece, random);
    paste(canvas, region, piece, false, true, random);
    return;
  }
  const double margin_px = longest_side(fin) * random.uniform(0.1, 0.8);
  Piece piece = cut_piece(source, fin, around(source, fin, margin_px), size_px, false);
  fade_edges(piece, random);
  paste(canvas, region, piece, true, true, random);
}

void paste_decoy(Canvas& canvas,
                 const PixelSpan& region,
                 const PictureSource& source,
                 double size_px,
                 RandomDraw& random) {
  const auto width = static_cast<double>(source.rgb.size(2));
  const auto height = static_cast<double>(source.rgb.size(1));
  const double side = random.uniform(0.1, 0.6) * std::min(width, height);
  Detection area;
  area.left_px = static_cast<float>(random.uniform(0, width - side));
  area.top_px = static_cast<float>(random.uniform(0, height - side));
  area.right_px = static_cast<float>(area.left_px + side);
  area.bottom_px = static_cast<float>(area.top_px + side * random.uniform(0.6, 1.0));
  if (covers_any(source.boxes, area)) return;
  Piece piece = cut_piece(source, area, around(source, area, 0), size_px, false);
  const auto piece_width = static_cast<float>(piece.rgb.size(2));
  const auto piece_height = static_cast<float>(piece.rgb.size(1));
  piece.box.left_px = piece_width * 0.15F;
  piece.box.right_px = piece_width * 0.85F;
  piece.box.top_px = piece_height * 0.15F;
  piece.box.bottom_px = piece_height * 0.85F;
  fade_edges(piece, random);
  paste(canvas, region, piece, true, false, random);
}

}  // namespace finview
