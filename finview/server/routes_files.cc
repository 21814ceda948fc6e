#include "finview/pipeline/area.h"
#include "finview/pipeline/project_pictures.h"
#include "finview/pipeline/relative_path.h"
#include "finview/server/inputs.h"
#include "finview/server/json_out.h"
#include "finview/server/router.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>
#include <unistd.h>

namespace finview {

using nlohmann::json;

namespace {

constexpr std::int64_t kMaxPictureBytes = 500'000'000;
const std::vector<std::string> kAreas{"images", "datasets", "outputs"};

Area area_of(ServerContext& context, const HttpRequest& request) {
  return {context.project.folder(), request.ids.at(0)};
}

/// Folders first, then as asked.
void sort_entries(std::vector<AreaEntry>& entries, const std::string& by, bool descending) {
  std::sort(entries.begin(), entries.end(), [&](const AreaEntry& a, const AreaEntry& b) {
    const bool a_folder = a.kind == "folder";
    const bool b_folder = b.kind == "folder";
    if (a_folder != b_folder) return a_folder;
    const AreaEntry& first = descending ? b : a;
    const AreaEntry& second = descending ? a : b;
    if (by == "size" && a.size_bytes != b.size_bytes) return first.size_bytes < second.size_bytes;
    if (by == "modified" && a.modified != b.modified) return first.modified < second.modified;
    return first.name < second.name;
  });
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return c < 0x80 ? std::tolower(c) : c;
  });
  return text;
}

/// Rows from `offset` on, with the number of all.
template <class Record>
HttpAnswer page(const std::vector<Record>& records, std::int64_t offset, std::int64_t limit) {
  json rows = json::array();
  const auto total = static_cast<std::int64_t>(records.size());
  for (std::int64_t i = offset; i < std::min(total, offset + limit); ++i) {
    rows.push_back(to_json(records[static_cast<std::size_t>(i)]));
  }
  return json_answer({{"rows", std::move(rows)}, {"total", total}});
}

HttpAnswer list_files(ServerContext& context, const HttpRequest& request) {
  const Area area = area_of(context, request);
  Query query(request);
  const std::string folder = query.text("path", 4000);
  const std::string text = lower(query.text("text"));
  const std::string by = query.choice("sort", {"name", "size", "modified"}, "name");
  const bool descending = query.flag("descending");
  const auto offset = query.number("offset", 0, 0, kMaxOffset);
  const auto limit = query.number("limit", 100, 1, 1000);
  query.done();
  std::vector<AreaEntry> entries = area.list(folder);
  std::erase_if(entries, [&](const AreaEntry& entry) {
    return lower(entry.name).find(text) == std::string::npos;
  });
  sort_entries(entries, by, descending);
  return page(entries, offset, limit);
}

std::string path_in(Query& query) {
  query.require("path");
  return query.text("path", 4000);
}

/// Changes when the file does.
std::string tag_of(int file) {
  struct stat info = {};
  fstat(file, &info);
  return fmt::format(
      "{:x}-{:x}-{:x}-{:x}", info.st_ino, info.st_size, info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
}

HttpAnswer get_file(ServerContext& context, const HttpRequest& request) {
  Query query(request);
  const std::string path = path_in(query);
  query.done();
  Descriptor file = area_of(context, request).open_file(path);
  const std::string tag = tag_of(file.get());
  return file_answer(request, std::make_shared<OpenFile>(file.release()), tag);
}

HttpAnswer get_thumbnail(ServerContext& context, const HttpRequest& request) {
  Query query(request);
  const std::string path = path_in(query);
  const int width = picture_width(query.number("width", 320, 16, 4096));
  query.done();
  const Area area = area_of(context, request);
  const Descriptor file = area.open_file(path);
  const AreaEntry entry = area.entry(path);
  if (entry.kind != "image" || entry.size_bytes > kMaxPictureBytes) {
    throw Error(ErrorKind::kBadInput, fmt::format("{} is no picture that can be shown.", path));
  }
  const std::string tag = tag_of(file.get());
  return jpeg_answer(request, fmt::format("{}-{}", tag, width), [&] {
    PhotoFile photo;
    photo.name = path;
    photo.bytes.resize(static_cast<std::size_t>(entry.size_bytes));
    std::size_t done = 0;
    while (done < photo.bytes.size()) {
      const ssize_t size = read(file.get(), photo.bytes.data() + done, photo.bytes.size() - done);
      if (size <= 0) break;
      done += static_cast<std::size_t>(size);
    }
    photo.bytes.resize(done);
    return small_picture(context.project, photo, tag, width);
  });
}

/// A conflict tells what stands in the way.
template <class Work>
AreaEntry with_conflicts(const Area& area, const std::string& path, const Work& work) {
  try {
    work();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kConflict) throw;
    json current;
    try {
      current = to_json(area.entry(path));
    } catch (const Error&) {  // a part of the path is a file
    }
    throw conflict(error.what(), current);
  }
  return area.entry(path);
}

HttpAnswer make_folder(ServerContext& context, const HttpRequest& request) {
  const Area area = area_of(context, request);
  Body body(request);
  std::string path;
  body.require("path");
  body.text("path", path, 4000, 1);
  body.done();
  const AreaEntry made = with_conflicts(area, path, [&] { area.make_folder(path); });
  return json_answer(to_json(made), 201);
}

struct FromTo {
  std::string path;
  std::string to;
  std::string to_area;
};

FromTo read_from_to(const HttpRequest& request, Body& body) {
  FromTo wish;
  wish.to_area = request.ids.at(0);
  body.require("path");
  body.require("to");
  body.text("path", wish.path, 4000, 1);
  body.text("to", wish.to, 4000, 1);
  body.choice("to_area", wish.to_area, kAreas);
  return wish;
}

HttpAnswer move_file(ServerContext& context, const HttpRequest& request) {
  const Area area = area_of(context, request);
  Body body(request);
  const FromTo wish = read_from_to(request, body);
  body.done();
  const Area target(context.project.folder(), wish.to_area);
  const AreaEntry moved =
      with_conflicts(target, wish.to, [&] { area.move(wish.path, target, wish.to); });
  return json_answer(to_json(moved));
}

/// Starts a task of one of the kinds of add_area_jobs.
HttpAnswer start(ServerContext& context,
                 const HttpRequest& request,
                 const std::string& kind,
                 const std::vector<std::string>& paths,
                 json options) {
  const Area area = area_of(context, request);
  NewJob job;
  job.kind = kind;
  job.who = request.caller.name;
  for (const std::string& path : paths) {
    area.entry(path);
    job.files.push_back(area.name() + "/" + path);
  }
  relative_parts(options.at("to").get<std::string>());
  job.name = fmt::format("{} {}", kind, paths.at(0));
  job.options = options.dump();
  context.kinds.check(job);
  const JobId id = context.queue.add(job);
  context.workers.wake();
  return json_answer(to_json(context.queue.get(id)), 202);
}

HttpAnswer copy_file(ServerContext& context, const HttpRequest& request) {
  area_of(context, request);
  Body body(request);
  const FromTo wish = read_from_to(request, body);
  body.done();
  return start(context, request, "copy", {wish.path}, {{"to", wish.to}, {"to-area", wish.to_area}});
}

HttpAnswer extract_file(ServerContext& context, const HttpRequest& request) {
  area_of(context, request);
  Body body(request);
  const FromTo wish = read_from_to(request, body);
  body.done();
  return start(
      context, request, "extract", {wish.path}, {{"to", wish.to}, {"to-area", wish.to_area}});
}

HttpAnswer sort_files(ServerContext& context, const HttpRequest& request) {
  area_of(context, request);
  Body body(request);
  const FromTo wish = read_from_to(request, body);
  std::string by = "class";
  body.text("by", by, 100, 1);
  body.done();
  return start(context,
               request,
               "sort",
               {wish.path},
               {{"to", wish.to}, {"to-area", wish.to_area}, {"by", by}});
}

std::vector<std::string> read_paths(Body& body) {
  std::vector<std::string> paths;
  body.require("paths");
  body.texts("paths", paths, 1000, 4000, 1);
  if (body.has("paths") && paths.empty()) body.fault("paths must name at least one.");
  return paths;
}

HttpAnswer archive_files(ServerContext& context, const HttpRequest& request) {
  const Area area = area_of(context, request);
  Body body(request);
  const auto paths = read_paths(body);
  std::string to;
  std::string to_area = area.name();
  std::string format = "zip";
  body.require("to");
  body.text("to", to, 4000, 1);
  body.choice("to_area", to_area, kAreas);
  body.choice("format", format, {"zip", "tar.gz"});
  body.done();
  return start(
      context, request, "archive", paths, {{"to", to}, {"to-area", to_area}, {"format", format}});
}

HttpAnswer list_trash(ServerContext& context, const HttpRequest& request) {
  Query query(request);
  const auto offset = query.number("offset", 0, 0, kMaxOffset);
  const auto limit = query.number("limit", 100, 1, 1000);
  query.done();
  return page(area_of(context, request).trash(), offset, limit);
}

HttpAnswer trash_files(ServerContext& context, const HttpRequest& request) {
  const Area area = area_of(context, request);
  Body body(request);
  const auto paths = read_paths(body);
  body.done();
  for (const std::string& path : paths) area.entry(path);  // all or none
  std::vector<TrashEntry> thrown;
  for (const std::string& path : paths) thrown.push_back(area.throw_away(path));
  return page(thrown, 0, static_cast<std::int64_t>(thrown.size()));
}

template <class Work>
HttpAnswer with_ids(const HttpRequest& request, const Work& work) {
  Body body(request);
  std::vector<std::string> ids;
  body.require("ids");
  body.texts("ids", ids, 1000, 100, 1);
  if (body.has("ids") && ids.empty()) body.fault("ids must name at least one.");
  body.done();
  for (const std::string& id : ids) work(id);
  return no_content();
}

HttpAnswer restore_files(ServerContext& context, const HttpRequest& request) {
  const Area area = area_of(context, request);
  return with_ids(request, [&](const std::string& id) { area.restore(id); });
}

HttpAnswer purge_files(ServerContext& context, const HttpRequest& request) {
  const Area area = area_of(context, request);
  return with_ids(request, [&](const std::string& id) { area.purge(id); });
}

}  // namespace

std::vector<Route> file_routes() {
  return {{"GET", "/api/files/{area}", Role::kViewer, list_files},
          {"GET", "/api/files/{area}/content", Role::kViewer, get_file},
          {"GET", "/api/files/{area}/thumbnail", Role::kViewer, get_thumbnail},
          {"POST", "/api/files/{area}/folder", Role::kEditor, make_folder},
          {"POST", "/api/files/{area}/move", Role::kEditor, move_file},
          {"POST", "/api/files/{area}/copy", Role::kEditor, copy_file},
          {"POST", "/api/files/{area}/archive", Role::kEditor, archive_files},
          {"POST", "/api/files/{area}/extract", Role::kEditor, extract_file},
          {"POST", "/api/files/{area}/sort", Role::kEditor, sort_files},
          {"GET", "/api/files/{area}/trash", Role::kViewer, list_trash},
          {"POST", "/api/files/{area}/trash", Role::kEditor, trash_files},
          {"POST", "/api/files/{area}/restore", Role::kEditor, restore_files},
          {"POST", "/api/files/{area}/purge", Role::kAdmin, purge_files}};
}

}  // namespace finview
