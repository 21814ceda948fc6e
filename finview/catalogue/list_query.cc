#include "finview/catalogue/list_query.h"

#include "finview/base/error.h"
#include "finview/catalogue/fold_text.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace finview::internal {
namespace {

// Shorter text is in no index of SQLite.
constexpr std::size_t kTrigram = 3;

}  // namespace

std::string order_by(std::span<const SortKey> keys, const std::string& sort, bool descending) {
  std::string names;
  for (const SortKey& key : keys) {
    names += (names.empty() ? "" : ", ") + std::string(key.name);
    if (sort != key.name) continue;
    std::string clause = "order by ";
    for (const char c : std::string_view(key.columns)) {
      if (c == ',' && descending) clause += " desc";
      clause += c;
    }
    return clause + (descending ? " desc" : "");
  }
  throw Error(ErrorKind::kBadOptions,
              fmt::format("A list cannot be sorted by \"{}\"; it can by {}.", sort, names));
}

void check_page(std::int64_t offset, std::int64_t limit) {
  if (offset < 0) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("A list cannot begin at row {}; the first is 0.", offset));
  }
  if (limit < 1 || limit > 1000) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("A page of {} rows cannot be had; ask for 1 to 1000.", limit));
  }
}

std::string among(const soci::session& session,
                  const std::string& column,
                  const std::string& ids,
                  Found found) {
  // A sign before a column keeps the database from its index.
  if (found == Found::kInOrder) return "+" + column + " in (" + ids + ")";
  // PostgreSQL looks up an array in an index also beside another condition with "or"; a select
  // there it would compare with every row.
  return column + (is_sqlite(session) ? " in (" + ids + ")" : " = any(array(" + ids + "))");
}

void add_photo_text(Query& query,
                    const soci::session& session,
                    const std::string& column,
                    const std::string& text,
                    Found found) {
  const std::string folded = fold_text(text);
  if (is_sqlite(session) && num_characters(folded) >= kTrigram) {
    std::string phrase = "\"";
    for (const char c : folded) phrase += c == '"' ? "\"\"" : std::string(1, c);
    query.add(
        among(session, column, "select rowid from photo_text where photo_text match ?", found),
        phrase + "\"");
    return;
  }
  query.add(among(session, column, "select id from photo where search like ? escape '\\'", found),
            like_pattern(text));
}

PageWindow page_window(std::int64_t total,
                       std::int64_t offset,
                       std::int64_t limit,
                       bool descending) {
  limit = std::clamp<std::int64_t>(total - offset, 0, limit);
  if (offset <= total / 2) return {descending, offset, limit};
  return {!descending, std::max<std::int64_t>(0, total - offset - limit), limit};
}

}  // namespace finview::internal
