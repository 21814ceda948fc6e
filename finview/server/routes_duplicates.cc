#include "finview/pipeline/project_duplicates.h"
#include "finview/server/inputs.h"
#include "finview/server/json_out.h"
#include "finview/server/router.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace finview {

using nlohmann::json;

namespace {

/// One page of suspicions, of one individual where the query names it.
template <class Row, class Concerns, class Show>
HttpAnswer page_of(ServerContext& context,
                   const HttpRequest& request,
                   std::vector<Row> SuspectedDuplicates::*list,
                   const Concerns& concerns,
                   const Show& show) {
  Query query(request);
  const auto individual = query.id("individual");
  const auto offset = query.number("offset", 0, 0, kMaxOffset);
  const auto limit = query.number("limit", 100, 1, 1000);
  query.done();
  SuspectedDuplicates found = read_project_duplicates(context.project);
  std::vector<Row>& all = found.*list;
  std::erase_if(
      all, [&](const Row& row) { return individual && !concerns(row, IndividualId{*individual}); });
  const auto total = static_cast<std::int64_t>(all.size());
  json rows = json::array();
  for (std::int64_t i = offset; i < std::min(total, offset + limit); ++i) {
    rows.push_back(show(all[static_cast<std::size_t>(i)]));
  }
  return json_answer({{"made", found.made}, {"rows", std::move(rows)}, {"total", total}});
}

HttpAnswer list_pairs(ServerContext& context, const HttpRequest& request) {
  const Individuals& individuals = context.project.catalogue().individuals;
  return page_of(
      context,
      request,
      &SuspectedDuplicates::pairs,
      [](const SuspectedPair& pair, IndividualId one) {
        return pair.first == one || pair.second == one;
      },
      [&](const SuspectedPair& pair) -> json {
        return {{"first", to_json(individuals.get(pair.first))},
                {"second", to_json(individuals.get(pair.second))},
                {"probability", pair.probability},
                {"first_fin", pair.first_fin.value},
                {"second_fin", pair.second_fin.value}};
      });
}

HttpAnswer list_misfiled(ServerContext& context, const HttpRequest& request) {
  const Catalogue& catalogue = context.project.catalogue();
  return page_of(
      context,
      request,
      &SuspectedDuplicates::misfiled,
      [](const SuspectedFin& one, IndividualId individual) { return one.individual == individual; },
      [&](const SuspectedFin& one) -> json {
        return {{"fin", to_json(catalogue.fins.get(one.fin))},
                {"looks_like", to_json(catalogue.individuals.get(one.looks_like))},
                {"probability", one.probability},
                {"probability_own", one.probability_own},
                {"best_fin", one.best_fin.value}};
      });
}

}  // namespace

std::vector<Route> duplicate_routes() {
  return {{"GET", "/api/duplicates/pairs", Role::kViewer, list_pairs},
          {"GET", "/api/duplicates/misfiled", Role::kViewer, list_misfiled}};
}

}  // namespace finview
