#include "finview/vectors/umap_layout.h"

#include "finview/base/threads.h"
#include "finview/vectors/kernels.h"
#include "finview/vectors/random.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <thread>
#include <utility>

namespace finview::internal {
namespace {

constexpr std::size_t kMaxBlocks = 16;  // even
/// Fewer would be moved together by one call of the kernel too often, and then overshoot.
constexpr std::size_t kMinPointsPerBlock = 256;

/// Says which edges pull in an epoch: one of the largest weight in every epoch, the others as often
/// as their share of it.
class Schedule {
 public:
  /// Whether an edge pulls at all; `share` is of the largest weight.
  static bool takes(float share, int num_epochs) {
    return share * static_cast<float>(num_epochs) >= 1;
  }

  void add(float share) {
    shares_.push_back(static_cast<std::uint16_t>(std::clamp(share * 0x1p16F, 1.0F, 65535.0F)));
    sums_.push_back(0);
  }

  /// The edges that pull in the next epoch, by their number.
  std::span<const std::uint32_t> next_epoch() {
    const std::size_t num_edges = shares_.size();
    due_.resize(num_edges);
    std::size_t count = 0;
    // Without a branch, which would guess wrong; the inner first loop runs side by side.
    constexpr std::size_t kAtOnce = 512;
    std::array<std::uint16_t, kAtOnce> is_due{};
    for (std::size_t first = 0; first < num_edges; first += kAtOnce) {
      const std::size_t size = std::min(kAtOnce, num_edges - first);
      const std::uint16_t* shares = shares_.data() + first;
      std::uint16_t* sums = sums_.data() + first;
      for (std::size_t i = 0; i < size; ++i) {
        sums[i] = static_cast<std::uint16_t>(sums[i] + shares[i]);
        is_due[i] = sums[i] < shares[i] ? 1 : 0;  // it ran over
      }
      for (std::size_t i = 0; i < size; ++i) {
        due_[count] = static_cast<std::uint32_t>(first + i);
        count += is_due[i];
      }
    }
    return std::span(due_).first(count);
  }

 private:
  std::vector<std::uint16_t> shares_;  ///< in 1/65536
  std::vector<std::uint16_t> sums_;    ///< of the share, once for each epoch so far
  std::vector<std::uint32_t> due_;
};

/// Moves up to kLayoutLanes points at once by a pull each and the pushes that go with it.
class Mover {
 public:
  /// @param map  where those stand that push
  Mover(const LayoutOptions& options, std::span<const float> map)
      : moved_(options.num_dims), pulled_(options.num_dims) {
    step_.a = static_cast<float>(options.curve.a);
    step_.b = static_cast<float>(options.curve.b);
    step_.repulsion = static_cast<float>(options.repulsion);
    step_.num_dims = options.num_dims;
    step_.num_pushes = options.negative_samples;
    step_.pushers = map.data();
    step_.num_pushers = map.size() / options.num_dims;
  }

  void set_rate(float rate) { step_.rate = rate; }
  void set_stream(std::uint32_t stream) { step_.stream = stream; }

  /// @param draw  where the random numbers of this move begin
  void add(const float* point, const float* pull, std::uint32_t draw) {
    lanes_.points[num_lanes_] = point;
    lanes_.pulls[num_lanes_] = pull;
    lanes_.draws[num_lanes_++] = draw;
  }

  bool is_full() const { return num_lanes_ == kLayoutLanes; }
  std::size_t num_lanes() const { return num_lanes_; }

  /// Finds how far those added move, and begins anew.
  void move() {
    for (std::size_t lane = num_lanes_; lane < kLayoutLanes; ++lane) {
      lanes_.points[lane] = lanes_.points[0];
      lanes_.pulls[lane] = lanes_.pulls[0];
      lanes_.draws[lane] = 0;
    }
    num_lanes_ = 0;
    move_points_(step_, lanes_, moved_.front().lanes, pulled_.front().lanes);
  }

  /// Of the lane's point, in a dimension: in all, and by the pull alone.
  float moved(std::size_t lane, std::size_t d) const { return moved_[d].lanes[lane]; }
  float pulled(std::size_t lane, std::size_t d) const { return pulled_[d].lanes[lane]; }

  /// Random numbers that a move uses up.
  std::uint32_t draws_per_move() const {
    return static_cast<std::uint32_t>(step_.num_pushes) * LayoutLanes::kDraw;
  }

 private:
  struct alignas(sizeof(float) * kLayoutLanes) Row {
    float lanes[kLayoutLanes];
  };

  decltype(Kernels::move_points) move_points_ = kernels().move_points;
  LayoutStep step_;
  LayoutLanes lanes_{};
  std::size_t num_lanes_ = 0;
  std::vector<Row> moved_;
  std::vector<Row> pulled_;
};

float rate_in(const LayoutOptions& options, int epoch) {
  return static_cast<float>(options.learning_rate *
                            (1 - static_cast<double>(epoch) / options.num_epochs));
}

struct Edge {
  std::uint32_t head;
  std::uint32_t tail;
};

/// The edges between two blocks of points (or within one), each from both its ends.
struct Task {
  std::vector<Edge> edges;
  Schedule schedule;
};

/// Two blocks (or one with itself) in a round of an epoch.
struct Meeting {
  std::size_t round;
  std::size_t a;
  std::size_t b;
  std::size_t task;
};

/// Points are dealt into blocks by chance. In a round every block meets one other, so that no point
/// is moved by two tasks at once; after all rounds every block has met every other and itself.
/// Those that push stand where they stood when the epoch began. Within a task a few edges pull at
/// once, drawn by chance, so that hardly ever two of them pull at one point.
class Layout {
 public:
  Layout(const FuzzyGraph& graph,
         const LayoutOptions& options,
         const Held& held,
         std::vector<float>& places)
      : options_(options),
        held_(held),
        num_blocks_(
            std::clamp<std::size_t>(graph.num_rows() / kMinPointsPerBlock / 2 * 2, 2, kMaxBlocks)),
        anchors_(places.begin(),
                 places.begin() + static_cast<std::ptrdiff_t>(held.num_held * options.num_dims)),
        places_(places) {
    make_tasks(graph);
    make_meetings();
  }

  void run() {
    before_ = places_;
    const int num_threads = std::clamp(options_.num_threads, 1, static_cast<int>(num_blocks_ / 2));
    parallel_for(static_cast<std::size_t>(num_threads), num_threads, [&](std::size_t) { work(); });
  }

 private:
  static std::size_t task_of(std::size_t a, std::size_t b) {
    const auto [low, high] = std::minmax(a, b);
    return high * (high + 1) / 2 + low;
  }

  void make_tasks(const FuzzyGraph& graph) {
    Random random(options_.seed, 4);
    std::vector<std::size_t> block_of;
    for (std::size_t i = 0; i < graph.num_rows(); ++i)
      block_of.push_back(random.index(num_blocks_));
    const float largest =
        graph.weights.empty() ? 1 : *std::max_element(graph.weights.begin(), graph.weights.end());
    std::vector<std::vector<std::size_t>> places_of(num_blocks_ * (num_blocks_ + 1) / 2);
    const auto share = [&](std::size_t e) { return graph.weights[e] / largest; };
    std::vector<std::uint32_t> heads(graph.weights.size());
    for (std::uint32_t head = 0; head < graph.num_rows(); ++head) {
      for (std::size_t e = graph.offsets[head]; e < graph.offsets[head + 1]; ++e) {
        heads[e] = head;
        if (!Schedule::takes(share(e), options_.num_epochs)) continue;
        places_of[task_of(block_of[head], block_of[graph.neighbors[e]])].push_back(e);
      }
    }
    for (std::vector<std::size_t>& edges : places_of) {
      Task& task = tasks_.emplace_back();
      for (std::size_t i = edges.size(); i > 0; --i) {
        std::swap(edges[i - 1], edges[random.index(i)]);
        const std::size_t e = edges[i - 1];
        task.edges.push_back({heads[e], graph.neighbors[e]});
        task.schedule.add(share(e));
      }
      edges = {};
    }
  }

  void make_meetings() {
    for (std::size_t block = 0; block < num_blocks_; ++block) add_meeting(0, block, block);
    // The circle method of round-robin tournaments: the last block stays, the others move on.
    const std::size_t circle = num_blocks_ - 1;
    for (std::size_t round = 1; round < num_blocks_; ++round) {
      add_meeting(round, circle, round % circle);
      for (std::size_t i = 1; i < num_blocks_ / 2; ++i) {
        add_meeting(round, (round + i) % circle, (round + circle - i) % circle);
      }
    }
  }

  void add_meeting(std::size_t round, std::size_t a, std::size_t b) {
    meetings_.push_back({round, a, b, task_of(a, b)});
  }

  /// Takes meetings in their order until none is left. A meeting waits for those before it that
  /// share a block, and for the end of the epoch before; they are already taken, so somebody is at
  /// them.
  void work() {
    Mover mover(options_, before_);
    const std::size_t total = meetings_.size() * static_cast<std::size_t>(options_.num_epochs);
    for (std::size_t taken = next_++; taken < total; taken = next_++) {
      const std::size_t epoch = taken / meetings_.size();
      const Meeting& meeting = meetings_[taken % meetings_.size()];
      wait_for(epochs_done_, epoch);
      wait_for(met_[meeting.a], epoch * num_blocks_ + meeting.round);
      wait_for(met_[meeting.b], epoch * num_blocks_ + meeting.round);
      run_task(meeting.task, static_cast<int>(epoch), mover);
      ++met_[meeting.a];
      if (meeting.b != meeting.a) ++met_[meeting.b];
      if (++num_done_ % meetings_.size() == 0) {
        std::copy(places_.begin(), places_.end(), before_.begin());
        ++epochs_done_;
      }
    }
  }

  static void wait_for(const std::atomic<std::size_t>& counter, std::size_t value) {
    while (counter.load() < value) std::this_thread::yield();
  }

  void run_task(std::size_t index, int epoch, Mover& mover) {
    Task& task = tasks_[index];
    const std::uint64_t bits =
        Random(options_.seed, static_cast<std::uint64_t>(epoch) * tasks_.size() + index).bits();
    auto draw = static_cast<std::uint32_t>(bits >> 32U);
    mover.set_stream(static_cast<std::uint32_t>(bits));
    mover.set_rate(rate_in(options_, epoch));
    const std::span<const std::uint32_t> due = task.schedule.next_epoch();
    for (std::size_t i = 0; i < due.size(); ++i) {
      const Edge& edge = task.edges[due[i]];
      mover.add(place(edge.head), place(edge.tail), draw);
      draw += mover.draws_per_move();
      if (mover.is_full() || i + 1 == due.size()) {
        const std::size_t count = mover.num_lanes();
        mover.move();
        take_moves(mover, task, due.subspan(i + 1 - count, count));
      }
    }
  }

  float* place(std::uint32_t point) { return places_.data() + point * options_.num_dims; }

  void take_moves(const Mover& mover, const Task& task, std::span<const std::uint32_t> edges) {
    for (std::size_t lane = 0; lane < edges.size(); ++lane) {
      const Edge& edge = task.edges[edges[lane]];
      for (std::size_t d = 0; d < options_.num_dims; ++d) {
        place(edge.head)[d] += mover.moved(lane, d);
        place(edge.tail)[d] -= mover.pulled(lane, d);
      }
      hold(edge.head);
      hold(edge.tail);
    }
  }

  void hold(std::uint32_t point) {
    if (point >= held_.num_held) return;
    const float* anchor = anchors_.data() + point * options_.num_dims;
    float squared = 0;
    for (std::size_t d = 0; d < options_.num_dims; ++d) {
      squared += (place(point)[d] - anchor[d]) * (place(point)[d] - anchor[d]);
    }
    if (squared <= held_.radius * held_.radius) return;
    const float scale = held_.radius / std::sqrt(squared);
    for (std::size_t d = 0; d < options_.num_dims; ++d) {
      place(point)[d] = anchor[d] + scale * (place(point)[d] - anchor[d]);
    }
  }

  const LayoutOptions& options_;
  const Held& held_;
  std::size_t num_blocks_;
  std::vector<float> anchors_;
  std::vector<float>& places_;
  std::vector<float> before_;  ///< places at the beginning of the epoch
  std::vector<Task> tasks_;    ///< of each pair of blocks
  std::vector<Meeting> meetings_;
  std::array<std::atomic<std::size_t>, kMaxBlocks> met_{};  ///< meetings each block has behind it
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> num_done_ = 0;
  std::atomic<std::size_t> epochs_done_ = 0;
};

/// A new point on a fixed map.
struct NewPoint {
  float* place = nullptr;
  std::uint32_t draw = 0;  ///< of its next move
  Schedule schedule;
  std::vector<const float*> pulls;
  std::span<const std::uint32_t> due;  ///< in the present epoch
};

void place_points(std::span<NewPoint> points, const LayoutOptions& options, Mover& mover) {
  std::vector<NewPoint*> moving;
  for (int epoch = 0; epoch < options.num_epochs; ++epoch) {
    mover.set_rate(rate_in(options, epoch));
    std::size_t num_rounds = 0;
    for (NewPoint& point : points) {
      point.due = point.schedule.next_epoch();
      num_rounds = std::max(num_rounds, point.due.size());
    }
    for (std::size_t round = 0; round < num_rounds; ++round) {
      moving.clear();
      for (NewPoint& point : points) {
        if (round >= point.due.size()) continue;
        mover.add(point.place, point.pulls[point.due[round]], point.draw);
        point.draw += mover.draws_per_move();
        moving.push_back(&point);
      }
      mover.move();
      for (std::size_t lane = 0; lane < moving.size(); ++lane) {
        for (std::size_t d = 0; d < options.num_dims; ++d) {
          moving[lane]->place[d] += mover.moved(lane, d);
        }
      }
    }
  }
}

}  // namespace

void optimize_layout(const FuzzyGraph& graph,
                     const LayoutOptions& options,
                     const Held& held,
                     std::vector<float>& places) {
  Layout(graph, options, held, places).run();
}

void place_on_layout(std::span<const float> map,
                     std::span<const std::uint32_t> neighbors,
                     std::span<const float> weights,
                     std::size_t k,
                     const LayoutOptions& options,
                     std::span<const std::uint64_t> seeds,
                     std::vector<float>& places) {
  const std::size_t num_blocks = (seeds.size() + kLayoutLanes - 1) / kLayoutLanes;
  parallel_for(num_blocks, options.num_threads, [&](std::size_t block) {
    Mover mover(options, map);
    std::vector<NewPoint> points;
    const std::size_t first = block * kLayoutLanes;
    for (std::size_t i = first; i < std::min(seeds.size(), first + kLayoutLanes); ++i) {
      const std::span<const float> own = weights.subspan(i * k, k);
      const float largest = *std::max_element(own.begin(), own.end());
      NewPoint& point = points.emplace_back();
      point.place = places.data() + i * options.num_dims;
      point.draw = static_cast<std::uint32_t>(Random(options.seed, seeds[i]).bits());
      for (std::size_t r = 0; r < k; ++r) {
        if (!Schedule::takes(own[r] / largest, options.num_epochs)) continue;
        point.schedule.add(own[r] / largest);
        point.pulls.push_back(map.data() + neighbors[i * k + r] * options.num_dims);
      }
    }
    place_points(points, options, mover);
  });
}

}  // namespace finview::internal
