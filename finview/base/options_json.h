#pragma once

#include "finview/base/options.h"

#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace finview {

namespace internal {

/// Takes every field from a JSON object.
class JsonOptionReader : public OptionVisitor {
 public:
  explicit JsonOptionReader(const nlohmann::json& values) : values_(values) {}
  /// Throws Error{kBadOptions} if `text` is not JSON.
  explicit JsonOptionReader(const std::string& text);
  void field(const std::string& name, bool& value, const std::string& help) override;
  void field(const std::string& name,
             std::string& value,
             const std::string& help,
             const std::vector<std::string>& choices) override;
  void field(const std::string& name,
             std::int64_t& value,
             const std::string& help,
             std::int64_t min,
             std::int64_t max) override;
  void field(const std::string& name,
             double& value,
             const std::string& help,
             double min,
             double max) override;
  /// Throws Error{kBadOptions} that lists every fault.
  void finish() const;

 private:
  const nlohmann::json* find(const std::string& name);

  std::shared_ptr<const nlohmann::json> parsed_;
  const nlohmann::json& values_;
  std::vector<std::string> names_;
  std::vector<std::string> faults_;
};

/// Writes every field as {name, type, help, default, min?, max?, choices?, locked}.
class JsonOptionWriter : public OptionVisitor {
 public:
  /// `fields` is an array, `values` an object; both are added to.
  JsonOptionWriter(nlohmann::json& fields, nlohmann::json& values)
      : fields_(fields), values_(values) {}
  void field(const std::string& name, bool& value, const std::string& help) override;
  void field(const std::string& name,
             std::string& value,
             const std::string& help,
             const std::vector<std::string>& choices) override;
  void field(const std::string& name,
             std::int64_t& value,
             const std::string& help,
             std::int64_t min,
             std::int64_t max) override;
  void field(const std::string& name,
             double& value,
             const std::string& help,
             double min,
             double max) override;

 private:
  nlohmann::json& add(const std::string& name, const char* type, const std::string& help);

  nlohmann::json& fields_;
  nlohmann::json& values_;
};

}  // namespace internal

/// Takes the fields that the object `values` names (JSON, or its text). Throws Error{kBadOptions}
/// that lists every unknown name, wrong type and value outside its range.
template <class Options, class Json>
void read_options(Options& options, const Json& values) {
  internal::JsonOptionReader reader(values);
  options.visit(reader);
  reader.finish();
  check_options(options);
}

/// Adds what a form needs to know of each field to the array `fields`, and the values to the object
/// `values`. The default of a field is its value in `options`.
template <class Options>
void describe_options(Options options, nlohmann::json& fields, nlohmann::json& values) {
  internal::JsonOptionWriter writer(fields, values);
  options.visit(writer);
}

}  // namespace finview
