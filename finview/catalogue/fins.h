#pragma once

#include "finview/catalogue/records.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace finview {

class Database;

/// One page of a list.
template <class Record>
struct Page {
  std::vector<Record> rows;
  std::int64_t total = 0;  ///< rows that fit the filter
};

/// Which fins, in what order. Empty or absent = all. Fins of photos in the trash never appear.
struct FinFilter {
  std::vector<Review> reviews;
  std::vector<Tier> tiers;
  std::optional<IndividualId> individual;
  std::optional<EncounterId> encounter;
  std::optional<PhotoId> photo;
  std::string side;
  double min_quality = 0;
  std::string text;         ///< in the photo's name or the individual's code, any case
  std::string sort = "id";  ///< "id", "taken", "quality", "probability", "photo", "individual"
  bool descending = false;
  std::int64_t offset = 0;
  std::int64_t limit = 100;  ///< 1 to 1000
};

struct NewFin {
  Detection box;
  std::string made_by;
  std::string side;
  double quality = 0;
  std::string outline;
};

/// A photo and what was found in it.
struct SearchedPhoto {
  PhotoId photo;
  std::vector<NewFin> fins;
  std::vector<std::vector<std::uint8_t>> features;  ///< one per fin, or none
};

/// What the program says of a fin against the catalogue of the moment.
struct NewAnswer {
  FinId fin;
  Tier tier = Tier::kNone;
  double p_new = 1;
  std::vector<StoredCandidate> candidates;  ///< most probable first
};

/// A fin's numbers by one recipe (networks and versions they were made with).
struct Feature {
  FinId fin;
  std::vector<std::uint8_t> bytes;
};

/// What a picture of all fins shows of each.
struct FinBrief {
  FinId id;
  IndividualId individual;
  EncounterId encounter;
  Review review = Review::kWaiting;
  Tier tier = Tier::kNone;
  double quality = 0;
};

class Fins {
 public:
  explicit Fins(Database& database) : database_(database) {}

  /// The photo has been searched: adds its fins and their features (one each, or none) and sets its
  /// state, all or nothing. Fins that a person made, corrected or decided on stay; other fins of
  /// the photo are replaced. A fin given that overlaps one that stays by half is that one, whose id
  /// is returned; its feature is not touched. Throws Error{kNotFound}.
  std::vector<FinId> add_found(PhotoId photo,
                               std::span<const NewFin> fins,
                               const std::string& recipe = "",
                               std::span<const std::vector<std::uint8_t>> features = {});
  /// The same of many photos, each given once.
  std::vector<std::vector<FinId>> add_found(std::span<const SearchedPhoto> photos,
                                            const std::string& recipe);

  /// One fin that a person drew. Throws Error{kNotFound}.
  FinId add(PhotoId photo, const NewFin& fin);
  /// Changes box, side, quality, outline and who outlined; its features and candidates are dropped
  /// where box or outline change. Throws Error{kNotFound}.
  void change(const FinRecord& fin);
  /// Only fins nobody decided on; the others are discarded by a decision. Throws Error{kConflict}.
  void remove(FinId fin);

  FinRecord get(FinId fin) const;  ///< Throws Error{kNotFound}.
  Page<FinRecord> list(const FinFilter& filter) const;
  /// Every fin of photos not in the trash, by id. `f` runs outside of any transaction.
  void each(const std::function<void(const FinRecord&)>& f) const;
  /// The same, a few facts of each.
  void each_brief(const std::function<void(const FinBrief&)>& f) const;
  /// Fins per tier among those that wait for a person, in the order of Tier.
  std::vector<std::int64_t> waiting_by_tier() const;

  std::optional<std::vector<std::uint8_t>> feature(FinId fin, const std::string& recipe) const;
  void set_feature(FinId fin, const std::string& recipe, std::span<const std::uint8_t> bytes);
  /// Every feature of one recipe, by id: of confirmed fins, or of those that are neither confirmed
  /// nor discarded. `f` runs outside of any transaction and may use the catalogue.
  void each_feature(
      const std::string& recipe,
      bool confirmed,
      const std::function<void(const FinRecord&, std::span<const std::uint8_t>)>& f) const;
  /// Fins, of photos not in the trash, that have no feature of the recipe.
  std::vector<FinId> without_feature(const std::string& recipe) const;

  /// Replaces what was said of these fins, in one transaction. A fin that is decided on keeps its
  /// individual; one that was removed meanwhile is left out.
  void set_answers(std::span<const NewAnswer> answers);
  /// Most probable first; individuals that were merged since as the one they were merged into.
  std::vector<StoredCandidate> candidates(FinId fin) const;

 private:
  Database& database_;
};

}  // namespace finview
