#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace finview {

/// Visits the fields of an option struct.
///
/// Every option struct has one `void visit(OptionVisitor& visitor)` that names each of its fields
/// once: name (kebab-case), member, help and range. Command line, configuration file, printed
/// configuration and range checks are all made from it.
class OptionVisitor {
 public:
  virtual ~OptionVisitor() = default;
  virtual void field(const std::string& name, bool& value, const std::string& help) = 0;
  /// `choices` empty: any text.
  virtual void field(const std::string& name,
                     std::string& value,
                     const std::string& help,
                     const std::vector<std::string>& choices = {}) = 0;
  /// Both ends of the range are allowed.
  virtual void field(const std::string& name,
                     std::int64_t& value,
                     const std::string& help,
                     std::int64_t min,
                     std::int64_t max) = 0;
  virtual void field(
      const std::string& name, double& value, const std::string& help, double min, double max) = 0;
};

namespace internal {

/// Notes every value outside its range or choices.
class RangeCheck : public OptionVisitor {
 public:
  void field(const std::string&, bool&, const std::string&) override {}
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
  std::vector<std::string> faults;
};

void throw_bad_options(const std::vector<std::string>& faults);

}  // namespace internal

/// Throws Error{kBadOptions} that lists every field of `options` outside its range.
template <class Options>
void check_options(Options options) {
  internal::RangeCheck check;
  options.visit(check);
  internal::throw_bad_options(check.faults);
}

}  // namespace finview
