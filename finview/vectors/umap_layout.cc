#include "finview/vectors/umap_layout.h"

#include "finview/base/threads.h"
#include "finview/vectors/random.h"

#include <algorithm>
#include <barrier>
#include <cmath>
#include <utility>

namespace finview::internal {
namespace {

constexpr std::size_t kBlocks = 16;  // even
constexpr std::size_t kPointsAtOnce = 64;

/// Says which edges pull in an epoch: one of the largest weight in every epoch, the others as often
/// as their share of it.
class Schedule {
 public:
  /// @param share  of the largest weight. False, and nothing added, if it would not pull even once.
  bool add(float share, int num_epochs) {
    if (!(share * static_cast<float>(num_epochs) >= 1)) return false;
    periods_.push_back(1 / share);
    next_.push_back(1 / share);
    return true;
  }

  bool is_due(std::size_t edge, int epoch) {
    if (next_[edge] > static_cast<float>(epoch)) return false;
    next_[edge] += periods_[edge];
    return true;
  }

 private:
  std::vector<float> periods_;
  std::vector<float> next_;
};

/// Moves a point by a pull and the pushes that go with it.
class Mover {
 public:
  /// @param map  where those stand that push
  Mover(const LayoutOptions& options, std::span<const float> map)
      : options_(options),
        map_(map),
        num_points_(map.size() / options.num_dims),
        others_(kLayoutLanes * options.num_dims, 0.0F),
        pulled_(options.num_dims) {}

  /// @param pull  the place that pulls
  /// Returns how far the pull alone moved the point, in each dimension.
  std::span<const float> move(const float* pull, Random& random, float rate, float* point) {
    set_lane(0, pull);
    std::size_t lane = 1;
    bool has_pull = true;
    for (std::size_t left = options_.negative_samples; left > 0; --left) {
      set_lane(lane++, map_.data() + random.index(num_points_) * options_.num_dims);
      if (lane < kLayoutLanes) continue;
      step(has_pull, lane, rate, point);
      lane = 0;
      has_pull = false;
    }
    if (lane > 0) step(has_pull, lane, rate, point);
    return pulled_;
  }

 private:
  void set_lane(std::size_t lane, const float* place) {
    for (std::size_t d = 0; d < options_.num_dims; ++d) others_[d * kLayoutLanes + lane] = place[d];
  }

  void step(bool has_pull, std::size_t num_lanes, float rate, float* point) {
    kernels().move_point(options_.curve,
                         others_.data(),
                         has_pull,
                         num_lanes,
                         options_.num_dims,
                         rate,
                         point,
                         has_pull ? pulled_.data() : unused_.data());
  }

  const LayoutOptions& options_;
  std::span<const float> map_;
  std::size_t num_points_;
  std::vector<float> others_;
  std::vector<float> pulled_;
  std::vector<float> unused_ = std::vector<float>(pulled_.size());
};

float rate_in(const LayoutOptions& options, int epoch) {
  return static_cast<float>(options.learning_rate *
                            (1 - static_cast<double>(epoch) / options.num_epochs));
}

/// The edges between two blocks of points (or within one), each from both its ends.
struct Task {
  std::vector<std::uint32_t> heads;
  std::vector<std::uint32_t> tails;
  Schedule schedule;
};

/// Points are dealt into blocks by chance. In a round every block meets one other, so that no point
/// is moved by two tasks at once; after all rounds every block has met every other and itself.
/// Those that push stand where they stood when the epoch began.
class Layout {
 public:
  Layout(const FuzzyGraph& graph,
         const LayoutOptions& options,
         const Held& held,
         std::vector<float>& places)
      : options_(options),
        held_(held),
        anchors_(places.begin(),
                 places.begin() + static_cast<std::ptrdiff_t>(held.num_held * options.num_dims)),
        places_(places),
        before_(places.size()) {
    std::vector<std::size_t> block_of;
    Random random(options.seed, 4);
    for (std::size_t i = 0; i < graph.num_rows(); ++i) block_of.push_back(random.index(kBlocks));
    make_tasks(graph, block_of);
  }

  void run() {
    const auto num_threads = static_cast<std::size_t>(
        std::clamp(options_.num_threads, 1, static_cast<int>(kBlocks / 2)));
    std::barrier<> barrier(static_cast<std::ptrdiff_t>(num_threads));
    parallel_for(num_threads, static_cast<int>(num_threads), [&](std::size_t thread) {
      work(thread, num_threads, barrier);
    });
  }

 private:
  static std::size_t task_of(std::size_t a, std::size_t b) {
    const auto [low, high] = std::minmax(a, b);
    return high * (high + 1) / 2 + low;
  }

  void make_tasks(const FuzzyGraph& graph, const std::vector<std::size_t>& block_of) {
    const float largest =
        graph.weights.empty() ? 1 : *std::max_element(graph.weights.begin(), graph.weights.end());
    tasks_.resize(kBlocks * (kBlocks + 1) / 2);
    for (std::uint32_t head = 0; head < graph.num_rows(); ++head) {
      for (std::size_t e = graph.offsets[head]; e < graph.offsets[head + 1]; ++e) {
        const std::uint32_t tail = graph.neighbors[e];
        Task& task = tasks_[task_of(block_of[head], block_of[tail])];
        if (!task.schedule.add(graph.weights[e] / largest, options_.num_epochs)) continue;
        task.heads.push_back(head);
        task.tails.push_back(tail);
      }
    }
    rounds_.resize(kBlocks);
    for (std::size_t block = 0; block < kBlocks; ++block)
      rounds_[0].push_back(task_of(block, block));
    // The circle method of round-robin tournaments: the last block stays, the others move on.
    constexpr std::size_t kCircle = kBlocks - 1;
    for (std::size_t round = 1; round < kBlocks; ++round) {
      rounds_[round].push_back(task_of(kCircle, round % kCircle));
      for (std::size_t i = 1; i < kBlocks / 2; ++i) {
        rounds_[round].push_back(task_of((round + i) % kCircle, (round + kCircle - i) % kCircle));
      }
    }
  }

  void work(std::size_t thread, std::size_t num_threads, std::barrier<>& barrier) {
    Mover mover(options_, before_);
    for (int epoch = 0; epoch < options_.num_epochs; ++epoch) {
      const std::size_t begin = places_.size() * thread / num_threads;
      const std::size_t end = places_.size() * (thread + 1) / num_threads;
      std::copy(places_.begin() + static_cast<std::ptrdiff_t>(begin),
                places_.begin() + static_cast<std::ptrdiff_t>(end),
                before_.begin() + static_cast<std::ptrdiff_t>(begin));
      for (const std::vector<std::size_t>& round : rounds_) {
        barrier.arrive_and_wait();
        for (std::size_t t = thread; t < round.size(); t += num_threads) {
          run_task(round[t], epoch, mover);
        }
      }
      barrier.arrive_and_wait();
    }
  }

  void run_task(std::size_t index, int epoch, Mover& mover) {
    Task& task = tasks_[index];
    const float rate = rate_in(options_, epoch);
    Random random(options_.seed, static_cast<std::uint64_t>(epoch) * tasks_.size() + index);
    for (std::size_t e = 0; e < task.heads.size(); ++e) {
      if (!task.schedule.is_due(e, epoch)) continue;
      float* head = places_.data() + task.heads[e] * options_.num_dims;
      float* tail = places_.data() + task.tails[e] * options_.num_dims;
      const std::span<const float> pulled = mover.move(tail, random, rate, head);
      for (std::size_t d = 0; d < options_.num_dims; ++d) tail[d] -= pulled[d];
      hold(task.heads[e]);
      hold(task.tails[e]);
    }
  }

  void hold(std::uint32_t point) {
    if (point >= held_.num_held) return;
    float* place = places_.data() + point * options_.num_dims;
    const float* anchor = anchors_.data() + point * options_.num_dims;
    float squared = 0;
    for (std::size_t d = 0; d < options_.num_dims; ++d) {
      squared += (place[d] - anchor[d]) * (place[d] - anchor[d]);
    }
    if (squared <= held_.radius * held_.radius) return;
    const float scale = held_.radius / std::sqrt(squared);
    for (std::size_t d = 0; d < options_.num_dims; ++d) {
      place[d] = anchor[d] + scale * (place[d] - anchor[d]);
    }
  }

  const LayoutOptions& options_;
  const Held& held_;
  std::vector<float> anchors_;
  std::vector<float>& places_;
  std::vector<float> before_;  ///< places at the beginning of the epoch
  std::vector<Task> tasks_;    ///< of each pair of blocks
  std::vector<std::vector<std::size_t>> rounds_;
};

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
  const std::size_t num_blocks = (seeds.size() + kPointsAtOnce - 1) / kPointsAtOnce;
  parallel_for(num_blocks, options.num_threads, [&](std::size_t block) {
    Mover mover(options, map);
    const std::size_t last = std::min(seeds.size(), (block + 1) * kPointsAtOnce);
    for (std::size_t i = block * kPointsAtOnce; i < last; ++i) {
      const std::span<const float> own = weights.subspan(i * k, k);
      const float largest = *std::max_element(own.begin(), own.end());
      Schedule schedule;
      std::vector<const float*> pulls;
      for (std::size_t r = 0; r < k; ++r) {
        if (!schedule.add(own[r] / largest, options.num_epochs)) continue;
        pulls.push_back(map.data() + neighbors[i * k + r] * options.num_dims);
      }
      Random random(options.seed, seeds[i]);
      float* place = places.data() + i * options.num_dims;
      for (int epoch = 0; epoch < options.num_epochs; ++epoch) {
        const float rate = rate_in(options, epoch);
        for (std::size_t e = 0; e < pulls.size(); ++e) {
          if (schedule.is_due(e, epoch)) mover.move(pulls[e], random, rate, place);
        }
      }
    }
  });
}

}  // namespace finview::internal
