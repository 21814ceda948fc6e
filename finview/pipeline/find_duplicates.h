#pragma once

#include "finview/pipeline/identify.h"

#include <string>
#include <vector>

namespace finview {

/// Two individuals that may be one animal.
struct DuplicatePair {
  std::string first;
  std::string second;
  double probability = 0;  ///< larger of the two directions' pooled probabilities
};

/// A photo that may show another individual than its folder says.
struct MisfiledPhoto {
  std::string path;
  std::string filed_under;
  std::string looks_like;
  double probability = 0;      ///< of `looks_like`
  double probability_own = 0;  ///< of `filed_under`; 0 if that has no other encounter
};

struct Duplicates {
  std::vector<DuplicatePair> pairs;     ///< most probable first
  std::vector<MisfiledPhoto> misfiled;  ///< most probable first
};

/// Asks each individual's photos (500 of the catalogue at most) of all others: together, for pairs
/// whose probability reaches `min_probability`; and one by one, for photos that another individual
/// claims more strongly than its own. Throws as `open_catalogue`.
Duplicates find_duplicates(const std::string& folder,
                           const IdentifyOptions& options,
                           double min_probability,
                           Progress& progress,
                           const CancelToken& cancel);

}  // namespace finview
