#include "finview/catalogue/individual_codes.h"

#include "finview/base/error.h"
#include "finview/catalogue/fold_text.h"
#include "finview/catalogue/query.h"

#include <map>

#include <fmt/format.h>

namespace finview::internal {
namespace {

constexpr std::size_t kMaxCode = 100;
constexpr std::size_t kMaxName = 200;
constexpr std::size_t kMaxNotes = 100000;

// "D040a": what stands around the last number, and that number.
struct NumberedCode {
  std::string before;
  std::string digits;
  std::string after;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::optional<NumberedCode> split_code(const std::string& code) {
  std::size_t end = code.size();
  while (end > 0 && !is_digit(code[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && is_digit(code[begin - 1])) --begin;
  if (end == begin || end - begin > 15) return std::nullopt;
  return NumberedCode{code.substr(0, begin), code.substr(begin, end - begin), code.substr(end)};
}

struct CodeKind {
  std::int64_t count = 0;
  std::int64_t largest = -1;
  std::size_t width = 1;
};

bool is_taken(soci::session& session, const std::string& code) {
  return Query(
             session, "select id from individual where folded = ? and retired = 0", fold_text(code))
      .next();
}

}  // namespace

std::string suggest_code(soci::session& session) {
  std::map<std::pair<std::string, std::string>, CodeKind> kinds;
  std::string code;
  Query codes(session, "select code from individual where retired = 0");
  codes.into(code);
  while (codes.next()) {
    const std::optional<NumberedCode> parts = split_code(code);
    if (!parts) continue;
    CodeKind& kind = kinds[{parts->before, parts->after}];
    ++kind.count;
    const std::int64_t number = std::stoll(parts->digits);
    if (number <= kind.largest) continue;
    kind.largest = number;
    kind.width = parts->digits.size();
  }
  std::pair<std::string, std::string> around;
  CodeKind commonest{.count = 0, .largest = 0, .width = 1};
  for (const auto& [key, kind] : kinds) {
    if (kind.count <= commonest.count) continue;
    around = key;
    commonest = kind;
  }
  for (std::int64_t number = commonest.largest + 1;; ++number) {
    code = fmt::format("{}{:0{}}{}", around.first, number, commonest.width, around.second);
    if (!is_taken(session, code)) return code;
  }
}

void check_individual(const IndividualRecord& individual) {
  if (fold_text(individual.code).empty()) {
    throw Error(ErrorKind::kBadInput, "The code of an individual is empty.");
  }
  check_text(individual.code, kMaxCode, "The code of an individual", false);
  check_text(individual.name, kMaxName, "The name of an individual", false);
  for (const std::string& alias : individual.aliases) {
    check_text(alias, kMaxName, "An alias of an individual", false);
  }
  check_text(individual.marks, kMaxNotes, "The description of an individual's marks", true);
  check_text(individual.notes, kMaxNotes, "The notes of an individual", true);
  const std::string& sex = individual.sex;
  if (!sex.empty() && sex != "female" && sex != "male") {
    throw Error(ErrorKind::kBadInput,
                fmt::format("The sex \"{}\" is not known; it is female, male or empty.", sex));
  }
  const std::string& age = individual.age_class;
  if (!age.empty() && age != "calf" && age != "juvenile" && age != "adult") {
    throw Error(
        ErrorKind::kBadInput,
        fmt::format("The age class \"{}\" is not known; it is calf, juvenile, adult or empty.",
                    age));
  }
}

void check_code_is_free(soci::session& session, const std::string& code, IndividualId id) {
  IndividualId other;
  std::string other_code;
  Query query(session,
              "select id, code from individual where folded = ? and retired = 0 and id <> ?",
              fold_text(code),
              id.value);
  if (!query.into(other, other_code).next()) return;
  throw Error(ErrorKind::kConflict,
              fmt::format("The code \"{}\" is taken by individual {}, \"{}\" (case, accents and "
                          "width do not count); choose another.",
                          code,
                          other.value,
                          other_code));
}

std::string joined_aliases(const IndividualRecord& individual) {
  std::string joined;
  for (const std::string& alias : individual.aliases) {
    if (!alias.empty()) joined += (joined.empty() ? "" : "\n") + alias;
  }
  return joined;
}

std::string search_text(const IndividualRecord& individual) {
  return fold_text(individual.code + "\n" + individual.name + "\n" + joined_aliases(individual) +
                   "\n" + individual.marks);
}

IndividualId insert_individual(soci::session& session,
                               const IndividualRecord& individual,
                               const std::string& created) {
  check_individual(individual);
  check_code_is_free(session, individual.code, {});
  const std::string folded = fold_text(individual.code);
  IndividualId id;
  Query insert(session,
               "insert into individual (code, folded, code_order, name, aliases, sex, age_class, "
               "marks, notes, search, created, best_left_id, best_right_id) values "
               "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning id",
               individual.code,
               folded,
               order_key(folded),
               individual.name,
               joined_aliases(individual),
               individual.sex,
               individual.age_class,
               individual.marks,
               individual.notes,
               search_text(individual),
               created,
               individual.best_left,
               individual.best_right);
  insert.into(id).next();
  return id;
}

}  // namespace finview::internal
