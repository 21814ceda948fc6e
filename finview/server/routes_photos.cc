#include "finview/pipeline/project_pictures.h"
#include "finview/server/events.h"
#include "finview/server/inputs.h"
#include "finview/server/json_out.h"
#include "finview/server/router.h"

#include <filesystem>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace finview {

using nlohmann::json;

namespace {

PhotoRecord photo_of(ServerContext& context, const HttpRequest& request) {
  return context.project.catalogue().photos.get(PhotoId{id_of(request)});
}

HttpAnswer list_photos(ServerContext& context, const HttpRequest& request) {
  Query query(request);
  PhotoFilter filter;
  filter.states =
      named<PhotoState>(query.choices("state", photo_state_names()), photo_state_names());
  if (const auto id = query.id("encounter")) filter.encounter = EncounterId{*id};
  filter.text = query.text("text");
  filter.trashed = query.flag("trashed");
  filter.sort = query.choice("sort", {"id", "name", "taken", "added", "fins"}, filter.sort);
  filter.descending = query.flag("descending");
  filter.offset = query.number("offset", 0, 0, kMaxOffset);
  filter.limit = query.number("limit", 100, 1, 1000);
  query.done();
  return page_answer(context.project.catalogue().photos.list(filter));
}

HttpAnswer get_photo(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  return json_answer(to_json(photo_of(context, request)));
}

/// Throws Error{kBadInput} if there is no such encounter.
void check_encounter(ServerContext& context, std::int64_t id) {
  if (id == 0) return;
  try {
    context.project.catalogue().encounters.get(EncounterId{id});
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kNotFound) throw;
    throw Error(ErrorKind::kBadInput, fmt::format("There is no encounter {}.", id));
  }
}

HttpAnswer change_photo(ServerContext& context, const HttpRequest& request) {
  const PhotoRecord photo = photo_of(context, request);
  Body body(request);
  std::int64_t encounter = photo.encounter.value;
  std::string taken = photo.taken;
  std::string state;
  body.id("encounter", encounter);
  body.time("taken", taken);
  body.choice("state", state, {"waiting"});
  if (!body.has("encounter") && !body.has("taken") && !body.has("state")) {
    body.fault("There is nothing to change: give encounter, taken or state.");
  }
  body.done();
  Photos& photos = context.project.catalogue().photos;
  if (encounter != photo.encounter.value) {
    check_encounter(context, encounter);
    photos.set_encounter(std::array{photo.id}, EncounterId{encounter});
  }
  if (taken != photo.taken) photos.set_taken(photo.id, taken);
  if (!state.empty()) photos.set_waiting(photo.id);
  context.events.catalogue_changed({"photos"});
  return json_answer(to_json(photos.get(photo.id)));
}

HttpAnswer get_picture(ServerContext& context, const HttpRequest& request) {
  Query query(request);
  const int width = picture_width(query.number("width", 320, 16, 4096));
  query.done();
  const PhotoRecord photo = photo_of(context, request);
  return jpeg_answer(request, fmt::format("{}-{}", photo.sha256, width), [&] {
    return photo_picture(context.project, photo, width);
  });
}

HttpAnswer get_file(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  const PhotoRecord photo = photo_of(context, request);
  const auto path = context.project.photo_path(photo.sha256);
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (descriptor < 0) {
    throw Error(ErrorKind::kNotFound,
                fmt::format("The bytes of photo {} are gone: import it again, or restore a backup.",
                            photo.id.value));
  }
  return file_answer(request, std::make_shared<OpenFile>(descriptor), photo.sha256);
}

std::vector<PhotoId> photo_ids(ServerContext& context, const std::vector<std::int64_t>& ids) {
  std::vector<PhotoId> photos;
  for (const std::int64_t id : ids) {
    photos.push_back(PhotoId{id});
    context.project.catalogue().photos.get(photos.back());
  }
  return photos;
}

HttpAnswer trash_photos(ServerContext& context, const HttpRequest& request) {
  Body body(request);
  std::vector<std::int64_t> ids;
  bool trashed = true;
  body.require("ids");
  body.require("trashed");
  body.ids("ids", ids);
  body.flag("trashed", trashed);
  body.done();
  context.project.catalogue().photos.set_trashed(photo_ids(context, ids), trashed);
  context.events.catalogue_changed({"photos", "fins"});
  return no_content();
}

HttpAnswer purge_photos(ServerContext& context, const HttpRequest& request) {
  Body body(request);
  std::vector<std::int64_t> ids;
  body.require("ids");
  body.ids("ids", ids);
  body.done();
  const auto photos = photo_ids(context, ids);
  for (const std::string& sha256 : context.project.catalogue().photos.remove_trashed(photos)) {
    std::error_code ignored;  // a file that stays is an orphan, which `project check` names
    std::filesystem::remove(context.project.photo_path(sha256), ignored);
  }
  context.events.catalogue_changed({"photos", "fins"});
  return no_content();
}

HttpAnswer set_encounter(ServerContext& context, const HttpRequest& request) {
  Body body(request);
  std::vector<std::int64_t> ids;
  std::int64_t encounter = 0;
  body.require("ids");
  body.require("encounter");
  body.ids("ids", ids);
  body.id("encounter", encounter);
  body.done();
  check_encounter(context, encounter);
  context.project.catalogue().photos.set_encounter(photo_ids(context, ids), EncounterId{encounter});
  context.events.catalogue_changed({"photos", "encounters"});
  return no_content();
}

HttpAnswer add_fin(ServerContext& context, const HttpRequest& request) {
  const PhotoRecord photo = photo_of(context, request);
  Body body(request);
  std::array<double, 4> box{};
  NewFin fin;
  body.require("box");
  body.box("box", box);
  body.choice("side", fin.side, {"left", "right", ""});
  body.done();
  fin.box = checked_box(photo, box);
  fin.made_by = request.caller.name;
  const FinId id = context.project.catalogue().fins.add(photo.id, fin);
  context.events.catalogue_changed({"fins", "photos"});
  return json_answer(to_json(context.project.catalogue().fins.get(id)), 201);
}

}  // namespace

std::vector<Route> photo_routes() {
  return {{"GET", "/api/photos", Role::kViewer, list_photos},
          {"GET", "/api/photos/{id}", Role::kViewer, get_photo},
          {"PATCH", "/api/photos/{id}", Role::kEditor, change_photo},
          {"GET", "/api/photos/{id}/picture", Role::kViewer, get_picture},
          {"GET", "/api/photos/{id}/file", Role::kViewer, get_file},
          {"POST", "/api/photos/{id}/fins", Role::kEditor, add_fin},
          {"POST", "/api/photos/trash", Role::kEditor, trash_photos},
          {"POST", "/api/photos/purge", Role::kAdmin, purge_photos},
          {"POST", "/api/photos/encounter", Role::kEditor, set_encounter}};
}

}  // namespace finview
