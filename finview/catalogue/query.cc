#include "finview/catalogue/query.h"

#include "finview/catalogue/fold_text.h"

#include <deque>

#include <soci/soci.h>

namespace finview::internal {
namespace {

constexpr char kHex[] = "0123456789abcdef";

std::string to_hex(std::span<const std::uint8_t> bytes) {
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    hex += kHex[byte >> 4];
    hex += kHex[byte & 15];
  }
  return hex;
}

std::uint8_t from_digit(char c) {
  return static_cast<std::uint8_t>(c <= '9' ? c - '0' : c - 'a' + 10);
}

std::vector<std::uint8_t> from_hex(const std::string& hex) {
  std::vector<std::uint8_t> bytes(hex.size() / 2);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(from_digit(hex[2 * i]) << 4 | from_digit(hex[2 * i + 1]));
  }
  return bytes;
}

}  // namespace

struct Query::Impl {
  struct Slot {
    Kind kind;
    Cell cell;
    soci::indicator indicator = soci::i_ok;
    std::function<void(Cell&)> store;
  };

  explicit Impl(soci::session& s) : session(s), statement(s) {}

  void start() {
    statement.alloc();
    for (Slot& slot : values) {
      slot.indicator = slot.cell.null ? soci::i_null : soci::i_ok;
      switch (slot.kind) {
        case Kind::kInteger:
          statement.exchange(soci::use(slot.cell.integer, slot.indicator));
          break;
        case Kind::kReal:
          statement.exchange(soci::use(slot.cell.real, slot.indicator));
          break;
        case Kind::kText:
          statement.exchange(soci::use(slot.cell.text, slot.indicator));
          break;
      }
    }
    for (Slot& slot : targets) {
      switch (slot.kind) {
        case Kind::kInteger:
          statement.exchange(soci::into(slot.cell.integer, slot.indicator));
          break;
        case Kind::kReal:
          statement.exchange(soci::into(slot.cell.real, slot.indicator));
          break;
        case Kind::kText:
          statement.exchange(soci::into(slot.cell.text, slot.indicator));
          break;
      }
    }
    statement.prepare(sql, soci::details::st_one_time_query);
    statement.define_and_bind();
    started = true;
  }

  void store() {
    for (Slot& slot : targets) {
      if (slot.indicator == soci::i_null) slot.cell = {.null = true, .text = {}};
      slot.store(slot.cell);
      slot.cell.null = false;
    }
  }

  soci::session& session;
  soci::statement statement;
  std::string sql;
  std::deque<Slot> values;
  std::deque<Slot> targets;
  int num_marks = 0;
  bool started = false;
};

Query::Query(soci::session& session) : impl_(std::make_unique<Impl>(session)) {}
Query::~Query() = default;

void Query::append(std::string_view sql) {
  for (const char c : sql) {
    if (c == '?') {
      impl_->sql += ":v" + std::to_string(++impl_->num_marks);
    } else {
      impl_->sql += c;
    }
  }
}

void Query::value_cell(Kind kind, Cell cell) {
  if (kind == Kind::kText) cell.text = storable_utf8(std::move(cell.text));
  impl_->values.push_back({kind, std::move(cell), soci::i_ok, {}});
}

void Query::target_cell(Kind kind, std::function<void(Cell&)> store) {
  impl_->targets.push_back({kind, {}, soci::i_ok, std::move(store)});
}

void Query::value_bytes(std::span<const std::uint8_t> bytes) {
  std::string text = is_sqlite(impl_->session)
                         ? std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size())
                         : to_hex(bytes);
  impl_->values.push_back({Kind::kText, {false, 0, 0, std::move(text)}, soci::i_ok, {}});
}

void Query::target_bytes(std::vector<std::uint8_t>& bytes) {
  const bool raw = is_sqlite(impl_->session);
  target_cell(Kind::kText, [&bytes, raw](Cell& cell) {
    if (raw) {
      bytes.assign(cell.text.begin(), cell.text.end());
    } else {
      bytes = from_hex(cell.text);
    }
  });
}

bool Query::next() {
  if (impl_->started) {
    if (!impl_->statement.fetch()) return false;
  } else {
    impl_->start();
    if (!impl_->statement.execute(true)) return false;
  }
  impl_->store();
  return true;
}

std::int64_t Query::run() {
  impl_->start();
  impl_->statement.execute(true);
  return impl_->statement.get_affected_rows();
}

bool is_sqlite(const soci::session& session) {
  return const_cast<soci::session&>(session).get_backend_name() == "sqlite3";
}

std::string bytes_value(const soci::session& session) {
  return is_sqlite(session) ? "cast(? as blob)" : "decode(?, 'hex')";
}

std::string bytes_column(const soci::session& session, const std::string& column) {
  return is_sqlite(session) ? column : "encode(" + column + ", 'hex')";
}

}  // namespace finview::internal
