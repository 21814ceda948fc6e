#include "finview/crop/resize_area.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include <opencv2/core/hal/intrin.hpp>
#include <opencv2/imgproc.hpp>

namespace finview {
namespace {

/// How much of a target pixel a source pixel covers, along one axis.
struct Share {
  int target = 0;
  int source = 0;
  float amount = 0;
};

/// As OpenCV makes them (`computeResizeAreaTab`).
std::vector<Share> shares_of(int num_source, int num_target) {
  constexpr double kNothing = 1e-3;
  const double scale = 1 / (static_cast<double>(num_target) / num_source);
  std::vector<Share> shares;
  for (int target = 0; target < num_target; ++target) {
    const double begin = target * scale;
    const double end = begin + scale;
    const double width = std::min(scale, num_source - begin);
    const int last = std::min(static_cast<int>(std::floor(end)), num_source - 1);
    const int first = std::min(static_cast<int>(std::ceil(begin)), last);
    if (first - begin > kNothing) {
      shares.push_back({target, first - 1, static_cast<float>((first - begin) / width)});
    }
    for (int source = first; source < last; ++source) {
      shares.push_back({target, source, static_cast<float>(1 / width)});
    }
    if (end - last > kNothing) {
      const double rest = std::min({end - last, 1.0, width});
      shares.push_back({target, last, static_cast<float>(rest / width)});
    }
  }
  return shares;
}

/// The shares of each target, equally many: those that are lacking weigh nothing, which changes no
/// sum and spares the processor branches that it cannot foresee.
struct EvenShares {
  std::size_t per_target = 0;
  std::vector<Share> shares;
};

EvenShares even_shares_of(int num_source, int num_target) {
  const std::vector<Share> shares = shares_of(num_source, num_target);
  std::vector<std::size_t> counts(static_cast<std::size_t>(num_target));
  for (const Share& share : shares) ++counts[static_cast<std::size_t>(share.target)];
  EvenShares even{*std::max_element(counts.begin(), counts.end()), {}};
  for (std::size_t i = 0; i < shares.size(); ++i) {
    even.shares.push_back(shares[i]);
    if (i + 1 < shares.size() && shares[i + 1].target == shares[i].target) continue;
    const std::size_t full = even.per_target * static_cast<std::size_t>(shares[i].target + 1);
    even.shares.resize(full, {shares[i].target, shares[i].source, 0});
  }
  return even;
}

/// Four channels of each target column, from a row.
void sum_row(const uchar* row, const EvenShares& columns, std::vector<float>& sums) {
  const Share* share = columns.shares.data();
  const std::size_t per_target = columns.per_target;
  float* const end = sums.data() + sums.size();
  for (float* to = sums.data(); to != end; to += 4) {
    cv::v_float32x4 sum = cv::v_setzero_f32();
    for (std::size_t i = 0; i < per_target; ++i, ++share) {
      const cv::v_uint32x4 pixel = cv::v_load_expand_q(row + 4 * std::ptrdiff_t{share->source});
      const cv::v_float32x4 value = cv::v_cvt_f32(cv::v_reinterpret_as_s32(pixel));
      sum = sum + value * cv::v_setall_f32(share->amount);
    }
    cv::v_store(to, sum);
  }
}

void round_row(const std::vector<float>& sums, uchar* to) {
  std::size_t k = 0;
  for (; k + 8 <= sums.size(); k += 8) {
    const cv::v_int32x4 first = cv::v_round(cv::v_load(&sums[k]));
    const cv::v_int32x4 second = cv::v_round(cv::v_load(&sums[k + 4]));
    cv::v_pack_u_store(to + k, cv::v_pack(first, second));
  }
  for (; k < sums.size(); ++k) to[k] = cv::saturate_cast<uchar>(sums[k]);
}

bool is_whole(double scale) { return std::abs(scale - std::round(scale)) < 1e-9; }

}  // namespace

void resize_area(const cv::Mat& picture, cv::Mat& result) {
  const cv::Size size = result.size();
  const double scale_x = static_cast<double>(picture.cols) / size.width;
  const double scale_y = static_cast<double>(picture.rows) / size.height;
  const bool has_whole_scales = is_whole(scale_x) && is_whole(scale_y);  // OpenCV's fast case
  if (picture.type() != CV_8UC4 || scale_x < 1 || scale_y < 1 || has_whole_scales) {
    cv::resize(picture, result, size, 0, 0, cv::INTER_AREA);
    return;
  }
  const EvenShares columns = even_shares_of(picture.cols, size.width);
  std::vector<float> row(4 * static_cast<std::size_t>(size.width));
  std::vector<float> sums(row.size());
  const std::vector<Share> rows = shares_of(picture.rows, size.height);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const bool is_summed = i > 0 && rows[i - 1].source == rows[i].source;
    if (!is_summed) sum_row(picture.ptr<uchar>(rows[i].source), columns, row);
    const bool is_first = i == 0 || rows[i - 1].target != rows[i].target;
    if (is_first) std::fill(sums.begin(), sums.end(), 0.0F);
    const float amount = rows[i].amount;
    for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += amount * row[k];
    if (i + 1 < rows.size() && rows[i + 1].target == rows[i].target) continue;
    round_row(sums, result.ptr<uchar>(rows[i].target));
  }
}

}  // namespace finview
