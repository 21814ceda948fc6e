#include "finview/base/options_json.h"
#include "finview/pipeline/models.h"
#include "finview/pipeline/project_settings.h"
#include "finview/server/inputs.h"
#include "finview/server/json_out.h"
#include "finview/server/router.h"

#include <chrono>
#include <filesystem>
#include <mutex>

#include <nlohmann/json.hpp>

namespace finview {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

HttpAnswer get_health(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  context.project.catalogue().database.now();  // throws if the catalogue cannot be reached
  context.queue.version();
  return json_answer({{"status", "ok"}, {"version", context.version}});
}

std::int64_t num_photos(const Photos& photos, std::vector<PhotoState> states, bool trashed) {
  PhotoFilter filter;
  filter.states = std::move(states);
  filter.trashed = trashed;
  filter.limit = 1;
  return photos.list(filter).total;
}

std::int64_t num_fins(const Fins& fins, std::vector<Review> reviews) {
  FinFilter filter;
  filter.reviews = std::move(reviews);
  filter.limit = 1;
  return fins.list(filter).total;
}

json counts(const Catalogue& catalogue) {
  IndividualFilter individuals;
  individuals.limit = 1;
  EncounterFilter encounters;
  encounters.limit = 1;
  const Photos& photos = catalogue.photos;
  return {{"photos", num_photos(photos, {}, false)},
          {"photos_waiting", num_photos(photos, {PhotoState::kWaiting}, false)},
          {"photos_failed", num_photos(photos, {PhotoState::kFailed}, false)},
          {"photos_trashed", num_photos(photos, {}, true)},
          {"fins", num_fins(catalogue.fins, {})},
          {"fins_waiting", num_fins(catalogue.fins, {Review::kWaiting})},
          {"fins_confirmed", num_fins(catalogue.fins, {Review::kConfirmed})},
          {"individuals", catalogue.individuals.list(individuals).total},
          {"encounters", catalogue.encounters.list(encounters).total},
          {"surveys", catalogue.encounters.surveys().size()}};
}

/// Individuals by the month they were first seen in.
json count_growth(const Catalogue& catalogue) {
  std::map<std::string, std::int64_t> months;
  IndividualFilter filter;
  filter.limit = 1000;
  for (;; filter.offset += filter.limit) {
    const auto page = catalogue.individuals.list(filter);
    for (const IndividualRecord& individual : page.rows) {
      const std::string month = individual.first_seen.substr(0, 7);
      if (month.size() == 7) ++months[month];
    }
    if (static_cast<std::int64_t>(page.rows.size()) < filter.limit) break;
  }
  json growth = json::array();
  std::int64_t total = 0;
  for (const auto& [month, count] : months) {
    total += count;
    growth.push_back({{"month", month}, {"first_seen", count}, {"total", total}});
  }
  return growth;
}

/// The same for a while: it looks at every individual.
json growth(const Catalogue& catalogue) {
  static std::mutex mutex;
  static json last;
  static std::chrono::steady_clock::time_point until;
  const std::lock_guard lock(mutex);
  const auto now = std::chrono::steady_clock::now();
  if (last.is_null() || now > until) {
    last = count_growth(catalogue);
    const auto took = std::chrono::steady_clock::now() - now;
    until = std::chrono::steady_clock::now() + 20 * took;
  }
  return last;
}

json project_json(ServerContext& context) {
  const Catalogue& catalogue = context.project.catalogue();
  const auto waiting = catalogue.fins.waiting_by_tier();
  json by_tier;
  for (std::size_t i = 0; i < tier_names().size(); ++i) {
    by_tier[tier_names()[i]] = i < waiting.size() ? waiting[i] : 0;
  }
  return {{"name", context.project.name()},
          {"version", context.version},
          {"counts", counts(catalogue)},
          {"waiting_by_tier", by_tier},
          {"growth", growth(catalogue)}};
}

HttpAnswer get_project(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  return json_answer(project_json(context));
}

HttpAnswer change_project(ServerContext& context, const HttpRequest& request) {
  Body body(request);
  std::string name;
  body.require("name");
  body.text("name", name, 300, 1);
  body.done();
  context.project.rename(name);
  return json_answer(project_json(context));
}

json options_json(ServerContext& context) {
  json fields = json::array();
  json values = json::object();
  const ProjectSettings now = read_settings(context.project);
  ProjectSettings usual;
  usual.look_networks = now.look_networks;
  usual.detectors = now.detectors;
  describe_options(usual, fields, values);
  json unused = json::array();
  describe_options(now, unused, values);
  return {{"values", values}, {"fields", fields}};
}

HttpAnswer get_options(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  return json_answer(options_json(context));
}

HttpAnswer set_options(ServerContext& context, const HttpRequest& request) {
  Body body(request);
  body.require("values");
  const json values = body.value("values");
  body.done();
  ProjectSettings settings = read_settings(context.project);
  read_options(settings, values);
  write_settings(context.project, settings);
  return json_answer(options_json(context));
}

json model_json(const char* kind, const fs::path& file, bool shipped, bool in_use) {
  std::error_code fault;
  const auto size = fs::file_size(file, fault);
  return {{"kind", kind},
          {"name", file.filename().string()},
          {"size_bytes", fault ? 0 : size},
          {"shipped", shipped},
          {"in_use", in_use}};
}

HttpAnswer list_models(ServerContext& context, const HttpRequest& request) {
  Query(request).done();
  const ModelOptions models = with_shipped_models({});
  json rows = json::array();
  rows.push_back(model_json("outline", models.outline, true, true));
  rows.push_back(model_json("edge", models.edge_network, true, true));
  const auto add = [&](const char* kind,
                       const fs::path& shipped,
                       const std::vector<std::string>& names,
                       const std::string& chosen) {
    for (const std::string& name : names) {
      const bool is_shipped = name == names.front();
      const fs::path file = is_shipped ? shipped : taught_network(context.project, name);
      rows.push_back(model_json(kind, file, is_shipped, name == chosen));
    }
  };
  const ProjectSettings settings = read_settings(context.project);
  add("detector", models.detector_weights, settings.detectors, settings.detector);
  add("embedder", models.embedder, settings.look_networks, settings.look_network);
  const auto total = rows.size();
  return json_answer({{"rows", std::move(rows)}, {"total", total}});
}

}  // namespace

std::vector<Route> project_routes() {
  return {{"GET", "/api/health", std::nullopt, get_health},
          {"GET", "/api/project", Role::kViewer, get_project},
          {"PATCH", "/api/project", Role::kAdmin, change_project},
          {"GET", "/api/options", Role::kViewer, get_options},
          {"PUT", "/api/options", Role::kAdmin, set_options},
          {"GET", "/api/models", Role::kViewer, list_models}};
}

}  // namespace finview
