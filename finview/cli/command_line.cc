#include "finview/cli/command_line.h"

#include "finview/base/error.h"

#include <algorithm>
#include <charconv>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace finview {
namespace {

/// Reads the whole of `text` as a number, or says what is wrong.
template <class Number>
std::string read_number(
    const std::string& name, const std::string& text, Number min, Number max, Number& value) {
  Number parsed{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (error != std::errc() || end != text.data() + text.size()) {
    return fmt::format("--{} is \"{}\"; a number from {} to {} is needed.", name, text, min, max);
  }
  if (!(parsed >= min && parsed <= max)) {
    return fmt::format("--{} is {}; it must be from {} to {}.", name, text, min, max);
  }
  value = parsed;
  return {};
}

}  // namespace

struct CommandLine::Impl {
  CLI::App app;
  std::string name;
  /// One for each option: moves what was read into the user's variable, returns the fault or "".
  std::vector<std::function<std::string()>> readers;

  void add(const std::string& option_name,
           const std::string& help,
           const std::string& shown_default,
           const std::function<std::string(const std::string&)>& read) {
    CLI::Option* option = app.add_option("--" + option_name, help);
    option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    option->default_str(shown_default);
    readers.push_back([option, read]() -> std::string {
      return option->count() == 0 ? "" : read(option->results().back());
    });
  }
};

CommandLine::CommandLine(const std::string& name,
                         const std::string& summary,
                         const std::string& example)
    : impl_(std::make_unique<Impl>()) {
  impl_->name = name;
  impl_->app.name("finview " + name);
  impl_->app.description(summary);
  impl_->app.footer("Example:\n  " + example);
  impl_->app.set_config("--config", "", "Read options from a file of lines name=value");
  impl_->app.allow_config_extras(CLI::config_extras_mode::error);
  impl_->app.allow_extras();
  impl_->app.get_formatter()->column_width(34);
}

CommandLine::~CommandLine() = default;

void CommandLine::positionals(const std::string& placeholder,
                              std::vector<std::string>& values,
                              const std::string& help) {
  impl_->app.add_option(placeholder, values, help);
}

void CommandLine::list(const std::string& name,
                       std::vector<std::string>& values,
                       const std::string& help) {
  impl_->app.add_option("--" + name, values, help)->expected(1)->take_all();
}

void CommandLine::field(const std::string& name, bool& value, const std::string& help) {
  const std::string flags = value ? fmt::format("--{0},!--no-{0}", name) : "--" + name;
  impl_->app.add_flag(flags, value, help);
}

void CommandLine::field(const std::string& name,
                        std::string& value,
                        const std::string& help,
                        const std::vector<std::string>& choices) {
  std::string full_help = help;
  if (!choices.empty()) full_help += fmt::format(" ({})", fmt::join(choices, ", "));
  impl_->add(name, full_help, value, [name, choices, &value](const std::string& text) {
    if (!choices.empty() && std::find(choices.begin(), choices.end(), text) == choices.end()) {
      return fmt::format(
          "--{} is \"{}\"; it must be one of {}.", name, text, fmt::join(choices, ", "));
    }
    value = text;
    return std::string();
  });
}

void CommandLine::field(const std::string& name,
                        std::int64_t& value,
                        const std::string& help,
                        std::int64_t min,
                        std::int64_t max) {
  impl_->add(name, help, fmt::to_string(value), [=, &value](const std::string& text) {
    return read_number(name, text, min, max, value);
  });
}

void CommandLine::field(
    const std::string& name, double& value, const std::string& help, double min, double max) {
  impl_->add(name, help, fmt::to_string(value), [=, &value](const std::string& text) {
    return read_number(name, text, min, max, value);
  });
}

void CommandLine::require(const std::string& name) {
  CLI::Option* option = impl_->app.get_option("--" + name);
  option->default_str("");
  option->description(option->get_description() + " (required)");
  impl_->readers.push_back([option, name]() -> std::string {
    return option->count() > 0 ? "" : fmt::format("--{} is needed.", name);
  });
}

bool CommandLine::parse(std::span<const std::string> arguments) {
  std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
  Faults faults;
  try {
    impl_->app.parse(reversed);
  } catch (const CLI::CallForHelp&) {
    fmt::print("{}", impl_->app.help());
    return false;
  } catch (const CLI::ParseError& error) {
    faults.add(error.what());
  }
  for (const auto& read : impl_->readers) {
    if (const std::string fault = read(); !fault.empty()) faults.add(fault);
  }
  for (const std::string& extra : impl_->app.remaining()) {
    faults.add(fmt::format("\"{}\" is not an option of finview {}; see finview {} --help.",
                           extra,
                           impl_->name,
                           impl_->name));
  }
  faults.throw_if_any(ErrorKind::kBadOptions);
  return true;
}

void require_paths(const std::vector<std::string>& paths, const std::string& command) {
  if (!paths.empty()) return;
  throw Error(ErrorKind::kBadOptions,
              fmt::format("No photo or folder was named; see finview {} --help.", command));
}

}  // namespace finview
