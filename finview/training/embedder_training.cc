#include "finview/training/embedder_training.h"

#include "finview/base/error.h"
#include "finview/base/files.h"
#include "finview/embedding/model_file_torch.h"
#include "finview/training/collapse_watch.h"
#include "finview/training/embedder_trainer_torch.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>
#include <torch/torch.h>

namespace finview {
namespace {

namespace fs = std::filesystem;

const char* const kAbout = "about";  // texts in a checkpoint
const char* const kCurve = "curve";
constexpr std::string_view kContract = "\ncontract=";  // the last line of the one on options

/// Options as lines "name=value", so that two sets can be compared.
class OptionLines : public OptionVisitor {
 public:
  void field(const std::string& name, bool& value, const std::string&) override {
    lines += fmt::format("{}={}\n", name, value);
  }
  void field(const std::string& name,
             std::string& value,
             const std::string&,
             const std::vector<std::string>&) override {
    lines += fmt::format("{}={}\n", name, value);
  }
  void field(const std::string& name,
             std::int64_t& value,
             const std::string&,
             std::int64_t,
             std::int64_t) override {
    // Where it computes and how long it goes on may change.
    if (name == "threads" || name == "steps" || name == "evaluate-every") return;
    lines += fmt::format("{}={}\n", name, value);
  }
  void field(const std::string& name, double& value, const std::string&, double, double) override {
    lines += fmt::format("{}={}\n", name, value);
  }
  std::string lines;
};

/// What a checkpoint must agree with to be gone on with.
std::string describe(const FinPack& pack, EmbedderTrainingOptions options) {
  OptionLines text;
  options.visit(text);
  return fmt::format(
      "{}fins={}{}{}\n", text.lines, pack.fins.size(), kContract, pack.contract_json);
}

torch::Tensor to_tensor(const std::string& text) {
  return torch::tensor(std::vector<std::uint8_t>(text.begin(), text.end()), torch::kByte);
}

std::string to_text(const torch::Tensor& tensor) {
  const torch::Tensor bytes = tensor.contiguous();
  return {reinterpret_cast<const char*>(bytes.data_ptr<std::uint8_t>()),
          static_cast<std::size_t>(bytes.numel())};
}

/// `about` as this version would have written it: contracts get new keys and names.
std::string brought_up_to_date(const std::string& about) {
  const std::size_t begin = about.find(kContract);
  if (begin == std::string::npos) return about;
  const std::string contract = about.substr(begin + kContract.size());
  return about.substr(0, begin + kContract.size()) +
         EmbedderContract::from_json(contract).to_json() + "\n";
}

/// The first line of `now` that contradicts `then`. What `then`, written by an earlier version,
/// does not mention must be as in `usual`. Empty: none.
std::string first_difference(const std::string& now,
                             const std::string& then,
                             const std::string& usual) {
  const auto holds = [](const std::string& lines, const std::string& begin) {
    return ("\n" + lines).find("\n" + begin) != std::string::npos;
  };
  for (std::size_t begin = 0; begin < now.size(); begin = now.find('\n', begin) + 1) {
    const std::string line = now.substr(begin, now.find('\n', begin) + 1 - begin);
    const std::string name = line.substr(0, line.find('=') + 1);
    if (holds(then, line) || (!holds(then, name) && holds(usual, line))) continue;
    return line.substr(0, line.size() - 1);
  }
  return "";
}

/// A training with its files: `out`, and .html, .json and .checkpoint beside it.
class Run {
 public:
  Run(const FinPack& pack,
      const fs::path& start,
      const EmbedderTrainingOptions& options,
      fs::path out)
      : options_(options),
        about_(describe(pack, options)),
        usual_(describe(pack, {})),
        out_(std::move(out)),
        trainer_(pack, start, options),
        watch_(std::max<std::int64_t>(50, options.schedule.num_steps / 5),
               fmt::format("--learning-rate (now {})", options.optimizer.learning_rate)) {}

  /// Goes on from the checkpoint. Returns the step to do next.
  std::int64_t resume() {
    const fs::path path = beside(".checkpoint");
    auto state = read_tensor_dictionary(path);
    const auto take = [&](const char* name) {
      const auto found = state.find(name);
      if (found == state.end()) {
        throw Error(ErrorKind::kBadInput, path.string() + " is no checkpoint of a training.");
      }
      const std::string text = to_text(found->second);
      state.erase(found);
      return text;
    };
    const std::string difference =
        first_difference(about_, brought_up_to_date(take(kAbout)), usual_);
    if (!difference.empty()) {
      throw Error(
          ErrorKind::kBadOptions,
          fmt::format("{} was begun with other options: it does not have {}. Give the same, "
                      "or leave out --resume to start anew.",
                      path.string(),
                      difference));
    }
    result_.curve = curves_from_json(take(kCurve));
    for (const TrainingPoint& point : result_.curve) choose(point);
    trainer_.set_state(state);
    const TrainingPoint& last = result_.curve.back();
    if (!fs::exists(out_)) keep_instead_of_lost(last);
    watch_.resume(last.step, {last.loss, last.chance, last.spread, last.active_share});
    before_ = last.seconds;
    return last.step;
  }

  void step(std::int64_t number, Progress& progress) {
    const EmbedderStep done = trainer_.step(number);
    const auto collapse = watch_.observe({done.loss, done.chance, done.spread, done.active_share});
    if (collapse) throw Error(ErrorKind::kUnavailable, *collapse);
    if (const auto advice = watch_.advice()) progress.note(*advice);
    const std::int64_t count = number + 1;
    progress.update("Training", count, options_.schedule.num_steps);
    if (count % options_.schedule.evaluate_every == 0 || count == options_.schedule.num_steps) {
      measure(count, progress);
    }
  }

  /// Measures, writes what is best, curves and checkpoint.
  void measure(std::int64_t step, Progress& progress) {
    const LearningSign& mean = watch_.mean();
    TrainingPoint point;
    point.step = step;
    point.loss = mean.loss;
    point.chance = mean.chance;
    point.spread = mean.spread;
    point.active_share = mean.active_share;
    point.learning_rate =
        options_.optimizer.learning_rate *
        learning_rate_share(options_.optimizer, step, options_.schedule.num_steps);
    point.known = trainer_.measure_known();
    point.taught = trainer_.measure_taught();
    point.invented = trainer_.measure_invented();
    point.seconds = before_ + std::chrono::duration<double>(Clock::now() - began_).count();
    result_.curve.push_back(point);
    if (choose(point)) trainer_.write_model(out_);
    write_file(beside(".json"), curves_to_json(result_.curve));
    write_file(beside(".html"), training_page(out_.filename().string(), words(), result_.curve));
    write_checkpoint();
    progress.note(sentence(point));
  }

  void measure_start() { result_.known_before = trainer_.measure_known(); }
  void write_model() { trainer_.write_model(out_); }
  EmbedderTrainingResult& result() { return result_; }
  std::string audience() const {
    return fmt::format(
        "Learning from {} individuals and fins; held out: {} photos of known "
        "individuals, {} views of invented ones.",
        trainer_.batches().num_classes(),
        trainer_.batches().held_out_known().size(),
        trainer_.batches().held_out_invented(100).views.size());
  }

 private:
  using Clock = std::chrono::steady_clock;

  /// The best network is in its file alone, the one of the checkpoint's step at hand.
  void keep_instead_of_lost(const TrainingPoint& last) {
    result_.best_score = 0;
    choose(last);
    trainer_.write_model(out_);
  }

  fs::path beside(const char* ending) const { return out_.string() + ending; }

  /// Whether the model of `point` is the best so far.
  bool choose(const TrainingPoint& point) {
    double sum = 0;
    int count = 0;
    for (const auto& held_out : {point.known, point.invented}) {
      if (!held_out) continue;
      sum += held_out->mean_average_precision;
      ++count;
    }
    const double score = count > 0 ? sum / count : 0;
    if (score < result_.best_score) return false;
    result_.best_score = score;
    result_.best_step = point.step;
    return true;
  }

  static std::string sentence(const TrainingPoint& point) {
    std::string text = fmt::format("Step {}: loss {:.3f} (saying nothing {:.3f}), spread {:.3f}",
                                   point.step,
                                   point.loss,
                                   point.chance,
                                   point.spread);
    const auto add = [&text](const char* who, const std::optional<HeldOutScore>& held_out) {
      if (!held_out) return;
      text += fmt::format(
          "; {} found first {:.3f}, among five {:.3f}", who, held_out->rank_1, held_out->rank_5);
    };
    add("held-out individuals", point.known);
    add("as many that were learned from", point.taught);
    add("held-out invented", point.invented);
    return text;
  }

  std::vector<std::string> words() const {
    return {audience(),
            fmt::format("Best at step {} of {}: mean average precision on held-out individuals "
                        "{:.3f}.",
                        result_.best_step,
                        result_.curve.back().step,
                        result_.best_score)};
  }

  void write_checkpoint() const {
    c10::impl::GenericDict dictionary(c10::StringType::get(), c10::TensorType::get());
    for (const auto& [name, tensor] : trainer_.state()) dictionary.insert(name, tensor.clone());
    dictionary.insert(kAbout, to_tensor(about_));
    dictionary.insert(kCurve, to_tensor(curves_to_json(result_.curve)));
    const std::vector<char> bytes = torch::pickle_save(dictionary);
    write_file(beside(".checkpoint"), std::string_view(bytes.data(), bytes.size()));
  }

  EmbedderTrainingOptions options_;
  std::string about_;
  std::string usual_;  ///< with no option given
  fs::path out_;
  EmbedderTrainer trainer_;
  CollapseWatch watch_;
  EmbedderTrainingResult result_;
  Clock::time_point began_ = Clock::now();
  double before_ = 0;  ///< seconds of the run that is gone on with
};

}  // namespace

EmbedderTrainingResult train_embedder_network(const FinPack& pack,
                                              const fs::path& start,
                                              const EmbedderTrainingOptions& options,
                                              bool resume,
                                              const fs::path& out,
                                              Progress& progress,
                                              const CancelToken& cancel) {
  options.check();
  if (options.schedule.num_threads > 0) {
    torch::set_num_threads(static_cast<int>(options.schedule.num_threads));
  }
  Run run(pack, start, options, out);
  progress.note(run.audience());
  if (start.empty()) {
    progress.note(
        "The network starts from random weights: it needs more photos and steps than one that has "
        "seen pictures before, and none of its stages is frozen.");
  }
  run.measure_start();
  std::int64_t step = resume ? run.resume() : 0;
  if (options.schedule.num_steps == 0) run.write_model();
  while (step < options.schedule.num_steps && !cancel.cancelled()) run.step(step++, progress);
  run.result().interrupted = step < options.schedule.num_steps;
  if (run.result().interrupted && step > 0 &&
      (run.result().curve.empty() || run.result().curve.back().step < step)) {
    run.measure(step, progress);
  }
  progress.finish();
  return run.result();
}

}  // namespace finview
