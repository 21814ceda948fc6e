#include "finview/training/embedder_options.h"

#include "finview/base/error.h"

#include <fmt/format.h>

namespace finview {

void FinViewOptions::visit(OptionVisitor& visitor) {
  visitor.field(
      "missing-end", missing_end, "Share of the trailing edge that may be cut off", 0, 0.6);
  visitor.field(
      "foreshortening", foreshortening, "Narrowing of a turned fin, deviation of the log", 0, 1);
  visitor.field("shear", shear, "Of the fin, deviation", 0, 1);
  visitor.field("place", place, "Error of tip and end, share of the picture, deviation", 0, 0.3);
  visitor.field("contour", contour, "How inaccurately the border is traced, 1 = as usual", 0, 5);
  visitor.field("light", light, "How much light and contrast change, 1 = as usual", 0, 3);
  visitor.field("blur", blur, "Chance of a blurred view", 0, 1);
  visitor.field("noise", noise, "Chance of a noisy view", 0, 1);
  visitor.field("water", water, "Chance that water hides what lies below the edge's end", 0, 1);
  visitor.field("occlusion", occlusion, "Chance that spray hides a piece of the fin", 0, 1);
  visitor.field("marks", marks, "Chance that an invented individual wears marks", 0, 1);
  visitor.field("jpeg", jpeg, "Chance of traces of JPEG compression, qualities 15 to 80", 0, 1);
  visitor.field("background",
                background,
                "Chance that the fin stands before the background of another photo of the batch; "
                "wants a pack with --show-background --keep-masks",
                0,
                1);
}

void EmbedderBatchOptions::visit(OptionVisitor& visitor) {
  visitor.field("individuals", num_individuals, "In a batch (fins, if nobody is known)", 2, 10'000);
  visitor.field("views", num_views, "Of each individual in a batch", 2, 1000);
  visitor.field("invented-share",
                invented_share,
                "Chance that a known individual has one beside it that was invented on its photo",
                0,
                1);
  visitor.field("mirrored",
                mirrored,
                "What a mirrored view shows: nothing to learn from, the same individual, or "
                "another one (sides that must not be mixed up). Edge-aligned fins all look one way",
                {"never", "same", "other"});
  visitor.field("held-out-share", held_out_share, "Of the individuals, to measure by", 0, 0.9);
  visitor.field("fold",
                fold,
                "Which share is held out, from 0: with --held-out-share 0.2 the folds 0 to 4 hold "
                "every individual out once",
                0,
                1000);
}

void EmbedderLossOptions::visit(OptionVisitor& visitor) {
  visitor.field("nt-xent-weight", nt_xent_weight, "Of the loss over all views of a batch", 0, 1000);
  visitor.field("temperature", temperature, "Of NT-Xent", 0.01, 1);
  visitor.field("triplet-weight", triplet_weight, "Of the triplet loss", 0, 1000);
  visitor.field(
      "mining", mining, "Which triplets of a batch count", {"all", "semi-hard", "hardest"});
  visitor.field("margin", margin, "Of the triplets, distance; 0 = 0.2, or none if soft", 0, 2);
  visitor.field("soft-margin", soft_margin, "ln(1 + e^gap) in place of a margin");
  visitor.field("contrastive-weight", contrastive_weight, "Of the loss over pairs", 0, 1000);
  visitor.field("contrastive-margin", contrastive_margin, "Distance others are pushed to", 0.01, 2);
  visitor.field("arcface-weight", arcface_weight, "Of ArcFace over known individuals", 0, 1000);
  visitor.field("arcface-scale", arcface_scale, "Of its cosines", 1, 100);
  visitor.field("min-arcface-margin", min_arcface_margin, "Of the commonest, radians", 0, 1);
  visitor.field("max-arcface-margin", max_arcface_margin, "Of the rarest, radians", 0, 1);
  visitor.field("arcface-centers", arcface_centers, "Of each individual", 1, 20);
}

void EmbedderLossOptions::check() const {
  check_options(*this);
  const auto refuse = [](const std::string& sentence) {
    throw Error(ErrorKind::kBadOptions, sentence);
  };
  if (soft_margin && margin > 0) {
    refuse(
        fmt::format("--margin {} and --soft-margin exclude each other: the soft margin has no "
                    "size. Leave one of them out.",
                    margin));
  }
  if ((soft_margin || margin > 0) && triplet_weight == 0) {
    refuse("--margin and --soft-margin belong to the triplet loss; give --triplet-weight, too.");
  }
  if (min_arcface_margin > max_arcface_margin) {
    refuse(fmt::format("--min-arcface-margin {} is above --max-arcface-margin {}.",
                       min_arcface_margin,
                       max_arcface_margin));
  }
  if (nt_xent_weight + triplet_weight + contrastive_weight + arcface_weight == 0) {
    refuse("All weights of the losses are 0; there is nothing to learn.");
  }
}

void EmbedderOptimizerOptions::visit(OptionVisitor& visitor) {
  visitor.field("optimizer",
                optimizer,
                "How weights follow their slopes",
                {"adamw", "adam", "adamax", "sgd"});
  visitor.field("learning-rate", learning_rate, "Largest learning rate", 1e-8, 10);
  visitor.field("head-rate", head_rate, "The new layers learn this many times faster", 0.01, 1000);
  visitor.field("weight-decay", weight_decay, "Of weights, not of biases and norms", 0, 1);
  visitor.field("momentum", momentum, "Of sgd", 0, 0.999);
  visitor.field("schedule",
                schedule,
                "How the learning rate falls after the warm-up",
                {"cosine", "linear", "steps", "constant"});
  visitor.field("warm-up-share", warm_up_share, "Share of the steps in which it rises", 0, 0.9);
}

void EmbedderScheduleOptions::visit(OptionVisitor& visitor) {
  visitor.field("steps", num_steps, "Optimizer steps; 0 writes the start network", 0, 10'000'000);
  visitor.field("frozen-stages",
                frozen_stages,
                "First stages that keep their start weights, if they have any",
                0,
                19);
  visitor.field("ema-decay",
                ema_decay,
                "Of the running mean of the weights, which is what is kept; 0 = the weights",
                0,
                0.99999);
  visitor.field("evaluate-every", evaluate_every, "Steps between measurements", 1, 1'000'000);
  visitor.field("threads", num_threads, "0 = all cores", 0, 1024);
  visitor.field("device", device, "Where to compute", {"cpu", "cuda"});
  visitor.field("seed", seed, "Of split, first weights, batches and views", 0, 1'000'000'000);
}

void EmbedderTrainingOptions::visit(OptionVisitor& visitor) {
  schedule.visit(visitor);
  optimizer.visit(visitor);
  loss.visit(visitor);
  batches.visit(visitor);
  views.visit(visitor);
}

void EmbedderTrainingOptions::check() const {
  check_options(*this);
  loss.check();
}

}  // namespace finview
