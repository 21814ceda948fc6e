#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace soci {
class session;
}

namespace finview {

/// An open catalogue database: SQLite (WAL) or PostgreSQL. Any number of threads may use it.
class Database {
 public:
  /// @param address  a file, or "postgresql://user:password@host/name"
  /// @param patience  how long writers wait for each other
  /// Makes a catalogue where there is nothing; brings an older schema up to date. Throws
  /// Error{kUnavailable} (locked, read-only, not to be reached), Error{kBadInput} (no catalogue of
  /// FinView, damaged, or of a newer FinView: says which version).
  explicit Database(const std::string& address,
                    std::chrono::milliseconds patience = std::chrono::seconds(30));
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs `work` in one transaction: all of it or nothing. One writer at a time; the others wait.
  ///
  /// What `work` does to the same database in the same thread, also through Photos, Fins and the
  /// like, belongs to the same transaction.
  void write(const std::function<void(soci::session&)>& work);
  /// Runs `work` on a consistent state. It may not write.
  void read(const std::function<void(soci::session&)>& work) const;

  int schema_version() const;
  bool is_sqlite() const;
  /// As given, without a password.
  std::string address() const;

  /// The current time, UTC, "2012-03-07T14:05:09", and never before the last time written.
  std::string now() const;

  std::string setting(const std::string& key) const;  ///< empty if never set
  void set_setting(const std::string& key, const std::string& value);

  /// What is wrong inside, one sentence each: damaged pages, rows that point nowhere, states that
  /// the history of decisions does not give.
  std::vector<std::string> check() const;
  /// Makes what holds now from the history of decisions again; says what it changed.
  std::vector<std::string> repair();

  /// Tells the database how its rows are spread, which makes lists quick; for after a large import.
  /// SQLite is told when it is closed, too; PostgreSQL finds out by itself after a while.
  void optimize();

  /// Copies a SQLite catalogue while it is in use. Throws Error{kUnavailable}; Error{kBadOptions}
  /// for PostgreSQL (use pg_dump).
  void back_up(const std::filesystem::path& file) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace finview
