#include "finview/match/answer.h"

#include "finview/base/error.h"
#include "finview/match/calibration.h"
#include "finview/match/edge_testing.h"
#include "finview/match/gallery.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

namespace finview {
namespace {

constexpr auto kLook = static_cast<std::size_t>(Witness::kLook);
constexpr auto kEdge = static_cast<std::size_t>(Witness::kEdge);
constexpr auto kNetwork = static_cast<std::size_t>(Witness::kEdgeNetwork);
constexpr auto kWarping = static_cast<std::size_t>(Witness::kWarping);
constexpr auto kMarks = static_cast<std::size_t>(Witness::kMarks);

std::vector<float> unit(double angle_deg) {
  const double angle = angle_deg * M_PI / 180;
  return {static_cast<float>(std::cos(angle)), static_cast<float>(std::sin(angle))};
}

FinSignature look(double angle_deg) { return {unit(angle_deg)}; }

Gallery on_circle(const std::vector<std::pair<GalleryEntry, double>>& rows) {
  std::vector<GalleryEntry> entries;
  std::vector<FinSignature> signatures;
  for (const auto& [entry, angle_deg] : rows) {
    entries.push_back(entry);
    signatures.push_back(look(angle_deg));
  }
  return {entries, signatures};
}

/// `num` individuals with `photos` photos each: a random direction plus noise of length `spread`.
Gallery random_gallery(int num, int photos, double spread, unsigned seed) {
  constexpr std::size_t kDims = 16;
  std::mt19937 random(seed);
  std::normal_distribution<double> normal;
  std::vector<GalleryEntry> entries;
  std::vector<FinSignature> signatures;
  for (int i = 0; i < num; ++i) {
    std::vector<double> center(kDims);
    for (double& v : center) v = normal(random);
    for (int p = 0; p < photos; ++p) {
      entries.push_back({"D" + std::to_string(i), "day" + std::to_string(p)});
      std::vector<double> row = center;
      double norm = 0;
      for (double& v : row) {
        v += spread * normal(random);
        norm += v * v;
      }
      FinSignature signature;
      for (const double v : row) {
        signature.embedding.push_back(static_cast<float>(v / std::sqrt(norm)));
      }
      signatures.push_back(std::move(signature));
    }
  }
  return {entries, signatures};
}

/// An individual of which one witness says `value`.
IndividualSimilarity says(std::size_t individual, std::size_t witness, double value) {
  IndividualSimilarity one;
  one.individual_index = individual;
  one.similarities[witness] = value;
  return one;
}

Answer answer_to(const Gallery& gallery, const FinSignature& query, const MatchOptions& options) {
  const Evidence evidence = ask_gallery(gallery, query, options);
  return answer_evidence(gallery, {&evidence, 1}, FittedCalibration(), options);
}

double sum_of(const Answer& answer) {
  double sum = answer.p_new;
  for (const Candidate& candidate : answer.candidates) sum += candidate.probability;
  return sum;
}

TEST(Gallery, LookIsTheMeanOfTheBestPhotos) {
  const Gallery gallery =
      on_circle({{{"B", ""}, 0}, {{"A", ""}, 60}, {{"A", ""}, 90}, {{"A", ""}, 180}});
  ASSERT_EQ(gallery.individuals(), (std::vector<std::string>{"A", "B"}));
  const auto found = gallery.similarities(look(60), 2);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_NEAR(found[0].similarities[kLook].value(), (1 + std::cos(M_PI / 6)) / 2, 1e-6);
  EXPECT_EQ(found[0].best_entry_index, 1U);
  EXPECT_NEAR(found[1].similarities[kLook].value(), 0.5, 1e-6);
  for (const std::size_t silent : {kEdge, kNetwork, kWarping, kMarks}) {
    EXPECT_FALSE(found[0].similarities[silent]);
  }
}

TEST(Gallery, LeaveOneOutDropsTheGroupOfTheSameIndividualOnly) {
  const Gallery gallery = on_circle({{{"A", "mon"}, 0},
                                     {{"A", "mon"}, 1},
                                     {{"A", "tue"}, 40},
                                     {{"B", "mon"}, 20},
                                     {{"C", ""}, 5},
                                     {{"C", ""}, 6}});
  const auto found = gallery.similarities(gallery.signature(0), 1, 0);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].best_entry_index, 2U);
  EXPECT_EQ(found[1].best_entry_index, 3U);
  const auto unknown_group = gallery.similarities(gallery.signature(4), 1, 4);
  EXPECT_EQ(unknown_group[2].best_entry_index, 5U) << "photos without a group are not near-copies";
}

TEST(Gallery, RefusesWhatDoesNotFit) {
  EXPECT_THROW(Gallery({{"A", ""}}, {}), Error);
  EXPECT_THROW(Gallery({}, {look(0)}), Error);
  const Gallery gallery = on_circle({{{"A", ""}, 0}});
  EXPECT_THROW(gallery.similarities({{1, 0, 0}}, 1), Error);
}

TEST(Gallery, EdgeNetworkIsTheLargestCosineOfAnyTwoViews) {
  const auto fin = [](double first_angle, double step) {
    FinSignature signature{unit(0), edge_with(own_notches())};
    for (int view = 0; view < FinEdge::kNumViews; ++view) {
      const std::vector<float> row = unit(first_angle + step * view);
      signature.edge_views.insert(signature.edge_views.end(), row.begin(), row.end());
    }
    return signature;
  };
  const Gallery gallery({{"A", ""}, {"A", ""}, {"B", ""}}, {fin(100, 10), fin(60, 0), look(0)});
  const auto found = gallery.similarities(fin(0, 2), 1);
  ASSERT_EQ(found.size(), 2U);
  EXPECT_NEAR(found[0].similarities[kNetwork].value(), std::cos((60 - 14) * M_PI / 180), 1e-6);
  EXPECT_NEAR(found[0].similarities[kWarping].value(), 1, 1e-5);
  EXPECT_FALSE(found[1].similarities[kNetwork]) << "B has no edge";
}

TEST(Gallery, CostlyWitnessesSeeTheShortlistOfLookAndNetwork) {
  std::vector<GalleryEntry> entries;
  std::vector<FinSignature> signatures;
  for (std::size_t i = 0; i < 2 * Gallery::kShortlist; ++i) {
    entries.push_back({"D" + std::to_string(i), ""});
    FinSignature signature{unit(10 + 0.1 * static_cast<double>(i)), edge_with(other_notches())};
    for (int view = 0; view < FinEdge::kNumViews; ++view) {
      const std::vector<float> row = unit(90);
      signature.edge_views.insert(signature.edge_views.end(), row.begin(), row.end());
    }
    signatures.push_back(std::move(signature));
  }
  // The last in look is the first of the network.
  for (int view = 0; view < FinEdge::kNumViews; ++view) signatures.back().edge_views[2 * view] = 1;
  FinSignature query = signatures.front();
  query.embedding = unit(0);
  for (int view = 0; view < FinEdge::kNumViews; ++view) query.edge_views[2 * view] = 1;
  const std::size_t last = signatures.size() - 1;
  const Gallery gallery(entries, signatures);
  const auto photos = gallery.photo_similarities(query);
  ASSERT_EQ(photos.size(), signatures.size());
  const auto seen = std::count_if(photos.begin(), photos.end(), [](const PhotoSimilarity& photo) {
    return photo.similarities[kWarping].has_value();
  });
  EXPECT_EQ(static_cast<std::size_t>(seen), Gallery::kShortlist);
  EXPECT_TRUE(photos[0].similarities[kWarping]);
  EXPECT_TRUE(photos[last].similarities[kWarping]);
  EXPECT_FALSE(photos[last - 1].similarities[kWarping]);
}

TEST(Evidence, WordsDoNotDependOnScaleAndPlaceOfSimilarities) {
  std::vector<IndividualSimilarity> found;
  std::vector<IndividualSimilarity> shifted;
  std::mt19937 random(1);
  std::normal_distribution<double> normal;
  for (std::size_t i = 0; i < 400; ++i) {
    const double value = normal(random) + (i == 7 ? 9 : 0);
    found.push_back(says(i, kEdge, 0.37 + 0.07 * value));
    shifted.push_back(says(i, kEdge, 0.45 + 0.12 * value));
  }
  const QueryWorth worth{1, 1};
  const Evidence a = weigh(found, worth);
  const Evidence b = weigh(shifted, worth);
  EXPECT_NEAR(a.words[7][kEdge], 9, 1.5);
  EXPECT_NEAR(b.words[7][kEdge], a.words[7][kEdge], 0.5);
  EXPECT_EQ(a.words[7][kLook], 0) << "silent";
  EXPECT_NEAR(weigh(found, {0.5, 1}).words[7][kEdge], a.words[7][kEdge] / 2, 1e-9);
}

TEST(Evidence, MarksAreSilentUpToWhatChanceGives) {
  std::vector<IndividualSimilarity> found;
  for (std::size_t i = 0; i < 400; ++i) {
    found.push_back(says(i, kMarks, 2 + 0.5 * (i % 2 == 0 ? 0.9 : -0.9)));
  }
  found[3] = says(3, kMarks, 0);  // far fewer than usual
  found[7] = says(7, kMarks, 4);
  const Evidence evidence = weigh(found, {1, 1});
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (i == 7) {
      EXPECT_NEAR(evidence.words[i][kMarks], 2 / 0.45 - 1, 0.3);
    } else {
      EXPECT_EQ(evidence.words[i][kMarks], 0) << i;
    }
  }
}

TEST(Evidence, OneIndividualIsJudgedByTheUsualSpread) {
  const Evidence low = weigh({says(0, kWarping, 0.5)}, {1, 0});
  const Evidence high = weigh({says(0, kWarping, 0.9)}, {1, 0});
  EXPECT_GT(probabilities({&high, 1}, shipped_calibration(), 0.2).individuals[0],
            probabilities({&low, 1}, shipped_calibration(), 0.2).individuals[0] + 0.3);
}

TEST(Probabilities, AreASoftmaxWithNobodyAsOneMore) {
  Evidence evidence{{says(0, kLook, 0), says(1, kLook, 0)}, {}, {1, 0}, {}};
  evidence.words = {{2, 1, 0, 0, 0}, {0, 0, 0, 0, 3}};
  const Calibration calibration{{0.5, 2, 1, 1, 0.25}, 0.7, 0.3, 9};
  const Probabilities p = probabilities({&evidence, 1}, calibration, 0.2);
  const double first = std::exp(0.5 * 2 + 2 * 1);
  const double second = std::exp(0.25 * 3);
  const double nobody = std::exp(0.7 + 0.3) * 2 * 0.2 / 0.8;
  const double sum = first + second + nobody;
  EXPECT_NEAR(p.individuals[0], first / sum, 1e-12);
  EXPECT_NEAR(p.individuals[1], second / sum, 1e-12);
  EXPECT_NEAR(p.p_new, nobody / sum, 1e-12);
  EXPECT_EQ(probabilities({}, calibration, 0.2).p_new, 1);
}

TEST(Probabilities, SeveralPhotosAreSurerThanOneAndAddUpToOne) {
  const Evidence good =
      weigh({says(0, kWarping, 0.95), says(1, kWarping, 0.6), says(2, kWarping, 0.62)}, {1, 0});
  const std::vector<Evidence> three(3, good);
  const Probabilities one = probabilities({&good, 1}, shipped_calibration(), 0.2);
  const Probabilities pooled = probabilities(three, shipped_calibration(), 0.2);
  EXPECT_GT(pooled.individuals[0], one.individuals[0]);
  const double sum =
      std::accumulate(pooled.individuals.begin(), pooled.individuals.end(), pooled.p_new);
  EXPECT_NEAR(sum, 1, 1e-12);
  const std::vector<Evidence> unlike{good, weigh({says(0, kWarping, 0.95)}, {1, 0})};
  EXPECT_THROW(probabilities(unlike, shipped_calibration(), 0.2), Error);
}

std::vector<const Question*> pointers(const std::vector<Question>& questions) {
  std::vector<const Question*> all;
  for (const Question& one : questions) all.push_back(&one);
  return all;
}

TEST(Calibration, ProbabilitiesAreTrueOnAFreshCatalogue) {
  // Fitted on one draw, scored on the photos of another: the mean probability of the best answer
  // must be near the share of right answers, and strangers must get a high p_new.
  const Gallery fitted_on = random_gallery(60, 4, 0.6, 1);
  const FittedCalibration fitted = calibrate(fitted_on, 2, 0.5, 2);
  EXPECT_TRUE(fitted.is_of_catalogue());
  EXPECT_EQ(fitted.num_known_queries, 240U);
  const Gallery fresh = random_gallery(60, 4, 0.6, 2);
  double claimed = 0;
  double right = 0;
  double p_new_known = 0;
  double p_new_stranger = 0;
  const std::vector<Question> questions = ask_each_other(fresh, 2, 2);
  for (const Question& question : questions) {
    const Probabilities p = probabilities({&question.known, 1}, fitted.calibration, 0.5);
    const auto best = std::max_element(p.individuals.begin(), p.individuals.end());
    claimed += *best / (1 - p.p_new);  // the individual is known to be there
    right += question.own == static_cast<std::size_t>(best - p.individuals.begin());
    p_new_known += p.p_new;
    p_new_stranger += probabilities({&question.stranger, 1}, fitted.calibration, 0.5).p_new;
  }
  const auto n = static_cast<double>(questions.size());
  EXPECT_NEAR(claimed / n, right / n, 0.08);
  EXPECT_GT(p_new_stranger / n, p_new_known / n + 0.3);
}

TEST(Calibration, FitIsTheLeastOfItsLoss) {
  const Gallery gallery = random_gallery(20, 3, 0.7, 5);
  const std::vector<Question> questions = ask_each_other(gallery, 2, 2);
  const std::vector<const Question*> all = pointers(questions);
  const Calibration fitted = fit_calibration(all, 0.3, shipped_calibration());
  const auto loss = [&](const Calibration& c) {
    double known = 0;
    double strangers = 0;
    for (const Question& one : questions) {
      known -= std::log(probabilities({&one.known, 1}, c, 0.3).individuals[*one.own]);
      strangers -= std::log(probabilities({&one.stranger, 1}, c, 0.3).p_new);
    }
    const double prior = shipped_calibration().witnesses[kLook];
    const double prior_nobody = shipped_calibration().nobody;
    const auto penalty = [](double value, double at) {
      return std::pow((value - at) / 1.5, 2) / 2;
    };
    const auto n = static_cast<double>(questions.size());
    return 2 * n * (0.7 * known / n + 0.3 * strangers / n) + penalty(c.witnesses[kLook], prior) +
           penalty(c.nobody, prior_nobody);
  };
  for (const double step : {-0.05, 0.05}) {
    Calibration moved = fitted;
    moved.witnesses[kLook] += step;
    EXPECT_GT(loss(moved), loss(fitted));
    moved = fitted;
    moved.nobody += step;
    EXPECT_GT(loss(moved), loss(fitted));
  }
  const std::array<Witness, 1> edge_only{Witness::kEdge};
  EXPECT_EQ(fit_calibration(all, 0.3, shipped_calibration(), edge_only).witnesses[kLook], 0);
}

TEST(Calibration, StaysAsShippedWhereTheCatalogueIsTooSmall) {
  const Gallery one = on_circle({{{"A", ""}, 0}});
  const FittedCalibration fitted = calibrate(one, 1, 0.2, 1);
  EXPECT_FALSE(fitted.is_of_catalogue());
  EXPECT_EQ(fitted.num_stranger_queries, 0U);
  EXPECT_EQ(fitted.calibration.witnesses, shipped_calibration().witnesses);
}

TEST(MatchThreshold, LetsTheShareOfStrangersThrough) {
  std::mt19937 random(1);
  std::exponential_distribution<double> tail(0.8);
  const auto draw = [&](int count) {
    std::vector<double> logits;
    for (int i = 0; i < count; ++i) logits.push_back(-2 + tail(random));
    return logits;
  };
  for (const double rate : {0.05, 0.01}) {
    const double threshold = match_threshold(draw(400), rate);
    const std::vector<double> fresh = draw(20000);
    const auto above =
        std::count_if(fresh.begin(), fresh.end(), [&](double logit) { return logit >= threshold; });
    EXPECT_NEAR(static_cast<double>(above) / 20000 / rate, 1, 0.5);
  }
  EXPECT_GT(match_threshold({}, 0.01), match_threshold({}, 0.1));
}

TEST(Answer, DecidesKnownNewAndUnsure) {
  // Four looks far apart; a calibration that hears looks alone.
  const Gallery gallery = random_gallery(40, 4, 0.25, 3);
  MatchOptions options;
  options.top = 1;
  const FittedCalibration fitted = calibrate(gallery, 2, 0.2, 2);
  const auto ask = [&](const FinSignature& query) {
    const Evidence evidence = ask_gallery(gallery, query, options);
    return answer_evidence(gallery, {&evidence, 1}, fitted, options);
  };
  const Answer known = ask(gallery.signature(0));
  EXPECT_EQ(known.decision, Decision::kKnown);
  ASSERT_EQ(known.candidates.size(), 1U);
  EXPECT_EQ(known.candidates[0].individual, "D0");
  EXPECT_EQ(known.silent,
            (std::vector<Witness>{
                Witness::kEdge, Witness::kEdgeNetwork, Witness::kWarping, Witness::kMarks}));
  const Gallery strangers = random_gallery(40, 1, 0.25, 4);
  int num_known = 0;
  int num_new = 0;
  for (std::size_t i = 0; i < strangers.size(); ++i) {
    const Decision decision = ask(strangers.signature(i)).decision;
    num_known += decision == Decision::kKnown;
    num_new += decision == Decision::kNew;
  }
  EXPECT_LE(num_known, 2);
  EXPECT_GE(num_new, 10);
}

TEST(Answer, EqualCandidatesComeByName) {
  const Gallery gallery = on_circle({{{"B", ""}, 10}, {{"A", ""}, 10}, {{"C", ""}, 10}});
  const Answer answer = answer_to(gallery, look(10), {});
  ASSERT_EQ(answer.candidates.size(), 3U);
  EXPECT_EQ(answer.candidates[0].individual, "A");
  EXPECT_EQ(answer.candidates[2].individual, "C");
}

TEST(Answer, StaysAProbabilityForOddCatalogues) {
  MatchOptions options;
  options.top = 1000;
  const FinSignature edged{unit(0), edge_with(own_notches())};
  const std::vector<std::pair<const char*, Gallery>> catalogues{
      {"nobody", Gallery({}, {})},
      {"one individual", Gallery({{"A", ""}}, {edged})},
      {"one photo each", on_circle({{{"A", ""}, 0}, {{"B", ""}, 90}, {{"C", ""}, 180}})},
      {"two names for one animal", Gallery({{"A", "x"}, {"B", "y"}}, {edged, edged})}};
  for (const auto& [name, gallery] : catalogues) {
    for (const FinSignature& query : {look(20), edged}) {
      EXPECT_NEAR(sum_of(answer_to(gallery, query, options)), 1, 1e-9) << name;
    }
  }
  const Answer twins = answer_to(catalogues[3].second, edged, options);
  EXPECT_NEAR(twins.candidates[0].probability, twins.candidates[1].probability, 1e-9);
  EXPECT_NE(twins.decision, Decision::kKnown) << "two names for one animal cannot both be right";
}

TEST(Answer, AWitnessThatIsSilentIsNamedAndTheOthersDecide) {
  Gallery with_edges({{"A", ""}, {"B", ""}},
                     {{unit(0), edge_with(own_notches())}, {unit(90), edge_with(other_notches())}});
  const Answer submerged = answer_to(with_edges, look(3), {});
  EXPECT_EQ(submerged.candidates[0].individual, "A");
  EXPECT_EQ(submerged.silent.size(), 4U);
  EXPECT_NE(submerged.decision, Decision::kKnown) << "a look alone is not enough";
}

TEST(Answer, ABetterPhotoNeverLowersItsOwnIndividual) {
  // The same edge seen ever better: less noise, more of the edge, higher quality.
  std::mt19937 random(9);
  std::normal_distribution<float> noise;
  const auto photo = [&](const std::vector<DrawnNotch>& notches, double badness) {
    FinSignature fin{unit(0), edge_with(notches, 1 - 0.25 * badness)};
    for (int i = 0; i < FinEdge::kNumChannels * FinEdge::kNumSamples; ++i) {
      const float size = i < 4 * FinEdge::kNumSamples ? 0.004F : 0.03F;
      fin.edge->signals[static_cast<std::size_t>(i)] +=
          static_cast<float>(badness) * size * noise(random);
    }
    fin.edge->quality = 1 - 0.7 * badness;
    return fin;
  };
  std::uniform_real_distribution<double> place(0.1, 0.8);
  std::vector<std::vector<DrawnNotch>> individuals(12);
  std::vector<GalleryEntry> entries;
  std::vector<FinSignature> signatures;
  for (std::size_t i = 0; i < individuals.size(); ++i) {
    for (int k = 0; k < 4; ++k) individuals[i].push_back({place(random), 0.015, 0.009});
    entries.push_back({"D" + std::to_string(10 + i), ""});
    signatures.push_back(photo(individuals[i], 0.1));
  }
  const Gallery gallery(entries, signatures);
  MatchOptions options;
  options.top = 1000;
  for (std::size_t i = 0; i < individuals.size(); ++i) {
    std::size_t best_rank = individuals.size();
    double best_probability = 0;
    for (const double badness : {1.0, 0.6, 0.3, 0.0}) {
      const Answer answer = answer_to(gallery, photo(individuals[i], badness), options);
      const auto own = std::find_if(
          answer.candidates.begin(), answer.candidates.end(), [&](const Candidate& candidate) {
            return candidate.individual == entries[i].individual;
          });
      const auto rank = static_cast<std::size_t>(own - answer.candidates.begin());
      EXPECT_LE(rank, best_rank) << "individual " << i << ", badness " << badness;
      best_rank = std::min(best_rank, rank);
      best_probability = own->probability;
    }
    EXPECT_EQ(best_rank, 0U);
    EXPECT_GT(best_probability, 1.0 / 12);
  }
}

}  // namespace
}  // namespace finview
