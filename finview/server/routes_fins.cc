#include "finview/pipeline/project_pictures.h"
#include "finview/server/events.h"
#include "finview/server/inputs.h"
#include "finview/server/json_out.h"
#include "finview/server/router.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {

using nlohmann::json;

namespace {

FinRecord fin_of(ServerContext& context, const HttpRequest& request, std::size_t index = 0) {
  return context.project.catalogue().fins.get(FinId{id_of(request, index)});
}

HttpAnswer list_fins(ServerContext& context, const HttpRequest& request) {
  Query query(request);
  FinFilter filter;
  filter.reviews = named<Review>(query.choices("review", review_names()), review_names());
  filter.tiers = named<Tier>(query.choices("tier", tier_names()), tier_names());
  if (const auto id = query.id("individual")) filter.individual = IndividualId{*id};
  if (const auto id = query.id("encounter")) filter.encounter = EncounterId{*id};
  if (const auto id = query.id("photo")) filter.photo = PhotoId{*id};
  filter.side = query.choice("side", {"left", "right"}, "");
  filter.min_quality = query.real("min_quality", 0, 0, 1);
  filter.text = query.text("text");
  filter.sort = query.choice(
      "sort", {"id", "taken", "quality", "probability", "photo", "individual"}, filter.sort);
  filter.descending = query.flag("descending");
  filter.offset = query.number("offset", 0, 0, kMaxOffset);
  filter.limit = query.number("limit", 100, 1, 1000);
  query.done();
  return page_answer(context.project.catalogue().fins.list(filter));
}

HttpAnswer get_fin(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  return json_answer(to_json(fin_of(context, request)));
}

HttpAnswer change_fin(ServerContext& context, const HttpRequest& request) {
  FinRecord fin = fin_of(context, request);
  Body body(request);
  std::array<double, 4> box{};
  body.box("box", box);
  body.choice("side", fin.side, {"left", "right", ""});
  const bool other_box = body.has("box");
  if (!other_box && !body.has("side")) {
    body.fault("There is nothing to change: give box or side.");
  }
  body.done();
  if (other_box) {
    fin.box = checked_box(context.project.catalogue().photos.get(fin.photo), box);
    fin.made_by = request.caller.name;
    fin.outline.clear();
    fin.outlined_by.clear();
  }
  context.project.catalogue().fins.change(fin);
  context.events.catalogue_changed({"fins"});
  return json_answer(to_json(context.project.catalogue().fins.get(fin.id)));
}

HttpAnswer remove_fin(ServerContext& context, const HttpRequest& request) {
  const FinRecord fin = fin_of(context, request);
  try {
    context.project.catalogue().fins.remove(fin.id);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kConflict) throw;
    throw conflict(error.what(), to_json(fin));
  }
  context.events.catalogue_changed({"fins", "photos"});
  return no_content();
}

HttpAnswer get_crop(ServerContext& context, const HttpRequest& request) {
  Query query(request);
  const int width = picture_width(query.number("width", 320, 16, 4096));
  const std::string kind = query.choice("kind", {"photo", "enhanced", "masked"}, "photo");
  query.text("version");  // another one makes browsers ask, whatever they have kept
  query.done();
  const FinRecord fin = fin_of(context, request);
  const FinPicture picture = fin_picture(context.project, fin, width, kind);
  return jpeg_answer(request, picture.tag, picture.make);
}

HttpAnswer get_why(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  const FinRecord fin = fin_of(context, request, 0);
  const FinRecord other = fin_of(context, request, 1);
  const FinPicture picture = why_picture(context.project, context.networks, fin, other);
  return jpeg_answer(request, picture.tag, picture.make);
}

HttpAnswer list_candidates(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  const FinRecord fin = fin_of(context, request);
  Catalogue& catalogue = context.project.catalogue();
  const auto rejected = catalogue.decisions.rejected(fin.id);
  json rows = json::array();
  for (const StoredCandidate& candidate : catalogue.fins.candidates(fin.id)) {
    const bool no =
        std::find(rejected.begin(), rejected.end(), candidate.individual) != rejected.end();
    rows.push_back(to_json(candidate, no));
  }
  const auto total = rows.size();
  return json_answer({{"fin", fin.id.value},
                      {"tier", tier_names().at(static_cast<std::size_t>(fin.tier))},
                      {"p_new", fin.p_new},
                      {"rows", std::move(rows)},
                      {"total", total}});
}

}  // namespace

std::vector<Route> fin_routes() {
  return {{"GET", "/api/fins", Role::kViewer, list_fins},
          {"GET", "/api/fins/{id}", Role::kViewer, get_fin},
          {"PATCH", "/api/fins/{id}", Role::kEditor, change_fin},
          {"DELETE", "/api/fins/{id}", Role::kEditor, remove_fin},
          {"GET", "/api/fins/{id}/crop", Role::kViewer, get_crop},
          {"GET", "/api/fins/{id}/candidates", Role::kViewer, list_candidates},
          {"GET", "/api/fins/{id}/why/{other}", Role::kViewer, get_why}};
}

}  // namespace finview
