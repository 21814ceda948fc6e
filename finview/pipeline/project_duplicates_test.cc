#include "finview/pipeline/project_duplicates.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/pipeline/signature_record.h"

#include <cmath>
#include <map>
#include <random>
#include <string_view>

#include "tests/support/scratch_folder.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace finview {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kRecipe = "test";
constexpr int kNumAnimals = 20;
constexpr int kNumDays = 4;

/// 20 animals seen on four days, a fin each. The half of animal 3's fins is confirmed as "D3b", and
/// one of animal 7's as "D8".
class ProjectDuplicates : public testing::Test {
 protected:
  ProjectDuplicates() : project((Project::init(folder / "project", {}), folder / "project")) {
    for (int animal = 0; animal < kNumAnimals; ++animal) {
      const std::vector<double> looks = random_direction();
      for (int day = 0; day < kNumDays; ++day) {
        std::string code = "D" + std::to_string(animal);
        if (animal == 3 && day >= 2) code = "D3b";
        if (animal == 7 && day == 1) code = "D8";
        const FinId fin = add_fin(add_photo(animal, day), looks);
        if (animal == 7 && day == 1) misfiled = fin;
        fins[code].push_back(fin);
        decide(DecisionKind::kConfirm, {fin}, individual(code));
      }
    }
  }

  std::vector<double> random_direction() {
    std::vector<double> row(48);
    for (double& value : row) value = normal(random);
    return row;
  }

  PhotoId add_photo(int animal, int day) {
    PhotoRecord photo;
    photo.name = "animal " + std::to_string(animal) + ", day " + std::to_string(day);
    photo.sha256 = sha256_hex(photo.name);
    photo.size_bytes = 1;
    photo.width_px = 1000;
    photo.height_px = 500;
    photo.taken = "2012-03-0" + std::to_string(day + 1);
    return project.catalogue().photos.add(photo);
  }

  FinId add_fin(PhotoId photo, const std::vector<double>& looks, float left_px = 100) {
    std::vector<double> row = looks;
    double norm = 0;
    for (double& value : row) {
      value += 0.4 * normal(random);
      norm += value * value;
    }
    FinSignature signature;
    for (const double value : row) {
      signature.embedding.push_back(static_cast<float>(value / std::sqrt(norm)));
    }
    NewFin fin;
    fin.box = {left_px, 100, left_px + 100, 150, 0.9F, 0};
    fin.made_by = "detector:test";
    return project.catalogue()
        .fins
        .add_found(photo,
                   std::vector{fin},
                   kRecipe,
                   std::vector<std::vector<std::uint8_t>>{to_bytes(signature)})
        .front();
  }

  IndividualId individual(const std::string& code) {
    Individuals& individuals = project.catalogue().individuals;
    if (const auto known = individuals.find(code)) return *known;
    IndividualRecord record;
    record.code = code;
    return individuals.add(record);
  }

  DecisionId decide(DecisionKind kind,
                    std::vector<FinId> of,
                    IndividualId individual,
                    IndividualId other = {}) {
    NewDecision decision;
    decision.kind = kind;
    decision.fins = std::move(of);
    decision.individual = individual;
    decision.other = other;
    decision.who = "Ana";
    return project.catalogue().decisions.decide(decision).id;
  }

  std::optional<Duplicates> search(double min_probability = 0.3) {
    NoProgress progress;
    return find_project_duplicates(project, kRecipe, {min_probability}, progress, cancel);
  }

  test::ScratchFolder folder;
  std::mt19937 random{7};
  std::normal_distribution<double> normal;
  Project project;
  CancelToken cancel;
  std::map<std::string, std::vector<FinId>> fins;  ///< by the code they are confirmed as
  FinId misfiled;
};

TEST_F(ProjectDuplicates, FindsTheOneThatWasSplitAndNoOther) {
  const auto found = search();
  ASSERT_TRUE(found);
  ASSERT_THAT(found->pairs, SizeIs(1));
  EXPECT_EQ(std::set({found->pairs[0].first, found->pairs[0].second}),
            (std::set<std::string>{"D3", "D3b"}));
  EXPECT_GT(found->pairs[0].probability, 0.9);
  const SuspectedDuplicates kept = read_project_duplicates(project);
  EXPECT_FALSE(kept.made.empty());
  ASSERT_THAT(kept.pairs, SizeIs(1));
  const SuspectedPair& pair = kept.pairs[0];
  EXPECT_EQ(project.catalogue().fins.get(pair.first_fin).individual, pair.first);
  EXPECT_EQ(project.catalogue().fins.get(pair.second_fin).individual, pair.second);
}

TEST_F(ProjectDuplicates, FindsTheMisfiledFinAndNoneOfThePair) {
  ASSERT_TRUE(search());
  const SuspectedDuplicates kept = read_project_duplicates(project);
  ASSERT_THAT(kept.misfiled, SizeIs(1));
  EXPECT_EQ(kept.misfiled[0].fin, misfiled);
  EXPECT_EQ(kept.misfiled[0].individual, individual("D8"));
  EXPECT_EQ(kept.misfiled[0].looks_like, individual("D7"));
  EXPECT_GT(kept.misfiled[0].probability, kept.misfiled[0].probability_own);
  EXPECT_EQ(project.catalogue().fins.get(kept.misfiled[0].best_fin).individual, individual("D7"));
}

TEST_F(ProjectDuplicates, OneRejectionKeepsAPairApart) {
  ASSERT_TRUE(search());
  const DecisionId apart = decide(DecisionKind::kReject, {fins["D3"].front()}, individual("D3b"));
  EXPECT_THAT(read_project_duplicates(project).pairs, IsEmpty()) << "what is kept tells it again";
  EXPECT_THAT(search()->pairs, IsEmpty()) << "a new search tells it again";
  project.catalogue().decisions.undo(apart, "Ana", "");
  EXPECT_THAT(search()->pairs, SizeIs(1));
}

TEST_F(ProjectDuplicates, RejectedAndReassignedFinsAreSettled) {
  ASSERT_TRUE(search());
  const DecisionId no = decide(DecisionKind::kReject, {misfiled}, individual("D7"));
  EXPECT_THAT(read_project_duplicates(project).misfiled, IsEmpty());
  EXPECT_THAT(search()->misfiled, IsEmpty());
  project.catalogue().decisions.undo(no, "Ana", "");
  ASSERT_THAT(search()->misfiled, SizeIs(1));
  decide(DecisionKind::kConfirm, {misfiled}, individual("D7"));
  EXPECT_THAT(read_project_duplicates(project).misfiled, IsEmpty());
}

TEST_F(ProjectDuplicates, MergedPairsGoAndComeBackWithTheUndo) {
  ASSERT_TRUE(search());
  const DecisionId merged = decide(DecisionKind::kMerge, {}, individual("D3"), individual("D3b"));
  EXPECT_THAT(read_project_duplicates(project).pairs, IsEmpty());
  project.catalogue().decisions.undo(merged, "Ana", "");
  EXPECT_THAT(read_project_duplicates(project).pairs, SizeIs(1));
  // Merged into a third one, the pair is of that one.
  decide(DecisionKind::kMerge, {}, individual("D9"), individual("D3b"));
  const SuspectedDuplicates kept = read_project_duplicates(project);
  ASSERT_THAT(kept.pairs, SizeIs(1));
  EXPECT_EQ(std::set({kept.pairs[0].first, kept.pairs[0].second}),
            (std::set{individual("D3"), individual("D9")}));
}

TEST_F(ProjectDuplicates, TwoInOnePhotoAreTwo) {
  const PhotoId photo = project.catalogue().fins.get(fins["D3"].front()).photo;
  const FinId beside = add_fin(photo, random_direction(), 500);
  decide(DecisionKind::kConfirm, {beside}, individual("D3b"));
  // Chance may make others alike: looks are all there is here.
  const auto found = search();
  for (const DuplicatePair& pair : found.value().pairs) {
    EXPECT_NE(std::set({pair.first, pair.second}), (std::set<std::string>{"D3", "D3b"}));
  }
}

TEST_F(ProjectDuplicates, OnlyWhatIsProbableEnoughIsListed) {
  const double probability = search()->pairs.at(0).probability;
  EXPECT_THAT(search(probability)->pairs, SizeIs(1));
  EXPECT_THAT(search(std::nextafter(probability, 1))->pairs, IsEmpty());
}

TEST_F(ProjectDuplicates, CancelledItKeepsWhatWasFoundBefore) {
  EXPECT_EQ(read_project_duplicates(project).made, "");
  ASSERT_TRUE(search());
  cancel.cancel();
  EXPECT_FALSE(search(1));
  EXPECT_THAT(read_project_duplicates(project).pairs, SizeIs(1));
}

TEST_F(ProjectDuplicates, ADamagedFileIsNamed) {
  ASSERT_TRUE(search());
  write_file(project.folder() / "duplicates" / "duplicates.json", std::string_view("{\"made\""));
  try {
    read_project_duplicates(project);
    FAIL() << "half a file was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kBadInput);
    EXPECT_THAT(error.what(), testing::HasSubstr("duplicates.json is damaged"));
  }
}

}  // namespace
}  // namespace finview
