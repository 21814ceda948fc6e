#include "finview/outline/outline_edit.h"

#include "finview/base/error.h"

#include <utility>

#include <fmt/format.h>

namespace finview {

EditHistory with_edit(EditHistory history, OutlineEdit edit) {
  history.edits.resize(history.num_done);
  history.edits.push_back(std::move(edit));
  ++history.num_done;
  return history;
}

EditHistory with_undone(EditHistory history, std::size_t count) {
  if (count > history.num_done) {
    throw Error(
        ErrorKind::kBadOptions,
        fmt::format("{} edits cannot be undone: only {} are done.", count, history.num_done));
  }
  history.num_done -= count;
  return history;
}

EditHistory with_redone(EditHistory history, std::size_t count) {
  const std::size_t num_undone = history.edits.size() - history.num_done;
  if (count > num_undone) {
    throw Error(
        ErrorKind::kBadOptions,
        fmt::format("{} edits cannot be done again: only {} are undone.", count, num_undone));
  }
  history.num_done += count;
  return history;
}

}  // namespace finview
