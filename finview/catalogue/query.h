#pragma once

#include "finview/catalogue/ids.h"

#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace soci {
class session;
}

namespace finview::internal {

/// One SQL statement; the session keeps it parsed for the next time. Each "?" of its text takes the
/// next value; no "?" may stand elsewhere.
///
/// Values: integers, enums, doubles, text, ids (0 = NULL), optional doubles, and bytes, which stand
/// as `bytes_value()`. Text that is not UTF-8 is made UTF-8 (U+FFFD), for no database keeps it.
class Query {
 public:
  explicit Query(soci::session& session);
  template <class... Values>
  Query(soci::session& session, std::string_view sql, const Values&... values) : Query(session) {
    add(sql, values...);
  }
  ~Query();
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  template <class... Values>
  Query& add(std::string_view sql, const Values&... values) {
    append(sql);
    (value(values), ...);
    return *this;
  }

  /// Adds "in (...)" of these ids, "=" of one.
  template <class Ids>
  Query& add_in(const Ids& ids) {
    if (std::size(ids) == 1) return add(" = ?", *std::begin(ids));
    std::string list;
    for (const auto& id : ids) list += (list.empty() ? "" : ",") + std::to_string(id.value);
    return add_in_list(list);
  }

  /// Where the columns go, in their order: integers, enums, doubles, text, ids, optional doubles,
  /// bytes (selected as `bytes_column`). NULL becomes 0 or empty.
  template <class... Targets>
  Query& into(Targets&... targets) {
    (target(targets), ...);
    return *this;
  }

  /// The next row, if there is one. The first call runs the statement.
  bool next();
  /// Runs a statement without rows; says how many it changed.
  std::int64_t run();

 private:
  struct Cell {
    bool null = false;
    long long integer = 0;
    double real = 0;
    std::string text;
  };
  enum class Kind { kInteger, kReal, kText };
  struct Impl;

  void append(std::string_view sql);
  Query& add_in_list(const std::string& list);
  void value_cell(Kind kind, Cell cell);
  void target_cell(Kind kind, std::function<void(Cell&)> store);
  void value_bytes(std::span<const std::uint8_t> bytes);
  void target_bytes(std::vector<std::uint8_t>& bytes);

  template <class T>
  requires std::is_integral_v<T> || std::is_enum_v<T>
  void value(T v) { value_cell(Kind::kInteger, {false, static_cast<long long>(v), 0, {}}); }
  template <class Table>
  void value(Id<Table> id) {
    value_cell(Kind::kInteger, {id.value == 0, id.value, 0, {}});
  }
  void value(double v) { value_cell(Kind::kReal, {false, 0, v, {}}); }
  void value(const std::optional<double>& v) {
    value_cell(Kind::kReal, {!v, 0, v.value_or(0), {}});
  }
  void value(const std::string& v) { value_cell(Kind::kText, {false, 0, 0, v}); }
  void value(const char* v) { value(std::string(v)); }
  void value(std::span<const std::uint8_t> bytes) { value_bytes(bytes); }
  void value(const std::vector<std::uint8_t>& bytes) { value_bytes(bytes); }

  template <class T>
  requires std::is_integral_v<T> || std::is_enum_v<T>
  void target(T& t) {
    target_cell(Kind::kInteger, [&t](Cell& cell) { t = static_cast<T>(cell.integer); });
  }
  template <class Table>
  void target(Id<Table>& id) {
    target_cell(Kind::kInteger, [&id](Cell& cell) { id.value = cell.integer; });
  }
  void target(double& t) {
    target_cell(Kind::kReal, [&t](Cell& cell) { t = cell.real; });
  }
  void target(float& t) {
    target_cell(Kind::kReal, [&t](Cell& cell) { t = static_cast<float>(cell.real); });
  }
  void target(std::optional<double>& t) {
    target_cell(Kind::kReal, [&t](Cell& cell) {
      t = cell.null ? std::nullopt : std::optional<double>(cell.real);
    });
  }
  void target(std::string& t) {
    target_cell(Kind::kText, [&t](Cell& cell) { t.swap(cell.text); });
  }
  void target(std::vector<std::uint8_t>& bytes) { target_bytes(bytes); }

  std::unique_ptr<Impl> impl_;
};

/// Calls `f` with pieces of `rows`, in their order, that are written by one statement each. Their
/// sizes are few, and with them the statements that a session keeps parsed.
template <class Row, class F>
void for_each_batch(std::span<const Row> rows, F f) {
  while (!rows.empty()) {
    const std::size_t size = rows.size() >= 64 ? 64 : rows.size() >= 8 ? 8 : 1;
    f(rows.first(size));
    rows = rows.subspan(size);
  }
}

/// For when a session is closed.
void forget_statements(const soci::session& session);

bool is_sqlite(const soci::session& session);
/// How bytes are given to and taken from the database.
std::string bytes_value(const soci::session& session);
std::string bytes_column(const soci::session& session, const std::string& column);

}  // namespace finview::internal
