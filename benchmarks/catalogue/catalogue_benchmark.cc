// How long a catalogue of a million fins takes to fill and to look into.
//
//   catalogue_benchmark sqlite|postgresql [FINS]
//   catalogue_benchmark CATALOGUE [FINS]           the same in a catalogue that is kept: fills an
//                                                  empty one, looks into one that was filled so
//
// The rows are invented (seeded, no photos): a twentieth as many individuals as fins, nine fins in
// ten confirmed, the others waiting with five candidates each. SQLite is a file in a temporary
// folder, PostgreSQL a server of its own there.
#include "finview/catalogue/catalogue.h"
#include "finview/catalogue/query.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "benchmarks/catalogue/invented_catalogue.h"
#include "tests/support/postgres_server.h"
#include "tests/support/scratch_folder.h"
#include <fmt/format.h>

namespace finview {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kCallsPerPage = 20;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// Times every page as a person would open it.
class Reader {
 public:
  explicit Reader(Catalogue& catalogue) : catalogue_(catalogue) {}

  void run() {
    total_ = catalogue_.fins.list({}).total;
    num_encounters_ = catalogue_.encounters.list({}).total;
    num_individuals_ = catalogue_.individuals.list({}).total;
    fin_lists();
    fin_filters();
    photo_lists();
    other_lists();
    individual_page();
  }

 private:
  void time(const std::string& name, const std::function<void()>& page) {
    std::vector<double> ms;
    std::vector<double> cpu_ms;
    for (int i = 0; i < kCallsPerPage; ++i) {
      const auto start = Clock::now();
      const double cpu_start = cpu_seconds();
      page();
      ms.push_back(1000 * seconds_since(start));
      cpu_ms.push_back(1000 * (cpu_seconds() - cpu_start));
    }
    std::sort(ms.begin(), ms.end());
    std::sort(cpu_ms.begin(), cpu_ms.end());
    const std::size_t p95 = ms.size() * 95 / 100 - 1;
    fmt::print(
        "{:<50} {:>8.1f} {:>8.1f} {:>8.1f}\n", name, ms[ms.size() / 2], ms[p95], cpu_ms[p95]);
    std::fflush(stdout);
  }

  std::int64_t draw(std::int64_t end) {
    return std::uniform_int_distribution<std::int64_t>(0, end - 1)(random_);
  }
  void list(const std::string& name, const std::function<void(FinFilter&)>& set) {
    time("fins " + name, [&] {
      FinFilter filter;
      set(filter);
      catalogue_.fins.list(filter);
    });
  }

  void fin_lists() {
    for (const char* sort : {"id", "taken", "quality", "probability", "photo", "individual"}) {
      list(fmt::format("by {}", sort), [&](FinFilter& f) { f.sort = sort; });
      list(fmt::format("by {}, descending", sort), [&](FinFilter& f) {
        f.sort = sort;
        f.descending = true;
      });
      list(fmt::format("by {}, anywhere", sort), [&](FinFilter& f) {
        f.sort = sort;
        f.offset = draw(total_);
      });
    }
  }

  void fin_filters() {
    list("waiting", [&](FinFilter& f) { f.reviews = {Review::kWaiting}; });
    list("waiting, by probability", [&](FinFilter& f) {
      f.reviews = {Review::kWaiting};
      f.sort = "probability";
      f.descending = true;
    });
    list("waiting in a tier, by probability, anywhere", [&](FinFilter& f) {
      f.reviews = {Review::kWaiting};
      f.tiers = {static_cast<Tier>(1 + draw(4))};
      f.sort = "probability";
      f.descending = true;
      f.offset = draw(total_ / 50);
    });
    list("confirmed, by quality", [&](FinFilter& f) {
      f.reviews = {Review::kConfirmed};
      f.sort = "quality";
      f.descending = true;
    });
    list("confirmed, by taken, anywhere", [&](FinFilter& f) {
      f.reviews = {Review::kConfirmed};
      f.sort = "taken";
      f.offset = draw(total_ / 2);
    });
    list("discarded", [&](FinFilter& f) { f.reviews = {Review::kDiscarded}; });
    list("of a side", [&](FinFilter& f) { f.side = "left"; });
    list("of good quality", [&](FinFilter& f) { f.min_quality = 0.9; });
    list("of a side and good quality, waiting", [&](FinFilter& f) {
      f.side = "left";
      f.min_quality = 0.5;
      f.reviews = {Review::kWaiting};
    });
    list("of an individual",
         [&](FinFilter& f) { f.individual = IndividualId{1 + draw(num_individuals_)}; });
    list("of an encounter",
         [&](FinFilter& f) { f.encounter = EncounterId{1 + draw(num_encounters_)}; });
    list("of an encounter, waiting", [&](FinFilter& f) {
      f.encounter = EncounterId{1 + draw(num_encounters_)};
      f.reviews = {Review::kWaiting};
    });
    list("with rare text",
         [&](FinFilter& f) { f.text = fmt::format("IMG_{:07}", draw(total_ / 2)); });
    list("with common text", [&](FinFilter& f) { f.text = "2012-"; });
    list("with one letter", [&](FinFilter& f) { f.text = "g"; });
    list("with two digits", [&](FinFilter& f) { f.text = fmt::format("{:02}", draw(100)); });
    list("with a code", [&](FinFilter& f) { f.text = fmt::format("D{:05}", draw(total_ / 30)); });
    list("without a hit", [&](FinFilter& f) { f.text = "nowhere"; });
    time("fins waiting by tier", [&] { catalogue_.fins.waiting_by_tier(); });
  }

  void photos(const std::string& name, const std::function<void(PhotoFilter&)>& set) {
    time("photos " + name, [&] {
      PhotoFilter filter;
      set(filter);
      catalogue_.photos.list(filter);
    });
  }

  void photo_lists() {
    for (const char* sort : {"id", "name", "taken", "added", "fins"}) {
      photos(fmt::format("by {}, descending", sort), [&](PhotoFilter& f) {
        f.sort = sort;
        f.descending = true;
      });
      photos(fmt::format("by {}, anywhere", sort), [&](PhotoFilter& f) {
        f.sort = sort;
        f.offset = draw(total_ * 3 / 4);
      });
    }
    photos("searched", [](PhotoFilter& f) { f.states = {PhotoState::kSearched}; });
    photos("failed", [](PhotoFilter& f) { f.states = {PhotoState::kFailed}; });
    photos("in the trash", [](PhotoFilter& f) { f.trashed = true; });
    photos("of an encounter",
           [&](PhotoFilter& f) { f.encounter = EncounterId{1 + draw(num_encounters_)}; });
    photos("with rare text",
           [&](PhotoFilter& f) { f.text = fmt::format("IMG_{:07}", draw(total_ / 2)); });
    photos("with common text", [](PhotoFilter& f) { f.text = "2012-"; });
    photos("with one letter", [](PhotoFilter& f) { f.text = "g"; });
    photos("with two digits", [&](PhotoFilter& f) { f.text = fmt::format("{:02}", draw(100)); });
  }

  void other_lists() {
    for (const char* sort : {"code", "name", "fins", "encounters", "last_seen", "created"}) {
      time(fmt::format("individuals by {}, anywhere", sort), [&] {
        IndividualFilter filter;
        filter.sort = sort;
        filter.descending = true;
        filter.offset = draw(total_ / 25);
        catalogue_.individuals.list(filter);
      });
    }
    time("individuals with text", [&] {
      IndividualFilter filter;
      filter.text = fmt::format("{:03}", draw(1000));
      catalogue_.individuals.list(filter);
    });
    time("suggested code", [&] { catalogue_.individuals.suggest_code(); });
    for (const char* sort : {"began", "code", "place", "photos"}) {
      time(fmt::format("encounters by {}", sort), [&] {
        EncounterFilter filter;
        filter.sort = sort;
        catalogue_.encounters.list(filter);
      });
    }
    time("encounters with text", [&] {
      EncounterFilter filter;
      filter.text = fmt::format("bay {}", draw(100));
      catalogue_.encounters.list(filter);
    });
    time("latest decisions", [&] { catalogue_.decisions.list({}, {}, 0, 100); });
  }

  void individual_page() {
    time("page of an individual", [&] {
      const IndividualId id = IndividualId{1 + draw(num_individuals_)};
      catalogue_.individuals.get(id);
      FinFilter filter;
      filter.individual = id;
      filter.sort = "taken";
      catalogue_.fins.list(filter);
      catalogue_.decisions.list({}, id, 0, 100);
    });
    time("page of a fin", [&] {
      const FinId id{1 + draw(total_)};
      catalogue_.fins.get(id);
      catalogue_.fins.candidates(id);
      catalogue_.decisions.rejected(id);
      catalogue_.decisions.list(id, {}, 0, 100);
    });
    time("one decision", [&] {
      NewDecision wish;
      wish.kind = DecisionKind::kUnsure;
      wish.fins = {FinId{1 + draw(total_)}};
      wish.who = "Ana";
      catalogue_.decisions.decide(wish);
    });
  }

  Catalogue& catalogue_;
  std::int64_t total_ = 0;
  std::int64_t num_encounters_ = 0;
  std::int64_t num_individuals_ = 0;
  std::mt19937_64 random_{2};
};

std::int64_t size_bytes(Database& database) {
  std::int64_t bytes = 0;
  database.read([&](soci::session& session) {
    internal::Query(session,
                    database.is_sqlite()
                        ? "select page_count * page_size from pragma_page_count, pragma_page_size"
                        : "select pg_database_size(current_database())")
        .into(bytes)
        .next();
  });
  return bytes;
}

std::string new_address(const std::string& kind, const test::ScratchFolder& folder) {
  if (kind == "sqlite") return (folder / "catalogue.db").string();
  return test::PostgresServer::shared().new_database();
}

void run(const std::string& kind, std::int64_t num_fins) {
  const test::ScratchFolder folder;
  const bool is_kept = kind != "sqlite" && kind != "postgresql";
  Catalogue catalogue(is_kept ? kind : new_address(kind, folder));
  if (catalogue.fins.list({}).total == 0) {
    invent_catalogue(catalogue, {num_fins, num_fins / 20, {}});
    catalogue.database.optimize();
  }
  fmt::print("{:.0f} MB\n\n", static_cast<double>(size_bytes(catalogue.database)) / 1e6);
  // The processor's time is this program's alone: with PostgreSQL, the server's is not in it.
  fmt::print("{:<50} {:>8} {:>8} {:>8}\n", "ms of a page of 100 rows", "median", "p95", "p95 CPU");
  Reader(catalogue).run();
}

}  // namespace
}  // namespace finview

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: catalogue_benchmark sqlite|postgresql|CATALOGUE [FINS]\n");
    return 2;
  }
  finview::run(argv[1], argc > 2 ? std::stoll(argv[2]) : 1'000'000);
  return 0;
}
