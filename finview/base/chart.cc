#include "finview/base/chart.h"

#include "finview/base/html.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

namespace finview {
namespace {

constexpr double kWidth = 480;
constexpr double kHeight = 300;
constexpr double kLeft = 56;
constexpr double kRight = 12;
constexpr double kTop = 46;
constexpr double kBottom = 46;
constexpr double kLegendY = 36;
constexpr double kLegendStep = 15;
constexpr double kLetterWidth = 7;
constexpr std::size_t kMaxBarLabels = 12;
constexpr std::array kColors{"#0b6e99", "#c2571a", "#11734b", "#7a4fa3", "#8a6d00", "#b3264a"};

struct Axis {
  double min = 0;
  double max = 1;
  double from_px = 0;
  double to_px = 1;

  double px(double value) const {
    return from_px + (value - min) / (max - min) * (to_px - from_px);
  }
};

/// Widened to whole marks.
Axis fitted(double min, double max, double from_px, double to_px) {
  if (!(max > min)) max = min + 1;
  const double step = axis_step(max - min);
  return {std::floor(min / step) * step, std::ceil(max / step) * step, from_px, to_px};
}

std::string text(double x, double y, const char* anchor, const std::string& words) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n",
                     x,
                     y,
                     anchor,
                     escape_html(words));
}

std::string frame_start(const std::string& title) {
  return fmt::format(
             "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\" font-size=\"12\" "
             "font-family=\"system-ui, sans-serif\" fill=\"#14252e\">\n",
             kWidth,
             kHeight,
             escape_html(title)) +
         fmt::format("<text x=\"{}\" y=\"18\" font-size=\"14\" font-weight=\"600\">{}</text>\n",
                     kLeft,
                     escape_html(title));
}

std::string axis_names(const std::string& x_label, const std::string& y_label) {
  return text((kLeft + kWidth - kRight) / 2, kHeight - 8, "middle", x_label) +
         fmt::format(
             "<text transform=\"translate(13 {:.1f}) rotate(-90)\" text-anchor=\"middle\">{}"
             "</text>\n",
             (kTop + kHeight - kBottom) / 2,
             escape_html(y_label));
}

std::string horizontal_marks(const Axis& y) {
  std::string marks;
  const double step = axis_step(y.max - y.min);
  for (int i = 0; y.min + i * step <= y.max + step / 2; ++i) {
    const double value = y.min + i * step;
    marks +=
        fmt::format("<line x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#d9e1e5\"/>\n",
                    kLeft,
                    kWidth - kRight,
                    y.px(value),
                    y.px(value));
    marks += text(kLeft - 6, y.px(value) + 4, "end", fmt::format("{:.6g}", value));
  }
  return marks;
}

std::string vertical_marks(const Axis& x) {
  std::string marks;
  const double step = axis_step(x.max - x.min);
  for (int i = 0; x.min + i * step <= x.max + step / 2; ++i) {
    const double value = x.min + i * step;
    const std::string words = fmt::format("{:.6g}", value);
    const double half = kLetterWidth * static_cast<double>(words.size()) / 2;
    const double middle = std::min(x.px(value), kWidth - half - 2);  // inside the picture
    marks += text(middle, kHeight - kBottom + 16, "middle", words);
  }
  return marks;
}

std::string polyline(const ChartLine& line, const Axis& x, const Axis& y, const char* color) {
  std::string points;
  for (const auto& [at, value] : line.points) {
    points += fmt::format("{:.1f},{:.1f} ", x.px(at), y.px(value));
  }
  return fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.8\"/>\n",
                     points,
                     color);
}

/// The names of the lines under the title, in as many rows as they need; `bottom` gets the height
/// of the last.
std::string legend(const std::vector<ChartLine>& lines, double& bottom) {
  std::string marks;
  double x = kLeft;
  bottom = kLegendY;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].name.empty()) continue;
    const double width = 16 + kLetterWidth * static_cast<double>(lines[i].name.size());
    if (x > kLeft && x + width > kWidth) {
      x = kLeft;
      bottom += kLegendStep;
    }
    marks += fmt::format("<rect x=\"{:.1f}\" y=\"{}\" width=\"12\" height=\"3\" fill=\"{}\"/>\n",
                         x,
                         bottom - 5,
                         kColors[i % kColors.size()]);
    marks += text(x + 16, bottom, "start", lines[i].name);
    x += width + 16;
  }
  return marks;
}

}  // namespace

double axis_step(double span) {
  const double power = std::pow(10.0, std::floor(std::log10(span / 3)));
  for (const double factor : {5.0, 2.0}) {
    if (span / (factor * power) >= 3) return factor * power;
  }
  return power;
}

std::string LineChart::svg() const {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  double x_min = kInfinity, x_max = -kInfinity, y_min = 0, y_max = share ? 1 : -kInfinity;
  for (const ChartLine& line : lines) {
    for (const auto& [at, value] : line.points) {
      x_min = std::min(x_min, at);
      x_max = std::max(x_max, at);
      if (!share) y_max = std::max(y_max, value);
      if (!share) y_min = std::min(y_min, value);
    }
  }
  std::string svg = frame_start(title) + axis_names(x_label, y_label);
  if (x_min > x_max) {
    return svg + text((kLeft + kWidth) / 2, kHeight / 2, "middle", "nothing to show yet") +
           "</svg>\n";
  }
  const Axis x = fitted(x_min, x_max, kLeft, kWidth - kRight);
  double legend_bottom = 0;
  svg += legend(lines, legend_bottom);
  const Axis y = fitted(y_min, y_max, kHeight - kBottom, legend_bottom + kTop - kLegendY);
  svg += horizontal_marks(y) + vertical_marks(x);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    svg += polyline(lines[i], x, y, kColors[i % kColors.size()]);
  }
  return svg + "</svg>\n";
}

std::string BarChart::svg() const {
  double highest = 0;
  for (const auto& [label, value] : bars) highest = std::max(highest, value);
  const Axis y = fitted(0, highest, kHeight - kBottom, kTop);
  std::string svg = frame_start(title) + axis_names(x_label, y_label) + horizontal_marks(y);
  const double step =
      (kWidth - kRight - kLeft) / static_cast<double>(std::max<std::size_t>(1, bars.size()));
  const std::size_t every = (bars.size() + kMaxBarLabels - 1) / kMaxBarLabels;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const auto& [label, value] = bars[i];
    const double left = kLeft + static_cast<double>(i) * step;
    svg += fmt::format(
        "<rect x=\"{:.2f}\" y=\"{:.1f}\" width=\"{:.2f}\" height=\"{:.1f}\" fill=\"{}\">"
        "<title>{}: {:.6g}</title></rect>\n",
        left + 0.1 * step,
        y.px(value),
        0.8 * step,
        y.px(0) - y.px(value),
        kColors[0],
        escape_html(label),
        value);
    if (i % every == 0) svg += text(left + step / 2, kHeight - kBottom + 16, "middle", label);
  }
  return svg + "</svg>\n";
}

}  // namespace finview
