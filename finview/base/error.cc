#include "finview/base/error.h"

namespace finview {

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kBadInput:
    case ErrorKind::kBadOptions:
      return 2;
    case ErrorKind::kNotFound:
      return 3;
    case ErrorKind::kConflict:
      return 4;
    case ErrorKind::kBadModel:
      return 5;
    case ErrorKind::kUnavailable:
      return 6;
  }
  return 1;
}

void Faults::throw_if_any(ErrorKind kind) const {
  if (sentences_.empty()) return;
  std::string all;
  for (const std::string& sentence : sentences_) {
    if (!all.empty()) all += '\n';
    all += sentence;
  }
  throw Error(kind, all);
}

}  // namespace finview
