#include "finview/pipeline/uploads.h"
#include "finview/server/inputs.h"
#include "finview/server/json_out.h"
#include "finview/server/router.h"

#include <nlohmann/json.hpp>

namespace finview {

using nlohmann::json;

namespace {

constexpr std::int64_t kMaxUploadBytes = 1'000'000'000'000;

json to_json(const UploadRecord& upload) {
  return {{"id", upload.id},
          {"name", upload.name},
          {"size", upload.size},
          {"offset", upload.offset},
          {"url", "/api/uploads/" + upload.id}};
}

HttpAnswer list_uploads(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  json rows = json::array();
  for (const UploadRecord& upload : context.uploads.list()) rows.push_back(to_json(upload));
  const auto total = rows.size();
  return json_answer({{"rows", std::move(rows)}, {"total", total}});
}

HttpAnswer start_upload(ServerContext& context, const HttpRequest& request) {
  Body body(request);
  std::string name;
  std::int64_t size = 0;
  body.require("name");
  body.require("size");
  body.text("name", name, 4000, 1);
  body.number("size", size, 0, kMaxUploadBytes);
  body.done();
  return json_answer(to_json(context.uploads.start(name, size)), 201);
}

HttpAnswer get_upload(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  return json_answer(to_json(context.uploads.get(request.ids.at(0))));
}

HttpAnswer put_upload(ServerContext& context, const HttpRequest& request) {
  const std::string& id = request.ids.at(0);
  Query query(request);
  query.require("offset");
  const std::int64_t offset = query.number("offset", 0, 0, kMaxUploadBytes);
  query.done();
  if (!request.header("Content-Type").starts_with("application/octet-stream")) {
    throw Problem(415, "bad-input", "The bytes of an upload are sent as application/octet-stream.");
  }
  try {
    return json_answer(to_json(context.uploads.append(id, offset, request.read_body)));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kConflict) throw;
    throw conflict(error.what(), to_json(context.uploads.get(id)));
  }
}

HttpAnswer move_upload(ServerContext& context, const HttpRequest& request) {
  const std::string& id = request.ids.at(0);
  Body body(request);
  std::string area, path;
  body.require("area");
  body.require("path");
  body.choice("area", area, {"images", "datasets", "outputs"});
  body.text("path", path, 4000, 1);
  body.done();
  const Area target(context.project.folder(), area);
  target.take(context.uploads.file(id), path);
  const AreaEntry entry = target.entry(path);
  context.uploads.remove(id);
  return json_answer(to_json(entry), 201);
}

HttpAnswer remove_upload(ServerContext& context, const HttpRequest& request) {
  context.uploads.remove(request.ids.at(0));
  return no_content();
}

}  // namespace

std::vector<Route> upload_routes() {
  return {{"GET", "/api/uploads", Role::kViewer, list_uploads},
          {"POST", "/api/uploads", Role::kEditor, start_upload},
          {"GET", "/api/uploads/{upload}", Role::kViewer, get_upload},
          {"PUT", "/api/uploads/{upload}", Role::kEditor, put_upload},
          {"DELETE", "/api/uploads/{upload}", Role::kEditor, remove_upload},
          {"POST", "/api/uploads/{upload}/move", Role::kEditor, move_upload}};
}

}  // namespace finview
