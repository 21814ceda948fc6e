#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace finview {

/// What went wrong, for exit codes and HTTP answers. Append-only.
enum class ErrorKind { kBadInput, kBadOptions, kNotFound, kConflict, kBadModel, kUnavailable };

/// The one exception of FinView.
///
/// `what()` is a sentence for the user: what, where, which value, which limit, what to do. Whoever
/// throws does not log.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& sentence) : std::runtime_error(sentence), kind_(kind) {}
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

/// Exit code of a program that ends with this kind: 2 for bad input and options, 3 not found,
/// 4 conflict, 5 bad model, 6 unavailable.
int exit_code(ErrorKind kind);

/// Gathers faults so that all of them can be told at once.
class Faults {
 public:
  void add(std::string sentence) { sentences_.push_back(std::move(sentence)); }
  bool empty() const { return sentences_.empty(); }
  const std::vector<std::string>& sentences() const { return sentences_; }
  /// Throws one Error that lists every fault, one a line, if there is any.
  void throw_if_any(ErrorKind kind) const;

 private:
  std::vector<std::string> sentences_;
};

}  // namespace finview
