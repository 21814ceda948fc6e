#include "finview/synthetic/edge_recut.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace finview::synthetic {
namespace {

using Curve = std::vector<cv::Point2f>;

constexpr double kSmoothing = .045;  ///< of the course, share of the edge's length
constexpr float kDeepestOld = .16f;  ///< an old notch that can be closed, share of the length

Curve resampled(const Curve& curve, std::size_t count) {
  std::vector<float> lengths(curve.size(), 0);
  for (std::size_t i = 1; i < curve.size(); ++i) {
    lengths[i] = lengths[i - 1] + static_cast<float>(cv::norm(curve[i] - curve[i - 1]));
  }
  Curve result(count);
  std::size_t segment = 1;
  for (std::size_t i = 0; i < count; ++i) {
    const float target = lengths.back() * static_cast<float>(i) / static_cast<float>(count - 1);
    while (segment + 1 < curve.size() && lengths[segment] < target) ++segment;
    const float span = std::max(1e-6f, lengths[segment] - lengths[segment - 1]);
    const float t = std::clamp((target - lengths[segment - 1]) / span, 0.f, 1.f);
    result[i] = curve[segment - 1] * (1 - t) + curve[segment] * t;
  }
  return result;
}

float length_of(const Curve& curve) {
  float length = 0;
  for (std::size_t i = 1; i < curve.size(); ++i) {
    length += static_cast<float>(cv::norm(curve[i] - curve[i - 1]));
  }
  return length;
}

/// Gaussian smoothing whose reach shrinks toward the ends, which stay.
template <class Value>
std::vector<Value> smoothed(const std::vector<Value>& values, double sigma) {
  const auto last = std::ssize(values) - 1;
  const auto radius = static_cast<std::ptrdiff_t>(std::ceil(2.5 * sigma));
  std::vector<Value> result = values;
  for (std::ptrdiff_t i = 1; i < last; ++i) {
    const std::ptrdiff_t reach = std::min({radius, i, last - i});
    Value sum{};
    float weights = 0;
    for (std::ptrdiff_t k = -reach; k <= reach; ++k) {
      const double z = static_cast<double>(k) / sigma;
      const auto weight = static_cast<float>(std::exp(-.5 * z * z));
      sum += values[static_cast<std::size_t>(i + k)] * weight;
      weights += weight;
    }
    result[static_cast<std::size_t>(i)] = sum * (1 / weights);
  }
  return result;
}

float sample(const cv::Mat& plane, const cv::Point2f& place) {
  const float x = std::clamp(place.x - .5f, 0.f, static_cast<float>(plane.cols) - 1.001f);
  const float y = std::clamp(place.y - .5f, 0.f, static_cast<float>(plane.rows) - 1.001f);
  const int x0 = static_cast<int>(x);
  const int y0 = static_cast<int>(y);
  const float fx = x - static_cast<float>(x0);
  const float fy = y - static_cast<float>(y0);
  const auto* top = plane.ptr<float>(y0) + x0;
  const auto* bottom = plane.ptr<float>(y0 + 1) + x0;
  return (top[0] * (1 - fx) + top[1] * fx) * (1 - fy) +
         (bottom[0] * (1 - fx) + bottom[1] * fx) * fy;
}

/// The course an edge would have without its notches, and its outward normals.
struct Course {
  Curve points;
  Curve normals;
  float length = 0;
};

Curve normals_of(const Curve& points, float sign) {
  Curve normals(points.size());
  const auto last = std::ssize(points) - 1;
  for (std::ptrdiff_t i = 0; i <= last; ++i) {
    const auto& before = points[static_cast<std::size_t>(std::max<std::ptrdiff_t>(0, i - 3))];
    const auto& after = points[static_cast<std::size_t>(std::min(last, i + 3))];
    const cv::Point2f along = after - before;
    const auto norm = static_cast<float>(std::max(1e-6, cv::norm(along)));
    normals[static_cast<std::size_t>(i)] = cv::Point2f(along.y, -along.x) * (sign / norm);
  }
  return normals;
}

Course smooth_course(const Curve& edge, const cv::Mat& inside) {
  const float length = length_of(edge);
  const auto count = static_cast<std::size_t>(std::max(64.f, length));
  const Curve even = resampled(edge, count);
  const double sigma = kSmoothing * static_cast<double>(count);
  Course course;
  course.length = length;
  course.points = smoothed(even, sigma);
  float balance = 0;
  const Curve draft = normals_of(course.points, 1);
  for (std::size_t i = 0; i < count; ++i) {
    const cv::Point2f step = draft[i] * (.03f * length);
    balance += sample(inside, course.points[i] - step) - sample(inside, course.points[i] + step);
  }
  const float sign = balance >= 0 ? 1 : -1;
  // Notches go inward: what lies inside the course is left out of it.
  for (int pass = 0; pass < 4; ++pass) {
    const Curve normals = normals_of(course.points, sign);
    Curve lifted = even;
    for (std::size_t i = 0; i < count; ++i) {
      const float out = (even[i] - course.points[i]).dot(normals[i]);
      if (out < -.002f * length) lifted[i] = course.points[i];
    }
    course.points = smoothed(lifted, sigma);
  }
  course.normals = normals_of(course.points, sign);
  return course;
}

/// How far out of the course the mask's border lies, along the normals.
std::vector<float> old_offsets(const Course& course, const cv::Mat& inside) {
  const float most = kDeepestOld * course.length;
  std::vector<float> offsets(course.points.size(), 0);
  for (std::size_t i = 0; i < offsets.size(); ++i) {
    const float here = sample(inside, course.points[i]) - .5f;
    const float direction = here > 0 ? 1.f : -1.f;
    float before = here;
    for (float r = .5f; r <= most; r += .5f) {
      const float now =
          sample(inside, course.points[i] + course.normals[i] * (direction * r)) - .5f;
      if ((now > 0) != (here > 0)) {
        offsets[i] =
            direction * (r - .5f * std::abs(now) / std::max(1e-3f, std::abs(now - before)));
        break;
      }
      before = now;
    }
  }
  return offsets;
}

/// Place of each pixel relative to the course: nearest point and distance out of it.
struct Frame {
  cv::Mat index;     ///< CV_32S, -1 where no point of the course is near
  cv::Mat distance;  ///< CV_32F, positive outside
};

Frame frame_around(const Course& course, cv::Size size, float reach) {
  cv::Mat free(size, CV_8U, cv::Scalar(255));
  cv::Mat owner(size, CV_32S, cv::Scalar(-1));
  const cv::Rect picture({}, size);
  for (std::size_t i = 0; i < course.points.size(); ++i) {
    const cv::Point pixel(cvFloor(course.points[i].x), cvFloor(course.points[i].y));
    if (!picture.contains(pixel)) continue;
    free.at<std::uint8_t>(pixel) = 0;
    owner.at<int>(pixel) = static_cast<int>(i);
  }
  cv::Mat far;
  cv::Mat labels;
  cv::distanceTransform(free, far, labels, cv::DIST_L2, 5, cv::DIST_LABEL_PIXEL);
  std::vector<int> point_of_label(static_cast<std::size_t>(size.area()) + 1, -1);
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      if (owner.at<int>(y, x) < 0) continue;
      point_of_label[static_cast<std::size_t>(labels.at<int>(y, x))] = owner.at<int>(y, x);
    }
  }
  Frame frame{cv::Mat(size, CV_32S, cv::Scalar(-1)), cv::Mat::zeros(size, CV_32F)};
  const int last = static_cast<int>(course.points.size()) - 1;
  for (int y = 0; y < size.height; ++y) {
    for (int x = 0; x < size.width; ++x) {
      if (far.at<float>(y, x) > reach) continue;
      const int index = point_of_label[static_cast<std::size_t>(labels.at<int>(y, x))];
      if (index <= 1 || index >= last - 1) continue;  // beyond the ends
      const auto at = static_cast<std::size_t>(index);
      const cv::Point2f place(static_cast<float>(x) + .5f, static_cast<float>(y) + .5f);
      frame.index.at<int>(y, x) = index;
      frame.distance.at<float>(y, x) = (place - course.points[at]).dot(course.normals[at]);
    }
  }
  return frame;
}

/// Both ends of the edge stay where they are.
float taper(std::size_t i, std::size_t count) {
  const float s = static_cast<float>(i) / static_cast<float>(count - 1);
  return std::clamp(std::min(s, 1 - s) / .025f, 0.f, 1.f);
}

class Recutter {
 public:
  Recutter(const FinPicture& picture, const std::vector<double>& depths) : picture_(picture) {
    picture.mask.convertTo(inside_, CV_32F, 1 / 255.);
    cv::GaussianBlur(inside_, inside_, {}, .7);
    course_ = smooth_course(picture.trailing_edge, inside_);
    old_ = old_offsets(course_, inside_);
    const std::size_t count = course_.points.size();
    new_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      const double place = static_cast<double>(i) / static_cast<double>(count - 1) *
                           static_cast<double>(depths.size() - 1);
      const auto low = std::min(static_cast<std::size_t>(place), depths.size() - 2);
      const double t = place - static_cast<double>(low);
      new_[i] = -course_.length * taper(i, count) *
                static_cast<float>(depths[low] * (1 - t) + depths[low + 1] * t);
      old_[i] *= taper(i, count);
    }
    softness_ = std::max(1.f, .004f * course_.length);
  }

  FinPicture recut() {
    float deepest = .03f * course_.length;
    for (const float offset : old_) deepest = std::max(deepest, std::abs(offset));
    reach_ = 2.6f * deepest;
    float farthest = 0;
    for (const float offset : new_) farthest = std::max(farthest, std::abs(offset));
    frame_ =
        frame_around(course_, picture_.bgr.size(), std::max(reach_, farthest + 4 * softness_) + 2);
    close_old();
    return cut_new();
  }

 private:
  /// Moves the old edge onto the course; what is far from it stays.
  void close_old() {
    cv::Mat map(picture_.bgr.size(), CV_32FC2);
    for (int y = 0; y < map.rows; ++y) {
      for (int x = 0; x < map.cols; ++x) {
        cv::Point2f from(static_cast<float>(x), static_cast<float>(y));
        const int index = frame_.index.at<int>(y, x);
        const float share = frame_.distance.at<float>(y, x) / reach_;
        if (index >= 0 && std::abs(share) < 1) {
          const auto at = static_cast<std::size_t>(index);
          const float weight = (1 - share * share) * (1 - share * share);
          from += course_.normals[at] * (old_[at] * weight);
        }
        map.at<cv::Point2f>(y, x) = from;
      }
    }
    cv::remap(picture_.bgr, closed_, map, {}, cv::INTER_CUBIC, cv::BORDER_REPLICATE);
  }

  FinPicture cut_new() const {
    FinPicture result;
    result.bgr = closed_.clone();
    result.mask = picture_.mask.clone();
    cv::Mat fin_from(closed_.size(), CV_32FC2);
    cv::Mat sea_from(closed_.size(), CV_32FC2);
    cv::Mat cover(closed_.size(), CV_32F, cv::Scalar(-1));
    for (int y = 0; y < closed_.rows; ++y) {
      for (int x = 0; x < closed_.cols; ++x) {
        const cv::Point2f here(static_cast<float>(x), static_cast<float>(y));
        fin_from.at<cv::Point2f>(y, x) = sea_from.at<cv::Point2f>(y, x) = here;
        const int index = frame_.index.at<int>(y, x);
        if (index < 0) continue;
        const auto at = static_cast<std::size_t>(index);
        const float out = frame_.distance.at<float>(y, x);
        const float band = std::abs(new_[at]) + 3 * softness_;
        if (std::abs(out) < band + reach_) {
          result.mask.at<std::uint8_t>(y, x) = out < new_[at] ? 255 : 0;
        }
        if (std::abs(out) > band) continue;
        // Pixels on the old border are mixed: both sides are taken from beyond them.
        const cv::Point2f normal = course_.normals[at];
        const float m = softness_;
        if (out > -m) fin_from.at<cv::Point2f>(y, x) += normal * (-2 * m - 2 * out);
        if (out < m) sea_from.at<cv::Point2f>(y, x) += normal * (2 * m - 2 * out);
        cover.at<float>(y, x) = coverage(at, out);
      }
    }
    cv::Mat fin;
    cv::Mat sea;
    cv::remap(closed_, fin, fin_from, {}, cv::INTER_LINEAR, cv::BORDER_REFLECT);
    cv::remap(closed_, sea, sea_from, {}, cv::INTER_LINEAR, cv::BORDER_REFLECT);
    for (int y = 0; y < closed_.rows; ++y) {
      for (int x = 0; x < closed_.cols; ++x) {
        const float amount = cover.at<float>(y, x);
        if (amount < 0) continue;
        const cv::Vec3f mixed = cv::Vec3f(fin.at<cv::Vec3b>(y, x)) * amount +
                                cv::Vec3f(sea.at<cv::Vec3b>(y, x)) * (1 - amount);
        for (int c = 0; c < 3; ++c) {
          result.bgr.at<cv::Vec3b>(y, x)[c] = cv::saturate_cast<std::uint8_t>(mixed[c]);
        }
      }
    }
    for (std::size_t i = 0; i < course_.points.size(); ++i) {
      result.trailing_edge.push_back(course_.points[i] + course_.normals[i] * new_[i]);
    }
    return result;
  }

  /// Of a pixel `out` of the course by the fin; steep flanks of a notch are as soft as the rest.
  float coverage(std::size_t at, float out) const {
    const std::size_t before = at == 0 ? 0 : at - 1;
    const std::size_t after = std::min(at + 1, new_.size() - 1);
    const float slope = .5f * (new_[after] - new_[before]);
    const float inside = (new_[at] - out) / std::sqrt(1 + slope * slope);
    return std::clamp(.5f + inside / (2 * softness_), 0.f, 1.f);
  }

  const FinPicture& picture_;
  cv::Mat inside_;
  Course course_;
  std::vector<float> old_;
  std::vector<float> new_;
  float softness_ = 1;
  float reach_ = 0;
  Frame frame_;
  cv::Mat closed_;
};

}  // namespace

FinPicture recut_edge(const FinPicture& picture, const std::vector<double>& depths) {
  return Recutter(picture, depths).recut();
}

}  // namespace finview::synthetic
