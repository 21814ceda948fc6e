#include "finview/catalogue/query.h"

#include "finview/catalogue/fold_text.h"

#include <deque>
#include <limits>
#include <mutex>
#include <unordered_map>

#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

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

// A statement that the database has parsed, with the variables bound to it.
struct Prepared {
  struct Slot {
    long long integer = 0;
    double real = 0;
    std::string text;
    soci::indicator indicator = soci::i_ok;
  };

  explicit Prepared(soci::session& session) : statement(session) {}

  soci::statement statement;
  std::deque<Slot> values;
  std::deque<Slot> targets;
  int num_runs = 0;
};

// Parsing takes longer than running most statements, so those of a session are kept.
using PreparedStatements = std::unordered_map<std::string, std::unique_ptr<Prepared>>;
constexpr std::size_t kMaxPrepared = 300;
// PostgreSQL keeps a statement's plan. For lists of ids, one from when the table was small reads
// all of it when it has grown, so it is made anew now and then.
constexpr int kMaxListRuns = 50;

std::mutex prepared_mutex;
std::unordered_map<const soci::session*, PreparedStatements> prepared_of_session;

PreparedStatements& prepared_statements(const soci::session& session) {
  const std::lock_guard lock(prepared_mutex);
  return prepared_of_session[&session];
}

}  // namespace

struct Query::Impl {
  explicit Impl(soci::session& s) : session(s) {}

  // Takes the statement out of the session's, or makes it.
  void prepare() {
    for (const auto& [kind, cell] : values) key += static_cast<char>('a' + static_cast<int>(kind));
    for (const auto& [kind, put] : targets) key += static_cast<char>('A' + static_cast<int>(kind));
    PreparedStatements& known = prepared_statements(session);
    const auto found = known.find(key);
    if (found != known.end()) {
      prepared = std::move(found->second);
      known.erase(found);
      return;
    }
    prepared = std::make_unique<Prepared>(session);
    soci::statement& statement = prepared->statement;
    statement.alloc();
    for (const auto& [kind, cell] : values) bind(kind, prepared->values.emplace_back(), kUse);
    for (const auto& [kind, put] : targets) bind(kind, prepared->targets.emplace_back(), kInto);
    statement.prepare(key.substr(0, sql_length));
    statement.define_and_bind();
  }

  enum Direction { kUse, kInto };
  void bind(Kind kind, Prepared::Slot& slot, Direction direction) {
    const auto exchange = [&](auto& variable) {
      if (direction == kUse) {
        prepared->statement.exchange(soci::use(variable, slot.indicator));
      } else {
        prepared->statement.exchange(soci::into(variable, slot.indicator));
      }
    };
    if (kind == Kind::kInteger) exchange(slot.integer);
    if (kind == Kind::kReal) exchange(slot.real);
    if (kind == Kind::kText) exchange(slot.text);
  }

  bool execute() {
    sql_length = key.size();
    prepare();
    for (std::size_t i = 0; i < values.size(); ++i) {
      Prepared::Slot& slot = prepared->values[i];
      Cell& cell = values[i].second;
      slot.indicator = cell.null ? soci::i_null : soci::i_ok;
      slot.integer = cell.integer;
      slot.real = cell.real;
      slot.text = std::move(cell.text);
    }
    return guarded([&] { return prepared->statement.execute(true); });
  }

  // A statement that failed is not used again.
  template <class F>
  bool guarded(F step) {
    try {
      return step();
    } catch (...) {
      prepared.reset();
      throw;
    }
  }

  void store() {
    for (std::size_t i = 0; i < targets.size(); ++i) {
      Prepared::Slot& slot = prepared->targets[i];
      Cell cell;
      cell.null = slot.indicator == soci::i_null;
      if (!cell.null) {
        cell.integer = slot.integer;
        cell.real = slot.real;
        cell.text = std::move(slot.text);
      }
      targets[i].second(cell);
    }
  }

  // Gives the statement back, with no row in hand, which would hold a lock.
  ~Impl() {
    if (!prepared || ++prepared->num_runs >= max_runs) return;
    if (is_sqlite(session)) {
      const auto* backend =
          static_cast<soci::sqlite3_statement_backend*>(prepared->statement.get_backend());
      sqlite_api::sqlite3_reset(backend->stmt_);
    }
    PreparedStatements& known = prepared_statements(session);
    if (known.size() >= kMaxPrepared) known.clear();
    known.try_emplace(std::move(key), std::move(prepared));
  }

  soci::session& session;
  std::string
      key;  // the text of the statement and, once it is prepared, the kinds of its variables
  std::size_t sql_length = 0;
  std::vector<std::pair<Kind, Cell>> values;
  std::vector<std::pair<Kind, std::function<void(Cell&)>>> targets;
  std::unique_ptr<Prepared> prepared;
  int max_runs = std::numeric_limits<int>::max();
  int num_marks = 0;
};

Query::Query(soci::session& session) : impl_(std::make_unique<Impl>(session)) {}
Query::~Query() = default;

void Query::append(std::string_view sql) {
  for (const char c : sql) {
    if (c == '?') {
      impl_->key += ":v" + std::to_string(++impl_->num_marks);
    } else {
      impl_->key += c;
    }
  }
}

Query& Query::add_in_list(const std::string& list) {
  if (is_sqlite(impl_->session))
    return add(" in (select value from json_each(?))", "[" + list + "]");
  impl_->max_runs = kMaxListRuns;
  return add(" = any(cast(? as bigint[]))", "{" + list + "}");
}

void Query::value_cell(Kind kind, Cell cell) {
  if (kind == Kind::kText) cell.text = storable_utf8(std::move(cell.text));
  impl_->values.emplace_back(kind, std::move(cell));
}

void Query::target_cell(Kind kind, std::function<void(Cell&)> store) {
  impl_->targets.emplace_back(kind, std::move(store));
}

void Query::value_bytes(std::span<const std::uint8_t> bytes) {
  std::string text = is_sqlite(impl_->session)
                         ? std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size())
                         : to_hex(bytes);
  impl_->values.emplace_back(Kind::kText, Cell{false, 0, 0, std::move(text)});
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
  const bool row = impl_->prepared
                       ? impl_->guarded([&] { return impl_->prepared->statement.fetch(); })
                       : impl_->execute();
  if (row) impl_->store();
  return row;
}

std::int64_t Query::run() {
  impl_->execute();
  return impl_->prepared->statement.get_affected_rows();
}

void forget_statements(const soci::session& session) {
  const std::lock_guard lock(prepared_mutex);
  prepared_of_session.erase(&session);
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
