#pragma once

#include "finview/match/gallery.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace finview {

/// A signature as bytes (little-endian, whole 32-bit words), about 40 KB.
std::vector<std::uint8_t> to_bytes(const FinSignature& signature);

/// Nothing if the bytes are not one whole signature.
std::optional<FinSignature> signature_from(std::span<const std::uint8_t> bytes);

}  // namespace finview
