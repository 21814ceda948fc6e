#include "finview/training/detector_trainer_torch.h"

#include "finview/base/error.h"
#include "finview/detection/fast_order_torch.h"
#include "finview/training/random_draw.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr double kMaxGradientNorm = 20;
constexpr double kUprightChance = 0.15;

/// "name=value" lines of every option that changes what is learned.
class OptionText : public OptionVisitor {
 public:
  void field(const std::string& name, bool& value, const std::string&) override {
    add(name, value ? "true" : "false");
  }
  void field(const std::string& name,
             std::string& value,
             const std::string&,
             const std::vector<std::string>&) override {
    add(name, value);
  }
  void field(const std::string& name,
             std::int64_t& value,
             const std::string&,
             std::int64_t,
             std::int64_t) override {
    add(name, fmt::format("{}", value));
  }
  void field(const std::string& name, double& value, const std::string&, double, double) override {
    add(name, fmt::format("{}", value));
  }
  std::string text;

 private:
  void add(const std::string& name, const std::string& value) { text += name + "=" + value + "\n"; }
};

std::string option_text(DetectorTrainingOptions options) {
  OptionText visitor;
  options.visit(visitor);
  return visitor.text;
}

torch::Device open_device(const std::string& name) {
  if (name == "cuda" && !torch::cuda::is_available()) {
    throw Error(ErrorKind::kUnavailable, "device=cuda: no CUDA device is available; use cpu");
  }
  return torch::Device(name);
}

void copy_values(const DarknetNetwork& from, DarknetNetwork& to) {
  torch::NoGradGuard no_grad;
  auto targets = to.named_parameters();
  for (const auto& item : from.named_parameters()) targets[item.key()].copy_(item.value());
  auto buffers = to.named_buffers();
  for (const auto& item : from.named_buffers()) buffers[item.key()].copy_(item.value());
}

double rate_share(const DetectorTrainingOptions& options, std::int64_t step) {
  if (step < options.warmup_steps) {
    return static_cast<double>(step + 1) / static_cast<double>(options.warmup_steps);
  }
  if (options.policy == "steps") {
    double share = 1;
    for (const std::int64_t number : options.step_numbers()) {
      if (step >= number) share *= options.rate_scale;
    }
    return share;
  }
  const double rest =
      static_cast<double>(std::max<std::int64_t>(1, options.num_steps - options.warmup_steps));
  const double done = std::min(1.0, static_cast<double>(step - options.warmup_steps) / rest);
  return options.last_rate_share +
         (1 - options.last_rate_share) * 0.5 * (1 + std::cos(M_PI * done));
}

/// Nearest multiple of `unit`, at least one.
int round_to(double value, int unit) {
  return std::max(1, static_cast<int>(std::lround(value / unit))) * unit;
}

/// Pass `number` of the whole training, of the size that its step has drawn.
DetectorBatch drawn_batch(const DetectionAugmenter& augmenter,
                          const DetectorTrainingOptions& options,
                          int stride,
                          std::int64_t number) {
  const auto seed = static_cast<std::uint64_t>(options.seed) << 32U;
  const auto step = static_cast<std::uint64_t>(number / options.accumulate);
  RandomDraw random(seed ^ (0x9e3779b97f4a7c15U + step));
  const double scale = random.uniform(1 - options.multi_scale, 1 + options.multi_scale);
  const bool upright = random.chance(kUprightChance);
  const double width = (upright ? options.height_px : options.width_px) * scale;
  const double height = (upright ? options.width_px : options.height_px) * scale;
  return augmenter.batch(seed + static_cast<std::uint64_t>(number),
                         static_cast<int>(options.batch_size),
                         round_to(width, stride),
                         round_to(height, stride));
}

}  // namespace

DetectorTrainer::DetectorTrainer(const DarknetConfig& config,
                                 std::shared_ptr<DarknetNetwork> network,
                                 const DetectorTrainingOptions& options)
    : options_(options),
      device_(open_device(options.device)),
      network_(std::move(network)),
      average_(std::make_shared<DarknetNetwork>(config)) {
  copy_values(*network_, *average_);
  network_->to(device_);
  average_->to(device_);
  for (auto& parameter : network_->parameters()) {
    if (parameter.dim() == 4) parameter.set_data(in_fast_order(parameter.detach()));
  }
  make_optimizer();
}

void DetectorTrainer::make_optimizer() {
  std::vector<torch::Tensor> groups[4];  // backbone, rest; each without and with decay
  std::int64_t index = 0;
  for (const auto& layer : network_->children()) {
    const bool is_backbone = index < options_.num_backbone_layers;
    for (auto& parameter : layer->parameters()) {
      parameter.set_requires_grad(index >= options_.num_frozen_layers);
      if (!parameter.requires_grad()) continue;
      groups[(is_backbone ? 0 : 2) + (parameter.dim() == 4 ? 1 : 0)].push_back(parameter);
    }
    ++index;
  }
  std::vector<torch::optim::OptimizerParamGroup> param_groups;
  for (int i = 0; i < 4; ++i) {
    const double decay = i % 2 == 1 ? options_.weight_decay : 0;
    if (options_.optimizer == "sgd") {
      auto settings = std::make_unique<torch::optim::SGDOptions>(options_.learning_rate);
      settings->momentum(options_.momentum).weight_decay(decay);
      param_groups.emplace_back(groups[i], std::move(settings));
    } else {
      auto settings = std::make_unique<torch::optim::AdamWOptions>(options_.learning_rate);
      settings->weight_decay(decay);
      param_groups.emplace_back(groups[i], std::move(settings));
    }
  }
  if (options_.optimizer == "sgd") {
    optimizer_ = std::make_unique<torch::optim::SGD>(
        std::move(param_groups), torch::optim::SGDOptions(options_.learning_rate));
  } else {
    optimizer_ = std::make_unique<torch::optim::AdamW>(
        std::move(param_groups), torch::optim::AdamWOptions(options_.learning_rate));
  }
}

void DetectorTrainer::set_modes() {
  std::int64_t index = 0;
  for (const auto& layer : network_->children()) {
    const bool is_fixed =
        index < std::max(options_.num_backbone_layers, options_.num_frozen_layers);
    layer->train(!is_fixed);
    ++index;
  }
}

double DetectorTrainer::learning_rate() const {
  return options_.learning_rate * rate_share(options_, num_steps_);
}

void DetectorTrainer::set_rates() {
  auto& groups = optimizer_->param_groups();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    const double rate = learning_rate() * (i < 2 ? options_.backbone_rate_share : 1);
    if (options_.optimizer == "sgd") {
      static_cast<torch::optim::SGDOptions&>(groups[i].options()).lr(rate);
    } else {
      static_cast<torch::optim::AdamWOptions&>(groups[i].options()).lr(rate);
    }
  }
}

/// While a GPU works on one batch, the CPU makes the one after it.
DetectorBatch DetectorTrainer::next_batch(const DetectionAugmenter& augmenter, std::int64_t pass) {
  const auto draw = [this, &augmenter](std::int64_t number) {
    return drawn_batch(augmenter, options_, network_->stride(), number);
  };
  const std::int64_t number = num_steps_ * options_.accumulate + pass;
  if (!device_.is_cuda()) return draw(number);
  DetectorBatch batch = prepared_.valid() ? prepared_.get() : draw(number);
  prepared_ = std::async(std::launch::async, draw, number + 1);
  return batch;
}

DetectorLoss DetectorTrainer::step(const DetectionAugmenter& augmenter) {
  set_modes();
  set_rates();
  optimizer_->zero_grad();
  LossOptions weights;
  weights.box_weight = options_.box_weight;
  DetectorLoss sum;
  const auto share = 1.0 / static_cast<double>(options_.accumulate);
  for (std::int64_t pass = 0; pass < options_.accumulate; ++pass) {
    const DetectorBatch batch = next_batch(augmenter, pass);
    const auto raw = network_->forward(batch.images.to(device_));
    const DetectorLoss loss = detector_loss(raw,
                                            network_->heads(),
                                            batch.targets,
                                            static_cast<int>(batch.images.size(3)),
                                            static_cast<int>(batch.images.size(2)),
                                            weights);
    const double total = loss.total.item<double>();
    if (!std::isfinite(total)) {
      throw Error(
          ErrorKind::kBadInput,
          fmt::format("the loss is {} at step {}; start again from the last checkpoint with "
                      "a smaller learning-rate (now {})",
                      total,
                      num_steps_,
                      options_.learning_rate));
    }
    (loss.total * share).backward();
    sum.total = loss.total.detach();
    sum.box += loss.box * share;
    sum.objectness += loss.objectness * share;
    sum.classes += loss.classes * share;
    sum.mean_iou += loss.mean_iou * share;
  }
  torch::nn::utils::clip_grad_norm_(network_->parameters(), kMaxGradientNorm);
  optimizer_->step();
  ++num_steps_;
  update_average();
  return sum;
}

void DetectorTrainer::update_average() {
  torch::NoGradGuard no_grad;
  const auto steps = static_cast<double>(num_steps_);
  const double decay = std::min(options_.ema_decay, (1 + steps) / (10 + steps));
  auto averages = average_->named_parameters();
  for (const auto& item : network_->named_parameters()) {
    averages[item.key()].lerp_(item.value(), 1 - decay);
  }
  auto buffers = average_->named_buffers();
  for (const auto& item : network_->named_buffers()) {
    auto& buffer = buffers[item.key()];
    if (buffer.is_floating_point()) {
      buffer.lerp_(item.value(), 1 - decay);
    } else {
      buffer.copy_(item.value());
    }
  }
}

void DetectorTrainer::save_checkpoint(const std::filesystem::path& path,
                                      const LoopState& state) const {
  torch::serialize::OutputArchive archive;
  torch::serialize::OutputArchive network, average, optimizer;
  network_->save(network);
  average_->save(average);
  optimizer_->save(optimizer);
  archive.write("network", network);
  archive.write("average", average);
  archive.write("optimizer", optimizer);
  archive.write("num_steps", c10::IValue(num_steps_));
  archive.write("best_quality", c10::IValue(state.best_quality));
  archive.write("num_worse_evaluations", c10::IValue(state.num_worse_evaluations));
  archive.write("options", c10::IValue(option_text(options_)));
  const std::filesystem::path part = path.string() + ".part";
  archive.save_to(part.string());
  std::filesystem::rename(part, path);
}

DetectorTrainer::LoopState DetectorTrainer::load_checkpoint(const std::filesystem::path& path) {
  torch::serialize::InputArchive archive, network, average, optimizer;
  c10::IValue num_steps, best, worse, options;
  try {
    archive.load_from(path.string(), device_);
    archive.read("options", options);
    archive.read("num_steps", num_steps);
    archive.read("best_quality", best);
    archive.read("num_worse_evaluations", worse);
    archive.read("network", network);
    archive.read("average", average);
    archive.read("optimizer", optimizer);
  } catch (const c10::Error&) {
    throw Error(ErrorKind::kBadModel, path.string() + ": is not a training checkpoint; remove it");
  }
  if (options.toStringRef() != option_text(options_)) {
    throw Error(ErrorKind::kConflict,
                path.string() +
                    ": was made with other training options; give the same ones, or another "
                    "output folder. Its options:\n" +
                    options.toStringRef());
  }
  network_->load(network);
  average_->load(average);
  optimizer_->load(optimizer);
  num_steps_ = num_steps.toInt();
  return {best.toDouble(), worse.toInt()};
}

}  // namespace finview
