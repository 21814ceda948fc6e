#pragma once

#include <string>
#include <string_view>

namespace finview {

/// RFC 1952, at zlib's fastest level: some 100 MB a second.
std::string gzip(std::string_view bytes);

/// Whether "Accept-Encoding" asks for gzip (RFC 9110, section 12.5.3): names it, or "*", with a
/// weight above 0.
bool accepts_gzip(std::string_view accept_encoding);

}  // namespace finview
