#include "finview/catalogue/encounters.h"

#include "finview/base/error.h"
#include "finview/catalogue/database.h"
#include "finview/catalogue/fold_text.h"
#include "finview/catalogue/list_query.h"
#include "finview/catalogue/query.h"

#include <array>

#include <fmt/format.h>

namespace finview {
namespace {

using internal::Query;
using internal::SortKey;

constexpr std::size_t kMaxCode = 100;
constexpr std::size_t kMaxText = 1000;
constexpr std::size_t kMaxNotes = 100000;

constexpr const char* kColumns =
    "id, code, survey_id, began, ended, place, latitude_deg, longitude_deg, altitude_m, notes, "
    "num_photos, num_fins";

constexpr std::array kSorts = {SortKey{"began", "began, id"},
                               SortKey{"code", "code, id"},
                               SortKey{"place", "place, id"},
                               SortKey{"photos", "num_photos, id"}};

class EncounterRows {
 public:
  explicit EncounterRows(Query& query) : query_(query) {
    query.into(row_.id,
               row_.code,
               row_.survey,
               row_.began,
               row_.ended,
               row_.place,
               latitude_deg_,
               longitude_deg_,
               altitude_m_,
               row_.notes,
               row_.num_photos,
               row_.num_fins);
  }
  bool next() {
    if (!query_.next()) return false;
    row_.position.reset();
    if (latitude_deg_ && longitude_deg_) {
      row_.position = GpsPosition{*latitude_deg_, *longitude_deg_, altitude_m_};
    }
    return true;
  }
  const EncounterRecord& row() const { return row_; }

 private:
  Query& query_;
  EncounterRecord row_;
  std::optional<double> latitude_deg_;
  std::optional<double> longitude_deg_;
  std::optional<double> altitude_m_;
};

void check_code(const std::string& code, const std::string& whose) {
  if (internal::fold_text(code).empty()) {
    throw Error(ErrorKind::kBadInput, fmt::format("The code of {} is empty.", whose));
  }
  internal::check_text(code, kMaxCode, "The code of " + whose, false);
}

void check(const EncounterRecord& encounter) {
  check_code(encounter.code, "an encounter");
  internal::check_text(encounter.place, kMaxText, "The place of an encounter", false);
  internal::check_text(encounter.notes, kMaxNotes, "The notes of an encounter", true);
}

void check(const SurveyRecord& survey) {
  check_code(survey.code, "a survey");
  internal::check_text(survey.platform, kMaxText, "The platform of a survey", false);
  internal::check_text(survey.effort, kMaxText, "The effort of a survey", false);
  internal::check_text(survey.notes, kMaxNotes, "The notes of a survey", true);
}

Error no_row(const char* table, std::int64_t id) {
  return {ErrorKind::kNotFound, fmt::format("There is no {} {} in the catalogue.", table, id)};
}

void check_survey(soci::session& session, SurveyId id) {
  if (!id || Query(session, "select id from survey where id = ?", id).next()) return;
  throw no_row("survey", id.value);
}

// Throws if another row has the code.
template <class Table>
void check_free(soci::session& session, const char* table, Id<Table> id, const std::string& code) {
  Id<Table> other;
  Query query(session, fmt::format("select id from {} where code = ? and id <> ?", table), code);
  query.add("", id);
  if (!query.into(other).next()) return;
  throw Error(
      ErrorKind::kConflict,
      fmt::format("The code \"{}\" belongs to {} {}; choose another.", code, table, other.value));
}

void add_conditions(Query& query, const EncounterFilter& filter) {
  query.add(" where true");
  if (!filter.text.empty()) {
    query.add(" and search like ? escape '\\'", internal::like_pattern(filter.text));
  }
  if (filter.survey) query.add(" and survey_id = ?", *filter.survey);
}

std::string search_text(const EncounterRecord& encounter) {
  return internal::fold_text(encounter.code + "\n" + encounter.place + "\n" + encounter.notes);
}

}  // namespace

EncounterId Encounters::add(const EncounterRecord& encounter) {
  check(encounter);
  EncounterId id;
  database_.write([&](soci::session& session) {
    Query known(session, "select id from encounter where code = ?", encounter.code);
    if (known.into(id).next()) return;
    check_survey(session, encounter.survey);
    const auto& position = encounter.position;
    Query insert(session,
                 "insert into encounter (code, survey_id, began, ended, place, latitude_deg, "
                 "longitude_deg, altitude_m, notes, search) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                 "returning id",
                 encounter.code,
                 encounter.survey,
                 encounter.began,
                 encounter.ended,
                 encounter.place,
                 position ? std::optional(position->latitude_deg) : std::nullopt,
                 position ? std::optional(position->longitude_deg) : std::nullopt,
                 position ? position->altitude_m : std::nullopt,
                 encounter.notes,
                 search_text(encounter));
    insert.into(id).next();
  });
  return id;
}

void Encounters::change(const EncounterRecord& encounter) {
  check(encounter);
  database_.write([&](soci::session& session) {
    check_survey(session, encounter.survey);
    check_free(session, "encounter", encounter.id, encounter.code);
    const auto& position = encounter.position;
    Query update(session,
                 "update encounter set code = ?, survey_id = ?, began = ?, ended = ?, place = ?, "
                 "latitude_deg = ?, longitude_deg = ?, altitude_m = ?, notes = ?, search = ? "
                 "where id = ?",
                 encounter.code,
                 encounter.survey,
                 encounter.began,
                 encounter.ended,
                 encounter.place,
                 position ? std::optional(position->latitude_deg) : std::nullopt,
                 position ? std::optional(position->longitude_deg) : std::nullopt,
                 position ? position->altitude_m : std::nullopt,
                 encounter.notes,
                 search_text(encounter),
                 encounter.id);
    if (update.run() == 0) throw no_row("encounter", encounter.id.value);
  });
}

EncounterRecord Encounters::get(EncounterId id) const {
  EncounterRecord encounter;
  database_.read([&](soci::session& session) {
    Query query(session, fmt::format("select {} from encounter where id = ?", kColumns), id);
    EncounterRows rows(query);
    if (!rows.next()) throw no_row("encounter", id.value);
    encounter = rows.row();
  });
  return encounter;
}

std::optional<EncounterId> Encounters::find(const std::string& code) const {
  std::optional<EncounterId> found;
  database_.read([&](soci::session& session) {
    EncounterId id;
    Query query(session, "select id from encounter where code = ?", code);
    if (query.into(id).next()) found = id;
  });
  return found;
}

Page<EncounterRecord> Encounters::list(const EncounterFilter& filter) const {
  internal::check_page(filter.offset, filter.limit);
  const std::string order = internal::order_by(kSorts, filter.sort, filter.descending);
  Page<EncounterRecord> page;
  database_.read([&](soci::session& session) {
    Query count(session, "select count(*) from encounter");
    add_conditions(count, filter);
    count.into(page.total).next();
    Query query(session, fmt::format("select {} from encounter", kColumns));
    add_conditions(query, filter);
    query.add(fmt::format(" {} limit {} offset {}", order, filter.limit, filter.offset));
    EncounterRows rows(query);
    while (rows.next()) page.rows.push_back(rows.row());
  });
  return page;
}

SurveyId Encounters::add_survey(const SurveyRecord& survey) {
  check(survey);
  SurveyId id;
  database_.write([&](soci::session& session) {
    Query known(session, "select id from survey where code = ?", survey.code);
    if (known.into(id).next()) return;
    Query insert(session,
                 "insert into survey (code, began, ended, platform, effort, notes) "
                 "values (?, ?, ?, ?, ?, ?) returning id",
                 survey.code,
                 survey.began,
                 survey.ended,
                 survey.platform,
                 survey.effort,
                 survey.notes);
    insert.into(id).next();
  });
  return id;
}

void Encounters::change_survey(const SurveyRecord& survey) {
  check(survey);
  database_.write([&](soci::session& session) {
    check_free(session, "survey", survey.id, survey.code);
    Query update(session,
                 "update survey set code = ?, began = ?, ended = ?, platform = ?, effort = ?, "
                 "notes = ? where id = ?",
                 survey.code,
                 survey.began,
                 survey.ended,
                 survey.platform,
                 survey.effort,
                 survey.notes,
                 survey.id);
    if (update.run() == 0) throw no_row("survey", survey.id.value);
  });
}

namespace {

std::vector<SurveyRecord> read_surveys(Query& query) {
  std::vector<SurveyRecord> surveys;
  SurveyRecord row;
  query.into(row.id, row.code, row.began, row.ended, row.platform, row.effort, row.notes);
  while (query.next()) surveys.push_back(row);
  return surveys;
}

constexpr const char* kSelectSurveys =
    "select id, code, began, ended, platform, effort, notes from survey";

}  // namespace

SurveyRecord Encounters::get_survey(SurveyId id) const {
  std::vector<SurveyRecord> found;
  database_.read([&](soci::session& session) {
    Query query(session, kSelectSurveys);
    query.add(" where id = ?", id);
    found = read_surveys(query);
  });
  if (found.empty()) throw no_row("survey", id.value);
  return found.front();
}

std::vector<SurveyRecord> Encounters::surveys() const {
  std::vector<SurveyRecord> all;
  database_.read([&](soci::session& session) {
    Query query(session, kSelectSurveys);
    query.add(" order by began, id");
    all = read_surveys(query);
  });
  return all;
}

}  // namespace finview
