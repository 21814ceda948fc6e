#include "finview/pipeline/journal.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/result_json.h"

#include <nlohmann/json.hpp>

namespace finview {
namespace {

// Photo names may hold bytes that are no UTF-8; they must not stop the journal.
std::string to_line(const nlohmann::json& json) {
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

}  // namespace

Journal::Journal(std::filesystem::path file, const std::string& settings) : file_(std::move(file)) {
  std::error_code ignored;
  if (std::filesystem::exists(file_, ignored)) load(settings);
  // Written anew, so that nothing follows a line that was cut off.
  std::string text = to_line({{"settings", settings}});
  for (const auto& [photo, result] : results_) text += to_line(to_json(result));
  write_file(file_, text);
  stream_.open(file_, std::ios::app | std::ios::binary);
}

void Journal::load(const std::string& settings) {
  std::ifstream stream(file_, std::ios::binary);
  std::string line;
  if (!std::getline(stream, line)) return;
  const nlohmann::json header = nlohmann::json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!header.is_object() || header.value("settings", "") != settings) return;
  while (std::getline(stream, line)) {
    try {
      const PhotoResult result = photo_result_from_json(nlohmann::json::parse(line));
      results_[result.photo] = result;
    } catch (const nlohmann::json::exception&) {
      return;  // the line that a crash cut off
    }
  }
}

std::optional<PhotoResult> Journal::find(const std::string& photo,
                                         const std::string& sha256) const {
  const auto found = results_.find(photo);
  if (found == results_.end() || found->second.sha256 != sha256) return std::nullopt;
  return found->second;
}

void Journal::add(const PhotoResult& result) {
  stream_ << to_line(to_json(result)) << std::flush;
  if (!stream_) {
    throw Error(ErrorKind::kUnavailable,
                file_.string() + " cannot be written; is the disk full? What is finished is kept.");
  }
}

}  // namespace finview
