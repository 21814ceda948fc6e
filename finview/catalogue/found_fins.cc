#include "finview/base/error.h"
#include "finview/catalogue/database.h"
#include "finview/catalogue/fins.h"
#include "finview/catalogue/new_fins.h"
#include "finview/catalogue/query.h"
#include "finview/catalogue/tallies.h"

#include <set>

#include <fmt/format.h>

// What was found in photos becomes their fins.
namespace finview {
namespace {

using internal::FeatureRow;
using internal::NewFinRow;
using internal::PhotoOfFins;
using internal::Query;

// A found fin that overlaps a kept one by so much is that one, found again.
constexpr double kSameFinOverlap = 0.5;

void check(std::span<const SearchedPhoto> photos) {
  std::set<PhotoId> ids;
  for (const SearchedPhoto& searched : photos) {
    if (!ids.insert(searched.photo).second) {
      throw Error(ErrorKind::kBadInput,
                  fmt::format("Photo {} was given twice; give all its fins at once.",
                              searched.photo.value));
    }
    if (!searched.features.empty() && searched.features.size() != searched.fins.size()) {
      throw Error(ErrorKind::kBadInput,
                  fmt::format("{} fins were given with {} features; give one each, or none.",
                              searched.fins.size(),
                              searched.features.size()));
    }
    for (const NewFin& fin : searched.fins) internal::check_fin(fin.box, fin.side, fin.quality);
  }
}

std::map<PhotoId, PhotoOfFins> read_photos(soci::session& session,
                                           std::span<const SearchedPhoto> searched) {
  std::vector<PhotoId> ids;
  for (const SearchedPhoto& photo : searched) ids.push_back(photo.photo);
  return internal::photos_of_fins(session, ids);
}

// Fins of a photo that a person made, corrected or decided on.
std::vector<std::pair<FinId, Detection>> kept_fins(soci::session& session, PhotoId photo) {
  std::vector<std::pair<FinId, Detection>> kept;
  FinId id;
  Detection box;
  Query query(session,
              "select id, left_px, top_px, right_px, bottom_px from fin where photo_id = ? and "
              "(last_decision_id is not null or outlined_by <> '' "
              "or made_by not like 'detector:%') order by id",
              photo);
  query.into(id, box.left_px, box.top_px, box.right_px, box.bottom_px);
  while (query.next()) kept.emplace_back(id, box);
  return kept;
}

// The others; says how many.
std::int64_t remove_replaceable(soci::session& session, PhotoId photo) {
  std::int64_t num_removed = 0;
  internal::change_fins_of(session, {&photo, 1}, [&] {
    num_removed = Query(session,
                        "delete from fin where photo_id = ? and last_decision_id is null "
                        "and outlined_by = '' and made_by like 'detector:%'",
                        photo)
                      .run();
  });
  return num_removed;
}

// What a batch of photos adds to the catalogue.
class FoundFins {
 public:
  FoundFins(soci::session& session, std::span<const SearchedPhoto> searched)
      : session_(session), photos_(read_photos(session, searched)), ids_(searched.size()) {
    for (std::size_t i = 0; i < searched.size(); ++i) take(searched[i], ids_[i]);
  }

  std::vector<std::vector<FinId>> store(const std::string& recipe) {
    const std::vector<FinId> added = internal::insert_fins(session_, rows_);
    std::vector<FeatureRow> features;
    for (std::size_t i = 0; i < added.size(); ++i) {
      *places_[i] = added[i];
      if (features_[i] != nullptr) features.push_back({added[i], *features_[i]});
    }
    if (!features.empty()) {
      internal::store_features(session_, internal::recipe_id(session_, recipe, true), features);
    }
    count();
    return std::move(ids_);
  }

 private:
  void take(const SearchedPhoto& searched, std::vector<FinId>& ids) {
    const PhotoOfFins& photo = photos_.at(searched.photo);
    std::vector<std::pair<FinId, Detection>> kept;
    std::int64_t& num_more = num_more_[photo.id];
    if (photo.num_fins > 0) {
      kept = kept_fins(session_, photo.id);
      num_more -= remove_replaceable(session_, photo.id);
    }
    ids.resize(searched.fins.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      for (const auto& [kept_id, box] : kept) {
        if (intersection_over_union(box, searched.fins[i].box) >= kSameFinOverlap) ids[i] = kept_id;
      }
      if (ids[i]) continue;
      ++num_more;
      rows_.push_back({photo, searched.fins[i]});
      places_.push_back(&ids[i]);
      features_.push_back(searched.features.empty() ? nullptr : &searched.features[i]);
    }
  }

  // The photos are searched now; they and their encounters have so many fins more.
  void count() {
    std::map<std::int64_t, std::vector<PhotoId>> by_num_more;
    std::map<EncounterId, std::int64_t> of_encounter;
    for (const auto& [id, num_more] : num_more_) {
      by_num_more[num_more].push_back(id);
      const PhotoOfFins& photo = photos_.at(id);
      if (photo.encounter && !photo.trashed) of_encounter[photo.encounter] += num_more;
    }
    for (const auto& [num_more, ids] : by_num_more) {
      Query update(session_,
                   "update photo set state = ?, failure = '', num_fins = num_fins + ? where id",
                   PhotoState::kSearched,
                   num_more);
      update.add_in(ids).run();
    }
    for (const auto& [encounter, num_more] : of_encounter) {
      if (num_more == 0) continue;
      Query(session_,
            "update encounter set num_fins = num_fins + ? where id = ?",
            num_more,
            encounter)
          .run();
    }
  }

  soci::session& session_;
  const std::map<PhotoId, PhotoOfFins> photos_;
  std::vector<std::vector<FinId>> ids_;  // one per photo
  std::map<PhotoId, std::int64_t> num_more_;
  std::vector<NewFinRow> rows_;  // one per new fin, as are the next two
  std::vector<FinId*> places_;
  std::vector<const std::vector<std::uint8_t>*> features_;
};

}  // namespace

std::vector<std::vector<FinId>> Fins::add_found(std::span<const SearchedPhoto> photos,
                                                const std::string& recipe) {
  check(photos);
  std::vector<std::vector<FinId>> ids;
  database_.write([&](soci::session& session) {
    internal::for_each_batch(photos, [&](std::span<const SearchedPhoto> batch) {
      for (auto& some : FoundFins(session, batch).store(recipe)) ids.push_back(std::move(some));
    });
  });
  return ids;
}

std::vector<FinId> Fins::add_found(PhotoId photo,
                                   std::span<const NewFin> fins,
                                   const std::string& recipe,
                                   std::span<const std::vector<std::uint8_t>> features) {
  const SearchedPhoto searched{
      photo, {fins.begin(), fins.end()}, {features.begin(), features.end()}};
  return add_found({&searched, 1}, recipe).front();
}

}  // namespace finview
