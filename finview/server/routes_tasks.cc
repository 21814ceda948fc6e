#include "finview/pipeline/uploads.h"
#include "finview/server/inputs.h"
#include "finview/server/json_out.h"
#include "finview/server/router.h"

#include <nlohmann/json.hpp>

namespace finview {

using nlohmann::json;

namespace {

JobId job_of(const HttpRequest& request) { return JobId{id_of(request)}; }

HttpAnswer list_tasks(ServerContext& context, const HttpRequest& request) {
  Query query(request);
  JobFilter filter;
  filter.states = named<JobState>(query.choices("state", job_state_names()), job_state_names());
  filter.kind = query.text("kind", 50);
  filter.offset = query.number("offset", 0, 0, kMaxOffset);
  filter.limit = query.number("limit", 100, 1, 1000);
  query.done();
  const JobPage page = context.queue.list(filter);
  json rows = json::array();
  for (const JobRecord& job : page.rows) rows.push_back(to_json(job));
  return json_answer({{"rows", std::move(rows)}, {"total", page.total}});
}

void read_input(Body& body, NewJob& job) {
  const json& input = body.value("input");
  if (input.is_null() && !body.has("input")) return;
  const auto is_list = [](const json& list, std::size_t max_length) {
    if (!list.is_array() || list.size() > max_length) return false;
    for (const json& each : list) {
      if (!each.is_string() || each.get_ref<const std::string&>().empty() ||
          !is_clean_text(each.get_ref<const std::string&>())) {
        return false;
      }
    }
    return true;
  };
  bool good = input.is_object();
  const json lists = good ? input : json::object();
  for (const auto& [name, list] : lists.items()) {
    if (name == "uploads" && is_list(list, 100000)) {
      job.uploads = list.get<std::vector<std::string>>();
    } else if (name == "files" && is_list(list, 10000)) {
      job.files = list.get<std::vector<std::string>>();
    } else {
      good = false;
    }
  }
  if (!good) {
    body.fault("input must be an object of uploads and files, each a list of texts.");
  }
}

HttpAnswer add_task(ServerContext& context, const HttpRequest& request) {
  Body body(request);
  NewJob job;
  body.require("kind");
  body.text("kind", job.kind, 50, 1);
  body.text("name", job.name, 300);
  read_input(body, job);
  const json& options = body.value("options");
  if (body.has("options")) job.options = options.dump();
  std::int64_t priority = 0;
  body.number("priority", priority, -100, 100);
  body.texts("then", job.then, 10, 50, 1);
  body.done();
  job.priority = static_cast<int>(priority);
  job.who = request.caller.name;
  context.kinds.check(job);
  for (const std::string& upload : job.uploads) context.uploads.file(upload);
  const JobId id = context.queue.add(job);
  context.workers.wake();
  return json_answer(to_json(context.queue.get(id)), 202);
}

HttpAnswer list_kinds(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  json rows = json::array();
  for (const auto& [name, kind] : context.kinds.all()) {
    json fields = json::array();
    json values = json::object();
    kind.describe(fields, values);
    rows.push_back({{"kind", name},
                    {"help", kind.help},
                    {"takes_input", kind.takes_input},
                    {"fields", std::move(fields)}});
  }
  const auto total = rows.size();
  return json_answer({{"rows", std::move(rows)}, {"total", total}});
}

HttpAnswer get_task(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  return json_answer(to_json(context.queue.get(job_of(request))));
}

/// Asks for a change and answers with the task; a conflict tells its current state.
template <class Work>
HttpAnswer changed(ServerContext& context, const HttpRequest& request, const Work& work) {
  const JobId id = job_of(request);
  try {
    work(id);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kConflict) throw;
    throw conflict(error.what(), to_json(context.queue.get(id)));
  }
  context.workers.wake();
  return json_answer(to_json(context.queue.get(id)));
}

HttpAnswer change_task(ServerContext& context, const HttpRequest& request) {
  Body body(request);
  std::int64_t priority = 0;
  body.require("priority");
  body.number("priority", priority, -100, 100);
  body.done();
  return changed(context, request, [&](JobId id) {
    context.queue.set_priority(id, static_cast<int>(priority));
  });
}

HttpAnswer cancel(ServerContext& context, const HttpRequest& request) {
  return changed(context, request, [&](JobId id) { context.queue.cancel(id); });
}

HttpAnswer pause(ServerContext& context, const HttpRequest& request) {
  return changed(context, request, [&](JobId id) { context.queue.pause(id); });
}

HttpAnswer resume(ServerContext& context, const HttpRequest& request) {
  return changed(context, request, [&](JobId id) { context.queue.resume(id); });
}

HttpAnswer retry(ServerContext& context, const HttpRequest& request) {
  return changed(context, request, [&](JobId id) { context.queue.retry(id); });
}

HttpAnswer remove(ServerContext& context, const HttpRequest& request) {
  const JobId id = job_of(request);
  try {
    context.queue.remove(id);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::kConflict) throw;
    throw conflict(error.what(), to_json(context.queue.get(id)));
  }
  return no_content();
}

HttpAnswer list_failures(ServerContext& context, const HttpRequest& request) {
  Query query(request);
  const auto offset = query.number("offset", 0, 0, kMaxOffset);
  const auto limit = query.number("limit", 100, 1, 1000);
  query.done();
  const JobId id = job_of(request);
  json rows = json::array();
  for (const ItemFailure& failure : context.queue.failures(id, offset, limit)) {
    rows.push_back({{"item", failure.item}, {"reason", failure.reason}});
  }
  return json_answer({{"rows", std::move(rows)}, {"total", context.queue.get(id).failed}});
}

HttpAnswer read_log(ServerContext& context, const HttpRequest& request) {
  Query query(request);
  const auto offset = query.number("offset", 0, 0, kMaxOffset);
  const auto limit = query.number("limit", 100, 1, 1000);
  query.done();
  const JobLog log = context.queue.log(job_of(request), offset, limit);
  json rows = json::array();
  for (const JobLine& line : log.rows) rows.push_back({{"time", line.time}, {"text", line.text}});
  return json_answer({{"rows", std::move(rows)}, {"total", log.total}});
}

HttpAnswer list_workers(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  json rows = json::array();
  for (const WorkerRecord& worker : context.queue.workers()) {
    rows.push_back(
        {{"name", worker.name}, {"task", id_json(worker.job.value)}, {"since", worker.since}});
  }
  const auto total = rows.size();
  return json_answer({{"rows", std::move(rows)}, {"total", total}});
}

}  // namespace

std::vector<Route> task_routes() {
  return {{"GET", "/api/tasks", Role::kViewer, list_tasks},
          {"POST", "/api/tasks", Role::kEditor, add_task},
          {"GET", "/api/tasks/kinds", Role::kViewer, list_kinds},
          {"GET", "/api/tasks/{id}", Role::kViewer, get_task},
          {"PATCH", "/api/tasks/{id}", Role::kEditor, change_task},
          {"DELETE", "/api/tasks/{id}", Role::kEditor, remove},
          {"POST", "/api/tasks/{id}/cancel", Role::kEditor, cancel},
          {"POST", "/api/tasks/{id}/pause", Role::kEditor, pause},
          {"POST", "/api/tasks/{id}/resume", Role::kEditor, resume},
          {"POST", "/api/tasks/{id}/retry", Role::kEditor, retry},
          {"GET", "/api/tasks/{id}/failures", Role::kViewer, list_failures},
          {"GET", "/api/tasks/{id}/log", Role::kViewer, read_log},
          {"GET", "/api/workers", Role::kViewer, list_workers}};
}

}  // namespace finview
