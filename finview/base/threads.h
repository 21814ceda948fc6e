#pragma once

#include <cstddef>
#include <functional>

namespace finview {

/// Cores this process may use, at least 1.
int num_cores();

/// Calls `work(i)` once for every i in [0, count), on up to `num_threads` threads.
///
/// The order is unspecified, so results must depend on i alone. The first exception is rethrown
/// after all threads have stopped; calls not yet started are then skipped.
void parallel_for(std::size_t count, int num_threads, const std::function<void(std::size_t)>& work);

/// Makes the allocator keep large blocks instead of returning them to the system after every
/// use. Networks on the CPU run 2 to 6 times faster with it (docs/decisions/0002-speed.md).
/// Call once, at the start of `main`.
void keep_large_allocations();

/// Keeps OpenBLAS, where it is the system's BLAS, from splitting products of matrices between
/// threads of its own, which torch's number of threads does not govern: those of networks that look
/// at one crop are so small that it costs more than it brings. Call once, at the start of `main`.
void keep_blas_on_one_thread();

}  // namespace finview
