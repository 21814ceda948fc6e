#include "finview/vectors/kernels_body.h"

namespace finview::internal {
namespace {

struct Isa;

}  // namespace

Kernels avx2_kernels() { return make_kernels<Isa, 32>(); }

}  // namespace finview::internal
