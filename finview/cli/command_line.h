#pragma once

#include "finview/base/options.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace finview {

/// The arguments of one command: declares them, reads them, explains them.
///
/// Option structs register themselves through `OptionVisitor`: `options.visit(command_line)`.
/// Everything declared must outlive `parse`. Each option can also stand in a file given by
/// `--config` (lines `name=value`).
class CommandLine : public OptionVisitor {
 public:
  /// `name` as typed, e.g. "catalogue index"; `example` is a whole command line.
  CommandLine(const std::string& name, const std::string& summary, const std::string& example);
  ~CommandLine() override;

  /// Arguments without a dash. `placeholder` e.g. "PATH".
  void positionals(const std::string& placeholder,
                   std::vector<std::string>& values,
                   const std::string& help);
  /// An option that may be given several times.
  void list(const std::string& name, std::vector<std::string>& values, const std::string& help);

  void field(const std::string& name, bool& value, const std::string& help) override;
  void field(const std::string& name,
             std::string& value,
             const std::string& help,
             const std::vector<std::string>& choices = {}) override;
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

  /// Declares that the option `name` must be given.
  void require(const std::string& name);

  /// Reads `arguments` (without program and command name). False: help was asked for and printed,
  /// nothing else is to be done. Throws Error{kBadOptions} that lists every fault.
  bool parse(std::span<const std::string> arguments);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Throws Error{kBadOptions} that says how to get help if no path was given.
void require_paths(const std::vector<std::string>& paths, const std::string& command);

}  // namespace finview
