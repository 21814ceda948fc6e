#include "finview/training/embedder_head.h"

#include "finview/base/error.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <torch/torch.h>

namespace finview {
namespace {

struct Classes {
  torch::Tensor index;   ///< n, int64: number of each row's class, 0 … count - 1
  torch::Tensor counts;  ///< count, double
};

void check_rows(std::span<const float> rows,
                std::size_t num_inputs,
                std::span<const std::int64_t> labels) {
  if (num_inputs == 0 || rows.size() != labels.size() * num_inputs) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("{} views of {} features were given as {} numbers.",
                            labels.size(),
                            num_inputs,
                            rows.size()));
  }
  if (!std::all_of(rows.begin(), rows.end(), [](float v) { return std::isfinite(v); })) {
    throw Error(ErrorKind::kBadInput,
                "The features hold a number that is not finite; the start weights are damaged.");
  }
}

Classes count_classes(std::span<const std::int64_t> labels) {
  std::map<std::int64_t, std::int64_t> number;
  std::vector<std::int64_t> index;
  std::vector<double> counts;
  for (const std::int64_t label : labels) {
    const auto [entry, added] = number.try_emplace(label, static_cast<std::int64_t>(counts.size()));
    if (added) counts.push_back(0);
    index.push_back(entry->second);
    counts[static_cast<std::size_t>(entry->second)] += 1;
  }
  if (counts.size() < 2) {
    throw Error(ErrorKind::kBadInput,
                fmt::format("There is {} class to train on; at least 2 are needed, each an "
                            "individual or a fin of its own.",
                            counts.size()));
  }
  for (const auto& [label, i] : number) {
    if (counts[static_cast<std::size_t>(i)] < 2) {
      throw Error(ErrorKind::kBadInput,
                  fmt::format("Class {} has 1 view; every class needs 2 or more, so ask for more "
                              "views.",
                              label));
    }
  }
  return {torch::tensor(index), torch::tensor(counts, torch::kDouble)};
}

/// Every column's sign so that its largest element is positive; an eigenvector has no sign of its
/// own.
torch::Tensor with_fixed_signs(const torch::Tensor& columns) {
  const torch::Tensor largest = columns.abs().argmax(0, true);
  return columns * columns.gather(0, largest).sign();
}

/// Columns are directions in which the within-class scatter is the identity.
torch::Tensor whitening(torch::Tensor within, double shrinkage) {
  const std::int64_t num = within.size(0);
  const torch::Tensor mean_variance = within.trace() / num;
  within = within * (1 - shrinkage) +
           torch::eye(num, torch::kDouble) * (shrinkage * mean_variance).clamp_min(1e-12);
  const auto [variances, directions] = torch::linalg_eigh(within);
  // Without shrinkage directions that never vary would get an infinite weight.
  const torch::Tensor floor = (variances.max() * 1e-9).clamp_min(1e-12);
  return directions / torch::maximum(variances, floor).sqrt();
}

std::vector<float> to_floats(const torch::Tensor& tensor) {
  const torch::Tensor flat = tensor.to(torch::kFloat).contiguous().view(-1);
  return {flat.data_ptr<float>(), flat.data_ptr<float>() + flat.numel()};
}

torch::Tensor as_matrix(std::span<const float> rows, std::size_t num_columns) {
  const auto columns = static_cast<std::int64_t>(num_columns);
  return torch::from_blob(const_cast<float*>(rows.data()),
                          {static_cast<std::int64_t>(rows.size()) / columns, columns});
}

}  // namespace

LinearHead fit_discriminant_head(std::span<const float> rows,
                                 std::size_t num_inputs,
                                 std::span<const std::int64_t> labels,
                                 const HeadOptions& options) {
  check_options(options);
  check_rows(rows, num_inputs, labels);
  const torch::NoGradGuard no_grad;
  const Classes classes = count_classes(labels);
  const std::int64_t num_classes = classes.counts.size(0);

  const torch::Tensor x = as_matrix(rows, num_inputs).to(torch::kDouble);
  const torch::Tensor class_means =
      torch::zeros({num_classes, x.size(1)}, torch::kDouble).index_add(0, classes.index, x) /
      classes.counts.unsqueeze(1);
  const torch::Tensor weights = (classes.counts * num_classes).reciprocal().sqrt();
  const torch::Tensor residuals = (x - class_means.index_select(0, classes.index)) *
                                  weights.index_select(0, classes.index).unsqueeze(1);
  const torch::Tensor white = whitening(residuals.t().mm(residuals), options.shrinkage);

  const torch::Tensor mean = class_means.mean(0);
  const torch::Tensor spread = (class_means - mean).mm(white);
  const torch::Tensor directions = std::get<1>(torch::linalg_eigh(spread.t().mm(spread)));
  const std::int64_t num_outputs = std::min({options.num_dims, x.size(1), num_classes - 1});
  const torch::Tensor kept = with_fixed_signs(directions.flip(1).slice(1, 0, num_outputs));
  const torch::Tensor weight = white.mm(kept).t();
  return {num_inputs,
          static_cast<std::size_t>(num_outputs),
          to_floats(weight),
          to_floats(-weight.mv(mean))};
}

std::vector<float> apply_head(const LinearHead& head, std::span<const float> rows) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor y = as_matrix(rows, head.num_inputs)
                              .mm(as_matrix(head.weight, head.num_inputs).t())
                              .add(as_matrix(head.bias, head.num_outputs));
  return to_floats(y / y.norm(2, 1, true).clamp_min(1e-12));
}

}  // namespace finview
