#include "finview/pipeline/map_fins.h"

#include "finview/base/error.h"
#include "finview/base/threads.h"
#include "finview/pipeline/map_page.h"

#include <cmath>

#include <fmt/format.h>

namespace finview {
namespace {

std::filesystem::path table_beside(const std::string& map) { return map + ".csv"; }

/// Adds the fins to a kept map; afterwards `rows` are all of its fins.
Umap add_to_kept(const MapOptions& options, FinRows& rows) {
  Umap map = Umap::load(options.add_to);
  FinTable table = read_fin_table(table_beside(options.add_to));
  if (table.rows.size() != map.num_rows()) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} has {} rows and the map {} has {}; they do not belong together.",
                            table_beside(options.add_to).string(),
                            table.rows.size(),
                            options.add_to,
                            map.num_rows()));
  }
  const std::size_t num_known = table.rows.size();
  table.extra_columns.clear();
  for (FinRow& row : table.rows) row.extras.clear();
  for (FinRow row : rows.table.rows) {
    row.index = static_cast<std::int64_t>(table.rows.size());
    row.extras.clear();
    table.rows.push_back(std::move(row));
  }
  std::vector<std::int32_t> labels;
  if (map.has_labels()) {
    const std::vector<std::int32_t> all = individual_labels(table);
    labels.assign(all.begin() + static_cast<std::ptrdiff_t>(num_known), all.end());
  }
  map.add(rows.view(), labels, options.max_movement, num_cores());
  rows.table = std::move(table);
  rows.values.assign(map.rows().values().begin(), map.rows().values().end());
  return map;
}

ClusterSummary cluster(const Umap& map, const MapOptions& options, FinRows& rows) {
  ClusterOptions clustering;
  clustering.hdbscan.min_cluster_size = options.min_cluster_size;
  clustering.hdbscan.min_samples = options.min_samples;
  if (options.cluster_on == "rows") {
    clustering.hdbscan.metric = map.options().metric;
    return cluster_rows(rows, clustering).summary;
  }
  FinRows places{
      map.places(), static_cast<std::size_t>(map.options().num_dims), std::move(rows.table)};
  const ClusterSummary summary = cluster_rows(places, clustering).summary;
  rows.table = std::move(places.table);
  return summary;
}

std::optional<MapFidelity> measure(const Umap& map) {
  constexpr std::size_t kNeighbors = 15;
  if (map.num_rows() <= 2 * kNeighbors) return {};
  const std::vector<double> rows = to_double(map.rows().values());
  const std::vector<double> places = to_double(map.places());
  return map_fidelity({rows, map.rows().num_dims()},
                      metric_from(map.options().metric),
                      {places, static_cast<std::size_t>(map.options().num_dims)},
                      kNeighbors,
                      num_cores());
}

/// Six decimals are plenty on a map, and short in a table.
double rounded(float place) { return std::round(static_cast<double>(place) * 1e6) / 1e6; }

void set_places(const Umap& map, FinTable& table) {
  const auto num_dims = static_cast<std::size_t>(map.options().num_dims);
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    table.rows[i].x = rounded(map.places()[i * num_dims]);
    table.rows[i].y = num_dims > 1 ? rounded(map.places()[i * num_dims + 1]) : 0;
  }
  for (std::size_t d = 2; d < num_dims; ++d) {
    std::vector<double> values;
    for (std::size_t i = 0; i < table.rows.size(); ++i) {
      values.push_back(rounded(map.places()[i * num_dims + d]));
    }
    table.set_extra(fmt::format("map{}", d), values);
  }
}

}  // namespace

std::optional<MapSummary> map_fins(const std::string& path,
                                   const FinRowOptions& input,
                                   const MapOptions& options,
                                   const std::filesystem::path& out,
                                   Progress& progress,
                                   const CancelToken& cancel) {
  check_options(options);
  check_table_name(out);
  std::optional<FinRows> rows = read_fin_rows(path, input, progress, cancel);
  if (!rows) return {};
  MapSummary summary;
  summary.num_dims = rows->num_dims;
  summary.num_added = options.add_to.empty() ? 0 : rows->table.rows.size();
  const std::vector<std::int32_t> labels =
      options.supervised ? individual_labels(rows->table) : std::vector<std::int32_t>{};
  const Umap map = options.add_to.empty()
                       ? Umap::fit(rows->view(), labels, options.umap, num_cores())
                       : add_to_kept(options, *rows);
  summary.clusters = cluster(map, options, *rows);
  set_places(map, rows->table);
  if (options.measure) summary.fidelity = measure(map);
  write_fin_table(out, rows->table);
  if (!options.save.empty()) {
    map.save(options.save);
    write_fin_table(table_beside(options.save), rows->table);
  }
  if (!options.html.empty()) {
    summary.num_pictures = write_map_page(options.html, rows->table, progress, cancel);
  }
  return summary;
}

}  // namespace finview
