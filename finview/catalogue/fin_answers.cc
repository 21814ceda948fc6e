#include "finview/base/error.h"
#include "finview/catalogue/database.h"
#include "finview/catalogue/fin_rows.h"
#include "finview/catalogue/fins.h"
#include "finview/catalogue/query.h"
#include "finview/catalogue/tallies.h"

#include <algorithm>

#include <fmt/format.h>

// What the program says of fins: features and answers.
namespace finview {
namespace {

using internal::Query;

constexpr std::int64_t kFinsPerRead = 256;

struct FinWithFeature {
  FinRecord fin;
  std::vector<std::uint8_t> bytes;
};

void store_answer(soci::session& session, const NewAnswer& answer) {
  Query update(session,
               "update fin set tier = ?, p_new = ?, probability = ?, first_candidate_id = ? "
               "where id = ?",
               answer.tier,
               answer.p_new,
               answer.candidates.empty() ? 0.0 : answer.candidates.front().probability,
               answer.candidates.empty() ? IndividualId{} : answer.candidates.front().individual,
               answer.fin);
  if (update.run() == 0) return;  // the fin was removed while it was compared
  Query(session, "delete from candidate where fin_id = ?", answer.fin).run();
  if (answer.candidates.empty()) return;
  Query insert(session,
               "insert into candidate (fin_id, place, individual_id, probability, look, edge, "
               "edge_network, warping, marks, best_fin_id) values ");
  for (std::size_t i = 0; i < answer.candidates.size(); ++i) {
    const StoredCandidate& candidate = answer.candidates[i];
    const Testimony& said = candidate.similarities;
    insert.add(i == 0 ? "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" : ", (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
               answer.fin,
               i,
               candidate.individual,
               candidate.probability,
               said[0],
               said[1],
               said[2],
               said[3],
               said[4],
               candidate.best_fin);
  }
  insert.run();
}

}  // namespace

static_assert(kNumWitnesses == 5, "table candidate has a column per witness");

void Fins::each_feature(
    const std::string& recipe,
    bool confirmed,
    const std::function<void(const FinRecord&, std::span<const std::uint8_t>)>& f) const {
  const char* const which = confirmed ? "f.review = 1" : "f.review in (0, 2, 3)";
  FinId last;
  for (;;) {
    std::vector<FinWithFeature> some;
    database_.read([&](soci::session& session) {
      // The select of FinRows with one column more.
      std::string select = internal::kSelectFins;
      select.insert(select.find(" from fin f"),
                    ", " + internal::bytes_column(session, "feature.bytes"));
      std::vector<std::uint8_t> bytes;
      Query query(session, select);
      query.add(fmt::format(" join feature on feature.fin_id = f.id and feature.recipe_id = "
                            "(select id from recipe where name = ?) "
                            "where f.hidden = 0 and {} and f.id > ? order by f.id limit ?",
                            which),
                recipe,
                last.value,
                kFinsPerRead);
      internal::FinRows rows(query);
      query.into(bytes);
      while (rows.next()) some.push_back({rows.row(), bytes});
    });
    for (const FinWithFeature& one : some) f(one.fin, one.bytes);
    if (some.size() < static_cast<std::size_t>(kFinsPerRead)) return;
    last = some.back().fin.id;
  }
}

void Fins::set_answers(std::span<const NewAnswer> answers) {
  database_.write([&](soci::session& session) {
    std::vector<FinId> fins;
    for (const NewAnswer& answer : answers) fins.push_back(answer.fin);
    internal::change_fins(session, fins, [&] {
      for (const NewAnswer& answer : answers) store_answer(session, answer);
    });
  });
}

std::vector<StoredCandidate> Fins::candidates(FinId fin) const {
  std::vector<StoredCandidate> candidates;
  database_.read([&](soci::session& session) {
    StoredCandidate row;
    Testimony& said = row.similarities;
    // Individuals that were merged since count as the one they were merged into.
    Query query(session,
                "select coalesce(m.id, i.id), coalesce(m.code, i.code), c.probability, c.look, "
                "c.edge, c.edge_network, c.warping, c.marks, best.id "
                "from candidate c join individual i on i.id = c.individual_id and i.retired = 0 "
                "left join individual m on m.id = i.merged_into_id "
                "left join fin best on best.id = c.best_fin_id "
                "where c.fin_id = ? order by c.place",
                fin);
    query.into(row.individual,
               row.individual_code,
               row.probability,
               said[0],
               said[1],
               said[2],
               said[3],
               said[4],
               row.best_fin);
    while (query.next()) {
      const auto known = std::find_if(candidates.begin(), candidates.end(), [&](const auto& other) {
        return other.individual == row.individual;
      });
      if (known == candidates.end()) {
        candidates.push_back(row);
      } else {
        known->probability += row.probability;
      }
    }
  });
  return candidates;
}

}  // namespace finview
