#include "finview/match/metrics.h"

#include "finview/base/error.h"
#include "finview/base/threads.h"

#include <algorithm>
#include <array>
#include <map>
#include <numeric>
#include <optional>
#include <random>
#include <string>

#include <fmt/format.h>

namespace finview {
namespace {

/// A photo seen from a query.
struct Seen {
  double similarity;
  bool same;
  std::size_t individual;
};

/// Strangers get numbers of their own.
std::vector<std::size_t> number_individuals(std::span<const GalleryEntry> entries) {
  std::map<std::string, std::size_t> numbers;
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string& name = entries[i].individual;
    result.push_back(name.empty() ? i : numbers.try_emplace(name, i).first->second);
  }
  return result;
}

double average_precision_of(const std::vector<Seen>& sorted) {
  double sum = 0;
  std::size_t hits = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (!sorted[i].same) continue;
    ++hits;
    sum += static_cast<double>(hits) / static_cast<double>(i + 1);
  }
  return sum / static_cast<double>(hits);
}

/// One more than the individuals met before the first photo of the query's own.
std::size_t rank_of(const std::vector<Seen>& sorted) {
  std::vector<std::size_t> before;
  for (const Seen& seen : sorted) {
    if (seen.same) break;
    before.push_back(seen.individual);
  }
  std::sort(before.begin(), before.end());
  return static_cast<std::size_t>(std::unique(before.begin(), before.end()) - before.begin()) + 1;
}

std::optional<QueryRanking> rank_query(std::vector<Seen> seen, std::size_t query) {
  if (std::none_of(seen.begin(), seen.end(), [](const Seen& s) { return s.same; })) return {};
  std::sort(seen.begin(), seen.end(), [](const Seen& a, const Seen& b) {
    return a.similarity != b.similarity ? a.similarity > b.similarity : a.same < b.same;
  });
  return QueryRanking{query, rank_of(seen), average_precision_of(seen)};
}

/// Sums over an individual's queries: count, rank 1, rank 5, rank 10, average precision, 1 / rank.
using Sums = std::array<double, 6>;

Sums& operator+=(Sums& a, const Sums& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
  return a;
}

std::vector<Sums> sums_by_individual(std::span<const QueryRanking> rankings,
                                     std::span<const std::string> individuals) {
  std::map<std::string, Sums> sums;
  for (std::size_t i = 0; i < rankings.size(); ++i) {
    const QueryRanking& ranking = rankings[i];
    sums.try_emplace(individuals[i], Sums{}).first->second +=
        {1,
         ranking.rank == 1 ? 1.0 : 0.0,
         ranking.rank <= 5 ? 1.0 : 0.0,
         ranking.rank <= 10 ? 1.0 : 0.0,
         ranking.average_precision,
         1 / static_cast<double>(ranking.rank)};
  }
  std::vector<Sums> result;
  for (const auto& [name, sum] : sums) result.push_back(sum);
  return result;
}

Estimate estimate(double value, std::vector<double> replicates) {
  if (replicates.empty()) return {value, value, value};
  std::sort(replicates.begin(), replicates.end());
  const auto at = [&](double share) {
    return replicates[static_cast<std::size_t>(share * static_cast<double>(replicates.size() - 1))];
  };
  return {value, at(0.025), at(0.975)};
}

}  // namespace

std::vector<QueryRanking> rank_leave_one_out(std::span<const float> rows,
                                             std::size_t num_dims,
                                             std::span<const GalleryEntry> entries,
                                             bool exclude_own_group) {
  if (num_dims == 0 || rows.size() != entries.size() * num_dims) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} photos of {} dimensions were to be ranked by {} numbers.",
                            entries.size(),
                            num_dims,
                            rows.size()));
  }
  const auto row = [&](std::size_t i) {
    return rows.begin() + static_cast<std::ptrdiff_t>(i * num_dims);
  };
  return rank_leave_one_out(
      [&](std::size_t a, std::size_t b) {
        return std::inner_product(row(b), row(b + 1), row(a), 0.0);
      },
      entries,
      exclude_own_group,
      1);
}

std::vector<QueryRanking> rank_leave_one_out(
    const std::function<double(std::size_t, std::size_t)>& similarity,
    std::span<const GalleryEntry> entries,
    bool exclude_own_group,
    int num_threads) {
  const std::vector<std::size_t> individual_of = number_individuals(entries);
  std::vector<std::optional<QueryRanking>> rankings(entries.size());
  parallel_for(entries.size(), num_threads, [&](std::size_t query) {
    if (entries[query].individual.empty() || !entries[query].asks) return;
    std::vector<Seen> seen;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const bool same = individual_of[i] == individual_of[query];
      const bool near_copy = exclude_own_group && same && !entries[query].group.empty() &&
                             entries[i].group == entries[query].group;
      if (i == query || near_copy) continue;
      seen.push_back({similarity(query, i), same, individual_of[i]});
    }
    rankings[query] = rank_query(std::move(seen), query);
  });
  std::vector<QueryRanking> found;
  for (const std::optional<QueryRanking>& ranking : rankings) {
    if (ranking) found.push_back(*ranking);
  }
  return found;
}

RankingMetrics summarize_rankings(std::span<const QueryRanking> rankings,
                                  std::span<const std::string> individuals,
                                  std::size_t num_replicates,
                                  std::uint64_t seed) {
  const std::vector<Sums> sums = sums_by_individual(rankings, individuals);
  if (sums.empty()) return {};
  Sums total{};
  for (const Sums& sum : sums) total += sum;
  std::mt19937_64 random(seed);
  std::array<std::vector<double>, 6> replicates;
  for (std::size_t r = 0; r < num_replicates; ++r) {
    Sums drawn{};
    for (std::size_t i = 0; i < sums.size(); ++i) drawn += sums[random() % sums.size()];
    for (std::size_t k = 1; k < drawn.size(); ++k) replicates[k].push_back(drawn[k] / drawn[0]);
  }
  return {rankings.size(),
          sums.size(),
          estimate(total[1] / total[0], std::move(replicates[1])),
          estimate(total[2] / total[0], std::move(replicates[2])),
          estimate(total[3] / total[0], std::move(replicates[3])),
          estimate(total[4] / total[0], std::move(replicates[4])),
          estimate(total[5] / total[0], std::move(replicates[5]))};
}

}  // namespace finview
