#pragma once

#include <vector>

namespace finview {

/// Parts vertices into two sides so that the preferences and pairs it goes against weigh least.
///
/// Boykov & Kolmogorov, "An experimental comparison of min-cut/max-flow algorithms for energy
/// minimization in vision", IEEE PAMI 26, 2004, section 3. Asked again after preferences changed,
/// it goes on from the flow it has (Kohli & Torr, "Dynamic graph cuts", IEEE PAMI 29, 2007, section
/// 4). Deterministic.
class MinCut {
 public:
  struct Pair {
    int a = 0;
    int b = 0;
    float weight = 0;  ///< of parting them, 0 or more
  };

  MinCut(int num_vertices, const std::vector<Pair>& pairs);

  /// Adds to the weight of putting a vertex on the second side; below 0: on the first.
  void prefer(int vertex, double weight);
  void solve();
  /// Of the last `solve`; vertices that may be on either side are on the second.
  bool is_first(int vertex) const {
    return vertices_[vertex].parent != kFree && !vertices_[vertex].is_second;
  }

 private:
  static constexpr int kFree = -1;
  static constexpr int kRoot = -2;
  static constexpr int kOrphan = -3;

  struct Vertex {
    float excess = 0;    ///< what can still flow in from the first side's terminal; below 0: out
    int first_edge = 0;  ///< those of a vertex follow one another
    int parent = kFree;  ///< edge to it, or one of the above
    int stamp = 0;       ///< when `distance` was true
    int distance = 0;    ///< to the root
    bool is_second = false;  ///< of which tree
    bool is_active = false;
  };

  struct Edge {
    int to = 0;
    int twin = 0;     ///< the same from the other end
    float forth = 0;  ///< what can still flow to there
    float back = 0;   ///< and from there
  };

  void plant();
  int grow();
  void augment(int bridge);
  float bottleneck(int vertex, float most) const;
  void push(int vertex, float flow);
  void adopt();
  int distance_to_root(int vertex) const;
  void mark_way(int vertex, int distance);
  void orphan(int vertex);
  void activate(int vertex);
  /// What can still flow along an edge, or the other way.
  float residual(int edge, bool forth) const {
    return forth ? edges_[edge].forth : edges_[edge].back;
  }
  void flow_along(int edge, float flow);

  std::vector<Vertex> vertices_;  ///< and one more, whose first edge is the end of all
  std::vector<Edge> edges_;
  std::vector<int> active_;
  std::size_t next_active_ = 0;
  std::vector<int> orphans_;
  int stamp_ = 0;
};

}  // namespace finview
