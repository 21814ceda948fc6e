#include "benchmarks/catalogue/invented_catalogue.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <string>

#include <fmt/format.h>

namespace finview {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kPhotosPerWrite = 500;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

class Filler {
 public:
  Filler(Catalogue& catalogue, const InventedCatalogueOptions& options)
      : catalogue_(catalogue),
        num_fins_(options.num_fins),
        num_individuals_(options.num_individuals),
        make_photo_(options.make_photo) {}

  std::vector<FinId> fill() {
    auto start = Clock::now();
    add_encounters();
    add_photos_and_fins();
    report("photos and fins", num_photos_ + num_fins_, start);
    start = Clock::now();
    confirm();
    report("confirmed fins", static_cast<std::int64_t>(fins_.size()) * 9 / 10, start);
    start = Clock::now();
    answer();
    report("answered fins", num_answered_, start);
    return fins_;
  }

 private:
  static void report(const char* what, std::int64_t rows, Clock::time_point start) {
    const double seconds = seconds_since(start);
    fmt::print("{:>9} {}: {:.1f} s, {:.0f} a second\n",
               rows,
               what,
               seconds,
               static_cast<double>(rows) / seconds);
    std::fflush(stdout);
  }

  int draw(std::int64_t end) {
    return static_cast<int>(std::uniform_int_distribution<std::int64_t>(0, end - 1)(random_));
  }

  void add_encounters() {
    catalogue_.database.write([&](soci::session&) {
      for (std::int64_t i = 0; i < std::max<std::int64_t>(10, num_fins_ / 200); ++i) {
        EncounterRecord row;
        row.code = fmt::format("E{:05}", i);
        row.began = fmt::format("{}-{:02}-{:02}", 2010 + draw(15), 1 + draw(12), 1 + draw(28));
        row.place = fmt::format("Bay {}", draw(100));
        encounters_.push_back(catalogue_.encounters.add(row));
        days_.push_back(row.began);
      }
    });
  }

  void add_photos_and_fins() {
    std::int64_t num_fins = 0;
    while (num_fins < num_fins_) {
      std::vector<PhotoRecord> photos;
      std::vector<SearchedPhoto> searched;
      while (photos.size() < kPhotosPerWrite && num_fins < num_fins_) {
        photos.push_back(new_photo());
        searched.push_back({{}, new_fins(photos.back()), {}});
        num_fins += static_cast<std::int64_t>(searched.back().fins.size());
      }
      catalogue_.database.write([&](soci::session&) {
        const std::vector<PhotoId> ids = catalogue_.photos.add(photos);
        for (std::size_t i = 0; i < ids.size(); ++i) searched[i].photo = ids[i];
        for (const auto& of_photo : catalogue_.fins.add_found(searched, "")) {
          fins_.insert(fins_.end(), of_photo.begin(), of_photo.end());
        }
      });
    }
  }

  PhotoRecord new_photo() {
    // A camera's photos of one encounter follow each other.
    const std::size_t encounter = static_cast<std::size_t>(num_photos_ / 160) % encounters_.size();
    PhotoRecord photo;
    photo.sha256 = fmt::format("{:016x}{:016x}{:032x}", random_(), random_(), num_photos_);
    photo.name = fmt::format("{}/IMG_{:07}.JPG", days_[encounter], num_photos_);
    photo.size_bytes = 6'000'000 + draw(4'000'000);
    photo.width_px = 5184;
    photo.height_px = 3456;
    if (make_photo_) make_photo_(num_photos_, photo);
    photo.taken =
        fmt::format("{}T{:02}:{:02}:{:02}", days_[encounter], 8 + draw(9), draw(60), draw(60));
    photo.camera = "Canon EOS 7D";
    photo.encounter = encounters_[encounter];
    ++num_photos_;
    return photo;
  }

  std::vector<NewFin> new_fins(const PhotoRecord& photo) {
    std::vector<NewFin> fins(draw(4) == 0 ? 2 : 1);
    for (std::size_t i = 0; i < fins.size(); ++i) {
      const auto half = static_cast<float>(photo.width_px) / 2;
      const float side = half / 4;
      const float left = half * static_cast<float>(i) + static_cast<float>(draw(700)) / 1000 * half;
      const float top = static_cast<float>(photo.height_px) / 3;
      fins[i].box = {left, top, left + side, top + side, 0.9F, 0};
      fins[i].made_by = "detector:0123456789abcdef";
      fins[i].side = draw(2) == 0 ? "left" : "right";
      fins[i].quality = draw(1000) / 1000.0;
    }
    return fins;
  }

  void confirm() {
    std::vector<std::vector<FinId>> of(static_cast<std::size_t>(num_individuals_));
    for (std::size_t i = 0; i < fins_.size(); ++i) {
      if (i % 10 != 9) of[static_cast<std::size_t>(draw(num_individuals_))].push_back(fins_[i]);
    }
    for (std::size_t i = 0; i < of.size(); i += 100) {
      catalogue_.database.write([&](soci::session&) {
        for (std::size_t j = i; j < std::min(of.size(), i + 100); ++j) {
          if (of[j].empty()) continue;
          NewDecision wish;
          wish.kind = DecisionKind::kNew;
          wish.fins = of[j];
          wish.code = fmt::format("D{:05}", j);
          wish.who = j % 2 == 0 ? "Ana" : "Bo";
          individuals_.push_back(catalogue_.decisions.decide(wish).individual);
        }
      });
    }
  }

  void answer() {
    std::vector<NewAnswer> answers;
    for (std::size_t i = 9; i < fins_.size(); i += 10) {
      NewAnswer said;
      said.fin = fins_[i];
      said.tier = static_cast<Tier>(1 + draw(4));
      said.p_new = 0.1;
      for (int c = 0; c < 5; ++c) {
        StoredCandidate candidate;
        candidate.individual = individuals_[static_cast<std::size_t>(
            draw(static_cast<std::int64_t>(individuals_.size())))];
        candidate.probability = draw(1000) / 1000.0 / (1 << c);
        candidate.similarities = {0.7, 0.5, std::nullopt, 0.1, 2.0};
        candidate.best_fin = fins_[static_cast<std::size_t>(draw(num_fins_))];
        said.candidates.push_back(candidate);
      }
      answers.push_back(said);
      ++num_answered_;
      if (answers.size() < 500 && i + 10 < fins_.size()) continue;
      catalogue_.fins.set_answers(answers);
      answers.clear();
    }
  }

  Catalogue& catalogue_;
  std::int64_t num_fins_;
  std::int64_t num_individuals_;
  std::function<void(std::int64_t, PhotoRecord&)> make_photo_;
  std::int64_t num_photos_ = 0;
  std::int64_t num_answered_ = 0;
  std::vector<EncounterId> encounters_;
  std::vector<IndividualId> individuals_;
  std::vector<std::string> days_;
  std::vector<FinId> fins_;
  std::mt19937_64 random_{1};
};

}  // namespace

std::vector<FinId> invent_catalogue(Catalogue& catalogue, const InventedCatalogueOptions& options) {
  return Filler(catalogue, options).fill();
}

}  // namespace finview
