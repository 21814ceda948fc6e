#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace finview {

/// One field of a form.
struct FormPart {
  std::string name;
  std::string file_name;  ///< as the client calls it; empty if it does not
  std::string_view data;
};

/// The fields of a body of multipart/form-data (RFC 7578), at most 10,000; they point into `body`.
///
/// `content_type`: the header with the boundary. Throws Error{kBadInput} for another type and for a
/// body that is not made so or breaks off.
std::vector<FormPart> parse_form(std::string_view body, std::string_view content_type);

}  // namespace finview
