#include "finview/catalogue/decisions.h"

#include "tests/support/catalogue_test.h"

namespace finview {
namespace {

using test::expect_error;
using Ids = std::vector<IndividualId>;

class DecisionsTest : public test::CatalogueTest {
 protected:
  FinRecord fin_row(FinId fin) { return catalogue.fins.get(fin); }
  void expect_state(FinId fin, IndividualId individual, Review review) {
    EXPECT_EQ(fin_row(fin).individual, individual);
    EXPECT_EQ(fin_row(fin).review, review);
  }
};

TEST_P(DecisionsTest, ConfirmKeepsWhoWhenAndWhy) {
  const FinId fin = add_fin("a.jpg");
  const IndividualId d1 = add_individual("D001");
  NewDecision wish;
  wish.fins = {fin};
  wish.individual = d1;
  wish.who = "Ana Ōkura";
  wish.why = "notch\nat the tip";
  const DecisionRecord made = catalogue.decisions.decide(wish);
  EXPECT_EQ(made.kind, DecisionKind::kConfirm);
  EXPECT_EQ(made.individual_code, "D001");
  EXPECT_EQ(made.who, "Ana Ōkura");
  EXPECT_EQ(made.why, "notch\nat the tip");
  EXPECT_EQ(made.when.size(), 19U);
  EXPECT_EQ(made.fins, std::vector{fin});
  EXPECT_EQ(catalogue.decisions.get(made.id).who, made.who);
  expect_state(fin, d1, Review::kConfirmed);
  EXPECT_EQ(fin_row(fin).last_decision, made.id);
  EXPECT_EQ(fin_row(fin).individual_code, "D001");
  EXPECT_EQ(catalogue.individuals.get(d1).num_fins, 1);
}

TEST_P(DecisionsTest, ReassignMovesAFinAndUndoBringsItBack) {
  const FinId fin = add_fin("a.jpg");
  const IndividualId d1 = add_individual("D001");
  const IndividualId d2 = add_individual("D002");
  decide(DecisionKind::kConfirm, {fin}, d1);
  const DecisionRecord second = decide(DecisionKind::kConfirm, {fin}, d2);
  expect_state(fin, d2, Review::kConfirmed);
  EXPECT_EQ(catalogue.individuals.get(d1).num_fins, 0);
  const DecisionRecord back = undo(second);
  EXPECT_EQ(back.undoes, second.id);
  expect_state(fin, d1, Review::kConfirmed);
  EXPECT_EQ(fin_row(fin).last_decision, back.id);
  EXPECT_EQ(catalogue.decisions.get(second.id).undone_by, back.id);
  EXPECT_EQ(catalogue.individuals.get(d1).num_fins, 1);
  EXPECT_EQ(catalogue.individuals.get(d2).num_fins, 0);
}

TEST_P(DecisionsTest, UndoOfAnUndoHoldsAgain) {
  const FinId fin = add_fin("a.jpg");
  const IndividualId d1 = add_individual("D001");
  const DecisionRecord first = decide(DecisionKind::kConfirm, {fin}, d1);
  const DecisionRecord back = undo(first);
  expect_state(fin, {}, Review::kWaiting);
  const DecisionRecord again = undo(back);
  expect_state(fin, d1, Review::kConfirmed);
  EXPECT_EQ(catalogue.decisions.get(first.id).undone_by, DecisionId{});
  EXPECT_EQ(catalogue.decisions.get(back.id).undone_by, again.id);
  undo(first);
  expect_state(fin, {}, Review::kWaiting);
  EXPECT_EQ(catalogue.decisions.list(fin, {}, 0, 100).size(), 4U);
}

TEST_P(DecisionsTest, UndoTwiceIsAConflict) {
  const FinId fin = add_fin("a.jpg");
  const DecisionRecord first = decide(DecisionKind::kUnsure, {fin});
  const DecisionRecord back = undo(first);
  expect_error(ErrorKind::kConflict,
               {"taken back before", "decision " + std::to_string(back.id.value)},
               [&] { undo(first); });
}

TEST_P(DecisionsTest, UndoOfAnOlderDecisionNamesTheLaterOne) {
  const FinId fin = add_fin("a.jpg");
  const IndividualId d1 = add_individual("D001");
  const DecisionRecord first = decide(DecisionKind::kConfirm, {fin}, d1);
  const DecisionRecord second = decide(DecisionKind::kUnsure, {fin}, {}, "Bo");
  expect_error(ErrorKind::kConflict,
               {"fin " + std::to_string(fin.value) + " is unsure",
                "decision " + std::to_string(second.id.value),
                "Bo"},
               [&] { undo(first); });
  expect_state(fin, {}, Review::kUnsure);
  undo(second);
  undo(first);
  expect_state(fin, {}, Review::kWaiting);
}

TEST_P(DecisionsTest, UndoSeesADecisionThatGaveTheSameStateAgain) {
  const FinId fin = add_fin("a.jpg");
  const IndividualId d1 = add_individual("D001");
  const DecisionRecord first = decide(DecisionKind::kConfirm, {fin}, d1);
  decide(DecisionKind::kUnsure, {fin});
  decide(DecisionKind::kConfirm, {fin}, d1);
  expect_error(ErrorKind::kConflict, {"later decision"}, [&] { undo(first); });
}

TEST_P(DecisionsTest, RejectSticksAndTakesTheFinAway) {
  const FinId fin = add_fin("a.jpg");
  const IndividualId d1 = add_individual("D001");
  decide(DecisionKind::kConfirm, {fin}, d1);
  const DecisionRecord no = decide(DecisionKind::kReject, {fin}, d1, "Bo");
  expect_state(fin, {}, Review::kWaiting);
  EXPECT_EQ(catalogue.decisions.rejected(fin), Ids{d1});
  NewAnswer answer;
  answer.fin = fin;
  catalogue.fins.set_answers(std::vector{answer});
  EXPECT_EQ(catalogue.decisions.rejected(fin), Ids{d1});
  expect_error(ErrorKind::kConflict, {"was rejected", "Bo"}, [&] {
    decide(DecisionKind::kConfirm, {fin}, d1, "Ana");
  });
  undo(no);
  EXPECT_EQ(catalogue.decisions.rejected(fin), Ids{});
  expect_state(fin, d1, Review::kConfirmed);
}

TEST_P(DecisionsTest, RejectOfAnotherLeavesTheFinWhereItIs) {
  const FinId fin = add_fin("a.jpg");
  const IndividualId d1 = add_individual("D001");
  const IndividualId d2 = add_individual("D002");
  const DecisionRecord yes = decide(DecisionKind::kConfirm, {fin}, d1);
  decide(DecisionKind::kReject, {fin}, d2);
  expect_state(fin, d1, Review::kConfirmed);
  EXPECT_EQ(catalogue.decisions.rejected(fin), Ids{d2});
  undo(yes);
  expect_state(fin, {}, Review::kWaiting);
  EXPECT_EQ(catalogue.decisions.rejected(fin), Ids{d2});
}

TEST_P(DecisionsTest, WhoRejectedMayThinkAgain) {
  const FinId fin = add_fin("a.jpg");
  const IndividualId d1 = add_individual("D001");
  decide(DecisionKind::kReject, {fin}, d1, "Bo");
  const DecisionRecord yes = decide(DecisionKind::kConfirm, {fin}, d1, "Bo");
  EXPECT_EQ(catalogue.decisions.rejected(fin), Ids{});
  expect_state(fin, d1, Review::kConfirmed);
  undo(yes);
  EXPECT_EQ(catalogue.decisions.rejected(fin), Ids{d1});
}

TEST_P(DecisionsTest, NewCreatesAnIndividualAndUndoTakesItBack) {
  const FinId fin = add_fin("a.jpg");
  add_individual("D040");
  const DecisionRecord made = decide(DecisionKind::kNew, {fin});
  EXPECT_EQ(made.individual_code, "D041");
  expect_state(fin, made.individual, Review::kConfirmed);
  const DecisionRecord back = undo(made);
  expect_state(fin, {}, Review::kWaiting);
  EXPECT_EQ(catalogue.individuals.find("D041"), std::nullopt);
  expect_error(ErrorKind::kNotFound, {}, [&] { catalogue.individuals.get(made.individual); });
  EXPECT_EQ(catalogue.individuals.suggest_code(), "D041");
  add_individual("d041");
  expect_error(ErrorKind::kConflict, {"D041", "taken"}, [&] { undo(back); });
}

TEST_P(DecisionsTest, NewIsNotTakenBackWhileOthersShowTheIndividual) {
  const FinId fin = add_fin("a.jpg");
  const FinId other = add_fin("b.jpg");
  const DecisionRecord made = decide(DecisionKind::kNew, {fin});
  const DecisionRecord use = decide(DecisionKind::kConfirm, {other}, made.individual, "Bo");
  expect_error(ErrorKind::kConflict,
               {"fin " + std::to_string(other.value), "decision " + std::to_string(use.id.value)},
               [&] { undo(made); });
  expect_state(fin, made.individual, Review::kConfirmed);
}

TEST_P(DecisionsTest, NewRefusesATakenCode) {
  const FinId fin = add_fin("a.jpg");
  add_individual("Zoë");
  NewDecision wish;
  wish.kind = DecisionKind::kNew;
  wish.fins = {fin};
  wish.code = "ZOE";
  wish.who = "Ana";
  expect_error(ErrorKind::kConflict, {"ZOE", "Zoë"}, [&] { catalogue.decisions.decide(wish); });
  expect_state(fin, {}, Review::kWaiting);
  EXPECT_TRUE(catalogue.decisions.list({}, {}, 0, 10).empty());
}

TEST_P(DecisionsTest, MergeMovesFinsAndPairsAndUndoRestoresThem) {
  const FinId a = add_fin("a.jpg");
  const FinId b = add_fin("b.jpg");
  const FinId c = add_fin("c.jpg");
  const IndividualId d1 = add_individual("D001");
  const IndividualId d2 = add_individual("D002");
  decide(DecisionKind::kConfirm, {a}, d1);
  decide(DecisionKind::kConfirm, {b}, d2);
  decide(DecisionKind::kReject, {c}, d2);
  const DecisionRecord one = merge(d1, d2);
  EXPECT_EQ(one.fins, std::vector{b});
  expect_state(b, d1, Review::kConfirmed);
  EXPECT_EQ(catalogue.individuals.get(d2).merged_into, d1);
  EXPECT_EQ(catalogue.individuals.get(d1).num_fins, 2);
  EXPECT_EQ(catalogue.decisions.rejected(c), (Ids{d1, d2}));
  expect_error(ErrorKind::kConflict, {"D002 was merged into D001"}, [&] {
    decide(DecisionKind::kConfirm, {c}, d2);
  });
  undo(one);
  expect_state(a, d1, Review::kConfirmed);
  expect_state(b, d2, Review::kConfirmed);
  EXPECT_EQ(catalogue.individuals.get(d2).merged_into, IndividualId{});
  EXPECT_EQ(catalogue.decisions.rejected(c), Ids{d2});
}

TEST_P(DecisionsTest, MergesOfMergedOnesNeedNoChain) {
  const FinId fin = add_fin("a.jpg");
  const IndividualId d1 = add_individual("D001");
  const IndividualId d2 = add_individual("D002");
  const IndividualId d3 = add_individual("D003");
  decide(DecisionKind::kConfirm, {fin}, d3);
  const DecisionRecord first = merge(d2, d3);
  const DecisionRecord second = merge(d1, d2);
  EXPECT_EQ(catalogue.individuals.get(d3).merged_into, d1);
  expect_error(
      ErrorKind::kConflict, {"decision " + std::to_string(second.id.value)}, [&] { undo(first); });
  undo(second);
  EXPECT_EQ(catalogue.individuals.get(d3).merged_into, d2);
  undo(first);
  expect_state(fin, d3, Review::kConfirmed);
}

TEST_P(DecisionsTest, MergeRefusesThoseToldApart) {
  const FinId fin = add_fin("a.jpg");
  const IndividualId d1 = add_individual("D001");
  const IndividualId d2 = add_individual("D002");
  decide(DecisionKind::kConfirm, {fin}, d1);
  decide(DecisionKind::kReject, {fin}, d2, "Bo");
  expect_error(ErrorKind::kConflict, {"told apart", "Bo"}, [&] { merge(d1, d2); });
  expect_error(ErrorKind::kConflict, {"told apart", "Bo"}, [&] { merge(d2, d1); });
  expect_error(ErrorKind::kBadInput, {"two different"}, [&] { merge(d1, d1); });
}

TEST_P(DecisionsTest, SplitMovesFinsToANewIndividualAndUndoBringsThemBack) {
  const FinId a = add_fin("a.jpg");
  const FinId b = add_fin("b.jpg");
  const FinId c = add_fin("c.jpg");
  const IndividualId d1 = add_individual("D001");
  decide(DecisionKind::kConfirm, {a, b}, d1);
  const DecisionRecord split = decide(DecisionKind::kSplit, {b});
  EXPECT_EQ(split.individual_code, "D002");
  EXPECT_EQ(split.other, d1);
  expect_state(a, d1, Review::kConfirmed);
  expect_state(b, split.individual, Review::kConfirmed);
  expect_error(ErrorKind::kConflict, {"one individual"}, [&] {
    decide(DecisionKind::kSplit, {a, c});
  });
  undo(split);
  expect_state(b, d1, Review::kConfirmed);
  EXPECT_EQ(catalogue.individuals.find("D002"), std::nullopt);
}

TEST_P(DecisionsTest, UnsureAndDiscardTakeTheIndividualAway) {
  const FinId fin = add_fin("a.jpg");
  const IndividualId d1 = add_individual("D001");
  decide(DecisionKind::kConfirm, {fin}, d1);
  decide(DecisionKind::kDiscard, {fin});
  expect_state(fin, {}, Review::kDiscarded);
  decide(DecisionKind::kUnsure, {fin});
  expect_state(fin, {}, Review::kUnsure);
  EXPECT_EQ(catalogue.individuals.get(d1).num_fins, 0);
}

TEST_P(DecisionsTest, TwoReviewersAreNeededWhereTheProjectAsksForTwo) {
  catalogue.database.set_setting("second_reviewer", "1");
  const FinId fin = add_fin("a.jpg");
  const IndividualId d1 = add_individual("D001");
  const IndividualId d2 = add_individual("D002");
  decide(DecisionKind::kConfirm, {fin}, d1, "Ana");
  expect_state(fin, d1, Review::kProvisional);
  decide(DecisionKind::kConfirm, {fin}, d1, "Ana");
  expect_state(fin, d1, Review::kProvisional);
  const DecisionRecord other = decide(DecisionKind::kConfirm, {fin}, d2, "Bo");
  expect_state(fin, d2, Review::kProvisional);
  undo(other);
  const DecisionRecord second = decide(DecisionKind::kConfirm, {fin}, d1, "Bo");
  expect_state(fin, d1, Review::kConfirmed);
  decide(DecisionKind::kConfirm, {fin}, d1, "Bo");
  expect_state(fin, d1, Review::kConfirmed);
  undo(second);
  expect_state(fin, d1, Review::kProvisional);
}

TEST_P(DecisionsTest, SecondWriterGetsAConflictWithTheCurrentState) {
  const FinId fin = add_fin("a.jpg");
  const IndividualId d1 = add_individual("D001");
  const DecisionRecord first = decide(DecisionKind::kConfirm, {fin}, d1);
  NewDecision wish;
  wish.kind = DecisionKind::kUnsure;
  wish.fins = {fin};
  wish.who = "Bo";
  wish.seen = {DecisionId{}};
  expect_error(ErrorKind::kConflict,
               {"shows D001 (confirmed)", "decision " + std::to_string(first.id.value), "Ana"},
               [&] { catalogue.decisions.decide(wish); });
  expect_state(fin, d1, Review::kConfirmed);
  wish.seen = {first.id};
  catalogue.decisions.decide(wish);
  expect_state(fin, {}, Review::kUnsure);
}

TEST_P(DecisionsTest, RefusesWhatMakesNoSense) {
  const FinId fin = add_fin("a.jpg");
  const IndividualId d1 = add_individual("D001");
  expect_error(ErrorKind::kBadInput, {"name of who"}, [&] {
    decide(DecisionKind::kUnsure, {fin}, {}, " ");
  });
  expect_error(ErrorKind::kBadInput, {"needs fins"}, [&] { decide(DecisionKind::kUnsure, {}); });
  expect_error(ErrorKind::kBadInput, {"needs an individual"}, [&] {
    decide(DecisionKind::kConfirm, {fin});
  });
  expect_error(ErrorKind::kBadInput, {"twice"}, [&] {
    decide(DecisionKind::kConfirm, {fin, fin}, d1);
  });
  expect_error(ErrorKind::kNotFound, {"no fin 77"}, [&] {
    decide(DecisionKind::kConfirm, {fin, FinId{77}}, d1);
  });
  expect_error(ErrorKind::kNotFound, {"no individual 78"}, [&] {
    decide(DecisionKind::kConfirm, {fin}, IndividualId{78});
  });
  expect_error(ErrorKind::kNotFound, {"no decision 5"}, [&] {
    catalogue.decisions.undo(DecisionId{5}, "Ana", "");
  });
  expect_state(fin, {}, Review::kWaiting);
}

TEST_P(DecisionsTest, ListsTheHistoryOfAFinAndOfAnIndividual) {
  const FinId a = add_fin("a.jpg");
  const FinId b = add_fin("b.jpg");
  const IndividualId d1 = add_individual("D001");
  const IndividualId d2 = add_individual("D002");
  const DecisionRecord first = decide(DecisionKind::kConfirm, {a, b}, d1);
  const DecisionRecord second = decide(DecisionKind::kConfirm, {b}, d2);
  const DecisionRecord third = decide(DecisionKind::kUnsure, {b});
  const auto ids = [](const std::vector<DecisionRecord>& rows) {
    std::vector<DecisionId> all;
    for (const DecisionRecord& row : rows) all.push_back(row.id);
    return all;
  };
  using DecisionIds = std::vector<DecisionId>;
  const Decisions& decisions = catalogue.decisions;
  EXPECT_EQ(ids(decisions.list(a, {}, 0, 10)), DecisionIds{first.id});
  EXPECT_EQ(ids(decisions.list(b, {}, 0, 10)), (DecisionIds{third.id, second.id, first.id}));
  EXPECT_EQ(ids(decisions.list({}, d1, 0, 10)), (DecisionIds{second.id, first.id}));
  EXPECT_EQ(ids(decisions.list({}, d2, 0, 10)), (DecisionIds{third.id, second.id}));
  EXPECT_EQ(ids(decisions.list({}, {}, 1, 1)), DecisionIds{second.id});
}

TEST_P(DecisionsTest, DecisionsOutliveThePhotosTheySpeakOf) {
  const PhotoId photo = add_photo("a.jpg");
  const FinId fin = add_fin(photo);
  const IndividualId d1 = add_individual("D001");
  const DecisionRecord made = decide(DecisionKind::kConfirm, {fin}, d1);
  catalogue.photos.set_trashed(std::vector{photo}, true);
  EXPECT_EQ(catalogue.individuals.get(d1).num_fins, 0);
  catalogue.photos.remove_trashed(std::vector{photo});
  EXPECT_EQ(catalogue.decisions.get(made.id).fins, std::vector{fin});
  undo(made);
}

FINVIEW_OVER_DATABASES(DecisionsTest);

}  // namespace
}  // namespace finview
