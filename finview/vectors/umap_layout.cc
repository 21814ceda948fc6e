#include "finview/vectors/umap_layout.h"

#include "finview/base/threads.h"
#include "finview/vectors/random.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <thread>
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

  /// The edges that pull in an epoch, by their number. Must be asked for every epoch in turn.
  std::span<const std::uint32_t> due_in(int epoch) {
    due_.resize(next_.size());
    const auto now = static_cast<float>(epoch);
    std::size_t count = 0;
    for (std::uint32_t edge = 0; edge < next_.size();
         ++edge) {  // without a branch, which would guess wrong
      const bool is_due = next_[edge] <= now;
      due_[count] = edge;
      count += is_due ? 1 : 0;
      next_[edge] += is_due ? periods_[edge] : 0;
    }
    return std::span(due_).first(count);
  }

 private:
  std::vector<float> periods_;
  std::vector<float> next_;
  std::vector<std::uint32_t> due_;
};

/// Moves a point by a pull and the pushes that go with it.
class Mover {
 public:
  /// @param map  where those stand that push
  Mover(const LayoutOptions& options, std::span<const float> map)
      : options_(options),
        map_(map),
        num_points_(map.size() / options.num_dims),
        pulled_(options.num_dims),
        unused_(options.num_dims) {
    others_.fill(map.data());
  }

  /// @param pull  the place that pulls
  /// Returns how far the pull alone moved the point, in each dimension.
  std::span<const float> move(const float* pull, Random& random, float rate, float* point) {
    others_[0] = pull;
    std::size_t lane = 1;
    bool has_pull = true;
    for (std::size_t left = options_.negative_samples; left > 0;) {
      const std::uint64_t bits = random.bits();
      for (const std::uint64_t half : {bits >> 32U, bits & 0xffffffffU}) {
        if (left == 0) break;
        --left;
        others_[lane++] = map_.data() + ((half * num_points_) >> 32U) * options_.num_dims;
        if (lane < kLayoutLanes) continue;
        step(has_pull, lane, rate, point);
        lane = 0;
        has_pull = false;
      }
    }
    if (lane > 0) step(has_pull, lane, rate, point);
    return pulled_;
  }

 private:
  void step(bool has_pull, std::size_t num_lanes, float rate, float* point) {
    move_point_(options_.curve,
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
  decltype(Kernels::move_point) move_point_ = kernels().move_point;
  std::array<const float*, kLayoutLanes> others_{};
  std::vector<float> pulled_;
  std::vector<float> unused_;
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

/// Two blocks (or one with itself) in a round of an epoch.
struct Meeting {
  std::size_t round;
  std::size_t a;
  std::size_t b;
  std::size_t task;
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
        places_(places) {
    std::vector<std::size_t> block_of;
    Random random(options.seed, 4);
    for (std::size_t i = 0; i < graph.num_rows(); ++i) block_of.push_back(random.index(kBlocks));
    make_tasks(graph, block_of);
  }

  void run() {
    before_ = places_;
    const int num_threads = std::clamp(options_.num_threads, 1, static_cast<int>(kBlocks / 2));
    parallel_for(static_cast<std::size_t>(num_threads), num_threads, [&](std::size_t) { work(); });
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
    for (std::size_t block = 0; block < kBlocks; ++block) add_meeting(0, block, block);
    // The circle method of round-robin tournaments: the last block stays, the others move on.
    constexpr std::size_t kCircle = kBlocks - 1;
    for (std::size_t round = 1; round < kBlocks; ++round) {
      add_meeting(round, kCircle, round % kCircle);
      for (std::size_t i = 1; i < kBlocks / 2; ++i) {
        add_meeting(round, (round + i) % kCircle, (round + kCircle - i) % kCircle);
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
      wait_for(met_[meeting.a], epoch * kBlocks + meeting.round);
      wait_for(met_[meeting.b], epoch * kBlocks + meeting.round);
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
    const float rate = rate_in(options_, epoch);
    Random random(options_.seed, static_cast<std::uint64_t>(epoch) * tasks_.size() + index);
    for (const std::uint32_t e : task.schedule.due_in(epoch)) {
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
  std::vector<Meeting> meetings_;
  std::array<std::atomic<std::size_t>, kBlocks> met_{};  ///< meetings each block has behind it
  std::atomic<std::size_t> next_ = 0;
  std::atomic<std::size_t> num_done_ = 0;
  std::atomic<std::size_t> epochs_done_ = 0;
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
        for (const std::uint32_t e : schedule.due_in(epoch)) {
          mover.move(pulls[e], random, rate, place);
        }
      }
    }
  });
}

}  // namespace finview::internal
