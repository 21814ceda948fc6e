#pragma once

#include "finview/catalogue/decisions.h"
#include "finview/cli/command.h"
#include "finview/cli/command_train_detector.h"

#include <array>

namespace finview {

int run_identify(std::span<const std::string> arguments);
int run_detect(std::span<const std::string> arguments);
int run_features(std::span<const std::string> arguments);
int run_catalogue_index(std::span<const std::string> arguments);
int run_map(std::span<const std::string> arguments);
int run_cluster(std::span<const std::string> arguments);
int run_synth(std::span<const std::string> arguments);
int run_synth_fins(std::span<const std::string> arguments);
int run_synth_embeddings(std::span<const std::string> arguments);
int run_train_pack(std::span<const std::string> arguments);
int run_train_export(std::span<const std::string> arguments);
int run_evaluate_detector(std::span<const std::string> arguments);
int run_embed(std::span<const std::string> arguments);
int run_dataset_pack(std::span<const std::string> arguments);
int run_train_embedder(std::span<const std::string> arguments);
int run_train_edge(std::span<const std::string> arguments);
int run_outline_edit(std::span<const std::string> arguments);
int run_outline(std::span<const std::string> arguments);
int run_train_outline(std::span<const std::string> arguments);
int run_evaluate_identify(std::span<const std::string> arguments);
int run_compare(std::span<const std::string> arguments);
int run_duplicates(std::span<const std::string> arguments);
int run_evaluate_outline(std::span<const std::string> arguments);
int run_evaluate_embedder(std::span<const std::string> arguments);
int run_dataset_convert(std::span<const std::string> arguments);
int run_dataset_check(std::span<const std::string> arguments);
int run_dataset_split(std::span<const std::string> arguments);
int run_dataset_explore(std::span<const std::string> arguments);
int run_project_init(std::span<const std::string> arguments);
int run_project_update(std::span<const std::string> arguments);
int run_project_map(std::span<const std::string> arguments);
int run_project_evaluate(std::span<const std::string> arguments);
int run_project_duplicates(std::span<const std::string> arguments);
int run_project_train(std::span<const std::string> arguments);
int run_project_train_detector(std::span<const std::string> arguments);
int run_project_check(std::span<const std::string> arguments);
int run_project_backup(std::span<const std::string> arguments);
int run_project_restore(std::span<const std::string> arguments);
int run_import(std::span<const std::string> arguments);
int run_export(std::span<const std::string> arguments);
int run_job_list(std::span<const std::string> arguments);
int run_job_show(std::span<const std::string> arguments);
int run_job_cancel(std::span<const std::string> arguments);
int run_job_retry(std::span<const std::string> arguments);
int run_review_list(std::span<const std::string> arguments);
int run_review_merge(std::span<const std::string> arguments);
int run_review_undo(std::span<const std::string> arguments);
int run_review_history(std::span<const std::string> arguments);
int run_review_decide(DecisionKind kind, std::span<const std::string> arguments);

/// A decision as a command of its own.
template <DecisionKind kind>
int run_review(std::span<const std::string> arguments) {
  return run_review_decide(kind, arguments);
}
int run_serve(std::span<const std::string> arguments);
int run_user_add(std::span<const std::string> arguments);
int run_user_list(std::span<const std::string> arguments);
int run_user_remove(std::span<const std::string> arguments);

/// Every command of the program; one file `command_<name>.cc` each.
inline constexpr std::array kCommands{
    Command{"serve", "Serve a project to the web app and other programs", run_serve},
    Command{"identify", "Say which individual each fin in the photos is", run_identify},
    Command{"project init", "Make a project that keeps who is who", run_project_init},
    Command{"import", "Take photos into a project", run_import},
    Command{"project update", "Find and identify a project's new fins", run_project_update},
    Command{"project map", "Lay out a project's fins for the web app", run_project_map},
    Command{"review list", "List the fins that wait for a person", run_review_list},
    Command{"review confirm", "Say whom fins show", run_review<DecisionKind::kConfirm>},
    Command{"review reject", "Say whom fins do not show", run_review<DecisionKind::kReject>},
    Command{"review new", "Make fins a new individual", run_review<DecisionKind::kNew>},
    Command{"review unsure", "Say that one cannot say", run_review<DecisionKind::kUnsure>},
    Command{"review discard", "Say that they are no fins", run_review<DecisionKind::kDiscard>},
    Command{"review split", "Move fins to a new individual", run_review<DecisionKind::kSplit>},
    Command{"review merge", "Say that two individuals are one", run_review_merge},
    Command{"review undo", "Take a decision back", run_review_undo},
    Command{"review history", "List who decided what", run_review_history},
    Command{"export", "Take a catalogue away: CSV, COCO, MARK, ...", run_export},
    Command{"job list", "List a project's jobs", run_job_list},
    Command{"job show", "Show a job and what failed in it", run_job_show},
    Command{"job cancel", "End a job", run_job_cancel},
    Command{"job retry", "Do what failed in a job again", run_job_retry},
    Command{"project evaluate",
            "Say how well a project's known fins find each other",
            run_project_evaluate},
    Command{"project duplicates",
            "List individuals that may be one, and misfiled fins",
            run_project_duplicates},
    Command{"project train", "Teach a network a project's individuals", run_project_train},
    Command{"project train-detector",
            "Teach a network where a project's fins are",
            run_project_train_detector},
    Command{"project check", "Find what is wrong with a project", run_project_check},
    Command{"project backup", "Copy a project while it is in use", run_project_backup},
    Command{"project restore", "Make a project again from its backup", run_project_restore},
    Command{"user add", "Let a person use a project over the network", run_user_add},
    Command{"user list", "List who may use a project", run_user_list},
    Command{"user remove", "Take a person's access away", run_user_remove},
    Command{"compare", "Show why two fins are alike", run_compare},
    Command{"duplicates", "List individuals that may be one, and misfiled photos", run_duplicates},
    Command{"detect", "Find the fins in photos", run_detect},
    Command{"features", "Write mask, outline and descriptor of fin pictures", run_features},
    Command{"outline edit", "Correct the outline of a fin by hand", run_outline_edit},
    Command{"outline", "Find the outline of the fin in each picture", run_outline},
    Command{"catalogue index", "Embed a catalogue's photos for identify", run_catalogue_index},
    Command{"embed", "Write what an embedder sees in fin pictures", run_embed},
    Command{"map", "Show fins as a map: near ones look alike", run_map},
    Command{"cluster", "Group fins, and find those that fit nowhere", run_cluster},
    Command{"synth fins", "Turn real fins into individuals that do not exist", run_synth_fins},
    Command{"synth embeddings", "Write embeddings for tests of scale", run_synth_embeddings},
    Command{"synth", "Render a survey and its catalogue with known truth", run_synth},
    Command{"dataset pack", "Lay fins out for training an embedder", run_dataset_pack},
    Command{"train pack", "Decode labelled photos into one training file", run_train_pack},
    Command{"train detector", "Train a detector on a training pack", run_train_detector},
    Command{"train export", "Write a detector for OpenCV's Darknet reader", run_train_export},
    Command{"train embedder", "Train an embedder on fin pictures", run_train_embedder},
    Command{"train edge", "Train the network that compares edges", run_train_edge},
    Command{"train outline", "Train the networks that find a fin's mask", run_train_outline},
    Command{"evaluate identify", "Say how well a catalogue finds its own", run_evaluate_identify},
    Command{
        "evaluate embedder", "Rank a catalogue's pictures by an embedder", run_evaluate_embedder},
    Command{"evaluate outline", "Compare automatic masks with true ones", run_evaluate_outline},
    Command{"dataset convert", "Turn labels from one form into another", run_dataset_convert},
    Command{"dataset check", "List what is wrong with labelled photos", run_dataset_check},
    Command{"dataset split", "Divide photos into training and test", run_dataset_split},
    Command{"dataset explore", "Show a data set on one page", run_dataset_explore},
    Command{"evaluate detector", "Compare a detector's boxes with labels", run_evaluate_detector},
};

}  // namespace finview
