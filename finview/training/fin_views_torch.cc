#include "finview/training/fin_views_torch.h"

#include "finview/base/error.h"
#include "finview/training/background_torch.h"
#include "finview/training/random_draw.h"
#include "finview/training/view_effects_torch.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>
#include <torch/torch.h>

namespace finview {
namespace {

namespace nn = torch::nn::functional;
using torch::indexing::None;
using torch::indexing::Slice;

constexpr auto kNumPoints = static_cast<std::int64_t>(PackedFin::kNumPoints);
constexpr float kFar = 31.5;        // pack pixels: beyond it the edge does not reach
constexpr std::int64_t kMarks = 5;  // at most, on an invented individual
constexpr std::int64_t kMarkStep = 4;
constexpr std::uint64_t kLateDraws = 0x10e6;

/// x' = a x + b y + c, y' = d x + e y + f.
struct Affine {
  double a = 1, b = 0, c = 0, d = 0, e = 1, f = 0;

  Affine inverse() const {
    const double det = a * e - b * d;
    return {e / det, -b / det, (b * f - c * e) / det, -d / det, a / det, (c * d - a * f) / det};
  }
};

/// Where `random` places a fin of these edge points in a layout of the given size: sheared and
/// narrowed, then laid out by the end that this photo shows, not quite where it belongs.
Affine random_placing(const std::array<std::array<float, 2>, PackedFin::kNumPoints>& points,
                      const EmbedderContract& contract,
                      const FinViewOptions& options,
                      RandomDraw& random) {
  const double squeeze = std::exp(options.foreshortening * normal(random));
  const double shear = options.shear * normal(random);
  const double shown = 1 - random.uniform(0, options.missing_end);
  const auto& tip = points.front();
  const auto& end =
      points[static_cast<std::size_t>(std::lround(shown * static_cast<double>(kNumPoints - 1)))];
  const double chord_x = squeeze * (end[0] - tip[0]) + shear * (end[1] - tip[1]);
  const double chord_y = end[1] - tip[1];
  const double length = std::max(1.0, std::hypot(chord_x, chord_y));
  const double scale =
      (kEndY - kTipY) * contract.height_px / length * std::exp(options.place * normal(random));
  const double tilt = 1.5 * options.place * normal(random);
  const double along = (chord_y * std::cos(tilt) - chord_x * std::sin(tilt)) / length * scale;
  const double across = (chord_x * std::cos(tilt) + chord_y * std::sin(tilt)) / length * scale;
  Affine placing;
  placing.a = along * squeeze;
  placing.b = along * shear - across;
  placing.d = across * squeeze;
  placing.e = across * shear + along;
  // An inaccurate tip moves the whole fin.
  const double tip_x = (kTipX + options.place * normal(random)) * contract.width_px;
  const double tip_y = (kTipY + 0.5 * options.place * normal(random)) * contract.height_px;
  placing.c = tip_x - placing.a * tip[0] - placing.b * tip[1];
  placing.f = tip_y - placing.d * tip[0] - placing.e * tip[1];
  return placing;
}

/// How far each point of the edge is traced beside itself, N x kNumPoints, shares of the length:
/// slowly (up to 2.5 %), finely (up to 0.3 %), and now and then a bump of weed or water.
torch::Tensor tracing_noise(std::int64_t count,
                            double strength,
                            RandomDraw& random,
                            const at::Generator& generator) {
  Numbers deviations(2);
  std::vector<float> bumps(static_cast<std::size_t>(count * kNumPoints));
  for (std::int64_t n = 0; n < count; ++n) {
    deviations.add({0.010 * random.unit(), 0.0025 * random.unit() * random.unit()});
    if (!random.chance(0.3)) continue;
    const double middle = random.unit();
    const double width = random.log_uniform(0.02, 0.12);
    const double height = width * random.uniform(-0.8, 0.5);
    for (std::int64_t i = 0; i < kNumPoints; ++i) {
      const double u = (static_cast<double>(i) / (kNumPoints - 1) - middle) / (0.4 * width);
      bumps[static_cast<std::size_t>(n * kNumPoints + i)] =
          static_cast<float>(height * std::exp(-0.5 * u * u));
    }
  }
  const auto smooth = [&](std::int64_t knots) {
    return nn::interpolate(torch::randn({count, 1, knots}, generator),
                           nn::InterpolateFuncOptions()
                               .size(std::vector<std::int64_t>{kNumPoints})
                               .mode(torch::kLinear)
                               .align_corners(true))
        .squeeze(1);
  };
  const torch::Tensor scale = deviations.tensor(torch::kCPU);
  return strength * (smooth(14) * scale.select(1, 0).unsqueeze(1) +
                     smooth(128) * scale.select(1, 1).unsqueeze(1) +
                     torch::tensor(bumps).view({count, kNumPoints}));
}

/// F x 1 x H x W, 8 bits: what is fin where backgrounds are to be swapped; else undefined.
torch::Tensor silhouettes(const FinPack& pack,
                          const FinViewOptions& options,
                          const EmbedderContract& contract) {
  if (options.background == 0) return {};
  if (contract.masked) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("--background {}: the pack hides what is not fin, there is no "
                            "background to swap. Leave the option out.",
                            options.background));
  }
  const auto count = static_cast<std::int64_t>(pack.fins.size());
  torch::Tensor result = torch::empty({count, 1, pack.height_px, pack.width_px}, torch::kByte);
  for (std::int64_t i = 0; i < count; ++i) {
    const PackedFin& fin = pack.fins[static_cast<std::size_t>(i)];
    if (fin.silhouette.empty()) {
      throw Error(ErrorKind::kBadInput,
                  fmt::format("--background {}: the pack does not say what is fin in {}. Make it "
                              "with finview dataset pack --show-background --keep-masks.",
                              options.background,
                              fin.name));
    }
    std::copy(fin.silhouette.begin(), fin.silhouette.end(), result[i].data_ptr<std::uint8_t>());
  }
  return result;
}

/// For each view whose background it gets: of another fin, or its own.
torch::Tensor donors(const std::vector<PlannedView>& views, double chance, RandomDraw& random) {
  std::vector<std::int64_t> result;
  for (std::size_t n = 0; n < views.size(); ++n) {
    const bool swaps = random.chance(chance);
    const std::size_t first = random.index(views.size());
    std::size_t from = n;
    for (std::size_t k = 0; swaps && from == n && k < views.size(); ++k) {
      const std::size_t other = (first + k) % views.size();
      if (views[other].fin != views[n].fin) from = other;
    }
    result.push_back(static_cast<std::int64_t>(from));
  }
  return torch::tensor(result);
}

}  // namespace

struct FinViews::Shown {
  torch::Tensor picture;  ///< N x C x H x W, 0..255
  torch::Tensor mask;     ///< N x 1 x H x W, 0..1
  torch::Tensor fin;      ///< likewise, where the mask says only what the photo shows; or undefined
};

FinViews::FinViews(const FinPack& pack, const FinViewOptions& options, torch::Device device)
    : contract_(EmbedderContract::from_json(pack.contract_json)),
      options_(options),
      device_(device) {
  if (pack.fins.empty()) throw Error(ErrorKind::kBadInput, "The pack holds no fins.");
  const auto count = static_cast<std::int64_t>(pack.fins.size());
  const std::int64_t height = pack.height_px;
  const std::int64_t width = pack.width_px;
  pictures_ = torch::empty({count, height, width, pack.num_channels}, torch::kByte);
  masks_ = torch::empty({count, 1, height, width}, torch::kByte);
  distances_ = torch::full({count, height, width}, 127, torch::kChar);
  places_ = torch::zeros({count, height, width}, torch::kByte);
  silhouettes_ = silhouettes(pack, options, contract_);
  std::vector<float> lengths;
  for (std::int64_t i = 0; i < count; ++i) {
    const PackedFin& fin = pack.fins[static_cast<std::size_t>(i)];
    std::copy(fin.picture.begin(), fin.picture.end(), pictures_[i].data_ptr<std::uint8_t>());
    std::copy(fin.mask.begin(), fin.mask.end(), masks_[i].data_ptr<std::uint8_t>());
    std::copy(fin.distance.begin(), fin.distance.end(), distances_[i].data_ptr<std::int8_t>());
    std::copy(fin.place.begin(), fin.place.end(), places_[i].data_ptr<std::uint8_t>());
    points_.push_back(fin.points);
    double length = 0;
    for (std::size_t k = 1; k < fin.points.size(); ++k) {
      length += std::hypot(fin.points[k][0] - fin.points[k - 1][0],
                           fin.points[k][1] - fin.points[k - 1][1]);
    }
    lengths.push_back(static_cast<float>(length));
  }
  if (pack.num_channels == 3) pictures_ = pictures_.flip(3);  // BGR to RGB
  pictures_ = pictures_.permute({0, 3, 1, 2}).contiguous().to(device_);
  masks_ = masks_.to(device_);
  if (silhouettes_.defined()) silhouettes_ = silhouettes_.to(device_);
  distances_ = distances_.to(device_);
  places_ = places_.to(device_);
  lengths_ = torch::tensor(lengths).to(device_);
  cuts_ = torch::tensor(pack.cuts).view({-1, kNumPoints});
}

torch::Tensor FinViews::rows(const std::vector<PlannedView>& views) const {
  std::vector<std::int64_t> indices;
  for (const PlannedView& view : views) indices.push_back(static_cast<std::int64_t>(view.fin));
  return torch::tensor(indices).to(device_);
}

/// What invented individuals wear: lighter and darker streaks and blobs, N x 1 x H x W of the pack.
torch::Tensor FinViews::marks(const std::vector<PlannedView>& views) const {
  Numbers numbers(6);
  for (const PlannedView& view : views) {
    RandomDraw random(view.individual);
    const bool wears = view.cut && random.chance(options_.marks);
    for (std::int64_t k = 0; k < kMarks; ++k) {
      const double x = random.uniform(0.05, 0.6);
      const double y = random.uniform(0.1, 0.95);
      const double angle = random.uniform(0, M_PI);
      const double length = random.log_uniform(0.01, 0.12);
      const double width = length * random.log_uniform(0.1, 1);
      const double tone = wears && random.chance(0.6) ? random.uniform(-50, 60) : 0;
      numbers.add({x, y, angle, 1 / length, 1 / std::max(0.006, width), tone});
    }
  }
  const auto count = static_cast<std::int64_t>(views.size());
  const torch::Tensor all = numbers.tensor(device_).view({count, kMarks, 6});
  const std::int64_t height = pictures_.size(2);
  const std::int64_t width = pictures_.size(3);
  const auto [x, y] = positions(height / kMarkStep, width / kMarkStep, device_);
  torch::Tensor tone = torch::zeros({count, 1, height / kMarkStep, width / kMarkStep},
                                    torch::TensorOptions().device(device_));
  for (std::int64_t k = 0; k < kMarks; ++k) {
    const torch::Tensor mark = all.select(1, k);
    const torch::Tensor dx = x - column(mark, 0);
    const torch::Tensor dy = y - column(mark, 1);
    const torch::Tensor c = torch::cos(column(mark, 2));
    const torch::Tensor s = torch::sin(column(mark, 2));
    const torch::Tensor distance =
        ((c * dx + s * dy) * column(mark, 3)).pow(2) + ((c * dy - s * dx) * column(mark, 4)).pow(2);
    tone += torch::exp(-distance) * column(mark, 5);
  }
  return nn::interpolate(tone,
                         nn::InterpolateFuncOptions()
                             .size(std::vector<std::int64_t>{height, width})
                             .mode(torch::kBilinear)
                             .align_corners(false));
}

/// The fins of the pack with the trailing edges that `views` and `noise` (N x kNumPoints) ask for.
FinViews::Shown FinViews::invented(const std::vector<PlannedView>& views,
                                   const torch::Tensor& noise) const {
  const torch::Tensor fins = rows(views);
  torch::Tensor cuts = noise.clone();
  for (std::size_t i = 0; i < views.size(); ++i) {
    if (views[i].cut) {
      cuts[static_cast<std::int64_t>(i)] += cuts_[static_cast<std::int64_t>(*views[i].cut)];
    }
  }
  // The edge is moved between its ends only.
  const torch::Tensor along = torch::linspace(0, 1, kNumPoints);
  cuts = cuts * (along.div(0.03).clamp_max(1) * (1 - along).div(0.03).clamp_max(1));
  cuts = cuts.to(device_) * lengths_.index_select(0, fins).unsqueeze(1);

  Shown shown;
  shown.picture = pictures_.index_select(0, fins).to(torch::kFloat) + marks(views);
  const torch::Tensor old_mask = masks_.index_select(0, fins).to(torch::kFloat).div_(255);
  const torch::Tensor distance = distances_.index_select(0, fins).to(torch::kFloat).div_(4);
  const torch::Tensor place = places_.index_select(0, fins).to(torch::kLong);
  const torch::Tensor depth = cuts.gather(1, place.flatten(1)).view(distance.sizes());
  const torch::Tensor moved = (0.5 - distance - depth).clamp(0, 1).unsqueeze(1);
  shown.mask = torch::where(distance.abs().lt(kFar).unsqueeze(1), moved, old_mask);
  if (silhouettes_.defined()) {
    shown.fin = silhouettes_.index_select(0, fins).to(torch::kFloat).div_(255);
  }
  return shown;
}

/// What the affine maps (N x 6, from positions in the layout to the pack's) show.
FinViews::Shown FinViews::cut_out(const Shown& fins, const torch::Tensor& maps) const {
  const std::int64_t height = contract_.height_px;
  const std::int64_t width = contract_.width_px;
  const auto [x, y] = positions(height, width, device_);
  const torch::Tensor pixels = torch::stack(
      {(x * height).flatten(), (y * height).flatten(), torch::ones_like(x).flatten()}, 0);
  const torch::Tensor size =
      torch::tensor({static_cast<float>(fins.mask.size(3)), static_cast<float>(fins.mask.size(2))});
  const torch::Tensor grid =
      (2 * maps.view({-1, 2, 3}).matmul(pixels).permute({0, 2, 1}) / size.to(device_) - 1)
          .view({-1, height, width, 2});
  const auto sampling = nn::GridSampleFuncOptions()
                            .mode(torch::kBilinear)
                            .padding_mode(torch::kBorder)
                            .align_corners(false);
  Shown shown{nn::grid_sample(fins.picture, grid, sampling),
              nn::grid_sample(fins.mask, grid, sampling),
              {}};
  if (fins.fin.defined()) shown.fin = nn::grid_sample(fins.fin, grid, sampling);
  return shown;
}

/// RGB on the contract's background, -1..1.
torch::Tensor FinViews::to_input(const Shown& shown) const {
  const double background = contract_.masked ? 255 : 128;
  const torch::Tensor picture =
      shown.picture.clamp(0, 255) * shown.mask + background * (1 - shown.mask);
  return picture.sub(127.5).div(127.5).expand({-1, 3, -1, -1});
}

/// Blur, light and noise. Returns height and slope of each picture's water line, N x 2.
torch::Tensor FinViews::photograph(Shown& shown,
                                   RandomDraw& random,
                                   const at::Generator& generator) const {
  const std::int64_t count = shown.picture.size(0);
  const auto [x, y] = positions(contract_.height_px, contract_.width_px, device_);

  // Blur rounds the border that a mask will have.
  Numbers looks(10);
  for (std::int64_t n = 0; n < count; ++n) {
    const double blur = random.chance(options_.blur) ? random.uniform(0.3, 1.8) : 0;
    const double contrast = std::exp(0.4 * options_.light * random.uniform(-1, 1));
    const double brightness = 30 * options_.light * random.uniform(-1, 1);
    const double slope_x = 60 * options_.light * random.uniform(-1, 1);
    const double slope_y = 60 * options_.light * random.uniform(-1, 1);
    const double noise = random.chance(options_.noise) ? random.uniform(1, 10) : 0;
    const double line = random.chance(options_.water) ? 0.91 + 0.02 * normal(random) : 9;
    const double tilt = 0.15 * normal(random);
    const double glare = random.chance(0.2 * options_.light) ? random.uniform(40, 160) : 0;
    const double glare_y = random.uniform(0.1, 0.9);
    looks.add({blur, contrast, brightness, slope_x, slope_y, noise, line, tilt, glare, glare_y});
  }
  const torch::Tensor look = looks.tensor(device_);
  const torch::Tensor soft = blurred(torch::cat({shown.picture, shown.mask}, 1), look.select(1, 0));
  shown.picture = soft.index({Slice(), Slice(None, -1)});
  shown.mask = ((soft.index({Slice(), Slice(-1, None)}) - 0.5) * 2 + 0.5).clamp(0, 1);

  // Light.
  const torch::Tensor glare = column(look, 8) * torch::exp(-((y - column(look, 9)) / 0.12).pow(2) -
                                                           ((x - 0.25) / 0.15).pow(2));
  shown.picture = (shown.picture - 110) * column(look, 1) + 110 + column(look, 2) +
                  column(look, 3) * (x - 0.25) + column(look, 4) * (y - 0.5) + glare;
  shown.picture += column(look, 5) * torch::randn(shown.picture.sizes(), generator).to(device_);
  return look.slice(1, 6, 8);
}

torch::Tensor FinViews::draw(const std::vector<PlannedView>& views, std::uint64_t seed) const {
  const torch::NoGradGuard no_grad;
  RandomDraw random(seed);
  const at::Generator generator = at::detail::createCPUGenerator(random.bits());
  const auto count = static_cast<std::int64_t>(views.size());
  Shown shown = invented(views, tracing_noise(count, options_.contour, random, generator));

  // Cut out of the pack what this photo shows.
  Numbers maps(6);
  for (const PlannedView& view : views) {
    const Affine m = random_placing(points_[view.fin], contract_, options_, random).inverse();
    maps.add({m.a, m.b, m.c, m.d, m.e, m.f});
  }
  shown = cut_out(shown, maps.tensor(device_));
  // Draws of their own, so that views without these two are what they were before there were any.
  RandomDraw late(seed ^ kLateDraws);
  if (shown.fin.defined()) {
    shown.picture = with_backgrounds(
        shown.picture, shown.fin, shown.mask, donors(views, options_.background, late).to(device_));
  }
  const torch::Tensor lines = photograph(shown, random, generator);
  if (options_.jpeg > 0) shown.picture = compressed(shown.picture, options_.jpeg, late);
  shown.mask = shown.mask * uncovered(lines, contract_, options_, random);
  const torch::Tensor input = to_input(shown);
  Numbers mirrors(1);
  for (const PlannedView& view : views) mirrors.add({view.mirrored ? 1.0 : 0.0});
  return torch::where(column(mirrors.tensor(device_), 0).gt(0), input.flip(3), input);
}

torch::Tensor FinViews::plain(const std::vector<std::size_t>& fins) const {
  const torch::NoGradGuard no_grad;
  FinViewOptions still;
  still.missing_end = still.foreshortening = still.shear = still.place = 0;
  RandomDraw unused(0);
  std::vector<PlannedView> views;
  Numbers maps(6);
  for (std::size_t fin : fins) {
    views.push_back({fin, std::nullopt, 0, false});
    const Affine m = random_placing(points_[fin], contract_, still, unused).inverse();
    maps.add({m.a, m.b, m.c, m.d, m.e, m.f});
  }
  const torch::Tensor index = rows(views);
  const Shown whole{pictures_.index_select(0, index).to(torch::kFloat),
                    masks_.index_select(0, index).to(torch::kFloat).div(255),
                    {}};
  return to_input(cut_out(whole, maps.tensor(device_)));
}

}  // namespace finview
