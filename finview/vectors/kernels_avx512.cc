#include "finview/vectors/kernels_body.h"

namespace finview::internal {
namespace {

struct Isa;

}  // namespace

Kernels avx512_kernels() { return make_kernels<Isa, 64>(); }

}  // namespace finview::internal
