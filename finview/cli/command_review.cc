#include "finview/base/error.h"
#include "finview/cli/command_line.h"
#include "finview/cli/commands.h"
#include "finview/cli/project_option.h"
#include "finview/pipeline/project.h"

#include <charconv>
#include <cstdlib>

#include <fmt/format.h>

namespace finview {
namespace {

template <class AnyId>
AnyId read_id(const std::string& text, const std::string& what) {
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || stop != end || value < 1) {
    throw Error(
        ErrorKind::kBadOptions,
        fmt::format("\"{}\" is no number of a {}; finview review list shows them.", text, what));
  }
  return {value};
}

IndividualId find_individual(const Catalogue& catalogue, const std::string& code) {
  if (const auto found = catalogue.individuals.find(code)) return *found;
  throw Error(ErrorKind::kNotFound,
              fmt::format("There is no individual \"{}\" in the catalogue.", code));
}

void print_decision(const DecisionRecord& decision) {
  fmt::print("Decision {}: {}", decision.id.value, to_string(decision.kind));
  if (!decision.individual_code.empty()) fmt::print(" {}", decision.individual_code);
  if (!decision.other_code.empty()) fmt::print(" and {}", decision.other_code);
  if (decision.undoes) fmt::print(" {}", decision.undoes.value);
  for (std::size_t i = 0; i < decision.fins.size() && i < 10; ++i) {
    fmt::print("{} {}", i == 0 ? "; fin" : ",", decision.fins[i].value);
  }
  if (decision.fins.size() > 10) fmt::print(" and {} more", decision.fins.size() - 10);
  fmt::print("; by {}, {}", decision.who, decision.when);
  if (!decision.why.empty()) fmt::print(": {}", decision.why);
  if (decision.undone_by) fmt::print(" (taken back by {})", decision.undone_by.value);
  fmt::print("\n");
}

const char* word(Tier tier) {
  constexpr std::array kWords{"-", "certain", "likely", "unsure", "nobody known"};
  return kWords[static_cast<std::size_t>(tier)];
}

std::vector<Tier> tiers_named(const std::string& name) {
  if (name == "all") return {};
  if (name == "certain") return {Tier::kCertain};
  if (name == "likely") return {Tier::kLikely};
  if (name == "unsure") return {Tier::kUnsure};
  return {Tier::kNobody};
}

/// What every deciding command is told.
struct DecideOptions {
  ProjectOption where;
  std::string who = login_name();
  std::string why;

  void visit(OptionVisitor& visitor) {
    where.visit(visitor);
    visitor.field("who", who, "Who decides");
    visitor.field("why", why, "Why; kept with the decision");
  }
};

}  // namespace

std::string login_name() {
  for (const char* name : {"LOGNAME", "USER"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') return value;
  }
  return "somebody";
}

int run_review_list(std::span<const std::string> arguments) {
  ProjectOption where;
  std::string tier = "all";
  FinFilter filter;
  filter.reviews = {Review::kWaiting, Review::kUnsure, Review::kProvisional};
  filter.sort = "probability";
  filter.descending = true;
  CommandLine command("review list",
                      "Lists the fins that wait for a person, with the first candidate of each.",
                      "finview review list --tier certain --project hauraki");
  where.visit(command);
  command.field("tier", tier, "Which queue", {"all", "certain", "likely", "unsure", "nobody"});
  command.field("limit", filter.limit, "Fins listed", 1, 1000);
  command.field("offset", filter.offset, "Fins left out at the start", 0, 1'000'000'000);
  if (!command.parse(arguments)) return 0;
  filter.tiers = tiers_named(tier);
  const Project project(where.project);
  const Page<FinRecord> page = project.catalogue().fins.list(filter);
  fmt::print("{:>8}  {:<12}  {:>5}  {:<12}  {}\n", "fin", "queue", "p", "candidate", "photo");
  for (const FinRecord& fin : page.rows) {
    fmt::print("{:>8}  {:<12}  {:>5.2f}  {:<12}  {}\n",
               fin.id.value,
               word(fin.tier),
               fin.tier == Tier::kNobody ? fin.p_new : fin.probability,
               fin.first_candidate_code.empty() ? "-" : fin.first_candidate_code,
               fin.photo_name);
  }
  fmt::print("{} of {} fins.\n", page.rows.size(), page.total);
  return 0;
}

int run_review_decide(DecisionKind kind, std::span<const std::string> arguments) {
  const std::string name = "review " + to_string(kind);
  const bool names_individual = kind == DecisionKind::kConfirm || kind == DecisionKind::kReject;
  const bool makes_individual = kind == DecisionKind::kNew || kind == DecisionKind::kSplit;
  std::vector<std::string> fins;
  std::string individual;
  NewDecision decision;
  DecideOptions options;
  CommandLine command(
      name,
      "Decides about fins. Nothing is overwritten: every decision is kept, and\n"
      "`finview review undo` takes it back.",
      "finview " + name + " 17 18" + (names_individual ? " --individual D040" : ""));
  command.positionals("FIN", fins, "Numbers of fins, as review list shows them");
  if (names_individual) {
    command.field("individual", individual, "The individual's code");
    command.require("individual");
  }
  if (makes_individual) {
    command.field("code", decision.code, "The new individual's code; empty: the next one");
  }
  options.visit(command);
  if (!command.parse(arguments)) return 0;
  require_paths(fins, name);
  Project project(options.where.project);
  decision.kind = kind;
  for (const std::string& fin : fins) decision.fins.push_back(read_id<FinId>(fin, "fin"));
  if (names_individual) decision.individual = find_individual(project.catalogue(), individual);
  decision.who = options.who;
  decision.why = options.why;
  print_decision(project.catalogue().decisions.decide(decision));
  return 0;
}

int run_review_merge(std::span<const std::string> arguments) {
  std::vector<std::string> codes;
  DecideOptions options;
  CommandLine command("review merge",
                      "Says that two individuals are one: all fins of the second go to the first.",
                      "finview review merge D040 D052 --why \"same notches\"");
  command.positionals("KEEP OTHER", codes, "Codes: the one that stays, the one that goes");
  options.visit(command);
  if (!command.parse(arguments)) return 0;
  if (codes.size() != 2) {
    throw Error(ErrorKind::kBadOptions,
                fmt::format("review merge wants two codes; {} were given.", codes.size()));
  }
  Project project(options.where.project);
  NewDecision decision;
  decision.kind = DecisionKind::kMerge;
  decision.individual = find_individual(project.catalogue(), codes[0]);
  decision.other = find_individual(project.catalogue(), codes[1]);
  decision.who = options.who;
  decision.why = options.why;
  print_decision(project.catalogue().decisions.decide(decision));
  return 0;
}

int run_review_undo(std::span<const std::string> arguments) {
  std::vector<std::string> decisions;
  DecideOptions options;
  CommandLine command("review undo",
                      "Takes decisions back, in the order given; as decisions of their own.",
                      "finview review undo 12");
  command.positionals("DECISION", decisions, "Numbers, as review history shows them");
  options.visit(command);
  if (!command.parse(arguments)) return 0;
  require_paths(decisions, "review undo");
  Project project(options.where.project);
  for (const std::string& decision : decisions) {
    print_decision(project.catalogue().decisions.undo(
        read_id<DecisionId>(decision, "decision"), options.who, options.why));
  }
  return 0;
}

int run_review_history(std::span<const std::string> arguments) {
  ProjectOption where;
  std::string individual;
  std::int64_t fin = 0;
  std::int64_t limit = 50;
  CommandLine command("review history",
                      "Lists who decided what, newest first.",
                      "finview review history --individual D040");
  where.visit(command);
  command.field("individual", individual, "Only about this individual");
  command.field("fin", fin, "Only about this fin", 0, 1'000'000'000'000);
  command.field("limit", limit, "Decisions listed", 1, 100'000);
  if (!command.parse(arguments)) return 0;
  const Project project(where.project);
  const Catalogue& catalogue = project.catalogue();
  std::optional<FinId> about_fin;
  std::optional<IndividualId> about_individual;
  if (fin > 0) about_fin = FinId{fin};
  if (!individual.empty()) about_individual = find_individual(catalogue, individual);
  for (const DecisionRecord& decision :
       catalogue.decisions.list(about_fin, about_individual, 0, limit)) {
    print_decision(decision);
  }
  return 0;
}

}  // namespace finview
