#include "finview/pipeline/comparison_picture.h"

#include "finview/match/edge_warping.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

constexpr int kPanelPx = 400;
constexpr int kGapPx = 10;
constexpr int kTitlePx = 26;
constexpr int kProfilePx = 220;
constexpr int kLinePx = 22;
constexpr int kWidthPx = 3 * kPanelPx + 4 * kGapPx;
const cv::Scalar kInk(50, 40, 30);
const cv::Scalar kFirst(160, 90, 0);
const cv::Scalar kSecond(0, 110, 230);
const cv::Scalar kMark(220, 200, 0);

void write(cv::Mat& canvas, const std::string& text, cv::Point at) {
  cv::putText(canvas, text, at, cv::FONT_HERSHEY_SIMPLEX, 0.45, kInk, 1, cv::LINE_AA);
}

/// A crop scaled into a panel, and where its pixels went.
struct Panel {
  cv::Mat picture;
  double scale = 1;
  cv::Point2f offset;

  explicit Panel(const Crop& crop)
      : picture(kPanelPx, kPanelPx, CV_8UC3, cv::Scalar::all(235)),
        scale(static_cast<double>(kPanelPx) / std::max(crop.bgr.cols, crop.bgr.rows)) {
    cv::Mat scaled;
    cv::resize(crop.bgr, scaled, {}, scale, scale, scale < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
    const cv::Rect all(0, 0, kPanelPx, kPanelPx);
    const cv::Rect place =
        cv::Rect((kPanelPx - scaled.cols) / 2, kPanelPx - scaled.rows, scaled.cols, scaled.rows) &
        all;
    scaled(cv::Rect(0, 0, place.width, place.height)).copyTo(picture(place));
    offset = cv::Point2f(place.tl());
  }

  cv::Point2f at(const cv::Point2f& crop_point) const {
    return static_cast<float>(scale) * crop_point + offset;
  }
};

/// The point of an edge at a share of its height.
cv::Point2f at_height(const FinEdge& edge, double share) {
  const float top = edge.points.front().y;
  float bottom = top;
  for (const cv::Point2f& point : edge.points) bottom = std::max(bottom, point.y);
  const auto wanted = static_cast<float>(top + share * (bottom - top));
  const auto found = std::find_if(
      edge.points.begin(), edge.points.end(), [&](const auto& point) { return point.y >= wanted; });
  return found == edge.points.end() ? edge.points.back() : *found;
}

/// The middle band of the notch profile, where notches show, at a share of the height.
double notch_at(const FinEdge& edge, double share) {
  constexpr int kBand = 1;
  const int i =
      std::clamp(static_cast<int>(share * FinEdge::kNumSamples), 0, FinEdge::kNumSamples - 1);
  return edge.signals[kBand * FinEdge::kNumSamples + i] +
         edge.signals[(kBand + 1) * FinEdge::kNumSamples + i];
}

/// What two edges have in common, along the path that warps one onto the other.
struct EdgeAgreement {
  std::vector<EdgeWarper::Pair> path;
  std::vector<double> alike;         ///< 0 to 1, of each pair
  std::vector<std::size_t> notches;  ///< pairs where both are cut in or jut out most
};

EdgeAgreement agreement_of(const FinEdge& a, const FinEdge& b) {
  EdgeAgreement result;
  result.path = EdgeWarper(a).path(b);
  double energy = 1e-12;
  for (const auto& pair : result.path) {
    energy += std::pow(notch_at(a, pair.query), 2) + std::pow(notch_at(b, pair.other), 2);
  }
  const double usual = std::sqrt(energy / (2 * static_cast<double>(result.path.size()) + 1));
  std::vector<double> common;
  for (const auto& pair : result.path) {
    const double x = notch_at(a, pair.query);
    const double y = notch_at(b, pair.other);
    result.alike.push_back(std::exp(-std::abs(x - y) / usual));
    common.push_back(x * y > 0 ? std::min(std::abs(x), std::abs(y)) / usual : 0);
  }
  for (std::size_t i = 0; i < common.size(); ++i) {
    if (common[i] < 0.8) continue;
    const std::size_t first = i < 6 ? 0 : i - 6;
    const std::size_t last = std::min(common.size(), i + 7);
    const bool highest =
        *std::max_element(common.begin() + static_cast<std::ptrdiff_t>(first),
                          common.begin() + static_cast<std::ptrdiff_t>(last)) == common[i];
    if (highest && (result.notches.empty() || i - result.notches.back() > 6)) {
      result.notches.push_back(i);
    }
  }
  return result;
}

/// Red where edges differ, green where they agree.
cv::Scalar color_of(double alike) { return {0, 60 + 160 * alike, 230 * (1 - alike)}; }

void draw_edge(Panel& panel, const FinEdge& edge, const EdgeAgreement& common, bool first) {
  for (std::size_t i = 1; i < common.path.size(); ++i) {
    const auto share = [&](std::size_t k) {
      return first ? common.path[k].query : common.path[k].other;
    };
    cv::line(panel.picture,
             panel.at(at_height(edge, share(i - 1))),
             panel.at(at_height(edge, share(i))),
             color_of(common.alike[i]),
             2,
             cv::LINE_AA);
  }
}

/// The affine map that lays edge `b` and its tip on `a`; mirrored where the two show two flanks.
cv::Mat a_from_b(const FinEdge& a, const FinEdge& b, const EdgeAgreement& common) {
  std::vector<cv::Point2f> from;
  std::vector<cv::Point2f> to;
  for (const auto& pair : common.path) {
    from.push_back(at_height(b, pair.other));
    to.push_back(at_height(a, pair.query));
  }
  // Edges are nearly straight, so turn, scale and shift alone are fitted (complex least squares),
  // after `b` is mirrored if it must be.
  const float flip = a.side == b.side ? 1.F : -1.F;
  cv::Point2d mean_from(0, 0);
  cv::Point2d mean_to(0, 0);
  for (std::size_t i = 0; i < from.size(); ++i) {
    from[i].x *= flip;
    mean_from += cv::Point2d(from[i]) * (1.0 / double(from.size()));
    mean_to += cv::Point2d(to[i]) * (1.0 / double(from.size()));
  }
  double re = 0;
  double im = 0;
  double norm = 1e-9;
  for (std::size_t i = 0; i < from.size(); ++i) {
    const cv::Point2d x = cv::Point2d(from[i]) - mean_from;
    const cv::Point2d y = cv::Point2d(to[i]) - mean_to;
    re += x.dot(y);
    im += x.x * y.y - x.y * y.x;
    norm += x.dot(x);
  }
  re /= norm;
  im /= norm;
  return (cv::Mat_<double>(2, 3) << re * flip,
          -im,
          mean_to.x - re * mean_from.x + im * mean_from.y,
          im * flip,
          re,
          mean_to.y - im * mean_from.x - re * mean_from.y);
}

cv::Mat local_mean(const cv::Mat& picture, double sigma) {
  cv::Mat result;
  cv::GaussianBlur(picture, result, {}, sigma);
  return result;
}

/// Correlation of two gray pictures around each pixel, -1 to 1.
cv::Mat local_correlation(const cv::Mat& a, const cv::Mat& b, double sigma) {
  cv::Mat x;
  cv::Mat y;
  a.convertTo(x, CV_32F);
  b.convertTo(y, CV_32F);
  x -= local_mean(x, sigma);
  y -= local_mean(y, sigma);
  const cv::Mat xx = local_mean(x.mul(x), sigma) + 20;
  const cv::Mat yy = local_mean(y.mul(y), sigma) + 20;
  cv::Mat energy;
  cv::sqrt(xx.mul(yy), energy);
  return local_mean(x.mul(y), sigma) / energy;
}

/// The skin of both fins, one on the other: green where it is alike, red where it differs.
cv::Mat heat_map(const ShownFin& a, const ShownFin& b, const EdgeAgreement& common) {
  const FinEdge& edge_a = *a.signature.edge;
  cv::Mat laid;
  cv::warpAffine(b.crop.bgr,
                 laid,
                 a_from_b(edge_a, *b.signature.edge, common),
                 a.crop.bgr.size(),
                 cv::INTER_LINEAR,
                 cv::BORDER_REPLICATE);
  cv::Mat gray_a;
  cv::Mat gray_b;
  cv::cvtColor(a.crop.bgr, gray_a, cv::COLOR_BGR2GRAY);
  cv::cvtColor(laid, gray_b, cv::COLOR_BGR2GRAY);
  const cv::Mat alike = local_correlation(gray_a, gray_b, a.crop.bgr.rows / 25.0);
  cv::Mat heat(a.crop.bgr.size(), CV_8UC3);
  for (int y = 0; y < heat.rows; ++y) {
    for (int x = 0; x < heat.cols; ++x) {
      const double value = 0.5 + 0.5 * std::clamp<double>(alike.at<float>(y, x), -1, 1);
      const int gray = gray_a.at<std::uint8_t>(y, x) / 2;
      heat.at<cv::Vec3b>(y, x) = {static_cast<std::uint8_t>(gray),
                                  static_cast<std::uint8_t>(gray + 127 * value),
                                  static_cast<std::uint8_t>(gray + 127 * (1 - value))};
    }
  }
  return heat;
}

/// The two notch profiles, the second warped onto the first.
void draw_profiles(cv::Mat canvas,
                   const FinEdge& a,
                   const FinEdge& b,
                   const EdgeAgreement& common) {
  double largest = 1e-9;
  for (const auto& pair : common.path) {
    largest =
        std::max({largest, std::abs(notch_at(a, pair.query)), std::abs(notch_at(b, pair.other))});
  }
  const auto at = [&](double share, double value) {
    return cv::Point2d(share * canvas.cols, canvas.rows * (0.5 - 0.45 * value / largest));
  };
  for (const std::size_t i : common.notches) {
    const double x = common.path[i].query * canvas.cols;
    cv::line(canvas, cv::Point2d(x, 0), cv::Point2d(x, canvas.rows), cv::Scalar::all(210), 1);
  }
  for (std::size_t i = 1; i < common.path.size(); ++i) {
    const auto& before = common.path[i - 1];
    const auto& here = common.path[i];
    cv::line(canvas,
             at(before.query, notch_at(a, before.query)),
             at(here.query, notch_at(a, here.query)),
             kFirst,
             2,
             cv::LINE_AA);
    cv::line(canvas,
             at(before.query, notch_at(b, before.other)),
             at(here.query, notch_at(b, here.other)),
             kSecond,
             2,
             cv::LINE_AA);
  }
}

/// Where a mark lies in its crop.
cv::Point2f mark_point(const FinSignature& signature, std::size_t index) {
  const FinEdge& edge = *signature.edge;
  const float unit = edge.points.back().y - edge.points.front().y;
  const FinMarks::Place& place = signature.marks->places[index];
  return edge.points.front() + unit * cv::Point2f(place.x, place.y);
}

}  // namespace

cv::Mat draw_comparison(const ShownFin& a,
                        const ShownFin& b,
                        const std::vector<MarkMatcher::Match>& marks,
                        const std::vector<std::string>& lines) {
  const int height = kTitlePx + kPanelPx + 3 * kGapPx + kProfilePx +
                     kLinePx * (1 + static_cast<int>(lines.size()));
  cv::Mat canvas(height, kWidthPx, CV_8UC3, cv::Scalar::all(255));
  std::array<Panel, 2> panels{Panel(a.crop), Panel(b.crop)};
  const std::array<cv::Point, 2> corners{cv::Point(kGapPx, kTitlePx),
                                         cv::Point(2 * kGapPx + kPanelPx, kTitlePx)};
  const std::array<const ShownFin*, 2> fins{&a, &b};
  std::optional<EdgeAgreement> common;
  if (a.signature.edge && b.signature.edge) {
    common = agreement_of(*a.signature.edge, *b.signature.edge);
  }
  for (std::size_t k = 0; k < 2; ++k) {
    if (common) draw_edge(panels[k], *fins[k]->signature.edge, *common, k == 0);
    panels[k].picture.copyTo(canvas(cv::Rect(corners[k], cv::Size(kPanelPx, kPanelPx))));
    write(canvas, fins[k]->title, corners[k] + cv::Point(0, -8));
  }
  const auto on_canvas = [&](std::size_t k, const cv::Point2f& crop_point) {
    return panels[k].at(crop_point) + cv::Point2f(corners[k]);
  };
  for (const MarkMatcher::Match& match : marks) {
    const auto from = on_canvas(0, mark_point(a.signature, match.query));
    const auto to = on_canvas(1, mark_point(b.signature, match.other));
    cv::circle(canvas, from, 4, kMark, 1, cv::LINE_AA);
    cv::circle(canvas, to, 4, kMark, 1, cv::LINE_AA);
    cv::line(canvas, from, to, kMark, 1, cv::LINE_AA);
  }
  int y = kTitlePx + kPanelPx + kGapPx + 14;
  if (common) {
    for (const std::size_t i : common->notches) {
      cv::line(canvas,
               on_canvas(0, at_height(*a.signature.edge, common->path[i].query)),
               on_canvas(1, at_height(*b.signature.edge, common->path[i].other)),
               kFirst,
               1,
               cv::LINE_AA);
    }
    const cv::Point corner(3 * kGapPx + 2 * kPanelPx, kTitlePx);
    const Panel heat({heat_map(a, b, *common), {}, 0, 0, 1});
    heat.picture.copyTo(canvas(cv::Rect(corner, cv::Size(kPanelPx, kPanelPx))));
    write(canvas, "skin: green alike, red different", corner + cv::Point(0, -8));
    write(
        canvas, "notch profiles from the tip (left) down: first blue, second orange", {kGapPx, y});
    draw_profiles(canvas(cv::Rect(kGapPx, y + 6, kWidthPx - 2 * kGapPx, kProfilePx - 6)),
                  *a.signature.edge,
                  *b.signature.edge,
                  *common);
  } else {
    write(canvas, "No trailing edge was found on both fins.", {kGapPx, y});
  }
  y += kProfilePx + kGapPx;
  for (const std::string& line : lines) write(canvas, line, {kGapPx, y += kLinePx});
  return canvas;
}

}  // namespace finview
