#pragma once

#include "finview/base/cancel.h"
#include "finview/base/options.h"
#include "finview/base/progress.h"
#include "finview/match/answer.h"
#include "finview/match/gallery.h"
#include "finview/pipeline/identify.h"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace finview {

struct DuplicatesOptions {
  double min_probability = 0.3;

  void visit(OptionVisitor& visitor) {
    visitor.field("min-probability", min_probability, "Less probable ones are not listed", 0.01, 1);
  }
};

/// Two individuals that may be one animal.
struct DuplicatePair {
  std::string first;
  std::string second;
  double probability = 0;  ///< that all photos of the one show the other; of both ways the smaller
  std::size_t first_entry = 0;   ///< the photos that are most alike
  std::size_t second_entry = 0;  ///< likewise
};

/// A photo that may show another individual than it is said to.
struct MisfiledPhoto {
  std::string name;
  std::string filed_under;
  std::string looks_like;
  double probability = 0;      ///< of `looks_like`
  double probability_own = 0;  ///< of `filed_under`; 0 if that has no other encounter
  std::size_t entry_index = 0;
  std::size_t best_entry_index = 0;  ///< photo of `looks_like` that is most alike
};

struct Duplicates {
  std::vector<DuplicatePair> pairs;     ///< most probable first
  std::vector<MisfiledPhoto> misfiled;  ///< most probable first
};

/// What is known already: by indices of a gallery.
struct ToldApart {
  std::set<std::pair<std::size_t, std::size_t>> individuals;  ///< not one; smaller index first
  std::map<std::size_t, std::set<std::size_t>> not_by_entry;  ///< whom a photo does not show
};

/// Asks each individual's photos of all others: together, for pairs whose probability reaches
/// the least; and one by one, for photos that another individual claims more strongly than
/// their own. Photos of a listed pair that only say the same again are not listed.
///
/// @param names  of the gallery's entries
/// Nothing if cancelled. Deterministic. About 75 ms per photo on two cores.
std::optional<Duplicates> find_duplicates(const Gallery& gallery,
                                          const std::vector<std::string>& names,
                                          const ToldApart& told_apart,
                                          const Calibration& calibration,
                                          const MatchOptions& match,
                                          const DuplicatesOptions& options,
                                          Progress& progress,
                                          const CancelToken& cancel);

/// The same of a folder with one folder of pictures for each individual; names are paths. Throws as
/// `open_catalogue`.
std::optional<Duplicates> find_folder_duplicates(const std::string& folder,
                                                 const IdentifyOptions& identify,
                                                 const DuplicatesOptions& options,
                                                 Progress& progress,
                                                 const CancelToken& cancel);

}  // namespace finview
