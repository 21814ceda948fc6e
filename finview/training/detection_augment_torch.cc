#include "finview/training/detection_augment_torch.h"

#include "finview/base/error.h"
#include "finview/base/threads.h"
#include "finview/outline/one_thread_torch.h"
#include "finview/training/photo_colors_torch.h"
#include "finview/training/random_draw.h"

#include <algorithm>
#include <cmath>

#include <torch/torch.h>

namespace finview {
namespace {

constexpr float kLetterboxGray = 0.5F;
constexpr double kMaxEnlargement = 2.5;
constexpr double kMaxCloseUp = 3;      // of fin-free photos, beyond covering the view
constexpr double kCutoutShare = 0.75;  // of pasted fins; the others come from photos
constexpr double kSecondFinChance = 0.3;

float longest_side(const Detection& box) { return std::max(box.width_px(), box.height_px()); }

/// Start of a span of `length` that shall hold `focus` at a random place and, where it can, cover
/// [low, high].
double place_span(RandomDraw& random, double low, double high, double length, double focus) {
  const double wanted = random.uniform(low, high) - focus;
  return std::clamp(wanted, std::min(low, high - length), std::max(low, high - length));
}

/// Composes one picture.
class Composer {
 public:
  Composer(const std::vector<PictureSource>& fin_photos,
           const std::vector<PictureSource>& fin_free,
           const std::vector<PictureSource>& cutouts,
           const AugmentOptions& options,
           std::uint64_t seed)
      : fin_photos_(fin_photos),
        fin_free_(fin_free),
        cutouts_(cutouts),
        options_(options),
        random_(seed) {}

  Canvas compose(int width_px, int height_px) {
    Canvas canvas;
    canvas.rgb = torch::full({3, height_px, width_px}, kLetterboxGray);
    if (!random_.chance(options_.mosaic)) {
      draw_view(canvas, {0, 0, width_px, height_px});
    } else {
      const int x = static_cast<int>(width_px * random_.uniform(0.3, 0.7));
      const int y = static_cast<int>(height_px * random_.uniform(0.3, 0.7));
      draw_view(canvas, {0, 0, x, y});
      draw_view(canvas, {x, 0, width_px, y});
      draw_view(canvas, {0, y, x, height_px});
      draw_view(canvas, {x, y, width_px, height_px});
    }
    canvas.rgb = change_colors(canvas.rgb, options_, random_);
    return canvas;
  }

 private:
  PictureSource pick(const std::vector<PictureSource>& sources) {
    const PictureSource& source = sources[random_.index(sources.size())];
    return random_.chance(0.5) ? mirrored(source) : source;
  }

  /// Longest side a fin shall have in `region`, in pixels.
  double fin_size_px(const PixelSpan& region) {
    return random_.log_uniform(options_.min_fin_size, options_.max_fin_size) *
           std::max(region.width(), region.height());
  }

  void draw_view(Canvas& canvas, const PixelSpan& region) {
    const bool from_fin_free =
        fin_photos_.empty() || (!fin_free_.empty() && random_.chance(options_.fin_free));
    if (from_fin_free) {
      if (!fin_free_.empty()) draw_fin_free(canvas, region);
    } else {
      draw_fin_photo(canvas, region);
    }
    if (random_.chance(options_.decoy)) {
      paste_decoy(canvas,
                  region,
                  pick(fin_free_.empty() ? fin_photos_ : fin_free_),
                  fin_size_px(region),
                  random_);
    }
    if (random_.chance(options_.paste)) {
      const int count = random_.chance(kSecondFinChance) ? 2 : 1;
      for (int i = 0; i < count; ++i) add_fin(canvas, region);
    }
  }

  void draw_fin_free(Canvas& canvas, const PixelSpan& region) {
    const PictureSource photo = pick(fin_free_);
    const auto width = static_cast<double>(photo.rgb.size(2));
    const auto height = static_cast<double>(photo.rgb.size(1));
    const double cover = std::max(region.width() / width, region.height() / height);
    const double scale =
        std::min(cover * random_.log_uniform(0.8, kMaxCloseUp), std::max(cover, kMaxEnlargement));
    draw_picture(
        canvas,
        region,
        photo,
        scale,
        place_span(random_, region.left, region.right, width * scale, width * scale / 2),
        place_span(random_, region.top, region.bottom, height * scale, height * scale / 2));
  }

  /// A photo scaled so that one of its fins gets a size that fins have in survey photos.
  void draw_fin_photo(Canvas& canvas, const PixelSpan& region) {
    const PictureSource photo = pick(fin_photos_);
    const auto width = static_cast<double>(photo.rgb.size(2));
    const auto height = static_cast<double>(photo.rgb.size(1));
    const Detection& fin = photo.boxes[random_.index(photo.boxes.size())];
    const double contain = std::min(region.width() / width, region.height() / height);
    const double scale = std::clamp(
        fin_size_px(region) / longest_side(fin), 0.9 * contain, std::max(kMaxEnlargement, contain));
    draw_picture(canvas,
                 region,
                 photo,
                 scale,
                 place_span(random_,
                            region.left,
                            region.right,
                            width * scale,
                            scale * (fin.left_px + fin.right_px) / 2),
                 place_span(random_,
                            region.top,
                            region.bottom,
                            height * scale,
                            scale * (fin.top_px + fin.bottom_px) / 2));
  }

  void add_fin(Canvas& canvas, const PixelSpan& region) {
    const bool from_cutout =
        fin_photos_.empty() || (!cutouts_.empty() && random_.chance(kCutoutShare));
    const PictureSource source = pick(from_cutout ? cutouts_ : fin_photos_);
    const Detection& fin = source.boxes[random_.index(source.boxes.size())];
    paste_fin(canvas, region, source, fin, fin_size_px(region), random_);
  }

  const std::vector<PictureSource>& fin_photos_;
  const std::vector<PictureSource>& fin_free_;
  const std::vector<PictureSource>& cutouts_;
  const AugmentOptions& options_;
  RandomDraw random_;
};

}  // namespace

void AugmentOptions::visit(OptionVisitor& visitor) {
  visitor.field("mosaic", mosaic, "chance of four views in one picture", 0, 1);
  visitor.field("fin-free", fin_free, "chance that a view starts from a fin-free photo", 0, 1);
  visitor.field("paste", paste, "chance that fins are pasted into a view", 0, 1);
  visitor.field("decoy", decoy, "chance that a piece without a fin is pasted into a view", 0, 1);
  visitor.field("min-fin-size", min_fin_size, "smallest fin, share of the view", 0.005, 1);
  visitor.field("max-fin-size", max_fin_size, "largest fin, share of the view", 0.005, 1);
  visitor.field("hue", hue, "largest turn of the hue, share of the color circle", 0, 0.5);
  visitor.field("saturation", saturation, "largest factor of the saturation", 1, 10);
  visitor.field("exposure", exposure, "largest factor of the brightness", 1, 10);
  visitor.field("gray", gray, "chance of a gray picture", 0, 1);
  visitor.field("blur", blur, "chance of a blurred picture", 0, 1);
  visitor.field("noise", noise, "chance of a noisy picture", 0, 1);
}

torch::Tensor sample_tensor(const DetectionSample& sample) {
  auto* pixels = const_cast<std::uint8_t*>(sample.rgb.data());
  return torch::from_blob(pixels, {3, sample.height_px, sample.width_px}, torch::kByte).clone();
}

DetectionAugmenter::DetectionAugmenter(const std::vector<DetectionSample>& samples,
                                       const AugmentOptions& options)
    : options_(options) {
  for (const DetectionSample& sample : samples) {
    PictureSource source{sample_tensor(sample), {}, sample.boxes};
    if (!sample.mask.empty()) {
      auto* pixels = const_cast<std::uint8_t*>(sample.mask.data());
      source.mask =
          torch::from_blob(pixels, {1, sample.height_px, sample.width_px}, torch::kByte).clone();
    }
    if (sample.role == SampleRole::kCutout) {
      cutouts_.push_back(std::move(source));
    } else {
      (sample.boxes.empty() ? fin_free_ : fin_photos_).push_back(std::move(source));
    }
  }
  if (fin_photos_.empty() && cutouts_.empty()) {
    throw Error(ErrorKind::kBadInput,
                "the training pack holds no labelled fin; add photos with labels or cutouts");
  }
}

DetectorBatch DetectionAugmenter::batch(std::uint64_t seed,
                                        int num_images,
                                        int width_px,
                                        int height_px) const {
  RandomDraw seeds(seed);
  std::vector<std::uint64_t> picture_seeds;
  for (int i = 0; i < num_images; ++i) picture_seeds.push_back(seeds.bits());
  std::vector<Canvas> canvases(picture_seeds.size());
  parallel_for(canvases.size(), num_cores(), [&](std::size_t i) {
    const torch::NoGradGuard no_grad;
    const OneThread one_thread;
    Composer composer(fin_photos_, fin_free_, cutouts_, options_, picture_seeds[i]);
    canvases[i] = composer.compose(width_px, height_px);
  });
  DetectorBatch batch;
  std::vector<torch::Tensor> images;
  for (int i = 0; i < num_images; ++i) {
    const Canvas& canvas = canvases[static_cast<std::size_t>(i)];
    images.push_back(canvas.rgb);
    for (const Detection& box : canvas.boxes) {
      TargetBox target;
      target.image = i;
      target.class_index = box.class_index;
      target.center_x = (box.left_px + box.right_px) / 2 / static_cast<float>(width_px);
      target.center_y = (box.top_px + box.bottom_px) / 2 / static_cast<float>(height_px);
      target.width = box.width_px() / static_cast<float>(width_px);
      target.height = box.height_px() / static_cast<float>(height_px);
      batch.targets.push_back(target);
    }
  }
  batch.images = torch::stack(images);
  return batch;
}

}  // namespace finview
