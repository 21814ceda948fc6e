#include "finview/synthetic/claim.h"

#include "finview/base/error.h"
#include "finview/base/files.h"

#include <cstdint>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview::synthetic {
namespace {

/// The options as JSON, but for those that do not change the result.
class JsonWriter : public OptionVisitor {
 public:
  JsonWriter() : json(nlohmann::ordered_json::object()) {}
  void field(const std::string& name, bool& value, const std::string&) override {
    json[name] = value;
  }
  void field(const std::string& name,
             std::string& value,
             const std::string&,
             const std::vector<std::string>&) override {
    json[name] = value;
  }
  void field(const std::string& name,
             std::int64_t& value,
             const std::string&,
             std::int64_t,
             std::int64_t) override {
    if (name != "threads") json[name] = value;
  }
  void field(const std::string& name, double& value, const std::string&, double, double) override {
    json[name] = value;
  }
  nlohmann::ordered_json json;
};

}  // namespace

void claim_folder(const std::function<void(OptionVisitor&)>& visit,
                  const std::filesystem::path& folder) {
  JsonWriter writer;
  visit(writer);
  const std::string text = writer.json.dump(2) + "\n";
  const std::filesystem::path path = folder / "synth.json";
  std::error_code ignored;
  if (std::filesystem::exists(path, ignored) && read_text_file(path) != text) {
    throw Error(ErrorKind::kConflict,
                fmt::format("{} holds what was rendered with other options (see synth.json "
                            "there); choose another folder or remove it.",
                            folder.string()));
  }
  write_file(path, text);
}

}  // namespace finview::synthetic
