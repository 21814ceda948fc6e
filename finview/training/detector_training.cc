#include "finview/training/detector_training.h"

#include "finview/base/csv.h"
#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/training/detector_evaluation_torch.h"
#include "finview/training/detector_trainer_torch.h"
#include "finview/training/imagenet_backbone_torch.h"
#include "finview/training/training_page.h"

#include <charconv>
#include <fstream>
#include <sstream>

#include <fmt/format.h>
#include <torch/torch.h>

namespace finview {
namespace {

constexpr double kMinConfidence = 0.01;
constexpr double kFirstObjectness = -5;  // logit
const char* const kLogHeader =
    "step,learning_rate,loss,box,objectness,classes,train_iou,ap50,ap75,precision,recall,"
    "false_positives\n";

/// Lets every prediction of a new network begin as "no fin", which nearly all of them are (Lin et
/// al. 2017, Focal Loss, section 3.3). A head that has learned has biases other than 0.
void expect_no_fins(DarknetNetwork& network) {
  const torch::NoGradGuard no_grad;
  std::size_t head = 0;
  for (const auto& item : network.named_parameters()) {
    torch::Tensor bias = item.value();
    const bool is_head =
        item.key().find("convolution.bias") != std::string::npos && head < network.heads().size();
    if (!is_head) continue;
    const int num_anchors = network.heads()[head].num_anchors();
    if (bias.numel() % num_anchors != 0) continue;
    ++head;
    if (bias.abs().max().item<float>() > 0) continue;
    bias.view({num_anchors, -1}).select(1, 4).fill_(kFirstObjectness);
  }
}

std::shared_ptr<DarknetNetwork> make_network(const DetectorTrainingJob& job,
                                             const DarknetConfig& config,
                                             std::int64_t seed,
                                             Progress& progress) {
  torch::manual_seed(static_cast<std::uint64_t>(seed));
  auto network = std::make_shared<DarknetNetwork>(config);
  if (!job.imagenet_weights.empty()) {
    const int num_layers = load_imagenet_backbone(*network, job.imagenet_weights, true);
    progress.note(fmt::format("ImageNet weights fill the first {} layers", num_layers));
  }
  if (!job.initial_weights.empty()) {
    if (job.num_initial_layers > 0) {
      network->load_weights(job.initial_weights, static_cast<int>(job.num_initial_layers));
    } else {
      network->load_weights(job.initial_weights);
    }
  }
  expect_no_fins(*network);
  return network;
}

/// Means of the losses since the last line of the log.
struct LossMeans {
  double total = 0, box = 0, objectness = 0, classes = 0, iou = 0;
  int count = 0;

  void add(const DetectorLoss& loss) {
    total += loss.box + loss.objectness + loss.classes;
    box += loss.box;
    objectness += loss.objectness;
    classes += loss.classes;
    iou += loss.mean_iou;
    ++count;
  }
  double mean(double sum) const { return count == 0 ? 0 : sum / count; }
};

class Loop {
 public:
  Loop(const DetectorTrainingJob& job,
       const DetectorTrainingOptions& options,
       DetectorTrainer& trainer,
       Progress& progress)
      : job_(job), options_(options), trainer_(trainer), progress_(progress) {
    if (!job.held_out_pack.empty()) held_out_ = DetectionPack::read(job.held_out_pack);
    const auto checkpoint = file("checkpoint.pt");
    if (std::filesystem::exists(checkpoint)) {
      state_ = trainer_.load_checkpoint(checkpoint);
      progress_.note(fmt::format("resumed at step {}", trainer_.num_steps()));
    } else {
      write_file(file("log.csv"), std::string_view(kLogHeader));
    }
  }

  DetectorTrainingResult run(const DetectionAugmenter& augmenter, const CancelToken& cancel) {
    while (trainer_.num_steps() < options_.num_steps && !cancel.cancelled()) {
      means_.add(trainer_.step(augmenter));
      const auto step = trainer_.num_steps();
      progress_.update("train", step, options_.num_steps);
      const bool last = step == options_.num_steps;
      const bool goes_on = last || step % options_.evaluate_every != 0 || evaluate();
      if (last) evaluate();
      if (step % options_.checkpoint_every == 0) save();
      if (!goes_on) break;
    }
    progress_.finish();
    save();
    return result_;
  }

 private:
  std::filesystem::path file(const char* name) const {
    return std::filesystem::path(job_.output_folder) / name;
  }

  void save() {
    trainer_.average().save_weights(file("last.weights"), trainer_.num_pictures());
    trainer_.save_checkpoint(file("checkpoint.pt"), state_);
    result_.num_steps = trainer_.num_steps();
  }

  /// Writes a line of the log and keeps the weights if they are the best. False: patience is over.
  bool evaluate() {
    const auto photos =
        detect_samples(trainer_.average(), held_out_.samples, kMinConfidence, trainer_.device());
    const double ap50 = average_precision(photos, 0.5);
    const double ap75 = average_precision(photos, 0.75);
    const OperatingPoint point = operating_point(photos, 0.5, 0.5);
    log(ap50, ap75, point);
    const double quality =
        held_out_.samples.empty() ? static_cast<double>(trainer_.num_steps()) : (ap50 + ap75) / 2;
    if (quality > state_.best_quality) {
      state_ = {quality, 0};
      result_.best_held_out_ap50 = ap50;
      result_.best_weights = file("best.weights");
      trainer_.average().save_weights(result_.best_weights, trainer_.num_pictures());
    } else {
      ++state_.num_worse_evaluations;
    }
    return options_.patience == 0 || state_.num_worse_evaluations < options_.patience;
  }

  void log(double ap50, double ap75, const OperatingPoint& point) {
    const auto line = fmt::format(
        "{},{:.3g},{:.4f},{:.4f},{:.4f},{:.4f},{:.3f},{:.4f},{:.4f},"
        "{:.4f},{:.4f},{}\n",
        trainer_.num_steps(),
        trainer_.learning_rate(),
        means_.mean(means_.total),
        means_.mean(means_.box),
        means_.mean(means_.objectness),
        means_.mean(means_.classes),
        means_.mean(means_.iou),
        ap50,
        ap75,
        point.precision,
        point.recall,
        point.num_false_positives);
    std::ofstream(file("log.csv"), std::ios::app) << line;
    write_file(file("curves.html"),
               training_page(read_csv(file("log.csv")), !held_out_.samples.empty()));
    progress_.note(
        fmt::format("step {}: loss {:.3f}, held out AP@0.5 {:.3f}, AP@0.75 {:.3f}, precision "
                    "{:.3f}, recall {:.3f}",
                    trainer_.num_steps(),
                    means_.mean(means_.total),
                    ap50,
                    ap75,
                    point.precision,
                    point.recall));
    means_ = {};
  }

  const DetectorTrainingJob& job_;
  const DetectorTrainingOptions& options_;
  DetectorTrainer& trainer_;
  Progress& progress_;
  DetectionPack held_out_;
  DetectorTrainer::LoopState state_;
  LossMeans means_;
  DetectorTrainingResult result_;
};

}  // namespace

void DetectorTrainingJob::visit(OptionVisitor& visitor) {
  visitor.field("cfg", config, "Darknet configuration of the network");
  visitor.field("pack", train_pack, "Training pack, from finview train pack");
  visitor.field("held-out-pack", held_out_pack, "Pack that the best weights are chosen by");
  visitor.field("weights", initial_weights, "Darknet weights to start from");
  visitor.field(
      "weights-layers", num_initial_layers, "Layers to take from --weights; 0: all", 0, 10'000);
  visitor.field(
      "imagenet", imagenet_weights, "MobileNetV2 ImageNet weights to start the backbone from");
  visitor.field("out", output_folder, "Folder for weights, checkpoint and log");
}

void DetectorTrainingOptions::visit(OptionVisitor& visitor) {
  visitor.field("steps", num_steps, "optimizer steps", 1, 10'000'000);
  visitor.field("batch", batch_size, "pictures per pass", 1, 1024);
  visitor.field("accumulate", accumulate, "passes per step", 1, 1024);
  visitor.field("width", width_px, "mean width of the input in pixels", 32, 4096);
  visitor.field("height", height_px, "mean height of the input in pixels", 32, 4096);
  visitor.field("multi-scale", multi_scale, "share by which the input varies", 0, 0.9);
  visitor.field("optimizer", optimizer, "how weights are changed", {"adamw", "sgd"});
  visitor.field("learning-rate", learning_rate, "largest learning rate", 1e-7, 1);
  visitor.field("momentum", momentum, "momentum of sgd", 0, 0.9999);
  visitor.field("weight-decay", weight_decay, "weight decay of kernels", 0, 1);
  visitor.field(
      "warmup-steps", warmup_steps, "steps of rising learning rate (burn-in)", 0, 1'000'000);
  visitor.field("policy", policy, "how the learning rate falls", {"cosine", "steps"});
  visitor.field("last-rate-share", last_rate_share, "last rate / largest, of cosine", 0, 1);
  visitor.field("rate-steps", rate_steps, "steps at which the rate falls, of steps: 4800,5400");
  visitor.field("rate-scale", rate_scale, "by which it then is multiplied", 0, 1);
  visitor.field(
      "backbone-rate-share", backbone_rate_share, "backbone's learning rate / rest's", 0, 1);
  visitor.field("backbone-layers",
                num_backbone_layers,
                "layers with the smaller rate and fixed batch norm",
                0,
                10'000);
  visitor.field("frozen-layers", num_frozen_layers, "first layers that do not learn", 0, 10'000);
  visitor.field("ema-decay", ema_decay, "decay of the weights' moving average", 0, 0.999999);
  visitor.field("box-weight", box_weight, "weight of the box loss; 0 = as the cfg says", 0, 1000);
  visitor.field("evaluate-every", evaluate_every, "steps between evaluations", 1, 10'000'000);
  visitor.field("checkpoint-every", checkpoint_every, "steps between checkpoints", 1, 10'000'000);
  visitor.field(
      "patience", patience, "evaluations without a better one; 0 = never stop", 0, 1'000'000);
  visitor.field("seed", seed, "seed of initial weights and pictures", 0, 2'000'000'000);
  visitor.field("device", device, "where to compute", {"cpu", "cuda"});
}

std::vector<std::int64_t> DetectorTrainingOptions::step_numbers() const {
  std::vector<std::int64_t> numbers;
  if (policy != "steps") return numbers;
  std::istringstream text(rate_steps);
  for (std::string part; std::getline(text, part, ',');) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), number);
    const bool rises = numbers.empty() || number > numbers.back();
    if (error != std::errc() || end != part.data() + part.size() || number < 1 || !rises) {
      throw Error(ErrorKind::kBadOptions,
                  fmt::format("--rate-steps is \"{}\"; rising numbers of steps are needed, as "
                              "4800,5400.",
                              rate_steps));
    }
    numbers.push_back(number);
  }
  if (numbers.empty()) {
    throw Error(ErrorKind::kBadOptions,
                "--policy is steps; --rate-steps must say at which, as 4800,5400.");
  }
  return numbers;
}

DetectorFigures held_out_figures(const std::filesystem::path& config,
                                 const std::filesystem::path& weights,
                                 const std::filesystem::path& pack,
                                 const std::string& device) {
  DarknetNetwork network(parse_darknet_config(read_text_file(config), config.string()));
  network.load_weights(weights);
  const DetectionPack held_out = DetectionPack::read(pack);
  const auto photos =
      detect_samples(network, held_out.samples, kMinConfidence, torch::Device(device));
  return {photos.size(), average_precision(photos, 0.5), average_precision(photos, 0.75)};
}

DetectorTrainingResult train_detector(const DetectorTrainingJob& job,
                                      const DetectorTrainingOptions& options,
                                      const AugmentOptions& augment,
                                      Progress& progress,
                                      const CancelToken& cancel) {
  check_options(options);
  check_options(augment);
  options.step_numbers();
  const DarknetConfig config = parse_darknet_config(read_text_file(job.config), job.config);
  const DetectionAugmenter augmenter(DetectionPack::read(job.train_pack).samples, augment);
  DetectorTrainer trainer(config, make_network(job, config, options.seed, progress), options);
  std::filesystem::create_directories(job.output_folder);
  return Loop(job, options, trainer, progress).run(augmenter, cancel);
}

}  // namespace finview
