#pragma once

#include <complex>
#include <vector>

#include <opencv2/core/mat.hpp>
#include <opencv2/core/types.hpp>

namespace finview {

/// Discrete Fourier transform of the points as x + iy: sum of z[m] exp(-2 pi i k m / n), unscaled.
std::vector<std::complex<double>> fourier_transform(const std::vector<cv::Point2d>& points);

/// Inverse of `fourier_transform`.
std::vector<cv::Point2d> inverse_fourier_transform(const std::vector<std::complex<double>>& values);

/// The shape of a closed polygon as 2 * `num_harmonics` complex numbers (1 to 64 harmonics) that do
/// not change when it is moved, scaled, turned or started at another point.
///
/// The polygon is taken at 256 equal steps of arc length, as Zahn & Roskies ("Fourier descriptors
/// for plane closed curves", IEEE Trans. Computers C-21, 1972, section III) parametrize it, and
/// counter- clockwise in x + iy. Its coefficients c[k] lose the center (c[0]), the size (|c[1]|)
/// and, by turning the first-harmonic ellipse's major axis and start point to zero, the rotation
/// and start (Kuhl & Giardina, "Elliptic Fourier features of a closed contour", CGIP 18, 1982,
/// section 5). Of the two ends of that axis the one is taken that makes the real part of the
/// largest even coefficient positive. Order: c[1] = 1, c[2], ... c[n], c[-1], ... c[-n]. Empty
/// if the polygon encloses no area.
std::vector<std::complex<double>> fourier_descriptor(const std::vector<cv::Point2f>& polygon,
                                                     int num_harmonics);

/// The outline that a normalized descriptor describes, drawn white on black in a square of
/// `size_px`.
cv::Mat draw_fourier_descriptor(const std::vector<std::complex<double>>& descriptor, int size_px);

}  // namespace finview
