#pragma once

#include <cstdint>
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
  /// Brings an older schema up to date. Throws Error{kUnavailable} (locked, read-only, not to be
  /// reached), Error{kBadInput} (no catalogue of FinView, damaged, or of a newer FinView: says
  /// which version).
  explicit Database(const std::string& address);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Runs `work` in one transaction: all of it or nothing. Writers wait for each other (30 s).
  void write(const std::function<void(soci::session&)>& work);
  /// Runs `work` on a consistent state.
  void read(const std::function<void(soci::session&)>& work) const;

  int schema_version() const;
  bool is_sqlite() const;

  /// The current time, UTC, and never before the last time written.
  std::string now() const;

  std::string setting(const std::string& key) const;  ///< empty if never set
  void set_setting(const std::string& key, const std::string& value);

  /// What is wrong inside, one sentence each: damaged pages, rows that point nowhere, states that
  /// the history of decisions does not give.
  std::vector<std::string> check() const;
  /// Makes what holds now from the history of decisions again; says what it changed.
  std::vector<std::string> repair();

  /// Copies a SQLite catalogue while it is in use. Throws Error{kUnavailable}; Error{kBadOptions}
  /// for PostgreSQL (use pg_dump).
  void back_up(const std::filesystem::path& file) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace finview
