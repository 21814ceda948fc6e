#pragma once

#include "finview/match/skin_similarity.h"
#include "finview/outline/fin_marks.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace finview {

/// Marks of many individuals, against which a match must stand out: a pattern that everybody has
/// tells nothing.
class MarkBackground {
 public:
  /// Most marks kept; they are taken evenly from all fins.
  static constexpr std::size_t kMostMarks = 4096;

  /// @param fins         may be null: no marks
  /// @param individuals  of each fin
  MarkBackground(std::span<const FinMarks* const> fins, std::span<const std::size_t> individuals);

  /// Squared distance to the nearest mark of any individual but `left_out`.
  struct Nearest {
    std::size_t individual = SIZE_MAX;
    float distance = 0;       ///< squared; of the nearest of all
    float next_distance = 0;  ///< squared; of the nearest of another individual
    float except(std::size_t left_out) const {
      return individual == left_out ? next_distance : distance;
    }
  };
  /// Of a descriptor of kDescriptorSize numbers; the marks of individual `skipped` do not count.
  Nearest nearest(const std::uint8_t* descriptor, std::optional<std::size_t> skipped) const;

 private:
  std::vector<std::uint8_t> descriptors_;
  std::vector<std::size_t> individuals_;
};

/// Compares the marks of one fin with those of many others.
///
/// Each mark votes for the nearest one of the other fin by how much nearer that is than the nearest
/// in the background (local naive Bayes nearest neighbor: McCann & Lowe, CVPR 2012, section 3.2, as
/// Crall et al. use it, "HotSpotter", WACV 2013); only votes that one placement of the fin explains
/// count: first a turn, scale and shift that one of the matches asks for, then the affine map that
/// fits those best. Immutable, so any number of threads may ask; `query` must
/// outlive it.
class MarkMatcher {
 public:
  /// A mark of the query and one of the other fin that agree.
  struct Match {
    std::size_t query = 0;
    std::size_t other = 0;
    double vote = 0;  ///< in (0, 1]
  };

  /// @param own  individual of the query, if the background holds the query itself
  MarkMatcher(const FinMarks& query,
              const MarkBackground& background,
              std::optional<std::size_t> own = std::nullopt);

  /// The votes that agree on one placement; none if the two show different flanks.
  ///
  /// @param individual  of the other fin, whose own marks are no background
  std::vector<Match> matches(const FinMarks& other, std::size_t individual) const;

  /// Logarithm of 1 + the sum of the votes, and eight times the correlation of the skin
  /// (`SkinMatcher`): 0 for nothing in common. About 0.6 ms.
  double similarity(const FinMarks& other, std::size_t individual) const;

 private:
  const FinMarks& query_;
  SkinMatcher skin_;
  std::vector<MarkBackground::Nearest> background_;  ///< of each mark of the query
};

}  // namespace finview
