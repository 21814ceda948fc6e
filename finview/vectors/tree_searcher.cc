#include "finview/base/threads.h"
#include "finview/vectors/kd_tree.h"
#include "finview/vectors/nearest_list.h"
#include "finview/vectors/panels.h"
#include "finview/vectors/searchers.h"

#include <algorithm>

namespace finview::internal {
namespace {

constexpr std::size_t kQueriesAtOnce = 256;

template <class T>
class TreeSearcher : public NeighborSearcher<T> {
 public:
  TreeSearcher(std::vector<T> rows, std::size_t num_dims, Metric metric, int num_threads)
      : NeighborSearcher<T>(std::move(rows), num_dims, metric, num_threads),
        tree_(this->comparable_rows(), this->manhattan()) {}

 private:
  void find(MatrixView<T> queries, bool own, NeighborTable<T>& table) const override {
    const std::size_t count = queries.num_rows();
    parallel_for(
        (count + kQueriesAtOnce - 1) / kQueriesAtOnce, this->num_threads(), [&](std::size_t block) {
          const std::size_t last = std::min((block + 1) * kQueriesAtOnce, count);
          for (std::size_t place = block * kQueriesAtOnce; place < last; ++place) {
            // Neighbors in the tree's order walk the same boxes.
            const std::size_t query = own ? tree_.order()[place] : place;
            find_one(queries.row(query).data(), query, own, table);
          }
        });
  }

  void find_one(const T* query, std::size_t index, bool own, NeighborTable<T>& table) const {
    const std::size_t k = table.k;
    NearestList<T> list(std::span(table.indices).subspan(index * k, k),
                        std::span(table.distances).subspan(index * k, k));
    tree_.search(
        query,
        [&] { return list.limit(); },
        [](std::uint32_t) { return false; },
        [&](std::size_t place) {
          const std::uint32_t row = tree_.order()[place];
          if (!own || row != index) list.offer(tree_.rank(query, place), row);
        });
  }

  void find_within(MatrixView<T> queries,
                   double radius,
                   std::span<std::vector<std::uint32_t>> found) const override {
    const T limit = rank_not_below<T>(radius, this->metric());
    for (std::size_t i = 0; i < found.size(); ++i) {
      const T* query = queries.row(i).data();
      tree_.search(
          query,
          [&] { return limit; },
          [](std::uint32_t) { return false; },
          [&](std::size_t place) {
            const T rank = tree_.rank(query, place);
            if (rank > limit || distance_from_rank(rank, this->metric()) > radius) return;
            found[i].push_back(tree_.order()[place]);
          });
    }
  }

  KdTree<T> tree_;
};

}  // namespace

template <class T>
std::unique_ptr<NeighborSearcher<T>> create_tree_searcher(std::vector<T> rows,
                                                          std::size_t num_dims,
                                                          Metric metric,
                                                          int num_threads) {
  return std::make_unique<TreeSearcher<T>>(std::move(rows), num_dims, metric, num_threads);
}

template std::unique_ptr<NeighborSearcher<float>> create_tree_searcher(std::vector<float>,
                                                                       std::size_t,
                                                                       Metric,
                                                                       int);
template std::unique_ptr<NeighborSearcher<double>> create_tree_searcher(std::vector<double>,
                                                                        std::size_t,
                                                                        Metric,
                                                                        int);

}  // namespace finview::internal
