#include "finview/catalogue/database.h"

#include "finview/base/error.h"
#include "finview/catalogue/connection.h"
#include "finview/catalogue/query.h"
#include "finview/catalogue/schema.h"

#include <algorithm>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <stdexcept>

#include <fmt/format.h>
#include <soci/soci.h>

namespace finview {
namespace {

using internal::Query;
using Milliseconds = std::chrono::milliseconds;

constexpr int kMaxSessions = 16;
// Of PostgreSQL's advisory locks: one writer at a time, as in SQLite.
constexpr const char* kLockWriters = "select pg_advisory_xact_lock(70110118)";

constexpr const char* kCountRevision =
    "insert into setting (name, value) values ('revision', '1') on conflict (name) do update "
    "set value = cast(cast(setting.value as bigint) + 1 as text)";

std::string clock_time() {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
  return text;
}

// The transaction that a thread is in, per database.
struct OpenTransaction {
  const void* database;
  soci::session* session;
  bool writes;
};
thread_local std::vector<OpenTransaction> open_transactions;

OpenTransaction* open_transaction(const void* database) {
  for (OpenTransaction& open : open_transactions) {
    if (open.database == database) return &open;
  }
  return nullptr;
}

}  // namespace

struct Database::Impl {
  std::string address;
  Milliseconds patience;
  bool sqlite = true;
  int version = 0;

  std::mutex mutex;  // of what follows
  std::condition_variable session_free;
  std::vector<internal::Session> idle;
  int num_sessions = 0;
  std::string last_time;

  std::timed_mutex writer;

  // A session for the scope; a broken one is closed afterwards.
  class Lease {
   public:
    explicit Lease(Impl& impl) : impl_(impl) {
      std::unique_lock lock(impl.mutex);
      impl.session_free.wait(
          lock, [&] { return !impl.idle.empty() || impl.num_sessions < kMaxSessions; });
      if (!impl.idle.empty()) {
        session_ = std::move(impl.idle.back());
        impl.idle.pop_back();
        return;
      }
      ++impl.num_sessions;
      lock.unlock();
      try {
        session_ = internal::connect(impl.address, impl.patience);
      } catch (...) {
        lock.lock();
        --impl.num_sessions;
        impl.session_free.notify_one();
        throw;
      }
    }
    ~Lease() {
      const std::lock_guard lock(impl_.mutex);
      if (session_->is_connected()) {
        impl_.idle.push_back(std::move(session_));
      } else {
        --impl_.num_sessions;
      }
      impl_.session_free.notify_one();
    }
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    soci::session& operator*() { return *session_; }

   private:
    Impl& impl_;
    internal::Session session_;
  };

  // Runs `work`, with the database's errors as ours.
  template <class F>
  void translated(F work) {
    try {
      work();
    } catch (const soci::soci_error& error) {
      internal::throw_error(error, address, patience);
    }
  }

  void run(soci::session& session, bool writes, const std::function<void(soci::session&)>& work) {
    begin(session, writes);
    open_transactions.push_back({this, &session, writes});
    try {
      work(session);
      open_transactions.pop_back();
      Query(session, "commit").run();
    } catch (...) {
      std::erase_if(open_transactions, [&](const auto& open) { return open.database == this; });
      try {
        Query(session, "rollback").run();
      } catch (const soci::soci_error&) {
        // The database has rolled back by itself, or is gone; the first error tells why.
      }
      throw;
    }
  }

  void begin(soci::session& session, bool writes) {
    if (sqlite) {
      Query(session, writes ? "begin immediate" : "begin").run();
    } else if (!writes) {
      Query(session, "begin isolation level repeatable read read only").run();
    } else {
      Query(session, "begin").run();
      std::string nothing;
      try {
        Query(session, kLockWriters).into(nothing).next();
      } catch (...) {
        Query(session, "rollback").run();
        throw;
      }
    }
  }

  void open_schema() {
    const std::string place = internal::printable_address(address);
    Lease lease(*this);
    version = internal::schema_in(*lease, place);
    if (sqlite) use_write_ahead_log(*lease, place);
    run(*lease, true, [&](soci::session& session) {
      // Another program may have made it meanwhile.
      version = internal::schema_in(session, place);
      if (version < internal::newest_schema()) internal::migrate(session, version, clock_time());
    });
    version = internal::newest_schema();
    std::string decided, added, applied;
    Query(*lease,
          "select (select made from decision order by id desc limit 1), "
          "(select max(added) from photo where trashed = ''), (select max(applied) from "
          "finview_schema)")
        .into(decided, added, applied)
        .next();
    last_time = std::max({decided, added, applied});
  }

  void use_write_ahead_log(soci::session& session, const std::string& place) {
    std::string mode;
    Query(session, "pragma journal_mode = wal").into(mode).next();
    if (mode == "wal") return;
    throw Error(
        ErrorKind::kUnavailable,
        fmt::format("The catalogue {} cannot keep a write-ahead log (SQLite answers \"{}\"). "
                    "Keep it on a local disk, or use PostgreSQL.",
                    place,
                    mode));
  }
};

Database::Database(const std::string& address, Milliseconds patience)
    : impl_(std::make_unique<Impl>()) {
  impl_->address = address;
  impl_->patience = patience;
  impl_->sqlite = !internal::is_postgresql_address(address);
  impl_->translated([&] { impl_->open_schema(); });
}

Database::~Database() {
  if (!is_sqlite()) return;
  try {
    Impl::Lease lease(*impl_);
    Query(*lease, "pragma busy_timeout = 0").run();
    Query(*lease, "pragma analysis_limit = 1000").run();
    Query(*lease, "pragma optimize").run();
  } catch (const std::exception&) {
    // Another program writes; it will tell.
  }
}

void Database::optimize() {
  impl_->translated([&] {
    Impl::Lease lease(*impl_);
    Query(*lease, is_sqlite() ? "analyze" : "vacuum (analyze)").run();
  });
}

void Database::write(const std::function<void(soci::session&)>& work) {
  if (OpenTransaction* open = open_transaction(impl_.get())) {
    if (!open->writes) throw std::logic_error("a catalogue is written while it is read");
    work(*open->session);
    return;
  }
  std::unique_lock lock(impl_->writer, impl_->patience);
  if (!lock.owns_lock()) {
    throw Error(ErrorKind::kUnavailable,
                fmt::format("The catalogue {} is locked: another task has been writing for more "
                            "than {:g} s. Try again.",
                            this->address(),
                            impl_->patience.count() / 1000.0));
  }
  impl_->translated([&] {
    Impl::Lease lease(*impl_);
    impl_->run(*lease, true, [&](soci::session& session) {
      work(session);
      Query(session, kCountRevision).run();
    });
  });
}

void Database::read(const std::function<void(soci::session&)>& work) const {
  if (OpenTransaction* open = open_transaction(impl_.get())) {
    work(*open->session);
    return;
  }
  impl_->translated([&] {
    Impl::Lease lease(*impl_);
    impl_->run(*lease, false, work);
  });
}

int Database::schema_version() const { return impl_->version; }
bool Database::is_sqlite() const { return impl_->sqlite; }
std::string Database::address() const { return internal::printable_address(impl_->address); }

std::string Database::now() const {
  const std::lock_guard lock(impl_->mutex);
  impl_->last_time = std::max(impl_->last_time, clock_time());
  return impl_->last_time;
}

std::string Database::setting(const std::string& key) const {
  std::string value;
  read([&](soci::session& session) {
    Query(session, "select value from setting where name = ?", key).into(value).next();
  });
  return value;
}

void Database::set_setting(const std::string& key, const std::string& value) {
  write([&](soci::session& session) {
    Query(session,
          "insert into setting (name, value) values (?, ?) "
          "on conflict (name) do update set value = excluded.value",
          key,
          value)
        .run();
  });
}

void Database::back_up(const std::filesystem::path& file) const {
  if (!is_sqlite()) {
    throw Error(ErrorKind::kBadOptions,
                "A catalogue in PostgreSQL is backed up with PostgreSQL's own pg_dump.");
  }
  const std::filesystem::path partial = file.string() + ".partial";
  std::error_code error;
  std::filesystem::remove(partial, error);
  try {
    Impl::Lease lease(*impl_);
    Query(*lease, "vacuum into ?", partial.string()).run();
    std::filesystem::rename(partial, file);
  } catch (const std::exception& e) {
    std::filesystem::remove(partial, error);
    throw Error(ErrorKind::kUnavailable,
                fmt::format("The backup {} cannot be written: {}.", file.string(), e.what()));
  }
}

}  // namespace finview
