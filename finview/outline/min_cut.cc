#include "finview/outline/min_cut.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace finview {
namespace {

constexpr int kNever = std::numeric_limits<int>::max();

}  // namespace

MinCut::MinCut(int num_vertices, const std::vector<Pair>& pairs)
    : vertices_(static_cast<std::size_t>(num_vertices) + 1), edges_(2 * pairs.size()) {
  for (const Pair& pair : pairs) {
    ++vertices_[pair.a + 1].first_edge;
    ++vertices_[pair.b + 1].first_edge;
  }
  for (int i = 0; i < num_vertices; ++i) vertices_[i + 1].first_edge += vertices_[i].first_edge;
  std::vector<int> next;
  next.reserve(vertices_.size());
  for (const Vertex& vertex : vertices_) next.push_back(vertex.first_edge);
  for (const Pair& pair : pairs) {
    const int there = next[pair.a]++;
    const int back = next[pair.b]++;
    edges_[there] = {pair.b, back, pair.weight, pair.weight};
    edges_[back] = {pair.a, there, pair.weight, pair.weight};
  }
}

void MinCut::prefer(int vertex, double weight) {
  vertices_[vertex].excess += static_cast<float>(weight);
}

void MinCut::solve() {
  plant();
  for (int bridge = grow(); bridge >= 0; bridge = grow()) {
    augment(bridge);
    adopt();
  }
}

void MinCut::activate(int vertex) {
  if (vertices_[vertex].is_active) return;
  vertices_[vertex].is_active = true;
  active_.push_back(vertex);
}

/// Every vertex with a preference left is a tree of its own.
void MinCut::plant() {
  active_.clear();
  next_active_ = 0;
  stamp_ = 0;
  for (std::size_t i = 0; i + 1 < vertices_.size(); ++i) {
    Vertex& vertex = vertices_[i];
    vertex.is_active = false;
    vertex.stamp = 0;
    vertex.distance = 0;
    vertex.parent = vertex.excess == 0 ? kFree : kRoot;
    vertex.is_second = vertex.excess < 0;
    if (vertex.parent == kRoot) activate(static_cast<int>(i));
  }
}

/// Lets the trees grow until they touch; the edge there, from first to second side, or -1.
int MinCut::grow() {
  for (; next_active_ < active_.size(); ++next_active_) {
    const int v = active_[next_active_];
    Vertex& vertex = vertices_[v];
    const bool down = !vertex.is_second;
    const int end = vertex.parent == kFree ? vertex.first_edge : vertices_[v + 1].first_edge;
    for (int e = vertex.first_edge; e < end; ++e) {
      if (residual(e, down) <= 0) continue;
      Vertex& other = vertices_[edges_[e].to];
      if (other.parent != kFree && other.is_second != vertex.is_second) {
        return down ? e : edges_[e].twin;
      }
      const bool is_nearer = other.distance > vertex.distance + 1 && other.stamp <= vertex.stamp;
      if (other.parent != kFree && !is_nearer) continue;
      if (other.parent == kFree) activate(edges_[e].to);
      other.is_second = vertex.is_second;
      other.parent = edges_[e].twin;
      other.stamp = vertex.stamp;
      other.distance = vertex.distance + 1;
    }
    vertex.is_active = false;
  }
  return -1;
}

/// The most that can flow between a vertex and its root, up to `most`.
float MinCut::bottleneck(int vertex, float most) const {
  const bool down = vertices_[vertex].is_second;
  while (vertices_[vertex].parent != kRoot) {
    const int up = vertices_[vertex].parent;
    most = std::min(most, residual(up, down));
    vertex = edges_[up].to;
  }
  return std::min(most, std::abs(vertices_[vertex].excess));
}

void MinCut::flow_along(int edge, float flow) {
  Edge& twin = edges_[edges_[edge].twin];
  twin.back = edges_[edge].forth -= flow;
  twin.forth = edges_[edge].back += flow;
}

void MinCut::push(int vertex, float flow) {
  const bool down = vertices_[vertex].is_second;
  while (vertices_[vertex].parent != kRoot) {
    const int up = vertices_[vertex].parent;
    flow_along(up, down ? flow : -flow);
    if (residual(up, down) <= 0) orphan(vertex);
    vertex = edges_[up].to;
  }
  vertices_[vertex].excess += down ? flow : -flow;
  if (vertices_[vertex].excess == 0) orphan(vertex);
}

void MinCut::augment(int bridge) {
  const int first = edges_[edges_[bridge].twin].to;
  const int second = edges_[bridge].to;
  const float flow = bottleneck(second, bottleneck(first, edges_[bridge].forth));
  flow_along(bridge, flow);
  push(first, flow);
  push(second, flow);
}

void MinCut::orphan(int vertex) {
  vertices_[vertex].parent = kOrphan;
  orphans_.push_back(vertex);
}

/// Edges between a vertex and its root; kNever if its tree has none.
int MinCut::distance_to_root(int vertex) const {
  for (int steps = 0;; ++steps) {
    const Vertex& here = vertices_[vertex];
    if (here.stamp == stamp_) return steps + here.distance;
    if (here.parent == kOrphan || here.parent == kFree) return kNever;
    if (here.parent == kRoot) return steps;
    vertex = edges_[here.parent].to;
  }
}

/// Remembers the distances on the way from a vertex to its root.
void MinCut::mark_way(int vertex, int distance) {
  while (vertices_[vertex].stamp != stamp_) {
    vertices_[vertex].stamp = stamp_;
    vertices_[vertex].distance = distance--;
    if (vertices_[vertex].parent == kRoot) return;
    vertex = edges_[vertices_[vertex].parent].to;
  }
}

/// Finds new parents for vertices that lost theirs; those without become free.
void MinCut::adopt() {
  ++stamp_;
  while (!orphans_.empty()) {
    const int v = orphans_.back();
    orphans_.pop_back();
    Vertex& vertex = vertices_[v];
    const bool down = vertex.is_second;
    const int end = vertices_[v + 1].first_edge;
    int nearest = kNever;
    for (int e = vertex.first_edge; e < end; ++e) {
      const int other = edges_[e].to;
      if (vertices_[other].is_second != vertex.is_second || residual(e, down) <= 0) continue;
      const int distance = distance_to_root(other);
      if (distance == kNever) continue;
      mark_way(other, distance);
      if (distance + 1 >= nearest) continue;
      nearest = distance + 1;
      vertex.parent = e;
    }
    if (nearest < kNever) {
      vertex.stamp = stamp_;
      vertex.distance = nearest;
      continue;
    }
    vertex.parent = kFree;
    vertex.stamp = 0;
    for (int e = vertex.first_edge; e < end; ++e) {
      const int o = edges_[e].to;
      const Vertex& other = vertices_[o];
      if (other.is_second != vertex.is_second || other.parent == kFree) continue;
      if (residual(e, down) > 0) activate(o);
      if (other.parent == edges_[e].twin) orphan(o);
    }
  }
}

}  // namespace finview
