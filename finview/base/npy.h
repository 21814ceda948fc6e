#pragma once

#include <complex>
#include <cstdint>
#include <span>
#include <vector>

namespace finview {

/// A NumPy file, version 1.0 (numpy.lib.format), of a one-dimensional complex128 array.
std::vector<std::uint8_t> npy_bytes(std::span<const std::complex<double>> values);

/// The same of a row-major float32 matrix with `num_columns` columns.
///
/// Throws Error{kBadInput} if the values do not fill whole rows.
std::vector<std::uint8_t> npy_bytes(std::span<const float> values, std::size_t num_columns);

/// How such a matrix begins; its values follow as they lie in memory.
std::vector<std::uint8_t> npy_matrix_header(std::uint64_t num_rows, std::uint64_t num_columns);

}  // namespace finview
