#include "finview/pipeline/map_project.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/base/threads.h"
#include "finview/pipeline/signature_record.h"
#include "finview/vectors/hdbscan.h"
#include "finview/vectors/outliers.h"
#include "finview/vectors/umap.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <span>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace finview {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kTableHeader = "fin,x,y,cluster,outlier,made,recipe";
constexpr double kMaxMovement = 0.05;
constexpr std::size_t kOutlierNeighbors = 20;
/// The edge tells individuals apart far better than the look (docs/matching.md).
constexpr float kLookShare = 0.5F;

fs::path table_path(const Project& project) { return project.folder() / "map" / "map.csv"; }
fs::path umap_path(const Project& project) { return project.folder() / "map" / "umap"; }

/// Enough of a recipe to tell it from others.
std::string short_recipe(const std::string& recipe) { return sha256_hex(recipe).substr(0, 16); }

/// Fins and their rows, in order of id.
struct Rows {
  std::vector<FinId> fins;
  std::vector<float> values;
  std::size_t num_dims = 0;
};

/// Edge views one after the other (zeros where no edge was found), then the look.
void append(const FinSignature& signature, std::size_t num_edge, std::vector<float>& values) {
  std::vector<float> edge = signature.edge_views;
  edge.resize(num_edge);
  // The views together weigh as much as one unit vector.
  const float scale = 1 / std::sqrt(static_cast<float>(FinEdge::kNumViews));
  for (const float value : edge) values.push_back(scale * value);
  for (const float value : signature.embedding) values.push_back(kLookShare * value);
}

/// Of fins that are not in `known`; nothing if cancelled.
std::optional<Rows> read_rows(const Catalogue& catalogue,
                              const std::string& recipe,
                              const std::set<FinId>& known,
                              const CancelToken& cancel) {
  std::vector<std::pair<FinId, FinSignature>> signatures;
  std::size_t num_edge = 0;
  for (const bool confirmed : {true, false}) {
    catalogue.fins.each_feature(
        recipe, confirmed, [&](const FinRecord& fin, std::span<const std::uint8_t> bytes) {
          if (known.contains(fin.id) || cancel.cancelled()) return;
          std::optional<FinSignature> signature = signature_from(bytes);
          if (!signature) return;
          num_edge = std::max(num_edge, signature->edge_views.size());
          signature->edge.reset();
          signature->marks.reset();
          signatures.emplace_back(fin.id, std::move(*signature));
        });
  }
  if (cancel.cancelled()) return std::nullopt;
  std::sort(signatures.begin(), signatures.end(), [](const auto& a, const auto& b) {
    return a.first < b.first;
  });
  Rows rows;
  for (const auto& [fin, signature] : signatures) {
    rows.fins.push_back(fin);
    append(signature, num_edge, rows.values);
  }
  if (!rows.fins.empty()) rows.num_dims = rows.values.size() / rows.fins.size();
  return rows;
}

void cluster(ProjectMap& map, std::int64_t min_cluster_size) {
  std::vector<double> places;
  for (const MappedFin& fin : map.fins) places.insert(places.end(), {fin.x, fin.y});
  if (places.empty()) return;
  HdbscanOptions options;
  options.min_cluster_size = min_cluster_size;
  const MatrixView<double> rows(places, 2);
  const HdbscanResult clusters = hdbscan(rows, options, num_cores());
  const LocalOutliers outliers(rows, Metric::kEuclidean, kOutlierNeighbors, num_cores());
  for (std::size_t i = 0; i < map.fins.size(); ++i) {
    map.fins[i].cluster = clusters.labels[i];
    map.fins[i].outlier = outliers.factors()[i];
  }
}

void keep(const Project& project, const ProjectMap& map, const Umap& umap) {
  std::string table = fmt::format("{}\n", kTableHeader);
  for (const MappedFin& fin : map.fins) {
    table += fmt::format("{},{},{},{},{:.4f},{},{}\n",
                         fin.fin.value,
                         fin.x,
                         fin.y,
                         fin.cluster,
                         fin.outlier,
                         map.made,
                         map.recipe);
  }
  umap.save(umap_path(project));
  write_file(table_path(project), table);
}

/// What comes before the next line feed.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

/// The number that the line begins with, and the comma behind it.
template <class Number>
bool take_number(std::string_view& line, Number& number) {
  const auto [end, fault] = std::from_chars(line.data(), line.data() + line.size(), number);
  if (fault != std::errc() || end == line.data() + line.size() || *end != ',') return false;
  line.remove_prefix(static_cast<std::size_t>(end - line.data()) + 1);
  return true;
}

/// The kept map to go on with: of the same recipe, with one row per fin of its table.
std::optional<Umap> kept_umap(const Project& project,
                              const std::optional<ProjectMap>& last,
                              const std::string& recipe) {
  if (!last || last->recipe != short_recipe(recipe) || !fs::exists(umap_path(project)))
    return std::nullopt;
  Umap umap = Umap::load(umap_path(project));
  if (umap.num_rows() != last->fins.size()) return std::nullopt;
  return umap;
}

}  // namespace

std::optional<ProjectMap> map_project(Project& project,
                                      const std::string& recipe,
                                      const ProjectMapOptions& options,
                                      Progress& progress,
                                      const CancelToken& cancel) {
  std::optional<ProjectMap> last;
  if (!options.anew) last = read_project_map(project);
  std::optional<Umap> umap = kept_umap(project, last, recipe);
  std::set<FinId> known;
  ProjectMap map{project.catalogue().database.now(), short_recipe(recipe), {}};
  if (umap) map.fins = last->fins;
  for (const MappedFin& fin : map.fins) known.insert(fin.fin);
  const std::optional<Rows> rows = read_rows(project.catalogue(), recipe, known, cancel);
  if (!rows) return std::nullopt;
  progress.update("Laying out", 0, 1);
  const MatrixView<float> values(rows->values, rows->num_dims);
  if (!umap) {
    UmapOptions layout;
    layout.num_neighbors = options.num_neighbors;
    layout.min_dist = options.min_dist;
    layout.seed = options.seed;
    umap = Umap::fit(values, {}, layout, num_cores());
  } else if (!rows->fins.empty()) {
    umap->add(values, {}, kMaxMovement, num_cores());
  }
  for (const FinId fin : rows->fins) map.fins.push_back({fin});
  for (std::size_t i = 0; i < map.fins.size(); ++i) {
    map.fins[i].x = umap->places()[2 * i];
    map.fins[i].y = umap->places()[2 * i + 1];
  }
  cluster(map, options.min_cluster_size);
  keep(project, map, *umap);
  progress.update("Laying out", 1, 1);
  progress.finish();
  return map;
}

std::string project_map_tag(const Project& project) {
  std::error_code missing;
  const auto written = fs::last_write_time(table_path(project), missing);
  if (missing) return {};
  return fmt::format("{}-{}",
                     project.catalogue().database.setting("revision"),
                     written.time_since_epoch().count());
}

std::optional<ProjectMap> read_project_map(const Project& project) {
  const fs::path path = table_path(project);
  if (!fs::exists(path)) return std::nullopt;
  const std::string table = read_text_file(path);
  std::string_view left = table;
  ProjectMap map;
  bool is_whole = take_line(left) == kTableHeader;
  while (is_whole && !left.empty()) {
    std::string_view line = take_line(left);
    MappedFin fin;
    is_whole = take_number(line, fin.fin.value) && take_number(line, fin.x) &&
               take_number(line, fin.y) && take_number(line, fin.cluster) &&
               take_number(line, fin.outlier);
    map.fins.push_back(fin);
    const std::size_t comma = line.find(',');
    if (map.fins.size() > 1 || comma == std::string_view::npos) continue;
    map.made = line.substr(0, comma);
    map.recipe = line.substr(comma + 1);
  }
  if (is_whole) return map;
  throw Error(ErrorKind::kBadInput,
              fmt::format("{} is damaged in row {}; remove it and make the map anew.",
                          path.string(),
                          map.fins.size()));
}

}  // namespace finview
