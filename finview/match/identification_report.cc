#include "finview/match/identification_report.h"

#include "finview/base/error.h"
#include "finview/base/threads.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <random>

namespace finview {
namespace {

constexpr std::size_t kReplicates = 1000;
constexpr std::size_t kCurvePoints = 200;
constexpr std::size_t kCumulativeRanks = 20;
constexpr std::array<std::size_t, 5> kVotes{1, 3, 5, 7, 9};
constexpr std::array<double, 3> kFalseAccepts{.1, .01, .001};
constexpr std::array<double, 3> kFalseIdentifications{.3, .1, .01};
constexpr float kNobody = -std::numeric_limits<float>::infinity();

/// What one photo that is asked brings to light.
struct Search {
  std::size_t query = 0;
  std::size_t rank = 0;
  double average_precision = 0;
  float best = kNobody;        ///< similarity of the first
  float best_other = kNobody;  ///< of the first that is not its own individual
  std::size_t first = 0;
  std::size_t first_own = 0;
  float first_own_similarity = kNobody;
  std::array<bool, kVotes.size()> vote_right{};
};

struct Seen {
  float similarity;
  bool same;
  std::size_t entry;
};

class Asking {
 public:
  Asking(const std::function<double(std::size_t, std::size_t)>& similarity,
         std::span<const GalleryEntry> entries,
         bool exclude_own_group,
         int num_threads)
      : entries_(entries), exclude_(exclude_own_group), table_(entries.size() * entries.size()) {
    parallel_for(entries.size(), num_threads, [&](std::size_t a) {
      for (std::size_t b = 0; b < entries.size(); ++b) {
        if (a != b) table_[a * entries.size() + b] = static_cast<float>(similarity(a, b));
      }
    });
  }

  bool asks(std::size_t entry) const { return entries_[entry].asks; }
  bool is_stranger(std::size_t entry) const { return entries_[entry].individual.empty(); }
  bool same(std::size_t a, std::size_t b) const {
    return !is_stranger(a) && entries_[a].individual == entries_[b].individual;
  }
  bool near_copy(std::size_t a, std::size_t b) const {
    return exclude_ && same(a, b) && !entries_[a].group.empty() &&
           entries_[a].group == entries_[b].group;
  }
  float similarity(std::size_t a, std::size_t b) const { return table_[a * entries_.size() + b]; }

  /// The others as the query sees them, most alike first; ties count as wrong ones first.
  std::vector<Seen> seen_by(std::size_t query) const {
    std::vector<Seen> seen;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (i == query || near_copy(query, i)) continue;
      seen.push_back({similarity(query, i), same(query, i), i});
    }
    std::sort(seen.begin(), seen.end(), [](const Seen& a, const Seen& b) {
      return a.similarity != b.similarity ? a.similarity > b.similarity : a.same < b.same;
    });
    return seen;
  }

  /// Who is meant by an entry; every stranger is somebody else.
  std::string who(std::size_t entry) const {
    return is_stranger(entry) ? "\n" + std::to_string(entry) : entries_[entry].individual;
  }

 private:
  std::span<const GalleryEntry> entries_;
  bool exclude_;
  std::vector<float> table_;
};

/// Whether the `count` most alike photos elect the query's individual.
bool vote(const Asking& asking, const std::vector<Seen>& seen, std::size_t count) {
  std::map<std::string, double> votes;
  std::string own;
  for (std::size_t i = 0; i < std::min(count, seen.size()); ++i) {
    const std::string name = asking.who(seen[i].entry);
    votes[name] += 1 + seen[i].similarity;
    if (seen[i].same) own = name;
  }
  if (own.empty()) return false;
  return std::all_of(votes.begin(), votes.end(), [&](const auto& item) {
    return item.first == own || item.second < votes[own];
  });
}

/// `ranking`: of a photo of which another one is left to be found.
Search search(const Asking& asking, const QueryRanking& ranking) {
  const std::vector<Seen> seen = asking.seen_by(ranking.entry_index);
  const auto own = std::find_if(seen.begin(), seen.end(), [](const Seen& s) { return s.same; });
  Search found;
  found.query = ranking.entry_index;
  found.rank = ranking.rank;
  found.average_precision = ranking.average_precision;
  found.first = seen.front().entry;
  found.best = seen.front().similarity;
  found.first_own = own->entry;
  found.first_own_similarity = own->similarity;
  const auto other = std::find_if(seen.begin(), seen.end(), [](const Seen& s) { return !s.same; });
  if (other != seen.end()) found.best_other = other->similarity;
  for (std::size_t k = 0; k < kVotes.size(); ++k) {
    found.vote_right[k] = vote(asking, seen, kVotes[k]);
  }
  return found;
}

/// Chance that a value of `high` is above one of `low`, ties half. Mann & Whitney, 1947.
double auroc(const std::vector<float>& high, std::vector<float> low) {
  if (high.empty() || low.empty()) return 0;
  std::sort(low.begin(), low.end());
  double sum = 0;
  for (float value : high) {
    const auto [first, last] = std::equal_range(low.begin(), low.end(), value);
    sum += static_cast<double>(first - low.begin()) + 0.5 * static_cast<double>(last - first);
  }
  return sum / (static_cast<double>(high.size()) * static_cast<double>(low.size()));
}

/// The smallest threshold that at most `share` of `values` reach or pass.
float threshold_for(std::vector<float> values, double share) {
  std::sort(values.begin(), values.end(), std::greater<>());
  const auto allowed = static_cast<std::size_t>(share * static_cast<double>(values.size()));
  if (allowed >= values.size()) return kNobody;
  return std::nextafter(values[allowed], std::numeric_limits<float>::infinity());
}

double share_reaching(const std::vector<float>& values, float threshold) {
  if (values.empty()) return 0;
  const auto count =
      std::count_if(values.begin(), values.end(), [&](float v) { return v >= threshold; });
  return static_cast<double>(count) / static_cast<double>(values.size());
}

void report_pairs(const Asking& asking,
                  std::span<const GalleryEntry> entries,
                  IdentificationReport& report) {
  std::vector<float> same;
  std::vector<float> other;
  for (std::size_t a = 0; a < entries.size(); ++a) {
    for (std::size_t b = a + 1; b < entries.size(); ++b) {
      if (!asking.asks(a) && !asking.asks(b)) continue;
      // Two strangers may be one animal.
      if ((asking.is_stranger(a) && asking.is_stranger(b)) || asking.near_copy(a, b)) continue;
      const float mean = 0.5F * (asking.similarity(a, b) + asking.similarity(b, a));
      (asking.same(a, b) ? same : other).push_back(mean);
    }
  }
  report.num_same_pairs = same.size();
  report.num_other_pairs = other.size();
  report.pair_auroc = auroc(same, other);
  for (double rate : kFalseAccepts) {
    report.true_accept_at_false.push_back({rate, share_reaching(same, threshold_for(other, rate))});
  }
  for (std::size_t i = 0; i <= kCurvePoints; ++i) {
    const double rate = std::pow(static_cast<double>(i) / kCurvePoints, 2);
    report.pair_curve.push_back({rate, share_reaching(same, threshold_for(other, rate))});
  }
}

Estimate interval(double value, std::vector<double> replicates) {
  std::sort(replicates.begin(), replicates.end());
  const auto at = [&](double share) {
    return replicates[static_cast<std::size_t>(share * static_cast<double>(replicates.size() - 1))];
  };
  return {value, at(0.025), at(0.975)};
}

using Groups = std::vector<std::vector<const Search*>>;

void report_open(const Groups& groups,
                 const std::vector<float>& strangers,
                 std::mt19937_64& random,
                 IdentificationReport& report) {
  struct Scores {
    std::vector<float> known, unknown, right;
  };
  const auto gather = [&](const std::vector<std::size_t>& chosen, Scores& scores) {
    for (std::size_t g : chosen) {
      for (const Search* search : groups[g]) {
        scores.known.push_back(search->best);
        scores.unknown.push_back(search->best_other);
        scores.right.push_back(search->rank == 1 ? search->best : kNobody);
      }
    }
  };
  std::vector<std::size_t> all(groups.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  Scores scores;
  gather(all, scores);
  scores.unknown.insert(scores.unknown.end(), strangers.begin(), strangers.end());
  report.num_unknown_searches = scores.unknown.size();
  for (double rate : kFalseIdentifications) {
    report.identified_at_false.push_back(
        {rate, share_reaching(scores.right, threshold_for(scores.unknown, rate))});
  }
  std::vector<double> replicates;
  for (std::size_t r = 0; r < kReplicates; ++r) {
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < groups.size(); ++i) chosen.push_back(random() % groups.size());
    Scores drawn;
    gather(chosen, drawn);
    for (std::size_t i = 0; i < strangers.size(); ++i) {
      drawn.unknown.push_back(strangers[random() % strangers.size()]);
    }
    replicates.push_back(auroc(drawn.known, drawn.unknown));
  }
  report.open_auroc = interval(auroc(scores.known, scores.unknown), std::move(replicates));
}

void report_vote(const std::vector<Search>& searches, IdentificationReport& report) {
  for (std::size_t k = 0; k < kVotes.size(); ++k) {
    const auto right = std::count_if(
        searches.begin(), searches.end(), [k](const Search& s) { return s.vote_right[k]; });
    const double share = static_cast<double>(right) / static_cast<double>(searches.size());
    if (report.vote_k != 0 && share <= report.vote_rank_1) continue;
    report.vote_k = kVotes[k];
    report.vote_rank_1 = share;
  }
}

IndividualScore individual_score(const std::string& name, const std::vector<const Search*>& group) {
  IndividualScore score{name, group.size(), 0, 0};
  for (const Search* search : group) {
    score.rank_1 += (search->rank == 1 ? 1.0 : 0.0) / static_cast<double>(group.size());
    score.mean_average_precision += search->average_precision / static_cast<double>(group.size());
  }
  return score;
}

/// Each stranger's best similarity to a known individual: others nobody knows are not in the
/// catalogue that is asked.
std::vector<float> ask_strangers(const Asking& asking, std::size_t num_entries, int num_threads) {
  std::vector<std::size_t> queries;
  for (std::size_t i = 0; i < num_entries; ++i) {
    if (asking.is_stranger(i) && asking.asks(i)) queries.push_back(i);
  }
  std::vector<float> best(queries.size(), kNobody);
  parallel_for(queries.size(), num_threads, [&](std::size_t query) {
    for (std::size_t i = 0; i < num_entries; ++i) {
      if (asking.is_stranger(i)) continue;
      best[query] = std::max(best[query], asking.similarity(queries[query], i));
    }
  });
  return best;
}

void report_mistakes(const std::vector<Search>& searches, IdentificationReport& report) {
  for (const Search& search : searches) {
    if (search.rank == 1) continue;
    report.mistakes.push_back(
        {search.query, search.first, search.first_own, search.best, search.first_own_similarity});
  }
  std::stable_sort(
      report.mistakes.begin(), report.mistakes.end(), [](const auto& a, const auto& b) {
        return a.similarity - a.own_similarity > b.similarity - b.own_similarity;
      });
}

}  // namespace

IdentificationReport report_identification(
    const std::function<double(std::size_t, std::size_t)>& similarity,
    std::span<const GalleryEntry> entries,
    bool exclude_own_group,
    std::uint64_t seed,
    int num_threads) {
  const Asking asking(similarity, entries, exclude_own_group, num_threads);
  const std::vector<QueryRanking> rankings = rank_leave_one_out(
      [&asking](std::size_t a, std::size_t b) { return asking.similarity(a, b); },
      entries,
      exclude_own_group,
      num_threads);
  if (rankings.empty()) {
    throw Error(ErrorKind::kBadInput,
                std::string("No photo that asks has another one of its individual") +
                    (exclude_own_group ? " in another encounter" : "") +
                    "; there is nothing to find.");
  }
  std::vector<Search> searches(rankings.size());
  parallel_for(rankings.size(), num_threads, [&](std::size_t i) {
    searches[i] = search(asking, rankings[i]);
  });

  IdentificationReport report;
  report.num_entries = entries.size();
  const std::vector<float> strangers = ask_strangers(asking, entries.size(), num_threads);
  report.num_strangers = strangers.size();
  std::vector<std::string> asking_individuals;
  std::map<std::string, std::vector<const Search*>> by_name;
  for (const Search& search : searches) {
    asking_individuals.push_back(entries[search.query].individual);
    by_name[asking_individuals.back()].push_back(&search);
  }
  report.closed = summarize_rankings(rankings, asking_individuals, kReplicates, seed);
  Groups groups;
  for (const auto& [name, group] : by_name) {
    report.individuals.push_back(individual_score(name, group));
    report.rank_1_by_individual +=
        report.individuals.back().rank_1 / static_cast<double>(by_name.size());
    groups.push_back(group);
  }
  std::stable_sort(report.individuals.begin(), report.individuals.end(), [](auto& a, auto& b) {
    return a.rank_1 != b.rank_1 ? a.rank_1 < b.rank_1
                                : a.mean_average_precision < b.mean_average_precision;
  });
  for (std::size_t rank = 1; rank <= kCumulativeRanks; ++rank) {
    const auto count = std::count_if(
        searches.begin(), searches.end(), [rank](const Search& s) { return s.rank <= rank; });
    report.cumulative.push_back(static_cast<double>(count) / static_cast<double>(searches.size()));
  }
  std::mt19937_64 random(seed);
  report_pairs(asking, entries, report);
  report_open(groups, strangers, random, report);
  report_vote(searches, report);
  report_mistakes(searches, report);
  report.rankings = rankings;
  return report;
}

}  // namespace finview
