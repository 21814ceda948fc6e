#pragma once

#include "finview/catalogue/query.h"

#include <cstdint>
#include <span>
#include <string>

namespace finview::internal {

/// One way to sort a list.
struct SortKey {
  const char* name;     ///< as the filter says it
  const char* columns;  ///< "taken, id": the last one makes the order strict
};

/// "order by taken desc, id desc". Throws Error{kBadOptions} that lists the names.
std::string order_by(std::span<const SortKey> keys, const std::string& sort, bool descending);

/// Throws Error{kBadOptions} unless offset >= 0 and 1 <= limit <= 1000.
void check_page(std::int64_t offset, std::int64_t limit);

/// How rows that fit a text are found: by an index of `column`, or as the list is walked in its
/// order.
enum class Found { kByIndex, kInOrder };

/// "`column` in (`ids`)", of a select of ids, in words that make the database find them so.
std::string among(const soci::session& session,
                  const std::string& column,
                  const std::string& ids,
                  Found found);
/// Adds a condition that is true for the photos in `column` whose name holds the text.
void add_photo_text(Query& query,
                    const soci::session& session,
                    const std::string& column,
                    const std::string& text,
                    Found found = Found::kByIndex);

/// Where a page is read: rows near the end are counted from there. Both numbers go into the text of
/// the statement, so that PostgreSQL plans for them.
struct PageWindow {
  bool descending = false;
  std::int64_t offset = 0;
  std::int64_t limit = 0;
};
PageWindow page_window(std::int64_t total,
                       std::int64_t offset,
                       std::int64_t limit,
                       bool descending);

}  // namespace finview::internal
