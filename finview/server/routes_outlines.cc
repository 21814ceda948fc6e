#include "finview/pipeline/edit_fin.h"
#include "finview/pipeline/outline_edits.h"
#include "finview/pipeline/stored_outline.h"
#include "finview/server/events.h"
#include "finview/server/inputs.h"
#include "finview/server/router.h"

#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {

using nlohmann::ordered_json;

namespace {

FinRecord fin_of(ServerContext& context, const HttpRequest& request) {
  return context.project.catalogue().fins.get(FinId{id_of(request)});
}

ordered_json outline_json(const FinRecord& fin) {
  const auto stored = ordered_json::parse(fin.outline, nullptr, false);
  ordered_json json = to_json(edits_of(fin));
  for (const char* name : {"contour", "trailing_edge"}) {
    const bool has = stored.is_object() && stored.contains(name);
    json[name] = has ? stored[name] : ordered_json::array();
  }
  json["outlined_by"] = fin.outlined_by;
  return json;
}

HttpAnswer get_outline(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  const FinRecord fin = fin_of(context, request);
  if (fin.outline.empty()) {
    throw Error(
        ErrorKind::kNotFound,
        fmt::format("Fin {} has no outline yet: a task of kind find makes it.", fin.id.value));
  }
  return json_answer(outline_json(fin));
}

/// One edit of a person, as the body has it.
OutlineEdit read_edit(const HttpRequest& request) {
  Body body(request);
  ordered_json json;
  for (const char* name : {"tool", "points", "strokes", "mask", "picture", "invert"}) {
    if (body.has(name)) json[name] = body.value(name);
  }
  body.done();
  json["who"] = request.caller.name;
  json["when"] = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  return parse_edit(json, "The edit");
}

/// What a request may say besides the edit itself.
struct EditWish {
  explicit EditWish(const HttpRequest& request, bool may_preview = false) {
    Query query(request);
    if (may_preview) preview = query.flag("preview");
    seen = query.number("seen", -1, 0, 1000);
    query.done();
  }
  bool preview = false;
  std::int64_t seen = -1;  ///< edits that counted when the person looked; -1 = not told
};

/// Changes the history of a fin's outline and answers with the outline that is left.
HttpAnswer edit(ServerContext& context,
                const HttpRequest& request,
                const EditWish& wish,
                const std::function<EditHistory(EditHistory)>& change) {
  FinRecord fin;
  // One edit at a time, so that none is lost between reading and writing.
  context.networks.use([&](const Networks& networks) {
    fin = fin_of(context, request);
    const EditHistory edits = edits_of(fin);
    if (wish.seen >= 0 && wish.seen != static_cast<std::int64_t>(edits.num_done)) {
      throw conflict("Somebody else has edited this outline.", outline_json(fin));
    }
    fin = edited_fin(context.project, fin, change(edits), networks.masker);
    if (!wish.preview) context.project.catalogue().fins.change(fin);
  });
  if (!wish.preview) context.events.catalogue_changed({"fins"});
  return json_answer(outline_json(fin));
}

HttpAnswer add_edit(ServerContext& context, const HttpRequest& request) {
  const EditWish wish(request, true);
  const OutlineEdit one = read_edit(request);
  return edit(
      context, request, wish, [&](EditHistory edits) { return with_edit(std::move(edits), one); });
}

HttpAnswer set_outline(ServerContext& context, const HttpRequest& request) {
  const EditWish wish(request);
  Body body(request);
  body.require("contour");
  const nlohmann::json contour = body.value("contour");
  body.done();
  FinRecord fin = fin_of(context, request);
  fin.outline = nlohmann::json{{"contour", contour}}.dump();
  fin.outlined_by = request.caller.name;
  check_outline(fin.outline, context.project.catalogue().photos.get(fin.photo));
  const OutlineEdit drawn = edits_of(fin).edits.front();
  return edit(context, request, wish, [&](EditHistory edits) {
    return with_edit(std::move(edits), drawn);
  });
}

HttpAnswer undo_edit(ServerContext& context, const HttpRequest& request) {
  return edit(context, request, EditWish(request), [](EditHistory edits) {
    if (edits.num_done > 0) return with_undone(std::move(edits), 1);
    throw Error(ErrorKind::kConflict,
                "Nothing is left to be undone: this is the automatic outline.");
  });
}

HttpAnswer redo_edit(ServerContext& context, const HttpRequest& request) {
  return edit(context, request, EditWish(request), [](EditHistory edits) {
    if (edits.num_done < edits.edits.size()) return with_redone(std::move(edits), 1);
    throw Error(ErrorKind::kConflict, "Nothing was undone that could be done again.");
  });
}

}  // namespace

std::vector<Route> outline_routes() {
  return {{"GET", "/api/fins/{id}/outline", Role::kViewer, get_outline},
          {"PUT", "/api/fins/{id}/outline", Role::kEditor, set_outline},
          {"POST", "/api/fins/{id}/outline/edits", Role::kEditor, add_edit},
          {"POST", "/api/fins/{id}/outline/undo", Role::kEditor, undo_edit},
          {"POST", "/api/fins/{id}/outline/redo", Role::kEditor, redo_edit}};
}

}  // namespace finview
