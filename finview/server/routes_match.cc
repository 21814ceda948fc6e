#include "finview/pipeline/match_pictures.h"
#include "finview/server/inputs.h"
#include "finview/server/multipart.h"
#include "finview/server/router.h"

#include <semaphore>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {

using nlohmann::json;

namespace {

constexpr std::uint64_t kMaxBytes = 64'000'000;
constexpr std::size_t kMaxPictures = 200;

/// So that many bodies at once do not fill the memory.
std::counting_semaphore<4>& places() {
  static std::counting_semaphore<4> semaphore(4);
  return semaphore;
}

struct Place {
  Place() {
    if (places().try_acquire()) return;
    throw Error(ErrorKind::kUnavailable, "Four requests are being matched; try again soon.");
  }
  ~Place() { places().release(); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
};

std::vector<PhotoFile> read_pictures(const HttpRequest& request) {
  const std::string body = read_body(request, kMaxBytes);
  std::vector<PhotoFile> pictures;
  for (const FormPart& part : parse_form(body, request.header("Content-Type"))) {
    if (part.name != "images" && part.name != "images[]") continue;
    const std::string name =
        part.file_name.empty() ? fmt::format("image {}", pictures.size() + 1) : part.file_name;
    pictures.push_back({name, {part.data.begin(), part.data.end()}});
  }
  if (pictures.empty() || pictures.size() > kMaxPictures) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("The form has {} fields \"images\"; it must be 1 to {}.",
                            pictures.size(),
                            kMaxPictures));
  }
  return pictures;
}

HttpAnswer match_pictures(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  const Place place;
  std::vector<PictureMatch> found;
  try {
    found = context.matcher.match(read_pictures(request));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kBadInput) throw;
    throw Problem(422, "bad-input", error.what());  // as the contract of other programs has it
  }
  json matches = json::array();
  for (const PictureMatch& match : found) {
    matches.push_back({{"rank", matches.size() + 1},
                       {"id", match.individual},
                       {"rating", match.probability},
                       {"details", match.photo}});
  }
  return json_answer({{"matches", std::move(matches)}});
}

}  // namespace

std::vector<Route> match_routes() {
  return {{"POST", "/match", Role::kViewer, match_pictures, false}};
}

}  // namespace finview
