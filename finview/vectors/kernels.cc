#include "finview/vectors/kernels.h"

#include "finview/vectors/kernels_body.h"

namespace finview::internal {
namespace {

struct Isa;

Kernels fastest() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")) {
    return avx512_kernels();
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return avx2_kernels();
#endif
  return baseline_kernels();
}

}  // namespace

Kernels baseline_kernels() { return make_kernels<Isa, 16>(); }

const Kernels& kernels() {
  static const Kernels chosen = fastest();
  return chosen;
}

}  // namespace finview::internal
